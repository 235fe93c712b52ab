/**
 * Whether two records of tiles can be subtracted cell by cell: of the same samples, shapes and classes; or in words why
 * not. Knows headers; must not know values, nor why they are compared.
 */
import { axisWord } from "./format.js";
import { SAMPLE } from "./placement.js";
import type { Axis, TilesHeader } from "./record.js";
import { gridAxes } from "./tiles.js";

/** Null where they can. `where`: `in mlp-512`, said of what the other record is compared with. */
export function whyIncomparable(
  shown: TilesHeader,
  other: TilesHeader,
  where: string,
): string | null {
  const [digest, otherDigest] = [shown, other].map(({ source }) => source.samplesDigest);
  if (digest && otherDigest && digest !== otherDigest) return `other samples ${where}`;
  if (shown.axes === other.axes) return null;
  const isAlike =
    shown.axes.length === other.axes.length &&
    shown.axes.every(({ name, fullSize }, place) => {
      const axis = other.axes[place];
      return axis?.name === name && axis.fullSize === fullSize;
    });
  if (!isAlike) return `${shape(shown)} here, ${shape(other)} ${where}`;
  const tileAxes = gridAxes(shown).length;
  const areTilesAlike = shown.axes.every(
    ({ size }, place) => place < tileAxes || other.axes[place]?.size === size,
  );
  if (!areTilesAlike) return `${shape(shown, "size")} here, ${shape(other, "size")} ${where}`;
  for (const [place, axis] of gridAxes(shown).entries()) {
    const differing = firstOtherLabel(axis, other.axes[place]);
    if (differing !== null) return `${differing} ${where}`;
  }
  return null;
}

/** `64×28×28`: of the whole arrays, where less of them is shown. */
function shape({ axes }: TilesHeader, of: "size" | "fullSize" = "fullSize"): string {
  return axes.map((axis) => axis[of]).join("×");
}

// Samples are told apart by their digest; what their labels say may come from the model.
function firstOtherLabel({ name, labels }: Axis, other: Axis | undefined): string | null {
  const others = other?.labels ?? null;
  if (name === SAMPLE || labels === null || others === null || labels === others) return null;
  const at = labels.findIndex((label, index) => label !== (others[index] ?? label));
  return at < 0 ? null : `${axisWord(name)} ${at} is ${labels[at]} here, ${others[at]}`;
}

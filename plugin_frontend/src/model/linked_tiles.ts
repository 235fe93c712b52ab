/**
 * Which tile of a panel belongs to the one under the pointer in another: the same channel of the same sample before and
 * after an activation, and the sample itself. Knows tags and tiles; must not know the screen.
 */

import { templatesTag } from "./class_weights.js";
import type { Axis } from "./record.js";
import { sameTile, type TilePlace } from "./tile_place.js";

/** A tile of a panel; `sample` is the one that it is of, `samplesDigest` that of all samples of its record. */
export interface HoveredTile {
  readonly tag: string;
  readonly tile: number;
  /** Where it stands in its array; null or absent where that is not known: then its number says it. */
  readonly place?: TilePlace | null;
  readonly sample: number | null;
  readonly samplesDigest: string | null;
}

/**
 * The tile of another grid, or of the same, that is outlined with the hovered one; null where none belongs to it. `axes`:
 * of that grid.
 */
export function linkedTile(
  hovered: HoveredTile,
  tag: string,
  samplesDigest: string | null,
  axes: readonly Axis[] | null = null,
): number | null {
  if (pairedTag(hovered.tag) === pairedTag(tag))
    return sameTile(hovered.tile, hovered.place ?? null, axes);
  // Sample 3 of another run need not be the same.
  const isSame = samplesDigest !== null && hovered.samplesDigest === samplesDigest;
  return isOfSamples(tag) && isSame ? hovered.sample : null;
}

// A layer's response before and after its activation has its cells at the same places; the weights of classes onto a
// unit stand below its template.
function pairedTag(tag: string): string {
  return templatesTag(tag.replace(/\/pre_activation$/, ""));
}

function isOfSamples(tag: string): boolean {
  return tag === "samples" || tag.startsWith("samples/");
}

/**
 * What is particular about arrays over samples: where their axes go, and which sample is shown where one at a time is.
 * Knows axes and placements; must not know values nor sizes on screen.
 */
import type { Placement } from "./display.js";
import { describeTile } from "./format.js";
import { defaultPlacement, moveSlider, SAMPLE } from "./placement.js";
import type { Axis } from "./record.js";

/**
 * The placement of a panel of activations: as chosen, else rows of samples, or samples on a slider where each has many
 * tiles.
 */
export function activationsPlacement(
  chosen: Placement | null,
  axes: readonly Axis[],
  sample: number,
): Placement {
  return atSample(chosen ?? rowsOfSamples(defaultPlacement(axes)), sample);
}

/** The placement with the slider of samples, where there is one, at the sample that all panels show. */
export function atSample(placement: Placement, sample: number): Placement {
  return placement.sliders.has(SAMPLE) ? moveSlider(placement, SAMPLE, sample) : placement;
}

// A lone axis would wrap; samples in rows have their pictures beside them.
function rowsOfSamples(placement: Placement): Placement {
  const { columns, rows } = placement;
  return columns.length === 1 && rows.length === 0 && columns[0] === SAMPLE
    ? { ...placement, rows: columns, columns: [] }
    : placement;
}

/** `sample 3 · 7`: where an axis stands, and what is written there. */
export function positionText(axis: Axis, index: number): string {
  const label = axis.name === SAMPLE ? axis.labels?.[index] : undefined;
  return label === undefined ? describeTile([axis], index) : `${axis.name} ${index} · ${label}`;
}

/** The sample that a tile is of; null for arrays that are not over samples. */
export function sampleOf(axes: readonly Axis[], tile: number): number | null {
  let rest = tile;
  for (const { name, size } of axes.toReversed()) {
    if (name === SAMPLE) return rest % Math.max(1, size);
    rest = Math.floor(rest / Math.max(1, size));
  }
  return null;
}

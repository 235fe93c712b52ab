/**
 * Which values a colour map spans. Ranges come from the finite minimum and maximum of each tile, as logged; diverging
 * maps are symmetric about zero, so that their middle is zero. Knows statistics only, no payloads and no colours.
 */
import type { Tiles } from "./tiles.js";

/** `symmetric`: [−m, m] with m the largest magnitude; otherwise [min, max]. */
export type RangeRule = "symmetric" | "min-max";

export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** The range of no finite value at all. */
export const EMPTY_RANGE: Range = { lo: 0, hi: 0 };

function rangeOf(min: number, max: number, rule: RangeRule): Range {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return EMPTY_RANGE;
  if (rule === "min-max") return { lo: min, hi: max };
  const magnitude = Math.max(Math.abs(min), Math.abs(max));
  return { lo: -magnitude, hi: magnitude };
}

/** One range a tile. */
export function perTileRanges(tiles: Tiles, rule: RangeRule): readonly Range[] {
  const { min, max } = extremes(tiles);
  return Array.from({ length: tiles.shape.tiles }, (_, tile) =>
    rangeOf(min[tile] ?? NaN, max[tile] ?? NaN, rule),
  );
}

/** The least and the greatest finite value; NaN for none at all. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/** Over all tiles of a record, of which the statistics will do. */
export function extremesOf(tiles: Pick<Tiles, "statistics">): Extremes {
  let lowest = Infinity;
  let highest = -Infinity;
  const { min, max } = extremes(tiles);
  for (const value of min) if (value < lowest) lowest = value;
  for (const value of max) if (value > highest) highest = value;
  return lowest <= highest ? { min: lowest, max: highest } : { min: NaN, max: NaN };
}

/** One range for all values between any of these extremes. */
export function rangeOfExtremes(all: readonly Extremes[], rule: RangeRule): Range {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { min, max } of all) {
    if (min < lowest) lowest = min;
    if (max > highest) highest = max;
  }
  return rangeOf(lowest, highest, rule);
}

/** Where in the range a value lies, 0 to 1; the middle where the range has no width. */
export function positionIn(range: Range, value: number): number {
  const width = range.hi - range.lo;
  return width > 0 ? Math.min(1, Math.max(0, (value - range.lo) / width)) : 0.5;
}

// Comparisons with NaN are false, so tiles without a finite cell drop out of the loops above by themselves.
function extremes(tiles: Pick<Tiles, "statistics">): { min: Float64Array; max: Float64Array } {
  return {
    min: tiles.statistics.get("min") ?? new Float64Array(),
    max: tiles.statistics.get("max") ?? new Float64Array(),
  };
}

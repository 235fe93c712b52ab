/**
 * The values of one tile in bins, as histograms are logged: widths are powers of two, edges whole multiples of them, so
 * that tiles of several runs come onto common bins. Must not know what is drawn.
 */
import type { Bins } from "./binning.js";

/** Bins of a value that stands alone are narrower than it by this many halvings. */
const LONE_BITS = 10;
/** Bins between the least and the greatest value, at most: more than are ever drawn. */
const FINE_BINS = 512;

export interface ValueBins extends Bins {
  /** How many values are finite. */
  readonly total: number;
}

/** Counts the finite values; without one, there is no bin. */
export function binValuesOf(values: Float32Array): ValueBins {
  let [min, max, total] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    total += 1;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (total === 0) return { exponent: 0, first: 0, counts: new Float64Array(), total };
  const exponent = exponentFor(min, max);
  const width = 2 ** exponent;
  const first = Math.floor(min / width);
  const counts = new Float64Array(Math.floor(max / width) - first + 1);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.floor(value / width) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { exponent, first, counts, total };
}

function exponentFor(min: number, max: number): number {
  if (max > min) return Math.max(-1074, Math.ceil(Math.log2(max / FINE_BINS - min / FINE_BINS)));
  return min === 0 ? -LONE_BITS : Math.max(-1074, Math.floor(Math.log2(Math.abs(min))) - LONE_BITS);
}

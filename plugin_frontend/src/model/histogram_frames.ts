/**
 * Which bins a plot draws: exact sums of the logged ones, as many as the number of values bears, on an axis that stays
 * while one goes through the steps. Knows histograms; must not know pixels.
 */
import { type Bins, commonFrame, countsIn, type Frame, frameAround, padded } from "./binning.js";
import type { Histogram } from "./histogram.js";

const FEWEST_BINS = 24;
const MOST_BINS = 256;

/** Share of a plot's bins that stays empty at either end. */
const PADDING = 0.03;

/** The context may make the drawn curves this much narrower; beyond it, they get an axis of their own. */
const MOST_CONTEXT = 4;

/**
 * How many bins tell something of `total` values: they grow with the cube root, as the width that estimates a smooth
 * density best shrinks with it (Freedman and Diaconis, 1981), so that ten biases are not a comb of 256 bins.
 */
export function binLimit(total: number): number {
  const bearable = Math.round(4 * Math.cbrt(total));
  return Math.min(MOST_BINS, Math.max(FEWEST_BINS, bearable));
}

/** Bins with the sum of their counts. */
type Counted = Bins & Pick<Histogram, "total">;

/**
 * The bins of a plot of the histograms `drawn`. `context` are histograms of other steps: the axis spans them too, so
 * that it stays in place while the step changes, unless they would squeeze what is drawn. Null where nothing is finite.
 */
export function plotFrame(drawn: readonly Counted[], context: readonly Counted[]): Frame | null {
  const limit = binLimit(Math.max(0, ...drawn.map(({ total }) => total)));
  const own = commonFrame(drawn, limit);
  if (own === null) return null;
  const wide = commonFrame([...drawn, ...context], limit) ?? own;
  const narrower = wide.size / (own.size * 2 ** (own.exponent - wide.exponent));
  const frame = own.size > 1 && narrower > MOST_CONTEXT ? own : wide;
  if (frame.size === 1) return frameAround(frame, limit);
  return padded(frame, Math.ceil(frame.size * PADDING));
}

/** Counts by histogram and frame: the same ones are asked for at every move of the pointer. */
const remembered = new WeakMap<Bins, { frame: Frame; counts: Float64Array }>();

/** The counts of a histogram in the bins of a frame. */
export function drawnCounts(histogram: Bins, frame: Frame): Float64Array {
  const before = remembered.get(histogram);
  if (before !== undefined && sameFrame(before.frame, frame)) return before.counts;
  const counts = countsIn(histogram, frame);
  remembered.set(histogram, { frame, counts });
  return counts;
}

function sameFrame(a: Frame, b: Frame): boolean {
  return a.exponent === b.exponent && a.first === b.first && a.size === b.size;
}

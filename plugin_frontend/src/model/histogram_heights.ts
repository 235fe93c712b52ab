/**
 * How high bins are drawn: as counts, as their logarithm, or as density, on one scale for all plots of a panel. Knows
 * numbers; must not know pixels or components.
 */
import { ticks } from "d3-array";
import type { HistogramHeight } from "./histogram_display.js";

/** Heights of one curve; of a difference they may be below zero. */
export interface Heights {
  readonly heights: Float64Array;
  /** The farthest from zero, but for bins that hold all values of a histogram: these say nothing of a shape. */
  readonly shape: number;
  /** Of these bins. */
  readonly spike: number;
}

export interface HeightTick {
  /** Share of the room above zero, of differences also below it. */
  readonly at: number;
  readonly label: string;
}

/** `top` is the height at the upper end; spikes may be cut there. */
export interface HeightScale {
  readonly top: number;
  readonly ticks: readonly HeightTick[];
}

/** A spike that is this many times higher than all other curves is cut, because it would press them flat. */
const MOST_SPIKE = 1.6;

/** Space above the highest curve. */
const HEADROOM = 1.06;

const TICKS = 3;

/**
 * Heights of counts: themselves, log10(1 + count), or the share of the values. Where all curves have the same bins a
 * share is the density but for a factor, and stays a number where bins are too narrow for a density to be one.
 */
export function heightsOf(counts: Float64Array, mode: HistogramHeight): Heights {
  return withExtent(counts.map(heightFunction(mode, sum(counts))), [counts]);
}

/**
 * Heights of what one histogram has more than another, in the same bins: differences of counts or of shares, or the
 * logarithm of how far the counts differ, with its sign.
 */
export function differenceHeights(
  counts: Float64Array,
  others: Float64Array,
  mode: HistogramHeight,
): Heights {
  const [ofOne, ofOther] = [counts, others].map((each) => heightFunction(mode, sum(each)));
  const heights = counts.map((count, bin) => {
    const other = others[bin] ?? 0;
    if (mode === "log-count") return Math.sign(count - other) * logOf(Math.abs(count - other));
    return (ofOne?.(count) ?? 0) - (ofOther?.(other) ?? 0);
  });
  return withExtent(heights, [counts, others]);
}

// A histogram with a single filled bin is a spike there.
function withExtent(heights: Float64Array, of: readonly Float64Array[]): Heights {
  const spikes = new Set(
    of.flatMap((counts) => {
      const bin = counts.findIndex((count) => count > 0);
      return bin >= 0 && !counts.some((count, at) => at > bin && count > 0) ? [bin] : [];
    }),
  );
  let [shape, spike] = [0, 0];
  heights.forEach((height, bin) => {
    if (spikes.has(bin)) spike = Math.max(spike, Math.abs(height));
    else shape = Math.max(shape, Math.abs(height));
  });
  return { heights, shape, spike };
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Density of a bin: the share of its values by its width. */
export function densityOf(count: number, total: number, exponent: number): number {
  return total === 0 ? 0 : count / total / 2 ** exponent;
}

function heightFunction(mode: HistogramHeight, total: number): (count: number) => number {
  switch (mode) {
    case "count":
      return (count) => count;
    case "log-count":
      return logOf;
    case "density":
      return (count) => (total === 0 ? 0 : count / total);
  }
}

function logOf(count: number): number {
  return Math.log10(1 + count);
}

/** The one scale of all curves, which have bins of width 2^exponent. `isSigned`: of differences. */
export function heightScale(
  curves: readonly Heights[],
  mode: HistogramHeight,
  exponent: number,
  isSigned = false,
): HeightScale {
  const shapes = curves.reduce((most, { shape }) => Math.max(most, shape), 0);
  const spikes = curves.reduce((most, { spike }) => Math.max(most, spike), 0);
  const cut = shapes > 0 && spikes > MOST_SPIKE * shapes;
  const top = HEADROOM * (cut ? shapes : Math.max(shapes, spikes));
  const ticks = top > 0 ? scaleTicks(top, mode, 2 ** exponent) : [];
  if (!isSigned) return { top, ticks };
  const above = ticks.filter(({ at }) => at > 0);
  return {
    top,
    ticks: above.flatMap(({ at, label }) => [
      { at, label: `+${label}` },
      { at: -at, label: `−${label}` },
    ]),
  };
}

/** Share of the room above zero, or below it, at which a height is drawn: 1 or −1 where it is cut. */
export function heightShare(height: number, { top }: HeightScale): number {
  return top > 0 ? Math.max(-1, Math.min(1, height / top)) : 0;
}

function scaleTicks(top: number, mode: HistogramHeight, width: number): readonly HeightTick[] {
  if (mode === "log-count") {
    const every = Math.ceil(Math.floor(top) / TICKS) || 1;
    const powers = Array.from({ length: Math.floor(top) + 1 }, (_, power) => power);
    return powers
      .filter((power) => power % every === 0)
      .map((power) => ({ at: Math.log10(1 + 10 ** power) / top, label: shortCount(10 ** power) }))
      .filter(({ at }) => at <= 1);
  }
  const highest = mode === "density" ? top / width : top;
  if (!Number.isFinite(highest)) return [];
  return ticks(0, highest, TICKS)
    .filter((value) => value > 0 && (mode === "density" || Number.isInteger(value)))
    .map((value) => ({ at: value / highest, label: shortCount(value) }));
}

const SHORT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** `850`, `1.2K`, `3M`: short enough to stand inside a plot. */
export function shortCount(value: number): string {
  if (value !== 0 && (value < 1e-3 || value >= 1e15))
    return value.toExponential(0).replace("+", "");
  return SHORT.format(value);
}

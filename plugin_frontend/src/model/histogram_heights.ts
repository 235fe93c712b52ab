/**
 * How high bins are drawn: as counts, as their logarithm, or as density, on one scale for all plots of a panel. Knows
 * numbers; must not know pixels or components.
 */
import { ticks } from "d3-array";
import type { HistogramHeight } from "./histogram_display.js";

/** Heights of one curve. `isSpike`: all values lie in one bin, so its height says nothing of a shape. */
export interface Heights {
  readonly heights: Float64Array;
  readonly isSpike: boolean;
}

export interface HeightTick {
  /** Share of the plot's height. */
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
  let filled = 0;
  let total = 0;
  for (const count of counts) {
    if (count > 0) filled += 1;
    total += count;
  }
  return { heights: counts.map(heightFunction(mode, total)), isSpike: filled === 1 };
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
      return (count) => Math.log10(1 + count);
    case "density":
      return (count) => (total === 0 ? 0 : count / total);
  }
}

/** The one scale of all curves, which have bins of width 2^exponent. */
export function heightScale(
  curves: readonly Heights[],
  mode: HistogramHeight,
  exponent: number,
): HeightScale {
  const highest = (which: readonly Heights[]): number =>
    which.reduce((most, { heights }) => heights.reduce((a, b) => Math.max(a, b), most), 0);
  const shapes = highest(curves.filter(({ isSpike }) => !isSpike));
  const spikes = highest(curves.filter(({ isSpike }) => isSpike));
  const cut = shapes > 0 && spikes > MOST_SPIKE * shapes;
  const top = HEADROOM * (cut ? shapes : Math.max(shapes, spikes));
  return { top, ticks: top > 0 ? scaleTicks(top, mode, 2 ** exponent) : [] };
}

/** Share of the plot's height at which a height is drawn: 1 where it is cut. */
export function heightShare(height: number, { top }: HeightScale): number {
  return top > 0 ? Math.min(1, height / top) : 0;
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

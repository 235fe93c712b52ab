/**
 * Histograms as SVG paths. Only filled stretches are drawn, each from the base line to the base line, so that one path
 * is outline and area at once and an empty plot has no line along its floor. Knows pixels; must not know colours.
 */

/** Size of the box a curve is drawn into, in CSS pixels; its base is at `base`. */
export interface CurveBox {
  readonly width: number;
  readonly height: number;
  readonly base: number;
}

/** So few bins are drawn as the bars they are; more of them as a line through their middles. */
const FEW_BINS = 64;

/** A bin that stands alone is drawn at least this wide, in CSS pixels. */
const SPIKE_WIDTH = 2.5;

/** The path of shares of the height, one a bin, each from 0 to 1. */
export function curvePath(shares: Float64Array, box: CurveBox): string {
  const bin = box.width / shares.length;
  const parts: string[] = [];
  let start = 0;
  while (start < shares.length) {
    if (!((shares[start] ?? 0) > 0)) {
      start += 1;
      continue;
    }
    let end = start;
    while (end < shares.length && (shares[end] ?? 0) > 0) end += 1;
    parts.push(
      shares.length <= FEW_BINS || end - start === 1
        ? bars(shares, start, end, bin, box)
        : line(shares, start, end, bin, box),
    );
    start = end;
  }
  return parts.join("");
}

function bars(
  shares: Float64Array,
  start: number,
  end: number,
  bin: number,
  { height, base }: CurveBox,
): string {
  const missing = end - start === 1 ? Math.max(0, SPIKE_WIDTH - bin) / 2 : 0;
  let path = `M${round(start * bin - missing)} ${round(base)}`;
  for (let index = start; index < end; index++) {
    const right = (index + 1) * bin + missing;
    path += `V${round(base - (shares[index] ?? 0) * height)}H${round(right)}`;
  }
  return `${path}V${round(base)}`;
}

function line(
  shares: Float64Array,
  start: number,
  end: number,
  bin: number,
  { height, base }: CurveBox,
): string {
  let path = `M${round(Math.max(0, (start - 0.5) * bin))} ${round(base)}`;
  for (let index = start; index < end; index++) {
    path += `L${round((index + 0.5) * bin)} ${round(base - (shares[index] ?? 0) * height)}`;
  }
  return `${path}L${round(Math.min(shares.length * bin, (end + 0.5) * bin))} ${round(base)}`;
}

/** A line through values, one a place from 0 to 1, cut where a value is no finite number. */
export function sparkPath(
  points: readonly { readonly at: number; readonly value: number }[],
  [low, high]: readonly [number, number],
  { width, height, base }: CurveBox,
): string {
  let path = "";
  let pen = "M";
  for (const { at, value } of points) {
    if (!Number.isFinite(value)) {
      pen = "M";
      continue;
    }
    path += `${pen}${round(at * width)} ${round(sparkHeight(value, low, high, height, base))}`;
    pen = "L";
  }
  return path;
}

/** Where a value stands in a sparkline; in the middle where all values are the same. */
export function sparkHeight(
  value: number,
  low: number,
  high: number,
  height: number,
  base: number,
): number {
  return base - (high > low ? (value - low) / (high - low) : 0.5) * height;
}

// A tenth of a pixel is finer than any screen and keeps paths short.
function round(value: number): number {
  return Math.round(10 * value) / 10;
}

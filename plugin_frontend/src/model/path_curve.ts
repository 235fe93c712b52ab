/**
 * The output along the path from the baseline to the input as a line in a box: the same axes for all runs of a sample.
 * Knows numbers and pixels; must not know components.
 */
import { type Range, rangeOfExtremes } from "./ranges.js";

/** In CSS pixels; the line stays `margin` inside. */
export interface CurveRoom {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

/** F at places of the path. */
export interface PathCurve {
  readonly alphas: readonly number[];
  readonly values: readonly number[];
}

/** All finite values of the curves; null where there is none. A constant has a range around it. */
export function curveRange(curves: readonly PathCurve[]): Range | null {
  const finite = curves.flatMap(({ values }) => values.filter(Number.isFinite));
  if (finite.length === 0) return null;
  const { lo, hi } = rangeOfExtremes(
    [{ min: Math.min(...finite), max: Math.max(...finite) }],
    "min-max",
  );
  if (hi > lo) return { lo, hi };
  const around = Math.max(Math.abs(lo), 1) / 2;
  return { lo: lo - around, hi: hi + around };
}

export function curveX(alpha: number, { width, margin }: CurveRoom): number {
  return margin + alpha * (width - 2 * margin);
}

export function curveY(value: number, { lo, hi }: Range, { height, margin }: CurveRoom): number {
  return height - margin - ((value - lo) / (hi - lo)) * (height - 2 * margin);
}

/** The SVG path through the finite values; a value that is none parts it. */
export function curveLine({ alphas, values }: PathCurve, range: Range, room: CurveRoom): string {
  let isOpen = false;
  return alphas
    .map((alpha, index) => {
      const value = values[index] ?? NaN;
      if (!Number.isFinite(value)) {
        isOpen = false;
        return "";
      }
      const command = isOpen ? "L" : "M";
      isOpen = true;
      return `${command}${round(curveX(alpha, room))} ${round(curveY(value, range, room))}`;
    })
    .join("");
}

/** F at a place of the path, on the straight line between its neighbours; NaN beyond the ends. */
export function valueAlong({ alphas, values }: PathCurve, alpha: number): number {
  const after = alphas.findIndex((each) => each >= alpha);
  const [right, above] = [alphas[after], values[after]];
  if (right === undefined || above === undefined) return NaN;
  if (right === alpha) return above;
  const [left, below] = [alphas[after - 1], values[after - 1]];
  if (left === undefined || below === undefined) return NaN;
  return below + ((alpha - left) / (right - left)) * (above - below);
}

function round(pixels: number): number {
  return Math.round(100 * pixels) / 100;
}

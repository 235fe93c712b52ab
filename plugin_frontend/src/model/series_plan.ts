/**
 * Which records of a series a histogram panel needs: the shown one, and enough of the others for a ridge and sparklines.
 * Knows indices only; must not know records.
 */
import type { StepMatch } from "./time_axis.js";

/** More steps than this are not drawn: ridges and sparklines have no room for them. */
export const MOST_DRAWN = 60;

/** Indices into a series. */
export interface SeriesPlan {
  /** Null where the run has no record so early. */
  readonly shown: number | null;
  /** Increasing, with the first, the last and the shown one; at most `MOST_DRAWN`. */
  readonly drawn: readonly number[];
}

export function planSeries(steps: readonly number[], shown: StepMatch): SeriesPlan {
  const at = shown.match === "none" ? null : shown.index;
  return { shown: at, drawn: drawnIndices(steps.length, at) };
}

/**
 * Every n-th index, the first and the last; where the shown one is not among them it takes the place of its neighbour.
 * As n grows only now and then while a log grows, the same records are drawn again at nearly every reload.
 */
export function drawnIndices(
  length: number,
  shown: number | null,
  most = MOST_DRAWN,
): readonly number[] {
  const every = Math.max(1, Math.ceil((length - 1) / (most - 1)));
  const drawn: number[] = [];
  for (let index = 0; index < length - 1; index += every) drawn.push(index);
  if (length > 0) drawn.push(length - 1);
  if (shown === null || drawn.includes(shown)) return drawn;
  if (drawn.length < most) return [...drawn, shown].sort((a, b) => a - b);
  const inner = drawn.slice(1, -1);
  const nearest = inner.reduce((a, b) => (Math.abs(b - shown) < Math.abs(a - shown) ? b : a));
  return drawn.map((index) => (index === nearest ? shown : index));
}

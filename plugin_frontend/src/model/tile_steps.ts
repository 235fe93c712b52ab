/**
 * Which steps of a series are drawn beside a tile in the large: few enough to be asked for and to be told apart, whatever
 * the number of steps and of runs. Knows indices only; must not know records.
 */
import { drawnIndices, MOST_DRAWN } from "./series_plan.js";

/** Records that the curves of all runs together may need, and the fewest points of one that still are a curve. */
const MOST_RECORDS = 600;
const FEWEST_POINTS = 12;

/** How many points the curve of each of so many runs has at most. */
export function mostPoints(runs: number): number {
  return Math.max(
    FEWEST_POINTS,
    Math.min(MOST_DRAWN, Math.floor(MOST_RECORDS / Math.max(1, runs))),
  );
}

/** Indices of a curve's points: increasing, with the first, the last and the shown one. */
export function curveIndices(
  length: number,
  shown: number | null,
  runs: number,
): readonly number[] {
  return drawnIndices(length, shown, mostPoints(runs));
}

/**
 * `most` indices as even as they can be, with the first and the last; where the shown one is not among them, it takes
 * the place of its nearest neighbour between these, so that only one picture of a film strip is another.
 */
export function filmIndices(length: number, shown: number | null, most: number): readonly number[] {
  const count = Math.max(0, Math.min(length, most));
  if (count < 2) return count === 0 ? [] : [shown ?? length - 1];
  const even = Array.from({ length: count }, (_, place) =>
    Math.round((place * (length - 1)) / (count - 1)),
  );
  if (shown === null || even.includes(shown) || shown < 0 || shown >= length) return even;
  const inner = count > 2 ? even.slice(1, -1) : even;
  const nearest = inner.reduce((a, b) => (Math.abs(b - shown) < Math.abs(a - shown) ? b : a));
  return even.map((index) => (index === nearest ? shown : index)).sort((a, b) => a - b);
}

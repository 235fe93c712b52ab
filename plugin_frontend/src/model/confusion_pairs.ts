/** Which classes are taken for which most often. Knows counts; must not know how they are drawn. */
import { type Matrix, shareAt } from "./confusion_counts.js";

export interface ConfusedPair {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  /** Of the true class. */
  readonly share: number;
}

const remembered = new WeakMap<Matrix, readonly ConfusedPair[]>();

/** All pairs of different classes with samples, the most first; of as many, the larger share first. */
export function confusedPairs(matrix: Matrix): readonly ConfusedPair[] {
  const known = remembered.get(matrix);
  if (known !== undefined) return known;
  const { counts, size } = matrix;
  const pairs = [...counts]
    .map(([cell, count]) => {
      const row = Math.floor(cell / size);
      const column = cell % size;
      return { row, column, count, share: shareAt(matrix, row, column) };
    })
    .filter(({ row, column, count }) => row !== column && count > 0)
    .sort((a, b) => b.count - a.count || b.share - a.share);
  remembered.set(matrix, pairs);
  return pairs;
}

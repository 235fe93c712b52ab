/**
 * Which classes are taken for which most often, and which mistakes another confusion has fewer or more of. Knows counts;
 * must not know how they are drawn.
 */
import { changedCells, changeOf, countAt, type Matrix, shareAt } from "./confusion_counts.js";

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

/** How often a pair of classes is confused more than in the reference, or less. */
export interface ChangedPair extends ConfusedPair {
  readonly change: number;
  readonly changeOfShare: number;
}

export interface ChangedPairs {
  /** Mistakes that there are more of than in the reference, the most first. */
  readonly gained: readonly ChangedPair[];
  /** That there are fewer of. */
  readonly lost: readonly ChangedPair[];
}

const rememberedChanges = new WeakMap<Matrix, { reference: Matrix; pairs: ChangedPairs }>();

/** Of unequally many samples it is shares of the true class that are compared. */
export function changedPairs(shown: Matrix, reference: Matrix): ChangedPairs {
  const known = rememberedChanges.get(shown);
  if (known?.reference === reference) return known.pairs;
  const byShare = shown.total !== reference.total;
  const sizeOf = ({ change, changeOfShare }: ChangedPair): number =>
    byShare ? changeOfShare : change;
  const changed = changedCells(shown, reference)
    .map((cell): ChangedPair => {
      const row = Math.floor(cell / shown.size);
      const column = cell % shown.size;
      const count = countAt(shown, row, column);
      const share = shareAt(shown, row, column);
      const changeOfShare = changeOf(share, shareAt(reference, row, column)) || 0;
      return {
        row,
        column,
        count,
        share,
        change: count - countAt(reference, row, column),
        changeOfShare,
      };
    })
    .filter(({ row, column }) => row !== column);
  const most = (sign: 1 | -1): readonly ChangedPair[] =>
    changed
      .filter((pair) => sign * sizeOf(pair) > 0)
      .sort(
        (a, b) => sign * (sizeOf(b) - sizeOf(a)) || sign * (b.changeOfShare - a.changeOfShare) || 0,
      );
  const pairs = { gained: most(1), lost: most(-1) };
  rememberedChanges.set(shown, { reference, pairs });
  return pairs;
}

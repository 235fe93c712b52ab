/**
 * A confusion as numbers: counts, shares of the true class, recall and precision, accuracy; and what of it has changed.
 * Only cells with samples are kept, so that a thousand classes make no million numbers. Must not know how it is drawn.
 */
import type { Confusion } from "./confusion.js";

/** Counts, or sums of sample weights, by true class (row) and predicted class (column). */
export interface Matrix {
  readonly names: readonly string[];
  /** Number of classes. */
  readonly size: number;
  /** By `row * size + column`; a cell without samples is absent. */
  readonly counts: ReadonlyMap<number, number>;
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  readonly total: number;
  /** Sum of the diagonal. */
  readonly right: number;
}

const matrices = new WeakMap<Confusion, Map<boolean, Matrix>>();

/** The matrix of a confusion of classes. `weighted` is for those that have weights; the same object for the same one. */
export function matrixOf(confusion: Confusion, weighted: boolean): Matrix {
  const known = matrices.get(confusion) ?? new Map<boolean, Matrix>();
  matrices.set(confusion, known);
  const found = known.get(weighted) ?? makeMatrix(confusion, weighted);
  known.set(weighted, found);
  return found;
}

/** True where the samples have weights. */
export function hasWeights({ cells }: Confusion): boolean {
  for (const { weight } of cells.values()) return weight !== null;
  return false;
}

function makeMatrix({ header, cells }: Confusion, weighted: boolean): Matrix {
  const size = header.classNames.length;
  const rowSums = new Float64Array(size);
  const columnSums = new Float64Array(size);
  const counts = new Map<number, number>();
  let total = 0;
  let right = 0;
  for (const { cell, count, weight } of cells.values()) {
    const number = weighted ? (weight ?? count) : count;
    const row = Math.floor(cell / size);
    const column = cell % size;
    counts.set(cell, number);
    rowSums[row] = (rowSums[row] ?? 0) + number;
    columnSums[column] = (columnSums[column] ?? 0) + number;
    total += number;
    if (row === column) right += number;
  }
  return { names: header.classNames, size, counts, rowSums, columnSums, total, right };
}

export function countAt({ counts, size }: Matrix, row: number, column: number): number {
  return counts.get(row * size + column) ?? 0;
}

/** Share of the true class, 0 to 1; NaN for a class without samples. */
export function shareAt(matrix: Matrix, row: number, column: number): number {
  return countAt(matrix, row, column) / (matrix.rowSums[row] ?? 0);
}

/** Share of a true class that is predicted as such; NaN where it has no samples. */
export function recallOf(matrix: Matrix, row: number): number {
  return shareAt(matrix, row, row);
}

/** Share of what is predicted as a class that is of it; NaN where nothing is. */
export function precisionOf(matrix: Matrix, column: number): number {
  return countAt(matrix, column, column) / (matrix.columnSums[column] ?? 0);
}

/** NaN where there are no samples. */
export function accuracyOf({ right, total }: Matrix): number {
  return right / total;
}

/** Samples of other classes taken for this one, and of this one for others. */
export function errorsOf(matrix: Matrix, index: number): number {
  const { rowSums, columnSums } = matrix;
  return (rowSums[index] ?? 0) + (columnSums[index] ?? 0) - 2 * countAt(matrix, index, index);
}

/** Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN); NaN where all three are 0. */
export function f1Of(
  truePositives: number,
  falsePositives: number,
  falseNegatives: number,
): number {
  return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}

/** Two confusions side by side, or why they cannot be. */
export type Comparable =
  | { readonly status: "ready" }
  | { readonly status: "refused"; readonly message: string };

/**
 * Whether there is a difference of two confusions: only of the same classes. `other`: the name of the run that the
 * reference is of, where it is another one; null for an earlier step.
 */
export function comparable(
  shown: Confusion,
  reference: Confusion,
  other: string | null = null,
): Comparable {
  const [now, before] = [shown.header, reference.header];
  const differ = (a: string, b: string): Comparable =>
    refused(other === null ? `${a} now, and was ${b}.` : `${a} here, and ${b} in ${other}.`);
  if (now.task !== before.task) return differ(`It is ${TASKS[now.task]}`, TASKS[before.task]);
  const [names, others] = [now.classNames, before.classNames];
  if (names.length !== others.length) {
    return differ(`The number of classes is ${names.length}`, String(others.length));
  }
  const at = names.findIndex((name, index) => name !== others[index]);
  if (at < 0) return { status: "ready" };
  return differ(`Class ${at} is “${names[at]}”`, `“${others[at]}”`);
}

const TASKS = {
  multi_class: "one class a sample",
  binary: "two classes",
  multi_label: "several labels a sample",
} as const;

function refused(why: string): Comparable {
  return { status: "refused", message: `No difference: ${why}` };
}

/** Cells that either matrix has, without those whose numbers and shares are the same. */
export function changedCells(shown: Matrix, reference: Matrix): readonly number[] {
  const cells = new Set([...shown.counts.keys(), ...reference.counts.keys()]);
  return [...cells].filter((cell) => {
    const [row, column] = [Math.floor(cell / shown.size), cell % shown.size];
    return (
      countAt(shown, row, column) !== countAt(reference, row, column) ||
      Math.abs(changeOf(shareAt(shown, row, column), shareAt(reference, row, column))) > 0
    );
  });
}

/** The change of a number; one that was or is unknown counts as nothing where the other is not. */
export function changeOf(now: number, before: number): number {
  if (Number.isNaN(now) && Number.isNaN(before)) return NaN;
  return (Number.isNaN(now) ? 0 : now) - (Number.isNaN(before) ? 0 : before);
}

/** The largest change of a share, 0 to 1: what the colours of changes span. */
export function largestChange(shown: Matrix, reference: Matrix): number {
  const { size } = shown;
  return changedCells(shown, reference).reduce((most, cell) => {
    const row = Math.floor(cell / size);
    const column = cell % size;
    const change = changeOf(shareAt(shown, row, column), shareAt(reference, row, column));
    return Math.max(most, Math.abs(change) || 0);
  }, 0);
}

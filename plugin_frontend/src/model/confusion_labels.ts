/**
 * Scores of a class against all others, or of each of several labels a sample. Knows counts; must not know how they are
 * drawn.
 */
import type { Confusion } from "./confusion.js";
import { f1Of } from "./confusion_counts.js";

/** The cells of a label, by 2·true + predicted. */
export const LABEL_CELLS = ["tn", "fp", "fn", "tp"] as const;
export type LabelCell = (typeof LABEL_CELLS)[number];

/** The numbers of a label. Scores are shares, 0 to 1; NaN where nothing is divided by nothing. */
export interface LabelScores extends Readonly<Record<LabelCell, number>> {
  readonly index: number;
  readonly name: string;
  readonly support: number;
  readonly errors: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

const remembered = new WeakMap<Confusion, Map<boolean, readonly LabelScores[]>>();

/** Of each label, in the order of the labels; the same object for the same confusion. */
export function labelScores(confusion: Confusion, weighted: boolean): readonly LabelScores[] {
  const known = remembered.get(confusion) ?? new Map<boolean, readonly LabelScores[]>();
  remembered.set(confusion, known);
  const found =
    known.get(weighted) ??
    confusion.header.classNames.map((name, index) => {
      const [tn = 0, fp = 0, fn = 0, tp = 0] = LABEL_CELLS.map((_, place) =>
        numberOf(confusion, 4 * index + place, weighted),
      );
      return scoresOf(index, name, { tn, fp, fn, tp });
    });
  known.set(weighted, found);
  return found;
}

/** Of the second of two classes, which is the one that is looked for. */
export function binaryScores(confusion: Confusion, weighted: boolean): LabelScores {
  const [tn = 0, fp = 0, fn = 0, tp = 0] = LABEL_CELLS.map((_, cell) =>
    numberOf(confusion, cell, weighted),
  );
  return scoresOf(1, confusion.header.classNames[1] ?? "1", { tn, fp, fn, tp });
}

/** Sums over the labels, and the scores of the sums: every pair of sample and label counts alike. */
export function microScores(scores: readonly LabelScores[]): LabelScores {
  const sum = (cell: LabelCell): number => scores.reduce((total, each) => total + each[cell], 0);
  const sums = { tn: sum("tn"), fp: sum("fp"), fn: sum("fn"), tp: sum("tp") };
  return scoresOf(-1, "all labels", sums);
}

/** Share of pairs of sample and label that are right; NaN where there are none. */
export function labelAccuracy({ tn, fp, fn, tp }: LabelScores): number {
  return (tn + tp) / (tn + fp + fn + tp);
}

function scoresOf(
  index: number,
  name: string,
  { tn, fp, fn, tp }: Readonly<Record<LabelCell, number>>,
): LabelScores {
  return {
    index,
    name,
    tn,
    fp,
    fn,
    tp,
    support: tp + fn,
    errors: fp + fn,
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    f1: f1Of(tp, fp, fn),
  };
}

function numberOf({ cells }: Confusion, cell: number, weighted: boolean): number {
  const found = cells.get(cell);
  if (found === undefined) return 0;
  return weighted ? (found.weight ?? found.count) : found.count;
}

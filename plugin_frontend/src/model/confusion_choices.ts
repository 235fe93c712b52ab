/** What the choices of a confusion are called, in their order. Plain words; must not know controls. */
import type { Named } from "./choices.js";
import type { CellContent, LabelSort, MatrixSort } from "./confusion_display.js";

export const CELL_CHOICES: readonly Named<CellContent>[] = [
  { value: "counts", label: "counts", title: "How many samples each cell has" },
  { value: "share", label: "share", title: "Share of the true class, in percent" },
  { value: "samples", label: "samples", title: "The most confident sample of every cell" },
];

/** Of the classes of a matrix. */
export const SORT_CHOICES: readonly Named<MatrixSort>[] = [
  { value: "index", label: "index" },
  { value: "name", label: "name" },
  {
    value: "recall",
    label: "recall ↑",
    title: "The worst recall first; of differences, the largest loss",
  },
  {
    value: "precision",
    label: "precision ↑",
    title: "The worst precision first; of differences, the largest loss",
  },
  {
    value: "errors",
    label: "errors ↓",
    title:
      "The most mistakes first, in either direction; of differences, the most that were gained",
  },
  { value: "support", label: "support ↓", title: "The most samples first" },
];

/** The columns of a table of labels. */
export const LABEL_COLUMNS: readonly Named<Exclude<LabelSort, "index">>[] = [
  { value: "name", label: "label" },
  { value: "support", label: "support", title: "Samples that have the label" },
  { value: "tp", label: "TP", title: "True positives: have it, and are predicted to" },
  { value: "fn", label: "FN", title: "False negatives: have it, and are predicted not to" },
  { value: "fp", label: "FP", title: "False positives: have it not, and are predicted to" },
  { value: "tn", label: "TN", title: "True negatives: have it not, and are predicted not to" },
  { value: "precision", label: "precision", title: "Share of those predicted to have it that do" },
  { value: "recall", label: "recall", title: "Share of those that have it that are predicted to" },
  { value: "f1", label: "F1", title: "Harmonic mean of precision and recall" },
];

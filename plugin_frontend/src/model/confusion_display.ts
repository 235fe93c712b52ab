/**
 * How confusions are displayed, with the defaults, and as short text for the address. Plain data; must not know what is
 * drawn.
 */
import { readCount, readPairs, writePairs } from "./url_text.js";

/** What stands in a cell. */
export const CELL_CONTENTS = ["counts", "share", "samples"] as const;
export type CellContent = (typeof CELL_CONTENTS)[number];

/** Orders of the classes of a matrix. Each begins with what is looked for: the worst, the most. */
export const MATRIX_SORTS = ["index", "name", "recall", "precision", "errors", "support"] as const;
export type MatrixSort = (typeof MATRIX_SORTS)[number];

/** Orders of a table of labels: as logged, or by a column. */
export const LABEL_SORTS = [
  "index",
  "name",
  "support",
  "tp",
  "fn",
  "fp",
  "tn",
  "precision",
  "recall",
  "f1",
] as const;
export type LabelSort = (typeof LABEL_SORTS)[number];

/**
 * The cell that is kept in view, and the sample in it that is outlined. `row` is the true class, `column` the predicted
 * one; with several labels a sample the label, and 2·true + predicted.
 */
export interface PinnedCell {
  readonly tag: string;
  readonly row: number;
  readonly column: number;
  readonly sample: number | null;
  /** Of which classes it is a cell, by their digest; null for those of the first run. */
  readonly classes: string | null;
}

/** Places in the order of the classes that a large matrix is cut to; the ends are not in it. */
export interface Zoom {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface ConfusionDisplay {
  readonly content: CellContent;
  /** Sums of the sample weights instead of counts, where there are weights. */
  readonly weighted: boolean;
  /** Of matrices, which have a menu. */
  readonly sort: MatrixSort;
  /** Of tables of labels, whose headings sort. */
  readonly labelSort: LabelSort;
  readonly labelsReversed: boolean;
  /** Leaves out the classes without a mistake. */
  readonly errorsOnly: boolean;
  readonly pinned: PinnedCell | null;
  readonly zooms: ReadonlyMap<string, Zoom>;
}

export const DEFAULT_CONFUSION_DISPLAY: ConfusionDisplay = {
  content: "counts",
  weighted: false,
  sort: "index",
  labelSort: "index",
  labelsReversed: false,
  errorsOnly: false,
  pinned: null,
  zooms: new Map(),
};

/** `confusion:4-9~3fa94c10`, with a sample `confusion:4-9-1234~3fa94c10`; nothing where none is pinned. */
export function writePinned(pinned: PinnedCell | null): string {
  if (pinned === null) return "";
  const { tag, row, column, sample, classes } = pinned;
  const place = [row, column, ...(sample === null ? [] : [sample])].join("-");
  return writePairs([[tag, classes === null ? place : `${place}~${classes}`]]);
}

const CLASSES = /^[0-9a-f]{8}$/;

/** Null for what cannot be read. */
export function readPinned(text: string): PinnedCell | null {
  const [pair] = readPairs(text, (value) => {
    const [place = "", classes = null, ...rest] = value.split("~");
    if (rest.length > 0 || (classes !== null && !CLASSES.test(classes))) return null;
    const counts = readCounts(place, [2, 3]);
    return counts && { counts, classes };
  });
  if (pair === undefined) return null;
  const [tag, { counts, classes }] = pair;
  const [row = 0, column = 0, sample = null] = counts;
  return { tag, row, column, sample, classes };
}

/** `confusion:0-30-10-40`: top, bottom, left and right, for each card. */
export function writeZooms(zooms: ReadonlyMap<string, Zoom>): string {
  return writePairs(
    [...zooms].map(([tag, { top, bottom, left, right }]) => [
      tag,
      [top, bottom, left, right].join("-"),
    ]),
  );
}

/** Those that can be read. */
export function readZooms(text: string): ReadonlyMap<string, Zoom> {
  return readPairs(text, (value) => {
    const [top = 0, bottom = 0, left = 0, right = 0] = readCounts(value, [4]) ?? [];
    return top < bottom && left < right ? { top, bottom, left, right } : null;
  });
}

function readCounts(text: string, lengths: readonly number[]): readonly number[] | null {
  const numbers = text.split("-").map((part) => readCount(part));
  const known = numbers.filter((number) => number !== null);
  return known.length === numbers.length && lengths.includes(known.length) ? known : null;
}

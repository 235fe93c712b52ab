/**
 * What a cell of a confusion looks like and is called: its text, its colour, its name for those who hear it; and the
 * numbers at the margins. Knows numbers, words and colours; must not know the DOM.
 */
import type { Rgb, Theme } from "./colours.js";
import { changeColour, shareColour } from "./confusion_colours.js";
import {
  accuracyOf,
  changeOf,
  countAt,
  type Matrix,
  precisionOf,
  recallOf,
  shareAt,
} from "./confusion_counts.js";
import type { CellContent } from "./confusion_display.js";
import {
  cellLabel,
  NOTHING,
  numberText,
  percentText,
  pointsText,
  shortNumber,
  signedNumber,
  withPercent,
} from "./confusion_words.js";
import { formatCount } from "./format.js";

/** What all cells of a matrix have in common. */
export interface Facing {
  readonly matrix: Matrix;
  /** What it is compared with; null where values are shown. */
  readonly reference: Matrix | null;
  readonly content: CellContent;
  /** The largest change of a share: what colours of changes span. */
  readonly mostChange: number;
  readonly numbers: "whole" | "short" | "none";
  readonly theme: Theme;
  /** What the numbers are: of samples, or sums of their weights. */
  readonly unit: "samples" | "by weight";
}

export interface CellFace {
  /** Empty where there is no room for it. */
  readonly text: string;
  /** Null for a cell that recedes. */
  readonly colour: Rgb | null;
  readonly label: string;
}

export function cellFace(facing: Facing, row: number, column: number): CellFace {
  const { matrix, reference, theme, mostChange, numbers } = facing;
  const count = countAt(matrix, row, column);
  const share = shareAt(matrix, row, column);
  const digits = numbers === "short" ? 0 : 1;
  const [truth = "", predicted = ""] = [row, column].map((index) => matrix.names[index]);
  const words =
    facing.unit === "samples"
      ? formatCount(count, "sample")
      : `${numberText(count)} ${facing.unit}`;
  const label = cellLabel(truth, predicted, words, withPercent(share));
  if (reference === null) {
    if (count === 0) return face(facing, NOTHING, null, label);
    const text =
      facing.content === "share" ? percentText(share, digits) : countText(count, numbers);
    return face(facing, text, shareColour(share, row === column, theme), label);
  }
  const change = count - countAt(reference, row, column);
  const ofShare = changeOf(share, shareAt(reference, row, column));
  if (change === 0 && !(Math.abs(ofShare) > 0)) {
    return face(facing, NOTHING, null, `${label}; no difference`);
  }
  const text =
    facing.content === "share"
      ? pointsText(ofShare, digits)
      : signedNumber(change, numbers === "short" ? shortNumber : numberText);
  const changed = `${label}; ${signedNumber(change)}, ${pointsText(ofShare)} percentage points`;
  return face(facing, text, changeColour(ofShare, mostChange, theme), changed);
}

function face({ numbers }: Facing, text: string, colour: Rgb | null, label: string): CellFace {
  if (numbers === "none") return { text: "", colour, label };
  return { text, colour, label: text === NOTHING ? label : holding(label, text) };
}

// Who says what is written must be understood: a shortened number is said as well.
function holding(label: string, text: string): string {
  return label.split(/[\s;:]+|,\s/).includes(text) ? label : `${label}, shown as ${text}`;
}

function countText(count: number, numbers: Facing["numbers"]): string {
  return numbers === "short" ? shortNumber(count) : numberText(count);
}

/** A number at a margin, and what it is of. */
export interface MarginFace {
  readonly text: string;
  readonly label: string;
}

export function recallFace(facing: Facing, row: number): MarginFace {
  const { matrix } = facing;
  const of = `${numberText(countAt(matrix, row, row))} of ${numberText(matrix.rowSums[row] ?? 0)}`;
  return marginFace(facing, (each) => recallOf(each, row), `recall of ${matrix.names[row]}`, of);
}

/** `isShort`: whole percents, where there is no room for more. */
export function precisionFace(facing: Facing, column: number, isShort = false): MarginFace {
  const { matrix } = facing;
  const hits = numberText(countAt(matrix, column, column));
  const of = `${hits} of ${numberText(matrix.columnSums[column] ?? 0)}`;
  return marginFace(
    facing,
    (each) => precisionOf(each, column),
    `precision of ${matrix.names[column]}`,
    of,
    isShort,
  );
}

export function accuracyFace(facing: Facing): MarginFace {
  const { right, total } = facing.matrix;
  const of = `${numberText(right)} of ${numberText(total)}`;
  return marginFace(facing, accuracyOf, "accuracy", of);
}

function marginFace(
  { matrix, reference }: Facing,
  scoreOf: (matrix: Matrix) => number,
  name: string,
  of: string,
  isShort = false,
): MarginFace {
  const score = scoreOf(matrix);
  const label = `${name}: ${withPercent(score)}, ${of}`;
  const digits = isShort ? 0 : 1;
  const percent = percentText(score, digits);
  if (reference === null) return { text: percent, label: holding(label, percent) };
  const before = scoreOf(reference);
  const change = pointsText(changeOf(score, before), digits);
  return {
    text: change,
    label: `${label}; was ${withPercent(before)}, ${change} percentage points`,
  };
}

/** Of the numbers of a matrix, the letters of the longest: what cells must have room for. */
export function longestNumber({ matrix, reference, content }: Facing): number {
  const most = [...matrix.counts.values()].reduce((max, count) => Math.max(max, count), 0);
  if (content === "share") return reference === null ? 4 : 5;
  return numberText(most).length + (reference === null ? 0 : 1);
}

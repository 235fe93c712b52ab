/** What is said of a confusion: numbers, cells, samples, in words. Must not know the DOM. */
import type { ConfusedSample, Confusion } from "./confusion.js";
import { cutBoth, cutMiddle } from "./cut_text.js";
import { formatCount, formatWhole } from "./format.js";
import type { ConfusionHeader } from "./record.js";

const MINUS = "\u2212";
/** What stands where there is nothing. */
export const NOTHING = "·";
export const UNKNOWN = "–";

/** A share as percent without the sign: `92.6`, `100`, `<0.1`; `–` for what is not known. */
export function percentText(share: number, digits = 1): string {
  if (Number.isNaN(share)) return UNKNOWN;
  const percent = 100 * share;
  const least = 10 ** -digits;
  if (percent > 0 && percent < least / 2) return `<${least}`;
  if (percent >= 100 - least / 2 && percent < 100) return `>${(100 - least).toFixed(digits)}`;
  return percent === 100 ? "100" : percent.toFixed(digits);
}

/** The same with its sign. */
export function withPercent(share: number): string {
  return Number.isNaN(share) ? UNKNOWN : `${percentText(share)} %`;
}

/** A difference of shares in percentage points: `+3.1`, `−0.4`, `0`. */
export function pointsText(change: number, digits = 1): string {
  if (Number.isNaN(change)) return UNKNOWN;
  const size = Math.abs(100 * change);
  if (size === 0) return "0";
  const least = 10 ** -digits;
  return `${change < 0 ? MINUS : "+"}${size < least / 2 ? `<${least}` : size.toFixed(digits)}`;
}

/** A count, or a sum of weights with at most two decimals. */
export function numberText(number: number): string {
  if (Number.isInteger(number)) return formatWhole(number);
  return Number(number.toFixed(number < 10 ? 2 : 1)).toLocaleString("en-US");
}

/** `1.2k` for 1,234, where there is no room for more; under 1,000 as it is. */
export function shortNumber(number: number): string {
  const size = Math.abs(number);
  if (size < 1000) return numberText(Number.isInteger(number) ? number : Math.round(number));
  for (const [unit, letter] of [
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (size < unit) continue;
    const scaled = number / unit;
    return `${Number(scaled.toFixed(Math.abs(scaled) < 9.95 ? 1 : 0))}${letter}`;
  }
  return numberText(number);
}

/** With a sign: `+3`, `−12`, `0`. */
export function signedNumber(
  change: number,
  write: (number: number) => string = numberText,
): string {
  if (change === 0) return "0";
  return `${change < 0 ? MINUS : "+"}${write(Math.abs(change))}`;
}

/** What a button says that shows more of a list, at most so many. */
export function moreText(count: number, most: number, what: string): string {
  return count > most
    ? `show ${numberText(most)} of ${numberText(count)} ${what}`
    : `show all ${numberText(count)} ${what}`;
}

/** `4 → 9`. */
export function pairText(truth: string, predicted: string): string {
  return `${truth} → ${predicted}`;
}

/** `10,000 of 60,000 samples`. */
export function samplesText({ numSamples, numAvailable }: ConfusionHeader): string {
  if (numAvailable === null || numAvailable <= numSamples) return formatCount(numSamples, "sample");
  return `${formatWhole(numSamples)} of ${formatCount(numAvailable, "sample")}`;
}

/** The samples of a record in words: as a note says it at more length, where one does, else in numbers alone. */
export function samplesFact(header: ConfusionHeader): {
  readonly text: string;
  /** The note that need not be told again. */
  readonly note: string | null;
} {
  const text = samplesText(header);
  const plain = (words: string): string => words.replaceAll(",", "");
  const note = header.notes.find((each) => plain(each).startsWith(plain(text))) ?? null;
  const rest = note === null ? "" : note.slice(note.indexOf("samples") + "samples".length);
  return { text: text + rest, note };
}

/** `8 of 45 samples, most confident first`. */
export function listedText(listed: number, count: number, ranked: boolean): string {
  const number =
    listed < count
      ? `${formatWhole(listed)} of ${formatCount(count, "sample")}`
      : formatCount(count, "sample");
  return ranked && listed > 1 ? `${number}, most confident first` : number;
}

/** True where any of the samples has a confidence to be ranked by. */
export function isRanked(samples: readonly ConfusedSample[]): boolean {
  return samples.some(({ confidence }) => !Number.isNaN(confidence));
}

/** What a cell of two classes is called by those who hear it: `true 4, predicted 9: 45 samples, 12.3 % of true 4`. */
export function cellLabel(truth: string, predicted: string, count: string, share: string): string {
  return `true ${truth}, predicted ${predicted}: ${count}, ${share} of true ${truth}`;
}

/** The words for the cells of a label, by 2·true + predicted. */
export const LABEL_CELL_WORDS = [
  "true negatives",
  "false positives",
  "false negatives",
  "true positives",
] as const;

/**
 * What the cell at a row and column is: `4 → 9`, or `cat: false positives`. `letters`: for which its names have room.
 */
export function cellTitle(
  { header }: Confusion,
  row: number,
  column: number,
  letters = Infinity,
): string {
  const name = (index: number): string => header.classNames[index] ?? String(index);
  if (header.task !== "multi_label") return pairText(...cutBoth(name(row), name(column), letters));
  const words = LABEL_CELL_WORDS[column] ?? "";
  return `${cutMiddle(name(row), letters - words.length)}: ${words}`;
}

/** `spam above 0.5`: what a probability must exceed; null where there is no threshold. */
export function thresholdText({ threshold, task, classNames }: ConfusionHeader): string | null {
  if (threshold === null) return null;
  const number = Number(threshold.toPrecision(3));
  return task !== "multi_label"
    ? `${classNames[1] ?? "1"} above ${number}`
    : `predicted above ${number}`;
}

/** Of outputs that are NaN: no class can be told from them. */
export function undecidedText({ numUndecided, task }: ConfusionHeader): string | null {
  if (numUndecided === 0) return null;
  if (task !== "multi_label") return `${formatWhole(numUndecided)} undecided`;
  return formatCount(numUndecided, "undecided label");
}

/** `sample 1234 · true 4 · predicted 9 · 59.0 %`. */
export function sampleWords(
  { header }: Confusion,
  { index, confidence }: ConfusedSample,
  row: number,
  column: number,
): string {
  const name = (at: number): string => header.classNames[at] ?? String(at);
  const words =
    header.task === "multi_label"
      ? [
          `${name(row)}: ${column >= 2 ? "has it" : "has it not"}`,
          column % 2 === 1 ? "predicted to" : "predicted not to",
        ]
      : [`true ${name(row)}`, `predicted ${name(column)}`];
  const share = Number.isNaN(confidence) ? [] : [withPercent(confidence)];
  return [`sample ${index}`, ...words, ...share].join(" · ");
}

/**
 * Records as lines of a CSV file in the long form, one value a line. Pure; in parts, because a file may have millions of
 * lines. Must not know files.
 */
import { edgeValue } from "./binning.js";
import type { Confusion } from "./confusion.js";
import { decodeValues } from "./dequantise.js";
import { type ExportedRecord, type ExportedTag, sinceOf } from "./export_arrays.js";
import type { Histogram } from "./histogram.js";
import type { Tiles } from "./tiles.js";

const LINES_AT_ONCE = 20_000;

/** Quoted where a comma, a quote or a line break is in it. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The shortest decimal of at most 9 digits, which reads back as the same float32; `nan`, `inf`, `-inf`. */
export function csvNumber(value: number): string {
  if (Number.isFinite(value)) return String(Number(value.toPrecision(9)));
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** `since`: what a change is taken from, a step of the run itself, or `RUN at step N` of the pinned one. */
const EVERY = ["run", "tag", "step", "epoch", "show", "since"];

/** The columns of a file of these kinds; `axes` of tiles, all that any record has. */
export function csvHeader(kind: ExportedRecord["kind"], axes: readonly string[]): string {
  return `${[...EVERY, ...columnsOf(kind, axes)].map(csvField).join(",")}\n`;
}

function columnsOf(kind: ExportedRecord["kind"], axes: readonly string[]): readonly string[] {
  switch (kind) {
    case "tiles":
      return [...axes, "value"];
    case "histogram":
      return ["low", "high", "count"];
    case "confusion":
      return ["label", "true", "predicted", "count", "weight"];
  }
}

/** The names of the axes of tiles, in the order in which they first occur. */
export function axisNames(headers: readonly Tiles["header"][]): readonly string[] {
  return [...new Set(headers.flatMap(({ axes }) => axes.map(({ name }) => name)))];
}

/** The lines of a record, in parts. */
export function* csvLines(
  { run, tag, show }: Pick<ExportedTag, "run" | "tag" | "show">,
  record: ExportedRecord,
  axes: readonly string[],
): Generator<string> {
  const { step, moment } = record;
  const epoch = moment.epoch === null ? "" : String(moment.epoch);
  const start = [run, tag, String(step), epoch, show, sinceText(run, record)];
  const fields = start.map(csvField).join(",");
  let lines: string[] = [];
  for (const line of linesOf(record, axes)) {
    lines.push(`${fields},${line}\n`);
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

function sinceText(run: string, record: ExportedRecord): string {
  const since = sinceOf(record);
  if (since === null) return "";
  return since.run === run ? String(since.step) : `${since.run} at step ${since.step}`;
}

function linesOf(record: ExportedRecord, axes: readonly string[]): Iterable<string> {
  switch (record.kind) {
    case "tiles":
      return tileLines(record.tiles, axes);
    case "histogram":
      return histogramLines(record.histogram);
    case "confusion":
      return confusionLines(record.confusion);
  }
}

// Places count over the axes of the file; the last axis of the record runs fastest.
function* tileLines(tiles: Tiles, axes: readonly string[]): Generator<string> {
  const values = decodeValues(tiles);
  const own = tiles.header.axes;
  const missing = own.find(({ name }) => !axes.includes(name));
  if (missing !== undefined)
    throw new RangeError(`the file has no column for the axis ${missing.name}`);
  const place = new Array<number>(own.length).fill(0);
  const columns = axes.map((name) => own.findIndex((axis) => axis.name === name));
  for (const value of values) {
    let line = "";
    for (const column of columns) line += column < 0 ? "," : `${place[column]},`;
    yield line + csvNumber(value);
    for (let axis = own.length - 1; axis >= 0; axis--) {
      const next = (place[axis] ?? 0) + 1;
      place[axis] = next < (own[axis]?.size ?? 0) ? next : 0;
      if (place[axis] !== 0) break;
    }
  }
}

function* histogramLines({ counts, exponent, first }: Histogram): Generator<string> {
  for (const [bin, count] of counts.entries())
    yield `${edgeValue(first + bin, exponent)},${edgeValue(first + bin + 1, exponent)},${count}`;
}

function* confusionLines({ header, cells }: Confusion): Generator<string> {
  const names = header.classNames.map(csvField);
  const isLabels = header.task === "multi_label";
  const size = isLabels ? 2 : names.length;
  const all = isLabels ? 4 * names.length : names.length ** 2;
  for (let cell = 0; cell < all; cell++) {
    const [truth, predicted] = [Math.floor(cell / size) % size, cell % size];
    const place = isLabels
      ? `${names[Math.floor(cell / 4)]},${truth},${predicted}`
      : `,${names[truth]},${names[predicted]}`;
    const { count = 0, weight = null } = cells.get(cell) ?? {};
    yield `${place},${count},${weight ?? ""}`;
  }
}

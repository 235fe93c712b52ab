/** Numbers and axes in words. Knows typography (true minus sign, signs, digits); must not know where text is shown. */
import type { Cell } from "./layout.js";
import type { Range } from "./ranges.js";
import type { Axis } from "./record.js";

const MINUS = "\u2212";

/** A few significant digits with an explicit sign, for legends and comparisons: `+0.0832`, `−1.2e−7`, `0`. */
export function formatSigned(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "NaN";
  const text = magnitude(Math.abs(value), digits);
  if (text === "0") return "0";
  return (value < 0 ? MINUS : "+") + text;
}

/**
 * A number of a table: always as many significant digits, so that numbers stand below one another: `26.00`, `−0.1200`,
 * `1.250e−7`; `0` alone is exact.
 */
export function formatColumn(value: number, digits: number): string {
  const size = Math.abs(value);
  if (value === 0 || !Number.isFinite(value)) return formatSigned(value).replace("+", "");
  const rounded = Number(size.toPrecision(digits));
  const isPlain = rounded >= 1e-4 && rounded < 1e7;
  const text = isPlain ? plainDigits(rounded, digits) : exponential(size, digits - 1);
  return (value < 0 ? MINUS : "") + text;
}

/** A number of a table, with a plus sign where it is one: numbers of both signs stand below one another. */
export function formatSignedColumn(value: number, digits: number): string {
  return (value > 0 ? "+" : "") + formatColumn(value, digits);
}

/** `±0.16` where the range is symmetric about zero, else `−0.1 … +0.3`. */
export function formatRange({ lo, hi }: Range): string {
  if (lo === hi) return formatSigned(lo);
  if (lo === -hi && hi > 0) return `±${magnitude(hi, 3)}`;
  return formatEnds({ lo, hi }).join(" … ");
}

/** The ends of a scale, with plus signs only where there are minus signs as well: `0`, `1`; `−0.2`, `+0.2`. */
export function formatEnds({ lo, hi }: Range): readonly [low: string, high: string] {
  if (lo < 0) return [formatSigned(lo), formatSigned(hi)];
  return [magnitude(lo, 3), magnitude(hi, 3)];
}

/** The shortest decimal that reads back as the same float32, with its sign: what was logged, no more, no less. */
export function formatExact(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return formatSigned(value);
  const size = Math.abs(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(size.toPrecision(digits))) !== Math.fround(size))
    digits++;
  return (value < 0 ? MINUS : "+") + tidy(Number(size.toPrecision(digits)));
}

/**
 * A value that is known up to a bound: no digits beyond it, and the bound, rounded up to one digit. `+0.03412 ± 2e−5`;
 * the exact value where the bound is 0.
 */
export function formatWithin(value: number, bound: number): string {
  if (!Number.isFinite(value) || !(bound > 0)) return formatExact(value);
  const unit = 10 ** Math.floor(Math.log10(bound));
  const last = Math.round(Math.log10(unit));
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : value > 0 ? "+" : "";
  const around = `\u00a0±\u00a0${tidy(Number((Math.ceil(bound / unit - 1e-9) * unit).toPrecision(1)))}`;
  if (size >= 1e-4 && size < 1e7) return `${sign}${size.toFixed(Math.max(0, -last))}${around}`;
  if (size === 0) return `0${around}`;
  const digits = Math.max(0, Math.min(9, Math.floor(Math.log10(size)) - last));
  return `${sign}${exponential(size, digits)}${around}`;
}

// Made once: a formatter takes longer to make than a hundred numbers to write.
const WHOLE = new Intl.NumberFormat("en-US");

/** `12,300`. */
export function formatWhole(count: number): string {
  return WHOLE.format(count);
}

/** `1 step`, `3 steps`, `12,300 cells`. */
export function formatCount(count: number, noun: string): string {
  return `${formatWhole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * `filters`, `boxes`, `categories`; with a number before it where one is given. `axis 0` is a name with a number, not a
 * thing that there are several of.
 */
export function plural(noun: string, count: number, number = ""): string {
  const before = number === "" ? "" : `${number} `;
  if (count === 1 || /\d$/.test(noun)) return before + noun;
  if (/(s|x|ch)$/.test(noun)) return `${before}${noun}es`;
  return before + (noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`);
}

/**
 * `unit 30 · row 11, column 17`: the tile by its grid axes, then the cell within it. Labels stand in parentheses. The
 * rows and columns of a matrix are called what they are: `input 12, unit 3`, or `input 24–25` where two became one row.
 */
export function describeCell(axes: readonly Axis[], cell: Cell): string {
  const place = describeTile(
    axes.filter(({ name }) => !TILE_AXES.has(name)),
    cell.tile,
  );
  const inTile = describeInTile(axes, cell);
  return [place, inTile].filter((words) => words !== "").join(" · ");
}

// A strip has no rows to speak of, a single value no place at all.
function describeInTile(axes: readonly Axis[], cell: Cell): string {
  const [height, width] = ["height", "width"].map((name) =>
    axes.find((axis) => axis.name === name),
  );
  const row = describePosition(height, "row", cell.row);
  const column = describePosition(width, "column", cell.column);
  const says = (axis: Axis | undefined): boolean => axis?.size !== 1 || axis.represents !== null;
  if (says(height) && says(width)) return `${row}, ${column}`;
  if (says(height)) return describePosition(height, "position", cell.row);
  return says(width) ? describePosition(width, "position", cell.column) : "";
}

function describePosition(axis: Axis | undefined, word: string, index: number): string {
  const label = axis?.labels?.[index];
  if (axis === undefined || axis.represents === null) {
    return `${word} ${index}${label === undefined ? "" : ` (${label})`}`;
  }
  const averaged = Math.ceil(axis.fullSize / Math.max(1, axis.size));
  const first = index * averaged;
  const last = Math.min(axis.fullSize, first + averaged) - 1;
  return `${axisWord(axis.represents)} ${first}${last > first ? `–${last}` : ""}${label === undefined ? "" : ` (${label})`}`;
}

const TILE_AXES: ReadonlySet<string> = new Set(["height", "width", "color"]);

/** `filter 3 · input channel 2`; empty for an array without grid axes. */
export function describeTile(axes: readonly Axis[], tile: number): string {
  const words: string[] = [];
  let rest = tile;
  for (const axis of axes.toReversed()) {
    const position = axis.size > 0 ? rest % axis.size : 0;
    rest = axis.size > 0 ? Math.floor(rest / axis.size) : 0;
    const label = axis.labels?.[position];
    words.unshift(`${axisWord(axis.name)} ${position}${label === undefined ? "" : ` (${label})`}`);
  }
  return words.join(" · ");
}

/** An axis name as a word: `in_channel` is `input channel`. */
export function axisWord(name: string): string {
  return name === "in_channel" ? "input channel" : name.replaceAll("_", " ");
}

function magnitude(size: number, digits: number): string {
  if (!Number.isFinite(size)) return "\u221e";
  return tidy(Number(size.toPrecision(digits)));
}

// Plain decimals where they stay short; powers of ten beyond. Trailing zeros go: 0.160 says no more than 0.16.
function tidy(size: number): string {
  if (size === 0) return "0";
  if (size >= 1e-4 && size < 1e7) {
    return String(size);
  }
  return exponential(size);
}

function plainDigits(size: number, digits: number): string {
  const power = Number(size.toExponential().split("e")[1]);
  return size.toFixed(Math.max(0, digits - 1 - power));
}

function exponential(size: number, digits?: number): string {
  return size.toExponential(digits).replace("+", "").replace("-", MINUS);
}

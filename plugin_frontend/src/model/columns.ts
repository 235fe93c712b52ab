/**
 * How the columns of several runs stand side by side, the same in all panels of a view: run k of one panel stands above
 * run k of the next. Where they do not fit, all panels are wider than what is in sight. Knows widths in CSS pixels only.
 */

export interface Columns {
  readonly count: number;
  /** Width of each column. */
  readonly width: number;
  /** From the left edge of the first column to the right edge of the last one. */
  readonly whole: number;
}

export const COLUMN_GAP = 28;

/** How narrow and how wide columns may be. */
export interface ColumnBounds {
  /** Narrower than this a column shows too little. */
  readonly least: number;
  /** What columns have that do not fit anyway. */
  readonly comfortable: number;
  readonly most: number;
}

const GRIDS: ColumnBounds = { least: 216, comfortable: 264, most: Number.MAX_SAFE_INTEGER };
/** A wider plot would only draw its bins farther apart. */
const HISTOGRAMS: ColumnBounds = { least: 280, comfortable: 320, most: 1680 };
/** A matrix with what is said of its cells is no narrower. */
const CONFUSIONS: ColumnBounds = { ...GRIDS, least: 380, comfortable: 420 };

/** Of the columns of a view, by the kind of its panels. */
export function columnBounds(kind: string): ColumnBounds {
  return kind === "histogram" ? HISTOGRAMS : kind === "confusion" ? CONFUSIONS : GRIDS;
}

/** Columns that fill `available`; where that would be too narrow, they are wider together. */
export function layoutColumns(
  available: number,
  count: number,
  { least, comfortable, most } = GRIDS,
): Columns {
  const gaps = COLUMN_GAP * Math.max(0, count - 1);
  const fitting = Math.floor((available - gaps) / Math.max(1, count));
  const fits = count <= 1 || fitting >= least;
  const width = Math.min(most, fits ? fitting : Math.min(comfortable, available));
  return { count, width, whole: Math.max(0, count * width + gaps) };
}

/**
 * Over how many columns each run of a panel may extend that only the runs at these places have anything in: all over as
 * many, so that their tiles face each other. `places` ascend.
 */
export function columnSpan(places: readonly number[], count: number): number {
  return Math.max(1, Math.min(...places.map((place, at) => (places[at + 1] ?? count) - place)));
}

/** Width of so many columns together. */
export function spanWidth({ width }: Columns, span: number): number {
  return span * width + (span - 1) * COLUMN_GAP;
}

/** Left edge of a column, from that of the first. */
export function columnLeft({ width }: Columns, index: number): number {
  return index * (width + COLUMN_GAP);
}

/**
 * The columns of which something lies between two edges, as the first and the one after the last; `left` and `right`
 * are from the left edge of the first column.
 */
export function columnsBetween(
  { count, width }: Columns,
  left: number,
  right: number,
): readonly [start: number, end: number] {
  const pitch = width + COLUMN_GAP;
  const clip = (index: number): number => Math.max(0, Math.min(count, index));
  // A column that ends at the left edge is not between them, nor one that begins at the right edge.
  const start = clip(Math.floor((left - width) / pitch) + 1);
  return [start, Math.max(start, clip(Math.ceil(right / pitch)))];
}

/**
 * Sizes of a matrix and of what stands beside it, in CSS pixels. Knows widths, names and numbers of classes; must not
 * know the DOM.
 */
import type { CellContent } from "./confusion_display.js";
import { cutMiddle } from "./cut_text.js";

/** Up to so many rows and columns every cell is an element of its own; beyond, the matrix is a picture. */
export const MOST_CELLS_ALONG = 30;

export interface MatrixLayout {
  /** Side of a cell. */
  readonly cell: number;
  /** Width of the names of the true classes. */
  readonly names: number;
  /** Height of the names of the predicted classes. */
  readonly heading: number;
  /** True where these names stand upright. */
  readonly isUpright: boolean;
  /** Width of the recall. */
  readonly margin: number;
  /** Of the letters. */
  readonly scale: number;
  /** Whether numbers have room: whole, shortened, or none. */
  readonly numbers: "whole" | "short" | "none";
}

/** Width of a letter, on average, and of the space beside names. */
export const LETTER = 7;
const BESIDE = 14;
/** Of a name above its column this much is the space beside it. */
const WITHIN = 3;
const LONGEST_NAME = 132;
/** Room for what stands in the corners. */
const SHORTEST_NAME = 48;
const LINE = 20;
/** Of the recall, beside a matrix. */
export const RECALL_MARGIN = 52;
export const CELL_GAP = 2;
/** Sides of cells: no smaller, no larger. Pictures are larger than numbers. */
const LEAST_CELL = 8;
export const LARGEST_CELL: Readonly<Record<CellContent, number>> = {
  counts: 44,
  share: 44,
  samples: 60,
};
/** Sides at which a count of four digits, and one of three or a short one, has room. */
const WHOLE_NUMBER = 38;
const SHORT_NUMBER = 25;

/**
 * How a matrix of few classes is laid out. `scale`: of the letters, 1 at 13 px; `digits`: of the longest number.
 */
export function layoutMatrix(
  names: { readonly rows: readonly string[]; readonly columns: readonly string[] },
  available: number,
  content: CellContent,
  digits: number,
  scale = 1,
): MatrixLayout {
  const rowNames = nameWidth(names.rows, scale);
  const margin = Math.round(RECALL_MARGIN * scale);
  const columns = Math.max(1, names.columns.length);
  const room = (available - rowNames - margin) / columns - CELL_GAP;
  const cell = Math.floor(Math.max(LEAST_CELL, Math.min(LARGEST_CELL[content] * scale, room)));
  const isUpright = (longestOf(names.columns) * LETTER + WITHIN) * scale > cell;
  const isShort = digits <= 3 ? cell >= SHORT_NUMBER * scale : cell >= WHOLE_NUMBER * scale;
  return {
    cell,
    names: rowNames,
    heading: isUpright ? nameWidth(names.columns, scale) : Math.round(LINE * scale),
    isUpright,
    margin,
    scale,
    numbers: isShort ? "whole" : cell >= SHORT_NUMBER * scale ? "short" : "none",
  };
}

/** Widths in ems, as in DejaVu Sans: hardly a face in which figures are read has wider ones. */
const FIGURE = 0.64;
const SIGN = 0.84;
const POINT = 0.32;

/** The largest letters in pixels with which the number in a cell is not cut. */
export function largestFont(number: string, cell: number): number {
  const widths = [...number].map((each) =>
    ".,".includes(each) ? POINT : "+−<>".includes(each) ? SIGN : FIGURE,
  );
  return (cell - 1) / widths.reduce((sum, width) => sum + width, 0);
}

/** The width that names have, between bounds; longer ones are cut. */
export function nameWidth(names: readonly string[], scale = 1): number {
  const width = (longestOf(names) * LETTER + BESIDE) * scale;
  return Math.round(Math.min(LONGEST_NAME * scale, Math.max(SHORTEST_NAME * scale, width)));
}

/** As much of a name as has room beside or above the cells, in a width that `nameWidth` has given. */
export function nameWithin(name: string, width: number, scale = 1): string {
  // Widths are whole pixels.
  return cutMiddle(name, Math.floor((width / scale - BESIDE + 1) / LETTER));
}

function longestOf(names: readonly string[]): number {
  return names.reduce((most, name) => Math.max(most, [...name].length), 0);
}

/** Names this wide leave room for the whole word. */
const WHOLE_WORD = 84;

/** What the margin below a matrix is called, beside it, where the names of the rows end. */
export function precisionHeading(names: number): string {
  return names < WHOLE_WORD ? "prec." : "precision";
}

/** A picture of a matrix of many classes. */
export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly names: number;
  readonly heading: number;
  readonly margin: number;
}

const LEAST_MAP = 160;
export const LARGEST_MAP = 760;

/** The map of a part of a matrix, with cells that are as wide as they are high. */
export function layoutMap(
  rows: readonly string[],
  columns: readonly string[],
  available: { readonly width: number; readonly height: number },
  scale = 1,
): MapLayout {
  const names = nameWidth(rows, scale);
  const margin = Math.round(RECALL_MARGIN * scale);
  const room = Math.min(available.width - names - margin, available.height);
  const side = Math.max(LEAST_MAP, Math.min(LARGEST_MAP * scale, room));
  const cell = side / Math.max(rows.length, columns.length, 1);
  return {
    width: Math.round(cell * columns.length),
    height: Math.round(cell * rows.length),
    names,
    heading: nameWidth(columns, scale) + Math.round(LINE * scale),
    margin,
  };
}

/** Every how many names there is room for one: 1, 2, 5, 10, 20 … */
export function nameStep(count: number, length: number, line: number): number {
  const least = (count * line) / Math.max(1, length);
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  }
}

/** How a run is laid out: what is said of the cells beside the matrix, where there is room, or below it. */
export interface RunLayout {
  readonly isWide: boolean;
  readonly matrix: number;
  readonly aside: number;
  /** Lists that stand side by side, below the samples of a cell: one or two. */
  readonly lists: number;
  /** Of each. */
  readonly list: number;
}

export const ASIDE_GAP = 32;
const LEAST_LIST = 420;
const LEAST_ASIDE = 480;
const LEAST_MATRIX = 400;

/** `wanted` and `least`: widths of the matrix; `leastAside` of what stands beside it. */
export function layoutRun(
  width: number,
  wanted: number,
  least = LEAST_MATRIX,
  leastAside = LEAST_ASIDE,
): RunLayout {
  const isWide = width >= least + ASIDE_GAP + leastAside;
  const matrix = isWide
    ? Math.max(least, Math.min(Math.ceil(wanted), width - ASIDE_GAP - leastAside))
    : width;
  const aside = isWide ? width - matrix - ASIDE_GAP : width;
  const lists = aside >= 2 * LEAST_LIST + ASIDE_GAP ? 2 : 1;
  const list = Math.floor((aside - (lists - 1) * ASIDE_GAP) / lists);
  return { isWide, matrix, aside, lists, list };
}

/** Pictures in rows: as many as fit, of a size that suits, with their captions. */
export interface ShelfLayout {
  readonly side: number;
  readonly rows: number;
  readonly perRow: number;
  /** Height of a row with its caption. */
  readonly row: number;
}

const PICTURE_GAP = 14;
const CAPTION = 20;
const ROW_GAP = 8;
/** The pictures of a cell: in one row where they are no smaller than this, else in two. */
const LEAST_SAMPLE = 54;
const SAMPLE = 76;
const LARGEST_SAMPLE = 96;
const SAMPLE_ROWS = 2;
/** The pictures of the worst mistakes. */
export const MISTAKE_SIDE = 52;
export const MISTAKE_ROWS = 2;

/** Samples without pictures: their numbers and confidences. */
const BARE = { side: 64, row: 44 };

/** The samples of a cell, of which there are at most `count`. */
export function layoutSamples(
  width: number,
  count: number,
  hasPictures: boolean,
  scale = 1,
): ShelfLayout {
  if (!hasPictures) {
    const side = Math.round(BARE.side * scale);
    const perRow = perRowOf(width, side);
    return {
      side,
      rows: Math.ceil(Math.min(2 * perRow, Math.max(1, count)) / perRow),
      perRow,
      row: BARE.row,
    };
  }
  const inOneRow = Math.floor((width + PICTURE_GAP) / Math.max(1, count)) - PICTURE_GAP;
  if (inOneRow >= LEAST_SAMPLE * scale) {
    const side = Math.min(LARGEST_SAMPLE * scale, inOneRow);
    return {
      side: Math.round(side),
      rows: 1,
      perRow: Math.max(1, count),
      row: Math.round(side) + CAPTION,
    };
  }
  const side = Math.round(SAMPLE * scale);
  const perRow = perRowOf(width, side);
  const rows = Math.min(SAMPLE_ROWS, Math.ceil(Math.max(1, count) / perRow));
  return { side, rows, perRow, row: side + CAPTION };
}

/** The worst mistakes, with captions `caption` wide. */
export function layoutMistakes(width: number, caption: number, scale = 1): ShelfLayout {
  const side = Math.round(MISTAKE_SIDE * scale);
  const perRow = perRowOf(width, Math.max(side, caption));
  return { side, rows: MISTAKE_ROWS, perRow, row: side + 2 * CAPTION };
}

function perRowOf(width: number, pitch: number): number {
  return Math.max(1, Math.floor((width + PICTURE_GAP) / (pitch + PICTURE_GAP)));
}

/** The height that so many rows take. */
export function shelfHeight({ rows, row }: ShelfLayout): number {
  return rows * row + (rows - 1) * ROW_GAP;
}

/**
 * Strips: tiles one cell high, as biases and other vectors are. One that is wider than its cells can be seen is folded
 * into several lines, row-major, so that its order is kept. Knows widths in CSS pixels only.
 */
import type { GridContent, LayoutWishes, Room } from "./layout.js";

/** A strip as painted. `cell` is the zoom: CSS pixels a cell. */
export interface StripLayout {
  readonly height: number;
  readonly width: number;
  readonly cell: number;
}

/** Cells grow no further than this, in CSS pixels: a 3×3 kernel needs no more to be read. */
export const MAX_CELL = 24;

/** Strips of fewer cells are tiles like any other, unless they stand alone. */
const LONG_STRIP = 12;
const LONE_STRIP = 16;

/** A strip is not folded while its cells are at least this large. */
const LEGIBLE_CELL = 8;
const SMALLEST_CELL = 3;

/** Folded strips stay this low where their cells allow, so that the panels of a hundred biases stay low. */
const COMPACT_HEIGHT = 96;

const CHOSEN_CELL = { small: 5, medium: 10, large: 20 } as const;

/** The layout of long strips; null for what is not one. */
export function layoutStrip(
  { tiles, rowLength, tileHeight, tileWidth }: GridContent,
  room: Room,
  { tileSize, rowPitch }: Pick<LayoutWishes, "tileSize" | "rowPitch">,
): StripLayout | null {
  if (tileHeight !== 1 || tileWidth <= (tiles > 1 ? LONG_STRIP : LONE_STRIP)) return null;
  const columns = rowLength ?? 1;
  // A cell of gap between the strips of a row, taken off before their widths.
  const width = (cell: number): number => Math.floor((room.width / cell + 1) / columns) - 1;
  const fold = (cell: number): StripLayout => {
    const longest = Math.max(1, columns === 1 ? Math.floor(room.width / cell) : width(cell));
    const line = tileWidth <= longest ? tileWidth : lineLength(tileWidth, longest);
    return { height: Math.ceil(tileWidth / line), width: line, cell };
  };
  if (tileSize !== "auto") return fold(CHOSEN_CELL[tileSize]);
  if (tiles === 1 && room.largestTile !== undefined) return largeStrip(tileWidth, room, fold);
  const fitting = (cell: number): number => Math.floor((room.width / cell + 1) / (tileWidth + 1));
  for (let cell = MAX_CELL; cell >= LEGIBLE_CELL; cell--) {
    const inRow = rowLength ?? Math.max(1, fitting(cell));
    const isLow = Math.max(2 * cell, rowPitch) * Math.ceil(tiles / inRow) <= room.height;
    if (fold(cell).height === 1 && (isLow || cell === LEGIBLE_CELL)) return fold(cell);
  }
  const high = tiles > 1 ? room.height : COMPACT_HEIGHT;
  const rows = Math.ceil(tiles / columns);
  for (let cell = LEGIBLE_CELL; cell > SMALLEST_CELL; cell--) {
    const folded = fold(cell);
    if (rows * Math.max((folded.height + 1) * cell, rowPitch) <= high) return folded;
  }
  return fold(SMALLEST_CELL);
}

/** Cells of a strip that stands alone are no larger than this, and its lines fill this share of the height. */
const LARGE_CELL = 40;
const LARGE_SHARE = 0.75;

// As large as it fits; of sizes that are nearly as large, one whose lines are all full.
function largeStrip(
  cells: number,
  { height }: Room,
  fold: (cell: number) => StripLayout,
): StripLayout {
  const sizes = Array.from({ length: LARGE_CELL - 2 }, (_, index) => fold(LARGE_CELL - index));
  const fitting = sizes.filter((each) => each.height * each.cell <= LARGE_SHARE * height);
  const [largest = fold(SMALLEST_CELL)] = fitting;
  const isFull = (each: StripLayout): boolean => each.height * each.width === cells;
  const full = fitting.find((each) => isFull(each) && each.cell >= SHORT_LINE * largest.cell);
  return full ?? largest;
}

/** Shortest line that is taken for the sake of a full last one, as a share of the longest. */
const SHORT_LINE = 0.6;

// Lines that are all full leave no ragged end; else ones of a round length are easier to count along.
function lineLength(cells: number, longest: number): number {
  for (let line = longest; line >= SHORT_LINE * longest; line--) {
    if (cells % line === 0) return line;
  }
  return longest >= 16 ? longest - (longest % 8) : longest;
}

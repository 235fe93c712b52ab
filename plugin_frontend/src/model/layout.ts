/**
 * Where tiles lie in a grid, in data pixels (one a cell), and at what zoom the grid is shown. Knows how many tiles stand
 * in a row and the width that is free; must not know canvases or colours. Arrays with the same axes get the same layout
 * in columns of the same width, so that tile i of one run faces tile i of the other.
 */
import type { TileSize } from "./display.js";
import type { Axis } from "./record.js";
import { layoutStrip, MAX_CELL } from "./strips.js";
import type { TileShape } from "./tiles.js";

/** All sizes but `zoom` are in data pixels; `zoom` is CSS pixels a data pixel. */
export interface GridLayout {
  readonly tiles: number;
  /** Columns of tiles in a block. */
  readonly columns: number;
  /** Rows of tiles in all blocks together. */
  readonly rows: number;
  /** Stacks of whole rows that stand side by side, in reading order; 1 for a grid that wraps. */
  readonly blocks: number;
  /** Rows in every block but the last, which may have fewer. */
  readonly blockRows: number;
  /** From a block's left edge to the next one's. */
  readonly blockPitch: number;
  /** As painted: a strip that is folded has as many rows as it has lines, and a line's length for its width. */
  readonly tileHeight: number;
  readonly tileWidth: number;
  /** Cells of a tile, row-major; fewer than `tileHeight · tileWidth` where the last line of a folded strip is short. */
  readonly cells: number;
  /** True where a tile is a strip shown in several lines. */
  readonly folded: boolean;
  /** Between columns of tiles. */
  readonly gap: number;
  /** Between rows of tiles: wider than `gap` where labels stand in it. */
  readonly rowGap: number;
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

/** A cell of the array: `tile` is a place in the layout or a tile of the array, whichever the function says. */
export interface Cell {
  readonly tile: number;
  readonly row: number;
  readonly column: number;
}

export interface Place {
  readonly left: number;
  readonly top: number;
}

/** What the tiles of a grid are like before they are laid out. */
export interface GridContent {
  readonly tiles: number;
  /** Tiles in a row; null where rows wrap to fill the width. */
  readonly rowLength: number | null;
  readonly tileHeight: number;
  readonly tileWidth: number;
}

/** What the user wants of a layout. */
export interface LayoutWishes {
  readonly tileSize: TileSize;
  /** Columns of tiles; null for as many as fit. */
  readonly columns: number | null;
  /** CSS pixels that are to be free below every row of tiles; 0 for no more than the gap. */
  readonly belowRows: number;
  /** CSS pixels that are to be free to the left of every block but the first; 0 for no more than the gap. */
  readonly besideBlocks: number;
  /** CSS pixels from one row of tiles to the next, at least. */
  readonly rowPitch: number;
}

/** What may be taken: `width` is never exceeded, `height` only by small tiles; in CSS pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
  /** How large tiles of several may grow, where the grid stands alone; by default not as far. In CSS pixels. */
  readonly largestTile?: number;
}

export const NO_WISHES: LayoutWishes = {
  tileSize: "auto",
  columns: null,
  belowRows: 0,
  besideBlocks: 0,
  rowPitch: 0,
};

/** Tiles of several grow no further than this, in CSS pixels, so that a few of them still stand in a row. */
const MAX_TILE = 112;

/** Cells of a grid that stands alone grow no further than this, in CSS pixels. */
const LARGE_CELL = 64;

/** Tiles are shown at least about this large, in CSS pixels, even where the grid then is higher than asked for. */
const LEGIBLE_TILE = 44;

/** The longer side of a tile in CSS pixels, where the user chose; a single tile is a matrix and gets more. */
const CHOSEN_TILE = { small: 32, medium: 64, large: 128 } as const;
const SINGLE_TILE = 4;

/** Grids of several tiles are shrunk to the width by parts of a whole. */
const SHRINK_PARTS = 4;

/** Between blocks, in gaps between tiles: enough to see that a row does not run on into the next block. */
const BLOCK_GAPS = 3;

/** The axes along which a grid really extends: one of size 1 needs no direction of its own. */
export function extendedAxes(axes: readonly Axis[]): readonly Axis[] {
  return axes.filter((axis) => axis.size !== 1);
}

/**
 * Lays out an array whose axes are where they are by default, without wishes, in `available` CSS pixels of width: see
 * `layoutTiles`. Two or more grid axes: the last one runs along the columns, all before it, flattened, down the rows.
 * One grid axis wraps to fill the width. None: a single tile.
 */
export function layoutGrid(
  axes: readonly Axis[],
  shape: TileShape,
  available: number,
  maxHeight: number,
): GridLayout {
  const extended = extendedAxes(axes);
  const content: GridContent = {
    tiles: shape.tiles,
    rowLength: extended.length >= 2 ? (extended.at(-1)?.size ?? null) : null,
    tileHeight: shape.height,
    tileWidth: shape.width,
  };
  return layoutTiles(content, { width: available, height: maxHeight }, NO_WISHES);
}

/**
 * Lays tiles out. Where the rows are short, blocks of them stand side by side, so that many filters of few channels use
 * the width. The zoom is the largest whole number at which the grid is neither wider nor higher than the room. Small
 * tiles may grow to a legible size beyond its height, never beyond its width; a chosen size is taken whatever the
 * height. A grid too wide even at 1 is shrunk: a single tile by a whole number, several by quarters. Long strips are folded: see `strips.ts`.
 */
export function layoutTiles(content: GridContent, room: Room, wishes: LayoutWishes): GridLayout {
  const strip = layoutStrip(content, room, wishes);
  const tile = strip ?? { height: content.tileHeight, width: content.tileWidth };
  const at = (zoom: number): GridLayout => layoutAt(content, tile, room, wishes, zoom);
  const zooms = strip === null ? zoomsToTry(content, wishes.tileSize, room) : [strip.cell];
  for (const zoom of zooms) {
    const layout = at(zoom);
    const low = wishes.tileSize !== "auto" || layout.height * zoom <= room.height;
    const small = zoom <= Math.ceil(LEGIBLE_TILE / longerSide(content));
    if ((low || small || strip !== null) && layout.width * zoom <= room.width) return layout;
  }
  const smallest = at(1);
  if (smallest.width <= room.width) return smallest;
  // Several tiles are looked at as pictures, which a quarter more or less does not harm; cells of one stay even.
  const part = content.tiles > 1 && content.tileHeight > 1 ? SHRINK_PARTS : 1;
  const shrink = Math.ceil((part * smallest.width) / Math.max(1, room.width)) / part;
  return at(1 / Math.max(1, shrink));
}

function longerSide({ tileHeight, tileWidth }: GridContent): number {
  return Math.max(1, tileHeight, tileWidth);
}

/** Tiles of another shape than this are slender: the shorter side decides how large they may grow. */
const SLENDER = 3;

// Of 128 steps of two channels next to nothing would be seen at 112 pixels for the longer side. Strips have their own rule.
function slenderSide({ tileHeight, tileWidth }: GridContent): number {
  return tileHeight === 1 ? Infinity : SLENDER * Math.max(1, Math.min(tileHeight, tileWidth));
}

// Largest first. Below 1 only where a smaller size was chosen: then by whole numbers too.
function zoomsToTry(
  content: GridContent,
  tileSize: TileSize,
  { largestTile }: Room,
): readonly number[] {
  const side = longerSide(content);
  const most = largestTile === undefined ? MAX_CELL : LARGE_CELL;
  const tile = Math.floor((largestTile ?? MAX_TILE) / Math.min(side, slenderSide(content)));
  let largest = content.tiles > 1 ? Math.min(most, tile) : most;
  if (tileSize !== "auto") {
    const chosen = CHOSEN_TILE[tileSize] * (content.tiles > 1 ? 1 : SINGLE_TILE);
    if (side > chosen) return [1 / Math.ceil(side / chosen)];
    largest = Math.floor(chosen / side);
  }
  return Array.from({ length: Math.max(0, largest) }, (_, index) => largest - index);
}

interface TileSides {
  readonly height: number;
  readonly width: number;
}

function layoutAt(
  { tiles, rowLength, tileHeight, tileWidth }: GridContent,
  tile: TileSides,
  { width: available }: Room,
  wishes: LayoutWishes,
  zoom: number,
): GridLayout {
  const gap = tiles <= 1 ? 0 : tileHeight === 1 ? 1 : gapOf(tile);
  const spread = Math.ceil(wishes.rowPitch / zoom) - tile.height;
  const rowGap = tiles > 1 ? Math.max(gap, Math.ceil(wishes.belowRows / zoom), spread) : 0;
  const pitchX = tile.width + gap;
  const fitting = (pitch: number, between: number, most: number): number =>
    Math.max(1, Math.min(most, Math.floor((available / zoom + between) / Math.max(1, pitch))));
  // However many columns are asked for, a cell keeps its pixel: more of them would be a line that says nothing.
  const legible = Math.floor((available / Math.min(1, zoom) + gap) / Math.max(1, pitchX));
  const chosen = wishes.columns === null ? null : Math.min(wishes.columns, Math.max(1, legible));
  const wrapped = Math.min(tiles, chosen ?? fitting(pitchX, gap, tiles));
  const columns = Math.max(1, rowLength ?? wrapped);
  const rows = Math.ceil(tiles / columns);
  const blockGap = Math.max(BLOCK_GAPS * gap, Math.ceil(wishes.besideBlocks / zoom));
  const blockPitch = columns * pitchX - gap + blockGap;
  const chosenBlocks = wishes.columns === null ? rows : Math.floor(wishes.columns / columns);
  const sideBySide =
    rowLength === null
      ? 1
      : fitting(blockPitch, blockGap, Math.max(1, Math.min(rows, chosenBlocks)));
  const blockRows = Math.ceil(rows / sideBySide);
  // Rounding up may have filled fewer blocks than fit: 9 rows in 4 blocks of 3 leave one empty.
  const blocks = Math.max(1, Math.ceil(rows / Math.max(1, blockRows)));
  return {
    tiles,
    columns,
    rows,
    blocks,
    blockRows,
    blockPitch,
    tileHeight: tile.height,
    tileWidth: tile.width,
    cells: tileHeight * tileWidth,
    folded: tile.width !== tileWidth,
    gap,
    rowGap,
    width: Math.max(0, blocks * blockPitch - blockGap),
    height: Math.max(0, blockRows * (tile.height + rowGap) - rowGap),
    zoom,
  };
}

/** A grid cut below one of its rows, in all blocks alike. */
export interface FoldedGrid {
  /** In CSS pixels. */
  readonly height: number;
  readonly tiles: number;
}

/** The whole rows of a grid that fit into `maxHeight` CSS pixels, at least one; null where all of them do. */
export function foldGrid(layout: GridLayout, maxHeight: number): FoldedGrid | null {
  const { blockRows, blocks, columns, tiles, tileHeight, rowGap, height, zoom } = layout;
  if (height * zoom <= maxHeight || blockRows < 2) return null;
  const fitting = Math.max(1, Math.floor((maxHeight / zoom + rowGap) / (tileHeight + rowGap)));
  if (fitting >= blockRows) return null;
  const inLastBlock = tiles - (blocks - 1) * blockRows * columns;
  return {
    height: (fitting * (tileHeight + rowGap) - rowGap) * zoom,
    tiles: (blocks - 1) * fitting * columns + Math.min(fitting * columns, inLastBlock),
  };
}

/** Where the upper left cell of the tile at a place lies, in data pixels. */
export function placeTile(layout: GridLayout, tile: number): Place {
  const row = Math.floor(tile / layout.columns);
  const block = Math.floor(row / layout.blockRows);
  return {
    left: block * layout.blockPitch + (tile % layout.columns) * (layout.tileWidth + layout.gap),
    top: (row % layout.blockRows) * (layout.tileHeight + layout.rowGap),
  };
}

/** The cell at a point in data pixels, its tile by place; null between tiles or blocks and outside. */
export function hitTest(layout: GridLayout, x: number, y: number): Cell | null {
  if (x < 0 || y < 0 || x >= layout.width || y >= layout.height) return null;
  const block = Math.floor(x / layout.blockPitch);
  const inBlock = x - block * layout.blockPitch;
  const tileColumn = Math.floor(inBlock / (layout.tileWidth + layout.gap));
  const tileRow = Math.floor(y / (layout.tileHeight + layout.rowGap));
  if (tileColumn >= layout.columns) return null;
  const tile = (block * layout.blockRows + tileRow) * layout.columns + tileColumn;
  const column = Math.floor(inBlock) - tileColumn * (layout.tileWidth + layout.gap);
  const row = Math.floor(y) - tileRow * (layout.tileHeight + layout.rowGap);
  if (tile >= layout.tiles || column >= layout.tileWidth || row >= layout.tileHeight) return null;
  if (!layout.folded) return { tile, row, column };
  const along = row * layout.tileWidth + column;
  return along < layout.cells ? { tile, row: 0, column: along } : null;
}

/** Index of a cell's first channel in the whole array, row-major. */
export function cellIndex(shape: TileShape, cell: Cell): number {
  const { height, width, channels } = shape;
  return ((cell.tile * height + cell.row) * width + cell.column) * channels;
}

// Wide enough to tell tiles apart, narrow enough not to cost tiles: one cell for kernels, two for 28×28, three at most.
function gapOf(shape: TileSides): number {
  return Math.max(1, Math.min(3, Math.round(Math.max(shape.height, shape.width) / 14)));
}

/**
 * Where tiles lie in a grid, in data pixels (one a cell), and at what zoom the grid is shown. Knows axes and the width
 * that is free; must not know canvases or colours. Arrays with the same axes get the same layout in columns of the
 * same width, so that tile i of one run faces tile i of the other.
 */
import type { Axis } from "./record.js";
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
  readonly tileHeight: number;
  readonly tileWidth: number;
  readonly gap: number;
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

export interface Cell {
  readonly tile: number;
  readonly row: number;
  readonly column: number;
}

export interface Placement {
  readonly left: number;
  readonly top: number;
}

/** Cells grow no further than this, in CSS pixels: a 3×3 kernel needs no more to be read. */
const MAX_CELL = 24;

/** Nor do tiles of several, so that a few of them still stand in a row. */
const MAX_TILE = 112;

/** Tiles are shown at least about this large, in CSS pixels, even where the grid then is higher than asked for. */
const LEGIBLE_TILE = 44;

/** Between blocks, in gaps between tiles: enough to see that a row does not run on into the next block. */
const BLOCK_GAPS = 3;

/** The axes along which a grid really extends: one of size 1 needs no direction of its own. */
export function extendedAxes(axes: readonly Axis[]): readonly Axis[] {
  return axes.filter((axis) => axis.size !== 1);
}

/**
 * Lays a grid out in `available` CSS pixels of width. Axes of size 1 do not count.
 *
 * Two or more grid axes: the last one runs along the columns, all before it, flattened, down the rows; where the rows
 * are short, blocks of them stand side by side, so that many filters of few channels use the width. One grid axis wraps
 * to fill the width. None: a single tile. The zoom is the largest whole number at which the grid is neither
 * wider than the column nor higher than `maxHeight` CSS pixels. Small tiles may grow to a legible size beyond that
 * height, never beyond the width. A grid too wide even at 1 is shrunk by a whole number.
 */
export function layoutGrid(
  axes: readonly Axis[],
  shape: TileShape,
  available: number,
  maxHeight: number,
): GridLayout {
  const { tiles, height: tileHeight, width: tileWidth } = shape;
  const gap = tiles > 1 ? gapOf(shape) : 0;
  const pitchX = tileWidth + gap;
  const pitchY = tileHeight + gap;
  const extended = extendedAxes(axes);
  const rowLength = extended.length >= 2 ? extended.at(-1)?.size : undefined;
  const fitting = (pitch: number, between: number, zoom: number, most: number): number =>
    Math.max(1, Math.min(most, Math.floor((available / zoom + between) / Math.max(1, pitch))));
  const at = (zoom: number): GridLayout => {
    const columns = Math.max(1, rowLength ?? fitting(pitchX, gap, zoom, tiles));
    const rows = Math.ceil(tiles / columns);
    const blockGap = BLOCK_GAPS * gap;
    const blockPitch = columns * pitchX - gap + blockGap;
    const sideBySide = rowLength === undefined ? 1 : fitting(blockPitch, blockGap, zoom, rows);
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
      tileHeight,
      tileWidth,
      gap,
      width: Math.max(0, blocks * blockPitch - blockGap),
      height: Math.max(0, blockRows * pitchY - gap),
      zoom,
    };
  };
  const side = Math.max(1, tileHeight, tileWidth);
  const legibleZoom = Math.ceil(LEGIBLE_TILE / side);
  const largestZoom = tiles > 1 ? Math.min(MAX_CELL, Math.floor(MAX_TILE / side)) : MAX_CELL;
  for (let zoom = largestZoom; zoom >= 1; zoom--) {
    const layout = at(zoom);
    const low = layout.height * zoom <= maxHeight || zoom <= legibleZoom;
    if (low && layout.width * zoom <= available) return layout;
  }
  const smallest = at(1);
  const shrink = Math.ceil(smallest.width / Math.max(1, available));
  return { ...smallest, zoom: 1 / Math.max(1, shrink) };
}

/** A grid cut below one of its rows, in all blocks alike. */
export interface FoldedGrid {
  /** In CSS pixels. */
  readonly height: number;
  readonly tiles: number;
}

/** The whole rows of a grid that fit into `maxHeight` CSS pixels, at least one; null where all of them do. */
export function foldGrid(layout: GridLayout, maxHeight: number): FoldedGrid | null {
  const { blockRows, blocks, columns, tiles, tileHeight, gap, height, zoom } = layout;
  if (height * zoom <= maxHeight || blockRows < 2) return null;
  const fitting = Math.max(1, Math.floor((maxHeight / zoom + gap) / (tileHeight + gap)));
  if (fitting >= blockRows) return null;
  const inLastBlock = tiles - (blocks - 1) * blockRows * columns;
  return {
    height: (fitting * (tileHeight + gap) - gap) * zoom,
    tiles: (blocks - 1) * fitting * columns + Math.min(fitting * columns, inLastBlock),
  };
}

/** The place of a tile's upper left cell, in data pixels. */
export function placeTile(layout: GridLayout, tile: number): Placement {
  const row = Math.floor(tile / layout.columns);
  const block = Math.floor(row / layout.blockRows);
  return {
    left: block * layout.blockPitch + (tile % layout.columns) * (layout.tileWidth + layout.gap),
    top: (row % layout.blockRows) * (layout.tileHeight + layout.gap),
  };
}

/** The cell at a point in data pixels; null between tiles or blocks and outside. */
export function hitTest(layout: GridLayout, x: number, y: number): Cell | null {
  if (x < 0 || y < 0 || x >= layout.width || y >= layout.height) return null;
  const block = Math.floor(x / layout.blockPitch);
  const inBlock = x - block * layout.blockPitch;
  const tileColumn = Math.floor(inBlock / (layout.tileWidth + layout.gap));
  const tileRow = Math.floor(y / (layout.tileHeight + layout.gap));
  if (tileColumn >= layout.columns) return null;
  const tile = (block * layout.blockRows + tileRow) * layout.columns + tileColumn;
  const column = Math.floor(inBlock) - tileColumn * (layout.tileWidth + layout.gap);
  const row = Math.floor(y) - tileRow * (layout.tileHeight + layout.gap);
  if (tile >= layout.tiles || column >= layout.tileWidth || row >= layout.tileHeight) return null;
  return { tile, row, column };
}

/** Index of a cell's first channel in the whole array, row-major. */
export function cellIndex(shape: TileShape, cell: Cell): number {
  const { height, width, channels } = shape;
  return ((cell.tile * height + cell.row) * width + cell.column) * channels;
}

// Wide enough to tell tiles apart, narrow enough not to cost tiles: one cell for kernels, two for 28×28, three at most.
function gapOf(shape: TileShape): number {
  return Math.max(1, Math.min(3, Math.round(Math.max(shape.height, shape.width) / 14)));
}

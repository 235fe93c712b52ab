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
  readonly columns: number;
  readonly rows: number;
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

/** The axes along which a grid really extends: one of size 1 needs no direction of its own. */
export function extendedAxes(axes: readonly Axis[]): readonly Axis[] {
  return axes.filter((axis) => axis.size !== 1);
}

/**
 * Lays a grid out in `available` CSS pixels of width. Axes of size 1 do not count.
 *
 * Two or more grid axes: the last one runs along the columns, all before it, flattened, down the rows. One grid axis
 * wraps to fill the width. None: a single tile. The zoom is the largest whole number at which the grid is neither
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
  const columnsAt = (zoom: number): number => {
    const last = extended.at(-1);
    if (extended.length >= 2 && last !== undefined) return Math.max(1, last.size);
    const fitting = Math.floor((available / zoom + gap) / Math.max(1, pitchX));
    return Math.max(1, Math.min(tiles, fitting));
  };
  const at = (zoom: number): GridLayout => {
    const columns = columnsAt(zoom);
    const rows = Math.ceil(tiles / columns);
    return {
      tiles,
      columns,
      rows,
      tileHeight,
      tileWidth,
      gap,
      width: Math.max(0, columns * pitchX - gap),
      height: Math.max(0, rows * pitchY - gap),
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

/** A grid cut below one of its rows. */
export interface FoldedGrid {
  /** In CSS pixels. */
  readonly height: number;
  readonly tiles: number;
}

/** The whole rows of a grid that fit into `maxHeight` CSS pixels, at least one; null where all of them do. */
export function foldGrid(layout: GridLayout, maxHeight: number): FoldedGrid | null {
  const { rows, columns, tiles, tileHeight, gap, height, zoom } = layout;
  if (height * zoom <= maxHeight || rows < 2) return null;
  const fitting = Math.max(1, Math.floor((maxHeight / zoom + gap) / (tileHeight + gap)));
  if (fitting >= rows) return null;
  return {
    height: (fitting * (tileHeight + gap) - gap) * zoom,
    tiles: Math.min(tiles, fitting * columns),
  };
}

/** The place of a tile's upper left cell, in data pixels. */
export function placeTile(layout: GridLayout, tile: number): Placement {
  return {
    left: (tile % layout.columns) * (layout.tileWidth + layout.gap),
    top: Math.floor(tile / layout.columns) * (layout.tileHeight + layout.gap),
  };
}

/** The cell at a point in data pixels; null between tiles and outside. */
export function hitTest(layout: GridLayout, x: number, y: number): Cell | null {
  if (x < 0 || y < 0 || x >= layout.width || y >= layout.height) return null;
  const tileColumn = Math.floor(x / (layout.tileWidth + layout.gap));
  const tileRow = Math.floor(y / (layout.tileHeight + layout.gap));
  const tile = tileRow * layout.columns + tileColumn;
  const column = Math.floor(x) - tileColumn * (layout.tileWidth + layout.gap);
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

/** What a painted grid says of itself to tests and other programs, as attributes of its canvas. Must not hold state. */
import type { Colouring } from "../model/colours.js";
import type { ArrangedGrid } from "../model/grid_layout.js";
import type { Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";

/** `dead`: how many channels are painted as dead. */
export function gridDataset(
  { layout, order }: ArrangedGrid,
  tiles: Tiles,
  { table }: Colouring,
  range: Range | null,
  dead: number,
): Readonly<Record<string, string | number>> {
  return {
    step: tiles.header.moment.step,
    columns: layout.columns,
    rows: layout.rows,
    blocks: layout.blocks,
    blockRows: layout.blockRows,
    blockPitch: layout.blockPitch,
    tileHeight: layout.tileHeight,
    tileWidth: layout.tileWidth,
    cells: layout.cells,
    gap: layout.gap,
    rowGap: layout.rowGap,
    tiles: layout.tiles,
    zoom: layout.zoom,
    order: order === null ? "index" : JSON.stringify([...order]),
    range: range === null ? "per-tile" : JSON.stringify([range.lo, range.hi]),
    colours: table,
    unresolved: tiles.unresolved?.count ?? 0,
    dead,
  };
}

/**
 * One tile of a record as a record of its own: small enough to be kept for many steps while the records themselves are
 * forgotten, and painted, ranged and compared like any other. Must not know what it is kept for.
 */
import { gridAxes, type Payload, type Tiles } from "./tiles.js";

/** The tile alone, copied, with its statistics; its grid axes have the size 1. */
export function cutTile(tiles: Tiles, tile: number): Tiles {
  const { header, shape, payload, statistics, unresolved } = tiles;
  const cells = shape.height * shape.width;
  const values = cells * shape.channels;
  const grid = gridAxes(header).length;
  const axes = header.axes.map((axis, place) =>
    place < grid ? { ...axis, size: 1, labels: null } : axis,
  );
  const mask = unresolved?.mask.slice(tile * cells, (tile + 1) * cells);
  return {
    header: { ...header, axes },
    shape: { ...shape, tiles: 1 },
    payload: cutPayload(payload, tile * values, (tile + 1) * values),
    statistics: new Map(
      [...statistics].map(([name, row]) => [name, row.slice(tile, tile + 1)] as const),
    ),
    unresolved:
      mask === undefined ? null : { mask, count: mask.reduce((sum, hidden) => sum + hidden, 0) },
  };
}

function cutPayload(payload: Payload, start: number, end: number): Payload {
  switch (payload.precision) {
    case "uint16":
      return {
        precision: "uint16",
        high: payload.high.slice(start, end),
        low: payload.low?.slice(start, end) ?? null,
      };
    case "uint8":
      return { precision: "uint8", codes: payload.codes.slice(start, end) };
    case "float32":
      return { precision: "float32", values: payload.values.slice(start, end) };
  }
}

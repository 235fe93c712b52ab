/**
 * Which positions of an axis hold nothing but zeros in all of several records. A tile that is dead in one run and alive
 * in another is the very difference that one looks for, so that only what is dead in every run may be hidden. Knows
 * statistics; must not know runs.
 */
import { positionsOn } from "./placement.js";
import { isOverSamples } from "./sort.js";
import { gridAxes, isZero, type Tiles } from "./tiles.js";

/**
 * Positions whose tiles are zeros in every record that has them, in order; none where that would be all. All tiles
 * count, also those that a slider does not show. A cell alone says nothing of a weight, but all of a unit's activation.
 */
export function deadPositions(records: readonly Tiles[], axis: string): readonly number[] {
  const all = records.map((tiles) => aliveOn(tiles, axis));
  const length = Math.max(0, ...all.map((alive) => alive?.length ?? 0));
  const dead = Array.from({ length }, (_, position) => position).filter((position) =>
    all.every((alive) => alive !== null && alive[position] !== 1),
  );
  return dead.length === length ? [] : dead;
}

const remembered = new WeakMap<Tiles, { readonly axis: string; readonly alive: Uint8Array }>();

/** 1 where a position has a tile that is not dead; null for a record that has no such axis, or cannot tell. */
function aliveOn(tiles: Tiles, axis: string): Uint8Array | null {
  const axes = gridAxes(tiles.header);
  const size = axes.find(({ name }) => name === axis)?.size;
  const { shape, statistics } = tiles;
  if (size === undefined || (shape.height * shape.width < 2 && !isOverSamples(tiles))) return null;
  const known = remembered.get(tiles);
  if (known?.axis === axis) return known.alive;
  const positionOf = positionsOn(axes, axis);
  const alive = new Uint8Array(size);
  for (let tile = 0; tile < shape.tiles; tile++) {
    if (!isZero(statistics, tile)) alive[positionOf(tile)] = 1;
  }
  remembered.set(tiles, { axis, alive });
  return alive;
}

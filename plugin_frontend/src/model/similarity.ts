/**
 * How alike tiles are to a chosen one: the cosine of their values, over all cells and colours that are finite numbers in
 * both, joined over the other axes of the grid. Pure but for a bounded memory of its last results, so that a picture
 * costs nothing anew. Must not know which tile is chosen, nor the screen.
 */
import { tileValues } from "./dequantise.js";
import type { Placement } from "./display.js";
import { PairCache } from "./pair_cache.js";
import { placementKey, positionsOn } from "./placement.js";
import { isOverSamples, membersOf } from "./sort.js";
import { gridAxes, type Tiles } from "./tiles.js";

/**
 * By position. `cosines`: −1 to 1; NaN where a tile is all zeros, has no finite number where the other has one, or is not
 * shown. `common`: over how much of it that is, 0 to 1.
 */
export type Similarities =
  | { readonly status: "ready"; readonly cosines: Float64Array; readonly common: Float64Array }
  | { readonly status: "refused"; readonly message: string };

interface Remembered {
  readonly key: string;
  readonly result: Similarities;
}

const BYTES = 4 * 2 ** 20;
const results = new PairCache<Tiles, Remembered>(BYTES);

/** Of each position of `axis`, to the position that a tile of `reference` has there. Both with every plane. */
export function similarities(
  tiles: Tiles,
  placement: Placement,
  axis: string,
  reference: Tiles,
  tile: number,
): Similarities {
  if (tile >= reference.shape.tiles) return { status: "refused", message: "there is no such tile" };
  const position = positionsOn(gridAxes(reference.header), axis)(tile);
  const shown = isOverSamples(tiles) ? "" : placementKey(placement);
  const key = JSON.stringify([axis, position, shown]);
  const known = results.get(tiles, reference);
  if (known?.key === key) return known.result;
  const result = compare(tiles, placement, axis, reference, position);
  const bytes = result.status === "ready" ? 2 * result.cosines.byteLength : 0;
  results.set(tiles, reference, { key, result }, bytes);
  return result;
}

function compare(
  tiles: Tiles,
  placement: Placement,
  axis: string,
  reference: Tiles,
  position: number,
): Similarities {
  if (alikeKey(tiles, axis) !== alikeKey(reference, axis))
    return { status: "refused", message: "the shapes differ" };
  const [own, other] = [tiles, reference].map(({ header }) => header.source.samplesDigest);
  if (own !== other) return { status: "refused", message: "the samples differ" };
  const chosen = membersOf(reference, placement, axis).get(position) ?? [];
  const room = new Float32Array(cellsOf(tiles));
  const wanted = chosen.map((member) =>
    tileValues(reference, member, new Float32Array(room.length)),
  );
  const members = membersOf(tiles, placement, axis);
  const cosines = new Float64Array(Math.max(...members.keys(), -1) + 1).fill(NaN);
  const common = new Float64Array(cosines.length).fill(1);
  for (const [at, ofPosition] of members) {
    const sums: Sums = { product: 0, own: 0, other: 0, cells: 0 };
    for (const [place, member] of ofPosition.entries()) {
      const values = tileValues(tiles, member, room);
      addTile(sums, values, wanted[place] ?? values);
    }
    // 0 / 0 is NaN: what is all zeros is like nothing. The root of a square is exact, so that a tile is like itself.
    const cosine = sums.product / Math.sqrt(sums.own * sums.other);
    cosines[at] = Math.max(-1, Math.min(1, cosine));
    common[at] = sums.cells / Math.max(1, ofPosition.length * room.length);
  }
  return { status: "ready", cosines, common };
}

interface Sums {
  product: number;
  own: number;
  other: number;
  /** How many cells these are of. */
  cells: number;
}

// One pass, so that to itself a tile has the same sums; first of this tile alone, which tells whether all is finite.
function addTile(sums: Sums, values: Float32Array, others: Float32Array): void {
  let product = 0;
  let own = 0;
  let other = 0;
  for (let index = 0; index < values.length; index++) {
    const a = values[index] as number;
    const b = others[index] as number;
    product += a * b;
    own += a * a;
    other += b * b;
  }
  let cells = values.length;
  if (!Number.isFinite(own + other)) {
    product = own = other = cells = 0;
    for (let index = 0; index < values.length; index++) {
      const a = values[index] as number;
      const b = others[index] as number;
      if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
      product += a * b;
      own += a * a;
      other += b * b;
      cells++;
    }
  }
  sums.product += product;
  sums.own += own;
  sums.other += other;
  sums.cells += cells;
}

/** Equal where all but the length of the axis is alike. */
function alikeKey(tiles: Tiles, axis: string): string {
  const axes = gridAxes(tiles.header).map(({ name, size }) => [name, name === axis ? 0 : size]);
  const { height, width, channels } = tiles.shape;
  return JSON.stringify([axes, height, width, channels]);
}

function cellsOf({ shape }: Tiles): number {
  return shape.height * shape.width * shape.channels;
}

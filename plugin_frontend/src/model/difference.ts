/**
 * What has changed between two records of one tag: a record of its own, in float32 with statistics of its own, so that
 * all that paints, ranges and reads tiles works on it unchanged. Changes that the precision of the two records cannot
 * tell from zero are marked as unresolved. Pure but for a bounded memory of its last results; must not know which
 * records are compared, nor colours.
 */
import { decodeValues } from "./dequantise.js";
import { formatCount } from "./format.js";
import { PairCache } from "./pair_cache.js";
import { errorBound } from "./precision.js";
import type { Axis, StatisticName, TilesHeader } from "./record.js";
import { tileAtPlace, tilePlace } from "./tile_place.js";
import { gridAxes, type TileShape, type Tiles, tileShape } from "./tiles.js";

/** `refused` says why the records cannot be compared. */
export type Difference =
  | { readonly status: "ready"; readonly tiles: Tiles }
  | { readonly status: "refused"; readonly message: string };

/** What is known of a change; the writer's own statistics of changes are of the values. */
const STATISTICS: readonly StatisticName[] = [
  "min",
  "max",
  "mean",
  "l2_norm",
  "nan_count",
  "posinf_count",
  "neginf_count",
];

const DIFFERENCE_BYTES = 40 * 2 ** 20;
const DECODED_BYTES = 12 * 2 ** 20;

const differences = new PairCache<Tiles, Difference>(DIFFERENCE_BYTES);
const decoded = new PairCache<Tiles, Float32Array<ArrayBuffer>>(DECODED_BYTES);

/**
 * `shown − reference`, cell by cell: float32 values, subtracted in float64 and rounded once. NaN where either is not
 * finite. A record compared with itself is zero everywhere. Where one record has fewer tiles along a grid axis, those
 * that both have are compared, and a note says so.
 */
export function difference(shown: Tiles, reference: Tiles): Difference {
  const known = differences.get(shown, reference);
  if (known !== null) return known;
  const result = compare(shown, reference);
  const bytes = result.status === "ready" ? sizeOf(result.tiles) : 0;
  differences.set(shown, reference, result, bytes);
  return result;
}

function sizeOf({ payload, unresolved }: Tiles): number {
  const values = payload.precision === "float32" ? payload.values.byteLength : 0;
  return values + (unresolved?.mask.byteLength ?? 0);
}

function compare(shown: Tiles, reference: Tiles): Difference {
  const axes = commonAxes(shown.header, reference.header);
  if (axes === null) {
    const message = `The shapes differ: ${shapeText(shown)} now, ${shapeText(reference)} in the record to compare with.`;
    return { status: "refused", message };
  }
  const shape = tileShape({ ...shown.header, axes });
  const pairs = tilePairs(axes, shown, reference, shape.tiles);
  const { values, unresolved } = subtract(shown, reference, shape, pairs);
  const left = shown.shape.tiles - shape.tiles;
  const note = `changes of ${formatCount(shape.tiles, "tile")}: the record compared with lacks ${left}`;
  const header: TilesHeader = {
    ...shown.header,
    axes,
    meaning: "signed",
    precision: "float32",
    statistics: STATISTICS,
    notes: left > 0 ? [...shown.header.notes, note] : shown.header.notes,
  };
  const statistics = changeStatistics(values, shape);
  const payload = { precision: "float32", values } as const;
  return { status: "ready", tiles: { header, shape, payload, statistics, unresolved } };
}

/** The axes along which both records have cells; null where their tiles are not alike. */
function commonAxes(shown: TilesHeader, reference: TilesHeader): readonly Axis[] | null {
  if (shown.axes.length !== reference.axes.length) return null;
  const numGridAxes = gridAxes(shown).length;
  const axes: Axis[] = [];
  for (const [place, axis] of shown.axes.entries()) {
    const other = reference.axes[place];
    if (other === undefined || other.name !== axis.name) return null;
    const size = Math.min(axis.size, other.size);
    if (place >= numGridAxes && axis.size !== other.size) return null;
    axes.push(size === axis.size ? axis : { ...axis, size });
  }
  return axes;
}

function shapeText({ header }: Tiles): string {
  return header.axes.map(({ size }) => size).join("×");
}

interface TilePairs {
  readonly shown: Int32Array;
  readonly reference: Int32Array;
}

// Which tile of each record a common tile is.
function tilePairs(
  axes: readonly Axis[],
  shown: Tiles,
  reference: Tiles,
  tiles: number,
): TilePairs | null {
  if (tiles === shown.shape.tiles && tiles === reference.shape.tiles) return null;
  const common = axes.slice(0, gridAxes(shown.header).length);
  const toShown = tileMap(common, gridAxes(shown.header));
  const toReference = tileMap(common, gridAxes(reference.header));
  return {
    shown: Int32Array.from({ length: tiles }, (_, tile) => toShown(tile)),
    reference: Int32Array.from({ length: tiles }, (_, tile) => toReference(tile)),
  };
}

// Which tile of an array a common one is: the grid axes are cut from their ends.
function tileMap(from: readonly Axis[], to: readonly Axis[]): (tile: number) => number {
  return (tile) => {
    let rest = tile;
    let index = 0;
    let stride = 1;
    for (let place = from.length - 1; place >= 0; place--) {
      const size = from[place]?.size ?? 1;
      const there = to[place]?.size ?? 1;
      const position = rest % size;
      rest = Math.floor(rest / size);
      index += stride * position;
      stride *= there;
    }
    return index;
  };
}

/** True for a difference of nothing: every value that both records have as a finite number is the same. */
export function isUnchanged({ statistics, shape }: Tiles): boolean {
  const [low, high] = [statistics.get("min"), statistics.get("max")];
  let isKnown = false;
  for (let tile = 0; tile < shape.tiles; tile++) {
    const [min, max] = [low?.[tile] ?? NaN, high?.[tile] ?? NaN];
    if (min < 0 || max > 0) return false;
    isKnown ||= min === 0;
  }
  return isKnown;
}

/** The tile of `other` at the same position as a tile of `tiles`; null where there is none, or the two are not alike. */
export function counterpart(tiles: Tiles, tile: number, other: Tiles): number | null {
  if (commonAxes(tiles.header, other.header) === null) return null;
  const found = tileAtPlace(gridAxes(other.header), tilePlace(gridAxes(tiles.header), tile));
  return found.status === "found" ? found.tile : null;
}

function subtract(
  shown: Tiles,
  reference: Tiles,
  shape: TileShape,
  pairs: TilePairs | null,
): { values: Float32Array<ArrayBuffer>; unresolved: Tiles["unresolved"] } {
  const perTile = shape.height * shape.width * shape.channels;
  const same = shown === reference;
  const minuend = pairs === null ? decodeValues(shown) : null;
  const all = minuend ?? decodeValues(shown);
  const subtrahend = same ? all.slice() : decodedOnce(reference);
  const values = minuend ?? new Float32Array(shape.tiles * perTile);
  const bounds = Float64Array.from({ length: shape.tiles }, (_, tile) =>
    same
      ? 0
      : errorBound(shown, pairs?.shown[tile] ?? tile) +
        errorBound(reference, pairs?.reference[tile] ?? tile),
  );
  const quantised = bounds.some((bound) => bound > 0);
  const mask = quantised ? new Uint8Array((shape.tiles * perTile) / shape.channels) : null;
  let count = 0;
  for (let tile = 0; tile < shape.tiles; tile++) {
    const start = tile * perTile;
    const from = (pairs?.shown[tile] ?? tile) * perTile;
    const minus = (pairs?.reference[tile] ?? tile) * perTile;
    subtractTile(values, start, all, from, subtrahend, minus, perTile);
    const bound = bounds[tile] ?? 0;
    if (mask !== null && bound > 0) {
      count += markUnresolved(mask, values, start, perTile, shape.channels, bound);
    }
  }
  return { values, unresolved: mask === null ? null : { mask, count } };
}

// Also right where `out` is `shown` itself: a cell is read before it is written. What is no finite number has no
// change; nor has float32 a number for a change beyond its range.
function subtractTile(
  out: Float32Array,
  start: number,
  shown: Float32Array,
  from: number,
  reference: Float32Array,
  minus: number,
  length: number,
): void {
  for (let index = 0; index < length; index++) {
    const change = Math.fround(
      (shown[from + index] as number) - (reference[minus + index] as number),
    );
    out[start + index] = change - change === 0 ? change : NaN;
  }
}

function markUnresolved(
  mask: Uint8Array,
  values: Float32Array,
  start: number,
  length: number,
  channels: number,
  bound: number,
): number {
  let count = 0;
  if (channels === 1) {
    for (let index = start; index < start + length; index++) {
      const value = values[index] as number;
      if (value <= bound && value >= -bound) {
        mask[index] = 1;
        count++;
      }
    }
    return count;
  }
  for (let index = start; index < start + length; index += channels) {
    let resolved = false;
    for (let channel = 0; channel < channels; channel++) {
      if (!(Math.abs(values[index + channel] as number) <= bound)) resolved = true;
    }
    if (resolved) continue;
    mask[index / channels] = 1;
    count++;
  }
  return count;
}

// The record that a run began with is compared with every other one.
function decodedOnce(tiles: Tiles): Float32Array<ArrayBuffer> {
  const known = decoded.get(tiles, tiles);
  if (known !== null) return known;
  const values = decodeValues(tiles);
  decoded.set(tiles, tiles, values, values.byteLength);
  return values;
}

function changeStatistics(values: Float32Array, shape: TileShape): Tiles["statistics"] {
  const perTile = shape.height * shape.width * shape.channels;
  const rows = new Map<StatisticName, Float64Array>(
    STATISTICS.map((name) => [name, new Float64Array(shape.tiles)]),
  );
  const set = (name: StatisticName, tile: number, value: number): void => {
    const row = rows.get(name);
    if (row !== undefined) row[tile] = value;
  };
  for (let tile = 0; tile < shape.tiles; tile++) {
    let min = Infinity;
    let max = -Infinity;
    let sum = 0;
    let squares = 0;
    let count = 0;
    for (let index = tile * perTile; index < (tile + 1) * perTile; index++) {
      const value = values[index] as number;
      if (Number.isNaN(value)) continue;
      count++;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      squares += value * value;
    }
    set("min", tile, count > 0 ? min : NaN);
    set("max", tile, count > 0 ? max : NaN);
    set("mean", tile, sum / count);
    set("l2_norm", tile, Math.sqrt(squares));
    set("nan_count", tile, perTile - count);
  }
  return rows;
}

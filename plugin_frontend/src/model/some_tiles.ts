/**
 * A few of the places of a record of tiles, which stand for all of it where only its size is asked for. Pure; must not
 * know files.
 */
import type { Axis } from "./record.js";
import { gridAxes, type Payload, type Tiles, tileShape } from "./tiles.js";

/** `times`: how many times more the whole has along its first axis. */
export interface SomeTiles {
  readonly tiles: Tiles;
  readonly times: number;
}

/** A record, or what is known of one whose values are not here. */
type Known = Pick<Tiles, "header" | "statistics"> & { readonly payload: Payload | null };

/**
 * Evenly spread over the first axis, about so many cells in all. Low planes that are not here are made up; so are values
 * that are not, `like` those of another record where it has as many.
 */
export function someTiles(all: Known, cells: number, like: Payload | null = null): SomeTiles {
  const [first, ...others] = all.header.axes;
  const inner = others.reduce((product, { size }) => product * size, 1);
  const size = first?.size ?? 0;
  const count = Math.max(Math.min(1, size), Math.min(size, Math.floor(cells / Math.max(1, inner))));
  const places = Array.from({ length: count }, (_, index) =>
    Math.floor(((index + 0.5) * size) / count),
  );
  const header = { ...all.header, axes: [...(first ? [someOf(first, places)] : []), ...others] };
  const isOfTiles = gridAxes(all.header).length > 0;
  const tilesEach = tileShape(all.header).tiles / Math.max(1, size);
  const statistics = isOfTiles
    ? new Map(
        [...all.statistics].map(([name, numbers]) => [name, picked(numbers, places, tilesEach)]),
      )
    : all.statistics;
  const payload =
    all.payload === null
      ? madeUp(all.header.precision, count * inner, like)
      : pickedPayload(all.payload, places, inner);
  const tiles = { header, shape: tileShape(header), payload, statistics, unresolved: null };
  return { tiles, times: size / Math.max(1, count) };
}

function someOf(axis: Axis, places: readonly number[]): Axis {
  const { labels, addresses } = axis;
  return {
    ...axis,
    size: places.length,
    labels: labels === null ? null : taken(labels, places),
    ...(addresses === undefined ? {} : { addresses: taken(addresses, places) }),
  };
}

function taken(texts: readonly string[], places: readonly number[]): readonly string[] {
  return places.map((place) => texts[place] ?? "");
}

function picked<A extends Uint8Array | Float32Array | Float64Array>(
  all: A,
  places: readonly number[],
  length: number,
): A {
  const some = all.slice(0, places.length * length) as A;
  for (const [at, place] of places.entries())
    some.set(all.subarray(place * length, (place + 1) * length), at * length);
  return some;
}

function pickedPayload(payload: Payload, places: readonly number[], length: number): Payload {
  switch (payload.precision) {
    case "float32":
      return { ...payload, values: picked(payload.values, places, length) };
    case "uint8":
      return { ...payload, codes: picked(payload.codes, places, length) };
    case "uint16": {
      const high = picked(payload.high, places, length);
      const low = payload.low === null ? likelyLow(high) : picked(payload.low, places, length);
      return { ...payload, high, low };
    }
  }
}

/** A code that so many of the cells have is taken for one value, such as zero. */
const OFTEN = 0.1;

// Low bytes are like noise, save where values are the same to the bit.
function likelyLow(high: Uint8Array): Uint8Array {
  const counts = new Uint32Array(256);
  for (const code of high) counts[code] = (counts[code] ?? 0) + 1;
  const low = noise(high.length, 2);
  for (const [at, code] of high.entries())
    if ((counts[code] ?? 0) > OFTEN * high.length) low[at] = 0;
  return low;
}

function madeUp(precision: Payload["precision"], cells: number, like: Payload | null): Payload {
  const codes = repeated(like, cells) ?? noise(cells, 1);
  switch (precision) {
    case "float32":
      return { precision, values: likelyValues(codes) };
    case "uint8":
      return { precision, codes };
    case "uint16":
      return { precision, high: codes, low: likelyLow(codes) };
  }
}

// As many different ones as float32 has.
function likelyValues(codes: Uint8Array): Float32Array<ArrayBuffer> {
  const low = likelyLow(codes);
  const lower = noise(codes.length, 3);
  return Float32Array.from(codes, (code, at) => {
    const more = low[at] ?? 0;
    return (code + (more === 0 ? 0 : more + (lower[at] ?? 0) / 256) / 256) / 128 - 1;
  });
}

// The same ones again and again would be compressed far too well.
function repeated(like: Payload | null, cells: number): Uint8Array | null {
  if (like === null || like.precision === "float32") return null;
  const codes = like.precision === "uint8" ? like.codes : like.high;
  if (2 * codes.length < cells) return null;
  return Uint8Array.from({ length: cells }, (_, at) => codes[at % codes.length] ?? 0);
}

/** The same each time; finite codes alone. */
function noise(length: number, seed: number): Uint8Array {
  let last = seed;
  return Uint8Array.from({ length }, () => {
    last = (Math.imul(last, 1103515245) + 12345) & 0x7fffffff;
    return (last >> 16) % 250;
  });
}

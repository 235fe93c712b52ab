/**
 * One way to ask any payload for a cell's colour index or special meaning, whatever its precision. Prepared once a
 * tile, so that the loop over cells is table lookups. Knows payloads and ranges; must not know where pixels go.
 */
import { infinitySign } from "../model/dequantise.js";
import type { Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import {
  byteIndices,
  highByteIndices,
  type Special,
  specialOfCode,
  specialOfHigh,
  specialOfValue,
  tableIndex,
} from "./palette.js";

/** `index` counts over the whole array. `colour` is meaningful only where `special` is null. */
export interface TileReader {
  readonly special: (index: number) => Special | null;
  readonly colour: (index: number) => number;
}

/**
 * The fast way through a tile of codes without special cells: a pixel for each of the 256 stored bytes. Null where
 * cells have to be looked at one by one: float32 values, or NaN and infinities that are to be reported.
 */
export function tileLookup(
  tiles: Tiles,
  tile: number,
  range: Range,
  table: Uint32Array,
): { readonly plane: Uint8Array; readonly pixels: Uint32Array } | null {
  const { payload } = tiles;
  if (payload.precision === "float32" || hasSpecials(tiles, tile)) return null;
  const indices = byteLookup(tiles, tile, range);
  const plane = payload.precision === "uint16" ? payload.high : payload.codes;
  const pixels = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) pixels[byte] = table[indices[byte] as number] as number;
  return { plane, pixels };
}

/** Reader of one tile under one range. */
export function tileReader(tiles: Tiles, tile: number, range: Range): TileReader {
  const { payload } = tiles;
  switch (payload.precision) {
    case "uint16": {
      const { high, low } = payload;
      const lookup = byteLookup(tiles, tile, range);
      const sign = infinitySign(tiles, tile);
      return {
        special: (index) => specialOfHigh(high[index] ?? 0, low?.[index], sign),
        colour: (index) => lookup[high[index] ?? 0] ?? 0,
      };
    }
    case "uint8": {
      const { codes } = payload;
      const lookup = byteLookup(tiles, tile, range);
      return {
        special: (index) => specialOfCode(codes[index] ?? 0),
        colour: (index) => lookup[codes[index] ?? 0] ?? 0,
      };
    }
    case "float32": {
      const { values } = payload;
      return {
        special: (index) => specialOfValue(values[index] ?? NaN),
        colour: (index) => tableIndex(range, values[index] ?? NaN),
      };
    }
  }
}

/** Table entry for each of the 256 bytes that a plane of codes may hold; of no meaning for special codes. */
function byteLookup(tiles: Tiles, tile: number, range: Range): Uint8Array {
  const min = tiles.statistics.get("min")?.[tile] ?? NaN;
  const max = tiles.statistics.get("max")?.[tile] ?? NaN;
  const lookup = new Uint8Array(256);
  const fill = tiles.payload.precision === "uint16" ? highByteIndices : byteIndices;
  fill(min, max, range, lookup);
  return lookup;
}

function hasSpecials({ statistics }: Tiles, tile: number): boolean {
  const names = ["nan_count", "posinf_count", "neginf_count"] as const;
  return names.some((name) => (statistics.get(name)?.[tile] ?? 0) > 0);
}

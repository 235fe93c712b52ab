/**
 * One way to ask any payload for a cell's colour index or special meaning, whatever its precision. Prepared once a
 * tile, so that the loop over cells is table lookups. Knows payloads and ranges; must not know where pixels go.
 */
import { infinitySign } from "../model/dequantise.js";
import type { Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import {
  type ByteScale,
  byteEntry,
  codeScale,
  highByteScale,
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

/** What `tileLookup` gives; its pixels are good until the next call. */
export interface TileLookup {
  readonly plane: Uint8Array;
  readonly pixels: Uint32Array;
}

// One for all tiles: a thousand of them are looked up at every step of the slider.
const lookupPixels = new Uint32Array(256);

/**
 * The fast way through a tile of codes without special cells: a pixel for each of the 256 stored bytes. Null where
 * cells have to be looked at one by one: float32 values, or NaN and infinities that are to be reported.
 */
export function tileLookup(
  tiles: Tiles,
  tile: number,
  range: Range,
  table: Uint32Array,
): TileLookup | null {
  const { payload } = tiles;
  if (payload.precision === "float32" || hasSpecials(tiles, tile)) return null;
  const { start, slope } = scaleOfTile(tiles, tile, range);
  for (let byte = 0; byte < 256; byte++) {
    // `byteEntry`, written out in the loop.
    const at = start + slope * byte;
    lookupPixels[byte] = table[at > 0 ? (at < 255 ? at | 0 : 255) : 0] as number;
  }
  return {
    plane: payload.precision === "uint16" ? payload.high : payload.codes,
    pixels: lookupPixels,
  };
}

/** Reader of one tile under one range. */
export function tileReader(tiles: Tiles, tile: number, range: Range): TileReader {
  const { payload } = tiles;
  switch (payload.precision) {
    case "uint16": {
      const { high, low } = payload;
      const scale = scaleOfTile(tiles, tile, range);
      const sign = infinitySign(tiles, tile);
      return {
        special: (index) => specialOfHigh(high[index] ?? 0, low?.[index], sign),
        colour: (index) => byteEntry(scale, high[index] ?? 0),
      };
    }
    case "uint8": {
      const { codes } = payload;
      const scale = scaleOfTile(tiles, tile, range);
      return {
        special: (index) => specialOfCode(codes[index] ?? 0),
        colour: (index) => byteEntry(scale, codes[index] ?? 0),
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

function scaleOfTile(tiles: Tiles, tile: number, range: Range): ByteScale {
  const min = tiles.statistics.get("min")?.[tile] ?? NaN;
  const max = tiles.statistics.get("max")?.[tile] ?? NaN;
  return tiles.payload.precision === "uint16"
    ? highByteScale(min, max, range)
    : codeScale(min, max, range);
}

function hasSpecials({ statistics }: Tiles, tile: number): boolean {
  return (
    (statistics.get("nan_count")?.[tile] ?? 0) > 0 ||
    (statistics.get("posinf_count")?.[tile] ?? 0) > 0 ||
    (statistics.get("neginf_count")?.[tile] ?? 0) > 0
  );
}

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

/** Reader of one tile under one range. */
export function tileReader(tiles: Tiles, tile: number, range: Range): TileReader {
  const { payload } = tiles;
  const min = tiles.statistics.get("min")?.[tile] ?? NaN;
  const max = tiles.statistics.get("max")?.[tile] ?? NaN;
  switch (payload.precision) {
    case "uint16": {
      const { high, low } = payload;
      const lookup = new Uint8Array(256);
      highByteIndices(min, max, range, lookup);
      const sign = infinitySign(tiles, tile);
      return {
        special: (index) => specialOfHigh(high[index] ?? 0, low?.[index], sign),
        colour: (index) => lookup[high[index] ?? 0] ?? 0,
      };
    }
    case "uint8": {
      const { codes } = payload;
      const lookup = new Uint8Array(256);
      byteIndices(min, max, range, lookup);
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

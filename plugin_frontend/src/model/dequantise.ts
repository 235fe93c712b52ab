/**
 * Codes to values, by the schema's rules: the finite codes 0..n span [min, max] of their tile, and NaN, +inf and −inf
 * keep codes of their own. Arithmetic is float64 and rounded once to float32, so that Python and the screen agree to
 * the bit. Knows nothing of colours.
 */
import type { Tiles } from "./tiles.js";

/** Largest finite code of the two-plane and of the one-byte encoding. */
export const UINT16_SPAN = 65023;
export const UINT8_SPAN = 252;

/** High bytes of a uint16 code that stand for no finite number. */
export const HIGH_NAN = 254;
export const HIGH_INFINITE = 255;

/** One-byte codes that stand for no finite number. */
export const CODE_NAN = 253;
export const CODE_POSINF = 254;
export const CODE_NEGINF = 255;

/** A cell's value as logged; `exact` is false while only the high plane is here (error ≤ range / 508). */
export interface CellValue {
  readonly value: number;
  readonly exact: boolean;
}

/** `min + code / span · (max − min)` as float32; `code` may have a fraction. */
export function valueOfCode(code: number, span: number, min: number, max: number): number {
  return Math.fround(min + (code / span) * (max - min));
}

/** The value of one cell; `index` counts over the whole array, row-major. */
export function cellValue(tiles: Tiles, index: number): CellValue {
  const { payload, shape } = tiles;
  if (payload.precision === "float32") return { value: payload.values[index] ?? NaN, exact: true };
  const tile = Math.floor(index / (shape.height * shape.width * shape.channels));
  const min = tiles.statistics.get("min")?.[tile] ?? NaN;
  const max = tiles.statistics.get("max")?.[tile] ?? NaN;
  if (payload.precision === "uint8") {
    return { value: valueOfByte(payload.codes[index] ?? CODE_NAN, min, max), exact: true };
  }
  const high = payload.high[index] ?? HIGH_NAN;
  if (high === HIGH_NAN) return { value: NaN, exact: true };
  const low = payload.low?.[index];
  if (high === HIGH_INFINITE) return infinity(tiles, tile, low);
  if (low === undefined) {
    return { value: valueOfCode(256 * high + 127.5, UINT16_SPAN, min, max), exact: min === max };
  }
  return { value: valueOfCode(256 * high + low, UINT16_SPAN, min, max), exact: true };
}

/** Every value of the record; exact where the low plane is here or not needed. */
export function decodeValues(tiles: Tiles): Float32Array<ArrayBuffer> {
  const { payload, shape } = tiles;
  if (payload.precision === "float32") return Float32Array.from(payload.values);
  const cells = shape.height * shape.width * shape.channels;
  const values = new Float32Array(shape.tiles * cells);
  for (let tile = 0; tile < shape.tiles; tile++) {
    decodeTile(tiles, tile, tile * cells, (tile + 1) * cells, values, 0);
  }
  return values;
}

/** Every value of one tile; in `room`, which is to be as long, where a copy is needed. */
export function tileValues(
  tiles: Tiles,
  tile: number,
  room: Float32Array<ArrayBuffer>,
): Float32Array {
  const { payload, shape } = tiles;
  const cells = shape.height * shape.width * shape.channels;
  const [start, end] = [tile * cells, (tile + 1) * cells];
  if (payload.precision === "float32") return payload.values.subarray(start, end);
  decodeTile(tiles, tile, start, end, room, -start);
  return room;
}

// `cellValue` for the cells of one tile, without an object for each of them: a difference decodes a million cells
// while the slider moves. Assigning to a Float32Array is the one rounding.
function decodeTile(
  tiles: Tiles,
  tile: number,
  start: number,
  end: number,
  values: Float32Array,
  offset: number,
): void {
  const { payload } = tiles;
  const min = tiles.statistics.get("min")?.[tile] ?? NaN;
  const range = (tiles.statistics.get("max")?.[tile] ?? NaN) - min;
  if (payload.precision === "uint16" && payload.low !== null) {
    const { high, low } = payload;
    for (let index = start; index < end; index++) {
      const byte = high[index] as number;
      values[index + offset] =
        byte < HIGH_NAN
          ? min + ((256 * byte + (low[index] as number)) / UINT16_SPAN) * range
          : cellValue(tiles, index).value;
    }
  } else if (payload.precision === "uint8") {
    const { codes } = payload;
    for (let index = start; index < end; index++) {
      const code = codes[index] as number;
      values[index + offset] =
        code < CODE_NAN ? min + (code / UINT8_SPAN) * range : valueOfByte(code, NaN, NaN);
    }
  } else {
    for (let index = start; index < end; index++)
      values[index + offset] = cellValue(tiles, index).value;
  }
}

/** True where exact values need a low plane that is not here. */
export function lacksLowPlane({ payload }: Tiles): boolean {
  return payload.precision === "uint16" && payload.low === null;
}

function valueOfByte(code: number, min: number, max: number): number {
  if (code === CODE_NAN) return NaN;
  if (code === CODE_POSINF) return Infinity;
  if (code === CODE_NEGINF) return -Infinity;
  return valueOfCode(code, UINT8_SPAN, min, max);
}

function infinity(tiles: Tiles, tile: number, low: number | undefined): CellValue {
  if (low !== undefined) return { value: low === 255 ? Infinity : -Infinity, exact: true };
  const sign = infinitySign(tiles, tile);
  return { value: sign === -1 ? -Infinity : Infinity, exact: sign !== 0 };
}

/** The sign that all infinite cells of a tile share: 1, −1, or 0 where the statistics cannot tell. */
export function infinitySign(tiles: Tiles, tile: number): -1 | 0 | 1 {
  const positive = tiles.statistics.get("posinf_count")?.[tile] ?? 0;
  const negative = tiles.statistics.get("neginf_count")?.[tile] ?? 0;
  if (positive > 0 && negative === 0) return 1;
  if (negative > 0 && positive === 0) return -1;
  return 0;
}

/** True where painting needs the low plane: some tile holds infinities of both signs. */
export function needsLowPlane(tiles: Tiles): boolean {
  if (!lacksLowPlane(tiles)) return false;
  const positive = tiles.statistics.get("posinf_count");
  const negative = tiles.statistics.get("neginf_count");
  return positive?.some((count, tile) => count > 0 && (negative?.[tile] ?? 0) > 0) ?? false;
}

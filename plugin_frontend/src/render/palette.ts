/**
 * Colours as pixels: RGBA packed into one Uint32, as a canvas' ImageData holds them. Knows colour tables and codes;
 * must not know grids or the DOM.
 */

import {
  type Colouring,
  GLYPH_COLOURS,
  type Rgb,
  type TableName,
  tableEntries,
  unresolvedColour,
} from "../model/colours.js";
import {
  CODE_NAN,
  CODE_NEGINF,
  CODE_POSINF,
  HIGH_INFINITE,
  HIGH_NAN,
  UINT8_SPAN,
  UINT16_SPAN,
} from "../model/dequantise.js";
import { positionIn, type Range } from "../model/ranges.js";

// ImageData is bytes R, G, B, A; every machine that runs a browser is little-endian, so R is the low byte.
export function pixelOf([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export const NAN_PIXEL = pixelOf(GLYPH_COLOURS.nan);
export const POSINF_PIXEL = pixelOf(GLYPH_COLOURS.posinf);
export const NEGINF_PIXEL = pixelOf(GLYPH_COLOURS.neginf);

/** The pixel of a cell whose change is below the precision of the records. */
export function unresolvedPixel(table: Colouring["table"]): number {
  return pixelOf(unresolvedColour(table));
}

const packedTables = new Map<TableName, Uint32Array>();

/** A colour table as 256 pixels. */
export function tablePixels(name: TableName): Uint32Array {
  const known = packedTables.get(name);
  if (known !== undefined) return known;
  const pixels = Uint32Array.from(tableEntries(name), pixelOf);
  packedTables.set(name, pixels);
  return pixels;
}

/** The entry of a 256-entry table for a finite value: 256 classes of equal width, `floor(256·t)`, the last one closed. */
export function tableIndex(range: Range, value: number): number {
  return Math.min(255, Math.floor(256 * positionIn(range, value)));
}

/** Where the values of a tile's bytes lie in a table: byte b has entry `start + slope · b`, cut to 0 … 255. */
export interface ByteScale {
  readonly start: number;
  readonly slope: number;
}

/** For the 254 finite high bytes of a tile; the middle value stands for the 256 codes of a byte. */
export function highByteScale(min: number, max: number, range: Range): ByteScale {
  return byteScale(127.5 / UINT16_SPAN, 256 / UINT16_SPAN, min, max, range);
}

/** For the 253 finite one-byte codes of a tile. */
export function codeScale(min: number, max: number, range: Range): ByteScale {
  return byteScale(0, 1 / UINT8_SPAN, min, max, range);
}

// `tableIndex` of the value of each byte, whose place in [min, max] is `first + step · byte`; multiplied out because
// it is needed for every byte of every tile whenever the slider moves.
function byteScale(first: number, step: number, min: number, max: number, range: Range): ByteScale {
  const width = range.hi - range.lo;
  const scale = width > 0 ? 256 / width : 0;
  const start = width > 0 ? scale * (min - range.lo + first * (max - min)) : 128;
  return { start, slope: scale * step * (max - min) };
}

/** The entry of a byte; NaN, of a tile without a finite value, gives some entry. */
export function byteEntry({ start, slope }: ByteScale, byte: number): number {
  const at = start + slope * byte;
  return at > 0 ? (at < 255 ? at | 0 : 255) : 0;
}

/** What a stored byte stands for besides a finite value. */
export type Special = "nan" | "posinf" | "neginf";

export const SPECIAL_PIXELS: Readonly<Record<Special, number>> = {
  nan: NAN_PIXEL,
  posinf: POSINF_PIXEL,
  neginf: NEGINF_PIXEL,
};

/** Special meaning of a high byte; an infinity needs its low byte, or the sign that the whole tile shares. */
export function specialOfHigh(high: number, low: number | undefined, sign: number): Special | null {
  if (high === HIGH_NAN) return "nan";
  if (high !== HIGH_INFINITE) return null;
  if (low !== undefined) return low === 255 ? "posinf" : "neginf";
  return sign === -1 ? "neginf" : "posinf";
}

export function specialOfCode(code: number): Special | null {
  if (code === CODE_NAN) return "nan";
  if (code === CODE_POSINF) return "posinf";
  return code === CODE_NEGINF ? "neginf" : null;
}

export function specialOfValue(value: number): Special | null {
  if (Number.isFinite(value)) return null;
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "posinf" : "neginf";
}

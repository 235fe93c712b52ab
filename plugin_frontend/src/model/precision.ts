/**
 * How far a stored value may be from the one that was logged. Knows encodings and the ranges of tiles; must not know
 * what the values mean.
 */
import { UINT8_SPAN, UINT16_SPAN } from "./dequantise.js";
import type { Tiles } from "./tiles.js";

/** Half a unit in the last place of a float32, as a share of the value: a decoded value is rounded to float32 once. */
const FLOAT32_ROUNDING = 2 ** -24;

/**
 * Largest error of a tile's cells once every plane is here: half a code step and the rounding to float32. 0 for
 * float32 records and constant tiles, whose values are stored as they were.
 */
export function errorBound(tiles: Tiles, tile: number): number {
  const { precision } = tiles.payload;
  if (precision === "float32") return 0;
  const min = tiles.statistics.get("min")?.[tile] ?? NaN;
  const max = tiles.statistics.get("max")?.[tile] ?? NaN;
  if (!(max > min)) return 0;
  const span = precision === "uint16" ? UINT16_SPAN : UINT8_SPAN;
  const rounding = FLOAT32_ROUNDING * Math.max(Math.abs(min), Math.abs(max));
  return (max - min) / span / 2 + rounding;
}

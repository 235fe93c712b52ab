/**
 * Tiles to pixels at data resolution: one pixel a cell, gaps transparent. Pure: writes into the Uint32 view of an
 * ImageData and is tested without a canvas. Knows layouts, ranges and colourings; must not know the DOM.
 */
import type { Colouring } from "../model/colours.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import { EMPTY_RANGE, type Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import { SPECIAL_PIXELS, type Special, tablePixels } from "./palette.js";
import { type TileReader, tileReader } from "./tile_reader.js";

/** A range for each tile, or one for all. */
export type Ranges = readonly Range[] | Range;

/** A cell without a finite number, in data pixels. */
export interface SpecialCell {
  readonly x: number;
  readonly y: number;
  readonly special: Special;
}

/**
 * Paints every tile. `pixels` has `layout.width · layout.height` entries and is transparent where no tile lies.
 * Returns the cells that hold NaN or an infinity, for glyphs and the legend.
 */
export function paintGrid(
  pixels: Uint32Array,
  layout: GridLayout,
  tiles: Tiles,
  ranges: Ranges,
  colouring: Colouring,
): readonly SpecialCell[] {
  const specials: SpecialCell[] = [];
  const { height, width, channels } = tiles.shape;
  const cellPixel = colouring.table === "rgb" ? rgbPixel : tablePixel(tablePixels(colouring.table));
  for (let tile = 0; tile < tiles.shape.tiles; tile++) {
    const reader = tileReader(tiles, tile, rangeFor(ranges, tile));
    const { left, top } = placeTile(layout, tile);
    let index = tile * height * width * channels;
    for (let row = 0; row < height; row++) {
      let target = (top + row) * layout.width + left;
      for (let column = 0; column < width; column++) {
        const special = specialOfCell(reader, index, channels);
        if (special === null) {
          pixels[target] = cellPixel(reader, index);
        } else {
          pixels[target] = SPECIAL_PIXELS[special];
          specials.push({ x: left + column, y: top + row, special });
        }
        target += 1;
        index += channels;
      }
    }
  }
  return specials;
}

function rangeFor(ranges: Ranges, tile: number): Range {
  return "lo" in ranges ? ranges : (ranges[tile] ?? EMPTY_RANGE);
}

// A colour cell is special as soon as one channel is: NaN outweighs an infinity.
function specialOfCell(reader: TileReader, index: number, channels: number): Special | null {
  let found: Special | null = null;
  for (let channel = 0; channel < channels; channel++) {
    const special = reader.special(index + channel);
    if (special === "nan") return special;
    found ??= special;
  }
  return found;
}

function tablePixel(table: Uint32Array): (reader: TileReader, index: number) => number {
  return (reader, index) => table[reader.colour(index)] ?? 0;
}

function rgbPixel(reader: TileReader, index: number): number {
  const red = reader.colour(index);
  const green = reader.colour(index + 1);
  const blue = reader.colour(index + 2);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

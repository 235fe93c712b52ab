/**
 * Tiles to pixels at data resolution: one pixel a cell, gaps transparent. Pure: writes into the Uint32 view of an
 * ImageData and is tested without a canvas. Knows layouts, ranges and colourings; must not know the DOM.
 */
import type { Colouring } from "../model/colours.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import { EMPTY_RANGE, type Range } from "../model/ranges.js";
import type { TileShape, Tiles } from "../model/tiles.js";
import { SPECIAL_PIXELS, type Special, tablePixels } from "./palette.js";
import { type TileReader, tileLookup, tileReader } from "./tile_reader.js";

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
  const table = colouring.table === "rgb" ? null : tablePixels(colouring.table);
  for (let tile = 0; tile < tiles.shape.tiles; tile++) {
    const range = rangeFor(ranges, tile);
    const lookup = table === null ? null : tileLookup(tiles, tile, range, table);
    if (lookup !== null) {
      paintPlain(pixels, layout, tile, lookup.plane, lookup.pixels);
    } else {
      const reader = tileReader(tiles, tile, range);
      paintCells(pixels, layout, tiles.shape, tile, reader, table, specials);
    }
  }
  return specials;
}

function paintPlain(
  pixels: Uint32Array,
  layout: GridLayout,
  tile: number,
  plane: Uint8Array,
  lookup: Uint32Array,
): void {
  const { tileHeight, tileWidth, width } = layout;
  const { left, top } = placeTile(layout, tile);
  let index = tile * tileHeight * tileWidth;
  for (let row = 0; row < tileHeight; row++) {
    const start = (top + row) * width + left;
    for (let target = start; target < start + tileWidth; target++) {
      pixels[target] = lookup[plane[index] as number] as number;
      index++;
    }
  }
}

function paintCells(
  pixels: Uint32Array,
  layout: GridLayout,
  { height, width, channels }: TileShape,
  tile: number,
  reader: TileReader,
  table: Uint32Array | null,
  specials: SpecialCell[],
): void {
  const { left, top } = placeTile(layout, tile);
  let index = tile * height * width * channels;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = left + column;
      const y = top + row;
      const special = specialOfCell(reader, index, channels);
      if (special !== null) specials.push({ x, y, special });
      pixels[y * layout.width + x] =
        special !== null
          ? SPECIAL_PIXELS[special]
          : table === null
            ? rgbPixel(reader, index)
            : (table[reader.colour(index)] ?? 0);
      index += channels;
    }
  }
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

function rgbPixel(reader: TileReader, index: number): number {
  const red = reader.colour(index);
  const green = reader.colour(index + 1);
  const blue = reader.colour(index + 2);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

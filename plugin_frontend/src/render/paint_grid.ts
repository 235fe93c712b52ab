/**
 * Tiles to pixels at data resolution: one pixel a cell, gaps transparent. Pure: writes into the Uint32 view of an
 * ImageData and is tested without a canvas. Knows layouts, ranges and colourings; must not know the DOM.
 */
import type { Colouring } from "../model/colours.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import { EMPTY_RANGE, type Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import {
  SPECIAL_PIXELS,
  type Special,
  specialOfValue,
  tableIndex,
  tablePixels,
  unresolvedPixel,
} from "./palette.js";
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
 * Paints the tiles of `order`, each at its place. `pixels` has `layout.width · layout.height` entries and is transparent
 * where no tile lies; `order` is null where every tile has its own place. Returns the cells that hold NaN or an
 * infinity, for glyphs.
 */
export function paintGrid(
  pixels: Uint32Array,
  layout: GridLayout,
  tiles: Tiles,
  ranges: Ranges,
  colouring: Colouring,
  order: Int32Array | null = null,
): readonly SpecialCell[] {
  const specials: SpecialCell[] = [];
  const table = colouring.table === "rgb" ? null : tablePixels(colouring.table);
  const unresolved = unresolvedPixel(colouring.table);
  const masked = new Uint32Array(512).fill(unresolved);
  if (table !== null) masked.set(table);
  for (let place = 0; place < layout.tiles; place++) {
    const tile = order?.[place] ?? place;
    const target: Target = { pixels, layout, ...placeTile(layout, place) };
    const range = rangeFor(ranges, tile);
    const lookup = table === null ? null : tileLookup(tiles, tile, range, table);
    if (lookup !== null) {
      paintPlain(target, tile, lookup.plane, lookup.pixels);
    } else if (table !== null && tiles.payload.precision === "float32") {
      paintValues(target, tiles, tiles.payload.values, tile, range, masked, specials);
    } else {
      const reader = tileReader(tiles, tile, range);
      paintCells(target, tiles, tile, reader, table, unresolved, specials);
    }
  }
  return specials;
}

/** Where a tile goes: its upper left corner. Cells fill the lines of a tile one after the other. */
interface Target {
  readonly pixels: Uint32Array;
  readonly layout: GridLayout;
  readonly left: number;
  readonly top: number;
}

function paintPlain(
  { pixels, layout, left, top }: Target,
  tile: number,
  plane: Uint8Array,
  lookup: Uint32Array,
): void {
  const { tileHeight, tileWidth, width, cells } = layout;
  const end = (tile + 1) * cells;
  let index = tile * cells;
  for (let line = 0; line < tileHeight; line++) {
    let target = (top + line) * width + left;
    for (const lineEnd = Math.min(end, index + tileWidth); index < lineEnd; index++) {
      pixels[target++] = lookup[plane[index] as number] as number;
    }
  }
}

// Float values of one channel, in a loop of its own: changes repaint a million cells while the slider moves. The upper
// half of `table` is the colour of unresolved cells, so that no branch depends on which these are.
function paintValues(
  { pixels, layout, left, top }: Target,
  { unresolved }: Tiles,
  values: Float32Array,
  tile: number,
  range: Range,
  table: Uint32Array,
  specials: SpecialCell[],
): void {
  const { tileHeight, tileWidth, width, cells } = layout;
  const mask = unresolved?.mask ?? NO_MASK;
  const masked = unresolved !== null;
  // `tableIndex`, but for the cells at the ends: 256 times the place in the range.
  const { lo } = range;
  const scale = 256 / (range.hi - lo);
  const end = (tile + 1) * cells;
  let index = tile * cells;
  for (let line = 0; line < tileHeight; line++) {
    let target = (top + line) * width + left;
    for (const lineEnd = Math.min(end, index + tileWidth); index < lineEnd; index++, target++) {
      const value = values[index] as number;
      const at = (value - lo) * scale;
      const hidden = masked ? (mask[index] as number) : 0;
      if (at >= 0 && at < 256) {
        pixels[target] = table[at | 0 | (hidden << 8)] as number;
      } else if (hidden === 1) {
        pixels[target] = table[256] as number;
      } else {
        const special = specialOfValue(value);
        pixels[target] =
          special === null ? (table[tableIndex(range, value)] as number) : SPECIAL_PIXELS[special];
        if (special !== null) {
          specials.push({ x: target - (top + line) * width, y: top + line, special });
        }
      }
    }
  }
}

const NO_MASK = new Uint8Array();

function paintCells(
  { pixels, layout, left, top }: Target,
  { shape, unresolved }: Tiles,
  tile: number,
  reader: TileReader,
  table: Uint32Array | null,
  unresolvedColour: number,
  specials: SpecialCell[],
): void {
  const { tileWidth, cells } = layout;
  const { channels } = shape;
  for (let cell = 0; cell < cells; cell++) {
    const index = (tile * cells + cell) * channels;
    const x = left + (cell % tileWidth);
    const y = top + Math.floor(cell / tileWidth);
    const special = specialOfCell(reader, index, channels);
    if (special !== null) specials.push({ x, y, special });
    pixels[y * layout.width + x] =
      special !== null
        ? SPECIAL_PIXELS[special]
        : unresolved !== null && unresolved.mask[tile * cells + cell] === 1
          ? unresolvedColour
          : table === null
            ? rgbPixel(reader, index)
            : (table[reader.colour(index)] ?? 0);
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

/**
 * Attributions over the input they are of, at the input's own resolution: pixels of one sample. Pure: writes into the
 * Uint32 view of an ImageData and is tested without a canvas. Knows tiles, ranges and colours; must not know the DOM.
 */
import type { Overlay } from "../model/attribution_display.js";
import { type Theme, tableEntries } from "../model/colours.js";
import { cellValue, UINT16_SPAN } from "../model/dequantise.js";
import type { GridLayout } from "../model/layout.js";
import { extremesOf, type Range, rangeOfExtremes } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import { paintGrid } from "./paint_grid.js";
import { pixelOf, SPECIAL_PIXELS, specialOfValue } from "./palette.js";

/** What is laid over what. */
export interface Overlaid {
  readonly kind: Exclude<Overlay, "off">;
  /** Maps with one tile a sample. */
  readonly maps: Tiles;
  readonly tile: number;
  /** What an attribution must be to cover its pixel wholly, up or down. */
  readonly range: Range;
  readonly pictures: Tiles;
  readonly sample: number;
  readonly theme: Theme;
}

/** The gray of the input below colours, from black to white: pale in light, deep in dark, so that red and blue stand out. */
const GRAYS: Readonly<Record<Theme, readonly [black: number, white: number]>> = {
  light: [190, 255],
  dark: [24, 128],
};

/** Entries of the diverging tables that stand for all strengths of a sign. */
const NEGATIVE = 30;
const POSITIVE = 225;

/** How opaque a share of the range is: a few strong pixels must not hide all others. 1 % has 6 %, a half two thirds. */
const POWER = 0.6;

/** How far the middle of a high byte may be from the value, as a share of the tile's range: 128 codes and a rounding. */
const HIGH_BYTE = 128.5 / UINT16_SPAN;

/** Paints one sample; `pixels` has an entry for each cell of its picture. */
export function paintOverlay(pixels: Uint32Array, overlaid: Overlaid): void {
  const { kind, maps, tile, range, pictures, theme } = overlaid;
  const { height, width } = pictures.shape;
  paintPicture(pixels, overlaid);
  const entries = tableEntries(theme === "dark" ? "red_blue_dark" : "red_blue_light");
  const [red, blue] = [entries[POSITIVE] ?? [0, 0, 0], entries[NEGATIVE] ?? [0, 0, 0]];
  const [black, white] = GRAYS[theme];
  const most = Math.max(Math.abs(range.lo), Math.abs(range.hi));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const value = valueUnder(maps, tile, (row + 0.5) / height, (column + 0.5) / width);
      const special = specialOfValue(value);
      if (special !== null) {
        pixels[at] = SPECIAL_PIXELS[special];
        continue;
      }
      const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
      const strength = share ** POWER;
      const pixel = pixels[at] ?? 0;
      const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
      if (kind === "mask") {
        pixels[at] = pixelOf([
          Math.round(r * strength),
          Math.round(g * strength),
          Math.round(b * strength),
        ]);
        continue;
      }
      const gray = black + ((white - black) * luma(r, g, b)) / 255;
      const [r1, g1, b1] = value < 0 ? blue : red;
      const mix = (colour: number): number => Math.round(gray + strength * (colour - gray));
      pixels[at] = pixelOf([mix(r1), mix(g1), mix(b1)]);
    }
  }
}

/** Of the sRGB values, with the weights of Rec. 709. */
function luma(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// The picture may be finer than the map: each of its pixels has the value of the cell that it lies in.
function valueUnder(maps: Tiles, tile: number, down: number, along: number): number {
  const { height, width } = maps.shape;
  const row = Math.floor(down * height);
  const column = Math.floor(along * width);
  const { value, exact } = cellValue(maps, (tile * height + row) * width + column);
  // What may be zero covers nothing.
  return !exact && Math.abs(value) <= HIGH_BYTE * spanOf(maps, tile) ? 0 : value;
}

function spanOf({ statistics }: Tiles, tile: number): number {
  return (statistics.get("max")?.[tile] ?? 0) - (statistics.get("min")?.[tile] ?? 0);
}

function paintPicture(pixels: Uint32Array, { pictures, sample }: Overlaid): void {
  const { height, width, channels } = pictures.shape;
  const layout: GridLayout = {
    tiles: 1,
    columns: 1,
    rows: 1,
    blocks: 1,
    blockRows: 1,
    blockPitch: width,
    tileHeight: height,
    tileWidth: width,
    cells: height * width,
    folded: false,
    gap: 0,
    rowGap: 0,
    width,
    height,
    zoom: 1,
  };
  const colouring =
    channels === 3
      ? ({ table: "rgb", rule: "min-max" } as const)
      : ({ table: "gray", rule: "min-max" } as const);
  const range = rangeOfExtremes([extremesOf(pictures)], "min-max");
  paintGrid(pixels, layout, pictures, range, colouring, Int32Array.of(sample));
}

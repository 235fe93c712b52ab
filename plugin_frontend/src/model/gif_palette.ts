/**
 * The 256 colours of an animation, the same in all frames, and which of them stands for a colour. A colour table keeps
 * as many of its entries as there is room for. Pure; must not know canvases.
 */
import { quantize } from "gifenc";
import type { Rgb } from "./colours.js";

export const PALETTE_SIZE = 256;

/** Shades of a letter's edge, from the page to the ink. */
const SHADES = 8;

/** Colours in the order of their importance; those that have no room are left out. */
export function gifPalette(
  page: Rgb,
  inks: readonly Rgb[],
  solid: readonly Rgb[],
  tables: readonly (readonly Rgb[])[],
): readonly Rgb[] {
  const palette = new Map<number, Rgb>();
  const add = (colour: Rgb): void => {
    if (palette.size < PALETTE_SIZE) palette.set(keyOf(colour), colour);
  };
  for (const colour of [page, ...inks, ...solid]) add(colour);
  for (const ink of inks) {
    for (let shade = 1; shade < SHADES; shade++) add(mix(page, ink, shade / SHADES));
  }
  const room = Math.floor((PALETTE_SIZE - palette.size) / Math.max(1, tables.length));
  for (const table of tables) {
    const taken = Math.min(room, table.length);
    for (let entry = 0; entry < taken; entry++)
      add(table[Math.round((entry * (table.length - 1)) / Math.max(1, taken - 1))] ?? page);
  }
  return [...palette.values()];
}

/** Finds the nearest colour of a palette, and remembers what it has found. */
export class PaletteIndex {
  readonly #palette: readonly Rgb[];
  readonly #known = new Map<number, number>();

  constructor(palette: readonly Rgb[]) {
    this.#palette = palette;
  }

  /** An index for each pixel of RGBA bytes. */
  of(rgba: Uint8ClampedArray): Uint8Array {
    const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
    const indices = new Uint8Array(pixels.length);
    let [last, index] = [-1, 0];
    for (let at = 0; at < pixels.length; at++) {
      const pixel = pixels[at] as number;
      if (pixel !== last) {
        last = pixel;
        index = this.#nearest(pixel & 0xffffff);
      }
      indices[at] = index;
    }
    return indices;
  }

  #nearest(key: number): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const [red, green, blue] = [key & 255, (key >> 8) & 255, key >> 16];
    let [best, least] = [0, Infinity];
    for (const [index, [r, g, b]] of this.#palette.entries()) {
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (distance < least) [best, least] = [index, distance];
    }
    // Photographs have too many colours to remember them all.
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    this.#known.set(key, best);
    return best;
  }
}

const MOST_KNOWN = 200_000;

// As the pixels of an ImageData are read: red is the low byte.
function keyOf([red, green, blue]: Rgb): number {
  return red | (green << 8) | (blue << 16);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (at: 0 | 1 | 2): number => Math.round(from[at] + share * (to[at] - from[at]));
  return [channel(0), channel(1), channel(2)];
}

/** `#rrggbb` as numbers; black for anything else. */
export function rgbOf(colour: string): Rgb {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  const number = digits === undefined ? 0 : Number.parseInt(digits, 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** So many colours that stand for those of pictures, each of which is RGBA bytes and has an equal say. */
export function commonColours(
  pictures: readonly Uint8ClampedArray[],
  count: number,
): readonly Rgb[] {
  const some = pictures.map((rgba) => {
    const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
    const every = Math.max(1, Math.floor(pixels.length / MOST_LOOKED_AT));
    return pixels.filter((_, at) => at % every === 0);
  });
  const all = new Uint32Array(some.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const pixels of some) {
    all.set(pixels, at);
    at += pixels.length;
  }
  return quantize(new Uint8ClampedArray(all.buffer), count);
}

/** Of a picture. */
const MOST_LOOKED_AT = 40_000;

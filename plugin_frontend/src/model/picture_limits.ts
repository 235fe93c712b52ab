/**
 * How large a picture may be, in words where it is not, and about how large its file will be. Pure; must not know what is
 * drawn.
 */
import { formatWhole } from "./format.js";

/** In pixels. A canvas of Chromium that has more in all stays empty, and nothing is said of it. */
export const MAX_SIDE = 16_384;
export const MAX_PIXELS = 2 ** 28;

/** A picture before it is enlarged. */
export interface PictureSize {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Of tiles, those alone that are like noise; none in drawings. */
  readonly cells: number;
}

/** `2,112 × 1,984 pixels`. */
export function pixelsText({ width, height }: PictureSize, factor: number): string {
  return `${formatWhole(width * factor)} × ${formatWhole(height * factor)} pixels`;
}

/** What is too large about a picture, the limit, and what mends it; null where it can be drawn. */
export function whyTooLarge(name: string, size: PictureSize, factor: number): string | null {
  if (isDrawable(size, factor)) return null;
  let fitting = factor - 1;
  while (fitting > 0 && !isDrawable(size, fitting)) fitting--;
  const limit = `a browser draws at most ${formatWhole(MAX_SIDE)} a side and ${Math.floor(MAX_PIXELS / 1e6)} million in all`;
  const mend =
    fitting > 0
      ? `choose ${fitting}×`
      : "show fewer runs or tiles, or draw it in a shell with tb-nnviz export";
  return `${name} at ${factor}× has ${pixelsText(size, factor)}, and ${limit}: ${mend}`;
}

function isDrawable({ width, height }: PictureSize, factor: number): boolean {
  const [across, down] = [width * factor, height * factor];
  return Math.max(across, down) <= MAX_SIDE && across * down <= MAX_PIXELS;
}

/** Of a cell like noise, whatever its size; of a pixel beside others that are alike, or of a drawing; of words. In bytes. */
const CELL = 4.2;
const PIXEL = 0.02;
const DRAWN_PIXEL = 0.045;
const WORDS = 20e3;

/** About how many bytes the PNG has: rows of pixels that repeat cost next to nothing. */
export function pngBytes({ width, height, cells }: PictureSize, factor: number): number {
  const pixel = cells === 0 ? DRAWN_PIXEL : PIXEL;
  return CELL * cells + pixel * width * height * factor ** 2 + WORDS * factor;
}

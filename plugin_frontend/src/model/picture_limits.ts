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
  /** Letters of titles and captions. */
  readonly words?: number;
  /** Letters of drawings, and of what stands below tiles. */
  readonly letters?: number;
  /** Signs of the paths of drawings. */
  readonly strokes?: number;
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

/** In bytes: of a cell like noise; of a pixel beside others that are alike; of a letter of a caption, labels included. */
const CELL = 3.5;
const PIXEL = 0.045;
const WORD_LETTER = 125;
/** Of drawings: of a letter, of a sign of a path, and of a pixel. */
const LETTER = 57;
const STROKE = 0.33;
const DRAWN_PIXEL = 0.053;

/** About how many bytes the PNG has: rows of pixels that repeat cost next to nothing. The powers are those of files. */
export function pngBytes(size: PictureSize, factor: number): number {
  const { width, height, cells, words = 0, letters = 0, strokes = 0 } = size;
  const area = width * height;
  const drawn = LETTER * letters * factor ** 1.4;
  if (cells === 0)
    return drawn + (LETTER * words + STROKE * strokes + DRAWN_PIXEL * area) * factor ** 1.4;
  return (
    CELL * cells * factor ** 0.2 +
    WORD_LETTER * words * factor +
    drawn +
    PIXEL * area * factor ** 1.6
  );
}

/** A frame is that much of the PNG, of tiles and of drawings; enlarged cells cost more, for no row repeats another. */
const FRAME = 0.75;
const DRAWN_FRAME = 0.45;
const ENLARGED = 1.25;

/** About how many bytes each frame of a GIF has. */
export function gifFrameBytes(size: PictureSize, factor: number): number {
  if (size.cells === 0) return DRAWN_FRAME * pngBytes(size, factor);
  const cells = CELL * size.cells * factor ** 0.2;
  return FRAME * (pngBytes(size, factor) - cells + CELL * size.cells * factor ** ENLARGED);
}

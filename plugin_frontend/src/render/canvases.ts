/**
 * The two canvases of a grid: pixels at data resolution, and glyphs at the resolution of the screen over them. Knows
 * the 2D context; what to paint comes from `paint_grid.ts`.
 */
import type { Colouring } from "../model/colours.js";
import type { GridLayout } from "../model/layout.js";
import type { Tiles } from "../model/tiles.js";
import { paintGrid, type Ranges, type SpecialCell } from "./paint_grid.js";

/** Cells smaller than this, in CSS pixels, are told apart by colour alone: a glyph would be a blot. */
export const MIN_GLYPH_CELL = 5;

/** Paints a grid on its canvas and returns the cells without a finite number. */
export function drawGrid(
  canvas: HTMLCanvasElement,
  layout: GridLayout,
  tiles: Tiles,
  ranges: Ranges,
  colouring: Colouring,
): readonly SpecialCell[] {
  // A canvas cannot be empty; an array with a 0-sized axis leaves one transparent pixel.
  const width = Math.max(1, layout.width);
  const height = Math.max(1, layout.height);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) return [];
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const specials = paintGrid(pixels, layout, tiles, ranges, colouring);
  context.putImageData(image, 0, 0);
  return specials;
}

/** Draws ×, + and − into the cells, black on their bright colours. */
export function drawGlyphs(
  canvas: HTMLCanvasElement,
  layout: GridLayout,
  specials: readonly SpecialCell[],
  pixelRatio: number,
): void {
  const cell = layout.zoom * pixelRatio;
  canvas.width = Math.round(layout.width * cell);
  canvas.height = Math.round(layout.height * cell);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.strokeStyle = "#000000";
  context.lineWidth = Math.max(1, cell / 8);
  context.beginPath();
  const reach = cell * 0.28;
  for (const { x, y, special } of specials) {
    const centreX = (x + 0.5) * cell;
    const centreY = (y + 0.5) * cell;
    const line = (dx: number, dy: number): void => {
      context.moveTo(centreX - dx, centreY - dy);
      context.lineTo(centreX + dx, centreY + dy);
    };
    if (special === "nan") {
      line(reach, reach);
      line(reach, -reach);
    } else {
      line(reach, 0);
      if (special === "posinf") line(0, reach);
    }
  }
  context.stroke();
}

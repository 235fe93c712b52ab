/**
 * The two canvases of a grid: pixels at data resolution, and over them, at the resolution of the screen, what has to be
 * finer than a cell: glyphs, outlines, and tiles whose cells are blended. Knows the 2D context; what to paint comes from
 * `paint_grid.ts`.
 */
import type { Colouring, Theme } from "../model/colours.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import type { Tiles } from "../model/tiles.js";
import { type Mark, paintMarks } from "./dead_marks.js";
import { paintGrid, type Ranges, type SpecialCell } from "./paint_grid.js";
import { type Overlaid, paintOverlay } from "./paint_overlay.js";

/** Cells smaller than this, in CSS pixels, are told apart by colour alone: a glyph would be a blot. */
export const MIN_GLYPH_CELL = 5;

/** Dead channels smaller than this have no room for a diagonal. */
const MIN_CROSSED = 3;

/** The overlay is larger than the grid by this much on every side, in CSS pixels: outlines lie outside their tiles. */
export const OVERLAY_MARGIN = 1;

/** Longest side of a canvas that every browser draws. */
const MAX_CANVAS = 16384;

const images = new WeakMap<HTMLCanvasElement, ImageData>();

/** Paints a grid on its canvas and returns the cells without a finite number. */
export function drawGrid(
  canvas: HTMLCanvasElement,
  layout: GridLayout,
  tiles: Tiles,
  ranges: Ranges,
  colouring: Colouring,
  order: Int32Array | null,
  dead: DeadMarks | null = null,
): readonly SpecialCell[] {
  // A canvas cannot be empty; an array with a 0-sized axis leaves one transparent pixel.
  const width = Math.max(1, layout.width);
  const height = Math.max(1, layout.height);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) return [];
  const image = imageOf(canvas, context, width, height);
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(0);
  const specials = paintGrid(pixels, layout, tiles, ranges, colouring, order);
  if (dead !== null) paintMarks(pixels, layout, dead.marks, dead.theme);
  context.putImageData(image, 0, 0);
  return specials;
}

/** Paints attributions over the input that they are of, at the input's resolution. */
export function drawOverlaid(canvas: HTMLCanvasElement, overlaid: Overlaid): void {
  const { height, width } = overlaid.pictures.shape;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = imageOf(canvas, context, width, height);
  paintOverlay(new Uint32Array(image.data.buffer), overlaid);
  context.putImageData(image, 0, 0);
}

// Two megabytes at every step of the slider would keep the garbage collector busy.
function imageOf(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
): ImageData {
  const known = images.get(canvas);
  if (known?.width === width && known.height === height) return known;
  const image = context.createImageData(width, height);
  images.set(canvas, image);
  return image;
}

/** What of a grid is gray because it does not respond. */
export interface DeadMarks {
  readonly marks: readonly Mark[];
  readonly theme: Theme;
}

/** What the overlay shows. */
export interface Overlay {
  /** Crossed out by a diagonal. */
  readonly dead: readonly Mark[];
  readonly specials: readonly SpecialCell[];
  readonly outlines: boolean;
  readonly smooth: boolean;
}

/** True where there is anything to draw. */
export function hasOverlay(
  layout: GridLayout,
  { dead, specials, outlines, smooth }: Overlay,
): boolean {
  const glyphs = specials.length > 0 && layout.zoom >= MIN_GLYPH_CELL;
  const crossed = dead.some((mark) => isCrossed(mark, layout.zoom));
  return layout.tiles > 0 && (glyphs || crossed || outlines || (smooth && layout.zoom > 1));
}

/** What overlays look like that need no other pixels than last time; see `looksTheSame`. */
const drawn = new WeakMap<HTMLCanvasElement, string>();

// Dead channels and outlines stay where they are while the values below them change: at a step of a slider nothing has
// to be drawn again. Glyphs and blended cells follow the values.
function looksTheSame(canvas: HTMLCanvasElement, look: string, overlay: Overlay): boolean {
  const same = drawn.get(canvas) === look;
  const follows = overlay.smooth || overlay.specials.length > 0;
  if (follows) drawn.delete(canvas);
  else drawn.set(canvas, look);
  return same && !follows;
}

/** Draws the overlay of a painted grid; outlines in the canvas' own text colour. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  painted: HTMLCanvasElement,
  layout: GridLayout,
  overlay: Overlay,
  pixelRatio: number,
): void {
  const { zoom } = layout;
  const width = layout.width * zoom + 2 * OVERLAY_MARGIN;
  const height = layout.height * zoom + 2 * OVERLAY_MARGIN;
  const ratio = Math.min(pixelRatio, MAX_CANVAS / Math.max(width, height));
  const { color } = getComputedStyle(canvas);
  const marks = overlay.dead.map(({ left, top }) => `${left},${top}`).join(" ");
  const tiles = [layout.tiles, layout.columns, layout.blocks, layout.tileWidth, layout.tileHeight];
  const look = [width, height, zoom, ratio, color, overlay.outlines, tiles, marks].join(" | ");
  if (looksTheSame(canvas, look, overlay)) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, OVERLAY_MARGIN * ratio, OVERLAY_MARGIN * ratio);
  drawOverlayOn(context, painted, layout, overlay, color);
}

/** Draws an overlay whose grid has its upper left corner at the origin of the context. */
export function drawOverlayOn(
  context: CanvasRenderingContext2D,
  painted: HTMLCanvasElement,
  layout: GridLayout,
  { dead, specials, outlines, smooth }: Overlay,
  colour: string,
): void {
  const { zoom } = layout;
  if (smooth && zoom > 1) drawSmoothed(context, painted, layout);
  drawDiagonals(context, zoom, dead, colour);
  if (zoom >= MIN_GLYPH_CELL) drawSigns(context, specials, zoom);
  if (outlines) drawOutlines(context, layout, colour);
}

// Tile by tile: scaling the whole canvas would blend the edges of tiles into the gaps.
function drawSmoothed(
  context: CanvasRenderingContext2D,
  painted: HTMLCanvasElement,
  layout: GridLayout,
): void {
  const { zoom, tileWidth, tileHeight } = layout;
  context.imageSmoothingEnabled = true;
  for (let place = 0; place < layout.tiles; place++) {
    const { left, top } = placeTile(layout, place);
    const width = tileWidth * zoom;
    const height = tileHeight * zoom;
    context.drawImage(
      painted,
      left,
      top,
      tileWidth,
      tileHeight,
      left * zoom,
      top * zoom,
      width,
      height,
    );
  }
}

function isCrossed({ width, height }: Mark, zoom: number): boolean {
  return Math.min(width, height) * zoom >= MIN_CROSSED;
}

// From corner to corner, a little inside, so that the lines of neighbours do not join.
function drawDiagonals(
  context: CanvasRenderingContext2D,
  zoom: number,
  marks: readonly Mark[],
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const mark of marks) {
    if (!isCrossed(mark, zoom)) continue;
    const { left, top, width, height } = mark;
    context.moveTo(left * zoom + 1, (top + height) * zoom - 1);
    context.lineTo((left + width) * zoom - 1, top * zoom + 1);
  }
  context.stroke();
}

// A line of one CSS pixel that only touches the tile, so that no cell is covered.
function drawOutlines(context: CanvasRenderingContext2D, layout: GridLayout, colour: string): void {
  const { zoom } = layout;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let place = 0; place < layout.tiles; place++) {
    const { left, top } = placeTile(layout, place);
    context.rect(
      left * zoom - 0.5,
      top * zoom - 0.5,
      layout.tileWidth * zoom + 1,
      layout.tileHeight * zoom + 1,
    );
  }
  context.stroke();
}

/** ×, + and −, black on their bright colours; places in cells of so many pixels. */
export function drawSigns(
  context: CanvasRenderingContext2D,
  specials: readonly SpecialCell[],
  cell: number,
): void {
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

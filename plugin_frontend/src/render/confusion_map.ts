/**
 * A matrix of many classes as a picture: every cell with samples, however thin, and bars of recall and precision beside
 * and below. Knows the 2D context; must not know where it stands or what is looked at.
 */
import type { Rgb, Theme } from "../model/colours.js";
import { changeColour, cssColour, mapColour } from "../model/confusion_colours.js";
import {
  changedCells,
  changeOf,
  type Matrix,
  precisionOf,
  recallOf,
  shareAt,
} from "../model/confusion_counts.js";

export interface MapPainting {
  readonly matrix: Matrix;
  readonly reference: Matrix | null;
  readonly mostChange: number;
  readonly theme: Theme;
  /** The classes of the rows and of the columns that are shown, in their order. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Of the matrix, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the bars beside and below it. */
  readonly margin: number;
  readonly below: number;
  readonly background: string;
  readonly bars: string;
}

/** A cell of a single sample is at least so many pixels of the screen wide and high. */
const LEAST_CELL = 2;
/** Between the matrix and its bars, in CSS pixels. */
const GAP = 6;

export function paintConfusionMap(
  canvas: HTMLCanvasElement,
  painting: MapPainting,
  pixelRatio: number,
): void {
  const { width, height, margin, below, background, bars, rows, columns } = painting;
  canvas.width = Math.round((width + margin) * pixelRatio);
  canvas.height = Math.round((height + below) * pixelRatio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.fillStyle = background;
  const across = Math.round(width * pixelRatio);
  const down = Math.round(height * pixelRatio);
  context.fillRect(0, 0, across, down);
  const rowPlaces = placesOf(rows, painting.matrix.size);
  const columnPlaces = placesOf(columns, painting.matrix.size);
  for (const { row, column, colour } of paintedCells(painting)) {
    const top = rowPlaces[row] ?? -1;
    const left = columnPlaces[column] ?? -1;
    if (top < 0 || left < 0) continue;
    const [x, w] = span(left, columns.length, across);
    const [y, h] = span(top, rows.length, down);
    context.fillStyle = cssColour(colour);
    context.fillRect(x, y, w, h);
  }
  context.fillStyle = bars;
  paintBars(context, painting, pixelRatio, across, down);
}

export interface PaintedCell {
  readonly row: number;
  readonly column: number;
  readonly strength: number;
  readonly colour: Rgb;
}

/** The cells of a map, the strongest last, so that they are seen where several share a pixel. */
export function paintedCells(
  painting: Pick<MapPainting, "matrix" | "reference" | "mostChange" | "theme">,
): readonly PaintedCell[] {
  const { matrix, reference, mostChange, theme } = painting;
  const { size } = matrix;
  const all = reference === null ? weighingCells(matrix) : changedCells(matrix, reference);
  return all
    .map((cell): PaintedCell => {
      const row = Math.floor(cell / size);
      const column = cell % size;
      const share = shareAt(matrix, row, column);
      if (reference !== null) {
        const change = changeOf(share, shareAt(reference, row, column));
        const colour = changeColour(change, mostChange, theme);
        return { row, column, strength: Math.abs(change) || 0, colour };
      }
      return { row, column, strength: share, colour: mapColour(share, row === column, theme) };
    })
    .sort((a, b) => a.strength - b.strength);
}

// Samples may have weights of 0: then there is nothing to show, as where there are no samples.
function weighingCells({ counts }: Matrix): readonly number[] {
  return [...counts].flatMap(([cell, count]) => (count === 0 ? [] : [cell]));
}

function paintBars(
  context: CanvasRenderingContext2D,
  { matrix, rows, columns, margin, below }: MapPainting,
  pixelRatio: number,
  across: number,
  down: number,
): void {
  const gap = Math.round(GAP * pixelRatio);
  for (const [place, row] of rows.entries()) {
    const [y, h] = span(place, rows.length, down);
    const share = recallOf(matrix, row);
    if (share > 0)
      context.fillRect(across + gap, y, share * (margin * pixelRatio - gap), Math.max(1, h - 1));
  }
  for (const [place, column] of columns.entries()) {
    const [x, w] = span(place, columns.length, across);
    const share = precisionOf(matrix, column);
    if (share > 0)
      context.fillRect(x, down + gap, Math.max(1, w - 1), share * (below * pixelRatio - gap));
  }
}

// Whole pixels, and never none.
function span(
  place: number,
  count: number,
  length: number,
): readonly [start: number, size: number] {
  const start = Math.floor((place * length) / count);
  const end = Math.floor(((place + 1) * length) / count);
  const size = Math.max(LEAST_CELL, end - start);
  return [Math.min(start, length - size), size];
}

function placesOf(shown: readonly number[], size: number): Int32Array {
  const places = new Int32Array(size).fill(-1);
  for (const [place, index] of shown.entries()) places[index] = place;
  return places;
}

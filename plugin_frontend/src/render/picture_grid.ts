/**
 * One run's tiles in an exported picture: cells at a whole zoom, glyphs, outlines, labels, the samples' pictures and the
 * bars of classes, where the screen has them. Knows the 2D context and the painting of grids; must not know words.
 */
import {
  ABOVE_BARS,
  BETWEEN_BARS,
  barSpan,
  NAME_SPACE,
  nameBeside,
  weightAt,
} from "../model/class_bars.js";
import type { Theme } from "../model/colours.js";
import { LABEL_HEIGHT } from "../model/grid_layout.js";
import { placeTile } from "../model/layout.js";
import type { GridBody, PictureBars } from "../model/picture_content.js";
import { SAMPLE } from "../model/placement.js";
import { perTileRanges } from "../model/ranges.js";
import { positionText } from "../model/sample_axis.js";
import { placeFrames } from "../model/top_samples.js";
import { drawGrid, drawOverlayOn } from "./canvases.js";
import { deadMarks } from "./dead_marks.js";
import { type Context, fitText, LOOKS, write } from "./picture_look.js";
import { drawPictures } from "./sample_sheet.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** With all that stands beside and below the tiles. */
export function gridSize({ grid }: GridBody): Size {
  const { layout, aside, gutter, above, footer, leastHeight } = grid;
  return {
    width: Math.ceil(aside + gutter + layout.width * layout.zoom),
    height: Math.ceil(Math.max(above + layout.height * layout.zoom + footer, leastHeight)),
  };
}

/** Where the first tile's upper left corner lies in a body, in CSS pixels. */
export function tilesOrigin({ grid: { aside, gutter, above } }: GridBody): {
  readonly x: number;
  readonly y: number;
} {
  return { x: Math.ceil(aside + gutter), y: Math.ceil(above) };
}

/** Draws at a place; `factor`: pixels for one of the screen. */
export function drawGridBody(
  context: Context,
  body: GridBody,
  theme: Theme,
  left: number,
  top: number,
  factor: number,
): void {
  const { tiles, grid, colouring, range } = body;
  const { layout, order } = grid;
  const origin = tilesOrigin(body);
  const look = LOOKS[theme];
  const painted = document.createElement("canvas");
  const marks = deadMarks(layout, tiles, order, body.dead);
  const ranges = range ?? perTileRanges(tiles, colouring.rule);
  const specials = drawGrid(painted, layout, tiles, ranges, colouring, order, { marks, theme });
  context.save();
  context.translate(left + origin.x, top + origin.y);
  context.imageSmoothingEnabled = false;
  context.drawImage(painted, 0, 0, layout.width * layout.zoom, layout.height * layout.zoom);
  const overlay = { dead: marks, specials, outlines: body.outlines, smooth: body.smooth };
  drawOverlayOn(context, painted, layout, overlay, look.mark);
  drawPlaces(context, body);
  drawLabels(context, body, look.secondary);
  if (body.bars !== null) drawBars(context, body, body.bars, theme);
  drawBeside(context, body, look.secondary, factor);
  context.restore();
}

function drawLabels(context: Context, { grid }: GridBody, colour: string): void {
  const { layout, gutter, labelWidth, rowLabels, columnLabels, tileLabels } = grid;
  const { zoom, tileWidth, tileHeight } = layout;
  const below = (text: string, place: number, edge: number): void => {
    const width = tileWidth * zoom;
    const x = placeTile(layout, place).left * zoom + width / 2;
    write(
      context,
      "label",
      colour,
      fitText(context, "label", text, width),
      x,
      edge * zoom + LABEL_HEIGHT / 2 + 1,
      "center",
    );
  };
  for (const [place, text] of (tileLabels ?? []).entries())
    below(text, place, placeTile(layout, place).top + tileHeight);
  for (const [column, text] of (columnLabels ?? []).entries()) below(text, column, layout.height);
  for (const [row, text] of (rowLabels ?? []).entries()) {
    const { left, top } = placeTile(layout, row * layout.columns);
    const right = left * zoom - gutter + labelWidth - 6;
    write(
      context,
      "label",
      colour,
      fitText(context, "label", text, labelWidth - 6),
      right,
      (top + tileHeight / 2) * zoom,
      "right",
    );
  }
}

// What excited a unit, dark and light, so that it is seen on any picture.
function drawPlaces(context: Context, { grid, tiles }: GridBody): void {
  const frames = placeFrames(grid.layout, tiles, grid.order);
  for (const [width, colour] of [
    [3, "rgb(0 0 0 / 65%)"],
    [1.25, "#ffd54a"],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    for (const frame of frames)
      context.strokeRect(frame.left, frame.top, frame.width, frame.height);
  }
}

function drawBeside(
  context: Context,
  { grid, tiles, pictures }: GridBody,
  colour: string,
  factor: number,
): void {
  if (pictures === null || grid.pictures.length === 0) return;
  for (const picture of grid.pictures) {
    const canvas = document.createElement("canvas");
    drawPictures(canvas, pictures, [{ ...picture, left: 0, top: 0 }], picture, factor);
    context.drawImage(canvas, picture.left, picture.top, picture.width, picture.height);
  }
  const samples = tiles.header.axes.find(({ name }) => name === SAMPLE);
  const [first] = grid.pictures;
  if (grid.aside === 0 || first === undefined || samples === undefined) return;
  const text = samples.labels?.[first.sample] ?? positionText(samples, first.sample);
  const y = grid.leastHeight - LABEL_HEIGHT / 2;
  write(
    context,
    "label",
    colour,
    fitText(context, "label", text, first.width),
    first.left + first.width / 2,
    y,
    "center",
  );
}

function drawBars(
  context: Context,
  { grid: { layout, order } }: GridBody,
  bars: PictureBars,
  theme: Theme,
): void {
  const look = LOOKS[theme];
  const { zoom, tileHeight, tileWidth, columns } = layout;
  const { room, classes, weights, scale } = bars;
  const width = tileWidth * zoom;
  const middle = Math.round(width / 2);
  for (let place = 0; place < layout.tiles; place++) {
    const corner = placeTile(layout, place);
    const x = corner.left * zoom;
    const y = (corner.top + tileHeight) * zoom + ABOVE_BARS;
    if (place % columns === 0) {
      for (const [at, { name }] of classes.entries())
        write(
          context,
          "label",
          look.secondary,
          nameBeside(name, room),
          x - NAME_SPACE,
          y + (at + 0.5) * room.pitch,
          "right",
        );
    }
    if (weights === null) continue;
    const unit = Math.floor((order?.[place] ?? place) / bars.tilesPerUnit);
    for (const [at, { index }] of classes.entries()) {
      const span = barSpan(weightAt(weights, unit, index), scale, width);
      if (span.kind !== "negative" && span.kind !== "positive") continue;
      const shown = Math.max(1, span.width);
      context.fillStyle = span.kind === "negative" ? look.negative : look.positive;
      const height = Math.max(2, room.pitch - BETWEEN_BARS);
      context.fillRect(
        x + (span.kind === "negative" ? middle - shown : middle),
        y + at * room.pitch + BETWEEN_BARS / 2,
        shown,
        height,
      );
    }
    context.fillStyle = look.mark;
    context.fillRect(x + middle, y - 2, 1, classes.length * room.pitch + 4);
  }
}

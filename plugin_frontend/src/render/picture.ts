/**
 * One exported picture of a panel: title and facts, the scale, the runs side by side, remarks. Laid out once for all
 * frames of an animation, so that nothing moves but the values. Knows the 2D context; must not know records.
 */
import type { PictureBody, PictureColumn, PictureContent } from "../model/picture_content.js";
import { drawMarks } from "./picture_drawing.js";
import { drawGridBody, gridSize, type Size } from "./picture_grid.js";
import { drawLegend, LEGEND_HEIGHT, legendWidth } from "./picture_legend.js";
import {
  type Context,
  fitText,
  LOOKS,
  type PictureLook,
  textWidth,
  wrapText,
  write,
} from "./picture_look.js";

const MARGIN = 24;
const LEAST_WIDTH = 520;
const COLUMN_GAP = 32;
const LINE = 20;
const CAPTION = 26;
const BETWEEN = 14;
const LEGEND_DISTANCE = 32;
const DOT = 5;

/** No browser draws larger canvases than this a side, nor of more pixels, on every machine. */
export const MAX_SIDE = 16_384;
export const MAX_PIXELS = 2 ** 27;

/** In CSS pixels. */
export interface PicturePlan {
  readonly size: Size;
  readonly columnWidths: readonly number[];
  readonly bodyTop: number;
  readonly isLegendBeside: boolean;
}

/** A plan that has room for each of these contents, the frames of an animation or the one picture. */
export function planPicture(contents: readonly PictureContent[]): PicturePlan {
  const context = measuring();
  const columns = Math.max(0, ...contents.map((content) => content.columns.length));
  const most = (of: (content: PictureContent) => number): number =>
    Math.max(0, ...contents.map(of));
  const columnWidths = Array.from({ length: columns }, (_, at) =>
    most((content) => {
      const column = content.columns[at];
      if (column === undefined) return 0;
      return Math.max(bodySize(column.body).width, captionWidth(context, column));
    }),
  );
  const legend = most((content) =>
    content.legend === null ? 0 : legendWidth(context, content.legend),
  );
  const title = most(({ title }) => textWidth(context, "title", title));
  const together =
    columnWidths.reduce((sum, width) => sum + width, 0) + COLUMN_GAP * Math.max(0, columns - 1);
  const inner = Math.ceil(Math.max(LEAST_WIDTH, together, legend));
  const facts = most((content) => textWidth(context, "text", content.facts));
  const isLegendBeside =
    legend === 0 || Math.max(title, Math.min(facts, 300)) + LEGEND_DISTANCE + legend <= inner;
  const captionTop = MARGIN + 2 * LINE + (isLegendBeside ? 0 : LEGEND_HEIGHT + 6) + BETWEEN;
  const bodyTop = captionTop + CAPTION;
  const body = most(({ columns }) =>
    Math.max(0, ...columns.map((column) => bodySize(column.body).height)),
  );
  const remarks = most((content) => remarkLines(context, content, inner).length);
  const below = remarks === 0 ? 0 : BETWEEN + remarks * LINE;
  return {
    size: { width: inner + 2 * MARGIN, height: Math.ceil(bodyTop + body + below + MARGIN) },
    columnWidths,
    bodyTop,
    isLegendBeside,
  };
}

const LEAST_COLUMN = 150;
/** A long caption makes its column no wider than this. */
const WIDEST_CAPTION = 380;

function captionWidth(context: Context, { name, facts }: PictureColumn): number {
  if (name === "") return LEAST_COLUMN;
  const words = textWidth(context, "name", name) + textWidth(context, "text", facts);
  return Math.max(LEAST_COLUMN, Math.min(WIDEST_CAPTION, Math.ceil(words + 2 * DOT + 18)));
}

/** Draws a content on a canvas, `factor` pixels for one of the screen. */
export function drawPicture(
  canvas: HTMLCanvasElement,
  content: PictureContent,
  plan: PicturePlan,
  factor: number,
): void {
  const { size, columnWidths, bodyTop } = plan;
  const [width, height] = [size.width * factor, size.height * factor];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser gives no canvas of this size");
  const look = LOOKS[content.theme];
  context.setTransform(factor, 0, 0, factor, 0, 0);
  context.fillStyle = look.page;
  context.fillRect(0, 0, size.width, size.height);
  drawHead(context, content, plan);
  let left = MARGIN;
  for (const [at, column] of content.columns.entries()) {
    const room = columnWidths[at] ?? 0;
    const middle = bodyTop - CAPTION + 8;
    drawCaption(context, column, look, left, middle, room);
    drawBody(context, column.body, content, left, bodyTop, factor);
    left += room + COLUMN_GAP;
  }
  const remarks = remarkLines(context, content, size.width - 2 * MARGIN);
  const remarksTop = size.height - MARGIN - remarks.length * LINE;
  for (const [line, text] of remarks.entries())
    write(context, "small", look.secondary, text, MARGIN, remarksTop + (line + 0.5) * LINE);
}

/** Of a long name this share of the column stays, whatever there is to be said of the run. */
const NAME_SHARE = 0.4;

function drawCaption(
  context: Context,
  { name, colour, facts }: PictureColumn,
  look: PictureLook,
  left: number,
  middle: number,
  room: number,
): void {
  if (name === "") return;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(left + DOT, middle, DOT, 0, 2 * Math.PI);
  context.fill();
  const nameLeft = left + 2 * DOT + 6;
  const inner = room - 2 * DOT - 6 - 8;
  const most = Math.max(NAME_SHARE * inner, inner - textWidth(context, "text", facts));
  const shown = fitText(context, "name", name, most);
  write(context, "name", look.ink, shown, nameLeft, middle);
  const factsLeft = nameLeft + textWidth(context, "name", shown) + 8;
  const shownFacts = fitText(context, "text", facts, left + room - factsLeft);
  write(context, "text", look.secondary, shownFacts, factsLeft, middle);
}

/** Width and height of what a run shows, in CSS pixels. */
export function bodySize(body: PictureBody): Size {
  if (body.kind === "grid") return gridSize(body);
  if (body.kind === "drawing") return body;
  return { width: body.isNumber ? 180 : 260, height: body.isNumber ? 32 : 48 };
}

function drawBody(
  context: Context,
  body: PictureBody,
  { theme }: PictureContent,
  left: number,
  top: number,
  factor: number,
): void {
  const look = LOOKS[theme];
  if (body.kind === "grid") {
    drawGridBody(context, body, theme, left, top, factor);
  } else if (body.kind === "drawing") {
    drawMarks(context, body, left, top);
  } else if (body.isNumber) {
    write(context, "number", look.ink, body.text, left, top + 16);
  } else {
    for (const [line, text] of wrapText(context, "small", body.text, 250).entries())
      write(context, "small", look.secondary, text, left, top + (line + 0.5) * LINE);
  }
}

function drawHead(
  context: Context,
  content: PictureContent,
  { size, isLegendBeside }: PicturePlan,
): void {
  const look = LOOKS[content.theme];
  const inner = size.width - 2 * MARGIN;
  const legend = content.legend === null ? 0 : legendWidth(context, content.legend);
  const room = isLegendBeside && legend > 0 ? inner - legend - LEGEND_DISTANCE : inner;
  write(
    context,
    "title",
    look.ink,
    fitText(context, "title", content.title, room),
    MARGIN,
    MARGIN + LINE / 2,
  );
  write(
    context,
    "text",
    look.secondary,
    fitText(context, "text", content.facts, room),
    MARGIN,
    MARGIN + 1.5 * LINE + 2,
  );
  if (content.legend === null) return;
  const [x, y] = isLegendBeside
    ? [MARGIN + inner - legend, MARGIN]
    : [MARGIN, MARGIN + 2 * LINE + 8];
  drawLegend(context, content.legend, content.theme, Math.floor(x), y);
}

function remarkLines(
  context: Context,
  { remarks }: PictureContent,
  width: number,
): readonly string[] {
  return wrapText(context, "small", remarks.join(" · "), width);
}

function measuring(): Context {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) throw new Error("this browser gives no canvas");
  return context;
}

/**
 * Draws one exported picture of a panel as it was planned: title and facts, the scale, the runs side by side, remarks.
 * Knows the 2D context; must not know records.
 */
import type { PictureBody, PictureColumn, PictureContent } from "../model/picture_content.js";
import { drawMarks } from "./picture_drawing.js";
import { drawGridBody } from "./picture_grid.js";
import { drawLegend, legendWidth } from "./picture_legend.js";
import {
  type Context,
  fitText,
  LOOKS,
  type PictureLook,
  textWidth,
  wrapText,
  write,
} from "./picture_look.js";
import {
  CAPTION,
  COLUMN_GAP,
  DOT,
  LEGEND_DISTANCE,
  LINE,
  MARGIN,
  type PicturePlan,
  TEXT_WIDTH,
} from "./picture_plan.js";

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
  const remarks = wrapText(context, "small", content.remarks.join(" · "), size.width - 2 * MARGIN);
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
    for (const [line, text] of wrapText(context, "small", body.text, TEXT_WIDTH).entries())
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

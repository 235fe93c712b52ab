/**
 * Draws one exported picture of a panel as it was planned: title and facts, the scale, the runs side by side, remarks.
 * Knows the 2D context; must not know records.
 */
import type { PictureBody, PictureColumn, PictureContent } from "../model/picture_content.js";
import { drawMarks } from "./picture_drawing.js";
import { drawGridBody } from "./picture_grid.js";
import { drawHead } from "./picture_head.js";
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
  belowTexts,
  CAPTION,
  COLUMN_GAP,
  DOT,
  FACTS_GAP,
  LINE,
  MARGIN,
  NAME_LEFT,
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
  const { size, columnWidths, captionLines, bodyTop, belowTop } = plan;
  const captionTop = bodyTop - CAPTION - Math.max(0, ...captionLines) * LINE;
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
    drawCaption(context, column, look, left, captionTop + 8, room, captionLines[at] ?? 0);
    drawBody(context, column.body, content, left, bodyTop, factor);
    for (const [line, text] of belowTexts(context, column.below ?? [], room).entries())
      write(context, "small", look.secondary, text, left, belowTop + (line + 0.5) * LINE);
    left += room + COLUMN_GAP;
  }
  const remarks = wrapText(context, "small", content.remarks.join(" · "), size.width - 2 * MARGIN);
  const remarksTop = size.height - MARGIN - remarks.length * LINE;
  for (const [line, text] of remarks.entries())
    write(context, "small", look.secondary, text, MARGIN, remarksTop + (line + 0.5) * LINE);
}

function drawCaption(
  context: Context,
  { name, colour, facts }: PictureColumn,
  look: PictureLook,
  left: number,
  middle: number,
  room: number,
  lines: number,
): void {
  if (name === "") return;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(left + DOT, middle, DOT, 0, 2 * Math.PI);
  context.fill();
  const shown = fitText(context, "name", name, room - NAME_LEFT);
  write(context, "name", look.ink, shown, left + NAME_LEFT, middle);
  const ink = look.secondary;
  if (lines > 0) {
    for (const [line, text] of wrapText(context, "text", facts, room).entries())
      write(context, "text", ink, text, left, middle + (line + 1) * LINE);
    return;
  }
  const beside = left + NAME_LEFT + textWidth(context, "name", shown) + FACTS_GAP;
  write(context, "text", ink, facts, beside, middle);
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

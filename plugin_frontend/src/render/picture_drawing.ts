/** Draws the marks of a drawing body. Knows the 2D context; must not know what they stand for. */
import type { DrawingBody, Mark } from "../model/picture_content.js";
import { type Context, write } from "./picture_look.js";

export function drawMarks(
  context: Context,
  { marks }: DrawingBody,
  left: number,
  top: number,
): void {
  context.save();
  context.translate(left, top);
  for (const mark of marks) {
    if (mark.mark === "text") drawText(context, mark);
    else drawPath(context, mark);
  }
  context.restore();
}

function drawPath(context: Context, mark: Extract<Mark, { readonly mark: "path" }>): void {
  const { d, x = 0, y = 0, scale = 1, fill, opacity = 1, stroke, lineWidth = 1, dash = "" } = mark;
  const path = new Path2D(d);
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  if (fill !== undefined) {
    context.globalAlpha = opacity;
    context.fillStyle = fill;
    context.fill(path);
    context.globalAlpha = 1;
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth;
    context.lineJoin = "round";
    context.setLineDash(dash === "" ? [] : dash.split(" ").map(Number));
    context.stroke(path);
  }
  context.restore();
}

function drawText(context: Context, mark: Extract<Mark, { readonly mark: "text" }>): void {
  const { text, x, y, colour, font, align = "left", isUpright = false } = mark;
  if (!isUpright) {
    write(context, font, colour, text, x, y, align);
    return;
  }
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  write(context, font, colour, text, 0, 0, align);
  context.restore();
}

/** The path of a rectangle, its corners round. */
export function rectPath(x: number, y: number, width: number, height: number, radius = 0): string {
  const r = Math.min(radius, width / 2, height / 2);
  if (r === 0) return `M${x} ${y}h${width}v${height}h${-width}z`;
  const [w, h] = [width - 2 * r, height - 2 * r];
  const arc = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M${x + r} ${y}h${w}${arc(r, r)}v${h}${arc(-r, r)}h${-w}${arc(-r, -r)}v${-h}${arc(r, -r)}z`;
}

/** The head of an exported picture: its title, what is shown, and what the colours are. Knows the 2D context. */
import type { PictureContent } from "../model/picture_content.js";
import { drawMarks } from "./picture_drawing.js";
import { drawLegend, legendWidth } from "./picture_legend.js";
import { type Context, fitText, LOOKS, write } from "./picture_look.js";
import { LEGEND_DISTANCE, LINE, MARGIN, type PicturePlan } from "./picture_plan.js";

export function drawHead(
  context: Context,
  { theme, title, facts, legend }: PictureContent,
  { size, isLegendBeside }: PicturePlan,
): void {
  const look = LOOKS[theme];
  const inner = size.width - 2 * MARGIN;
  const width = legend === null ? 0 : legendWidth(context, legend);
  const room = isLegendBeside && width > 0 ? inner - width - LEGEND_DISTANCE : inner;
  const shownTitle = fitText(context, "title", title, room);
  write(context, "title", look.ink, shownTitle, MARGIN, MARGIN + LINE / 2);
  const shownFacts = fitText(context, "text", facts, room);
  write(context, "text", look.secondary, shownFacts, MARGIN, MARGIN + 1.5 * LINE + 2);
  if (legend === null) return;
  const [x, y] = isLegendBeside
    ? [MARGIN + inner - width, MARGIN]
    : [MARGIN, MARGIN + 2 * LINE + 8];
  if (legend.kind === "drawing") drawMarks(context, legend, Math.floor(x), y);
  else drawLegend(context, legend, theme, Math.floor(x), y);
}

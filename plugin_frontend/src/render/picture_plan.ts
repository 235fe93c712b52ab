/**
 * Where the parts of an exported picture stand: planned once for all frames of an animation, so that nothing moves but the
 * values. Measures texts; must not know what is drawn.
 */
import type { PictureBody, PictureColumn, PictureContent } from "../model/picture_content.js";
import { gridSize, type Size } from "./picture_grid.js";
import { LEGEND_HEIGHT, legendWidth } from "./picture_legend.js";
import { type Context, measuring, textWidth, wrapText } from "./picture_look.js";

export const MARGIN = 24;
const LEAST_WIDTH = 520;
export const COLUMN_GAP = 32;
export const LINE = 20;
export const CAPTION = 26;
const BETWEEN = 14;
export const LEGEND_DISTANCE = 32;
export const DOT = 5;
const LEAST_COLUMN = 150;
/** A long caption makes its column no wider than this. */
const WIDEST_CAPTION = 380;

/** Of what stands in place of tiles. */
export const TEXT_WIDTH = 250;

/** In CSS pixels. */
export interface PicturePlan {
  readonly size: Size;
  readonly columnWidths: readonly number[];
  readonly bodyTop: number;
  readonly isLegendBeside: boolean;
}

/** What a content needs room for, in CSS pixels. */
export interface PictureMeasures {
  readonly columnWidths: readonly number[];
  readonly body: number;
  readonly legend: number;
  readonly title: number;
  readonly facts: number;
  readonly remarks: string;
}

export function measurePicture(content: PictureContent): PictureMeasures {
  const context = measuring();
  const { columns, legend, title, facts, remarks } = content;
  const sizes = columns.map(({ body }) => bodySize(body));
  return {
    columnWidths: columns.map((column, at) =>
      Math.max(sizes[at]?.width ?? 0, captionWidth(context, column)),
    ),
    body: Math.max(0, ...sizes.map(({ height }) => height)),
    legend: legend === null ? 0 : legendWidth(context, legend),
    title: textWidth(context, "title", title),
    facts: textWidth(context, "text", facts),
    remarks: remarks.join(" · "),
  };
}

/** A plan that has room for all that was measured: the frames of an animation, or the one picture. */
export function planPicture(measured: readonly PictureMeasures[]): PicturePlan {
  const context = measuring();
  const most = (of: (each: PictureMeasures) => number): number =>
    measured.reduce((largest, each) => Math.max(largest, of(each)), 0);
  const columns = most(({ columnWidths }) => columnWidths.length);
  const columnWidths = Array.from({ length: columns }, (_, at) =>
    most((each) => each.columnWidths[at] ?? 0),
  );
  const legend = most((each) => each.legend);
  const together =
    columnWidths.reduce((sum, width) => sum + width, 0) + COLUMN_GAP * Math.max(0, columns - 1);
  const inner = Math.ceil(Math.max(LEAST_WIDTH, together, legend));
  const beside = Math.max(
    most(({ title }) => title),
    Math.min(
      most(({ facts }) => facts),
      300,
    ),
  );
  const isLegendBeside = legend === 0 || beside + LEGEND_DISTANCE + legend <= inner;
  const captionTop = MARGIN + 2 * LINE + (isLegendBeside ? 0 : LEGEND_HEIGHT + 6) + BETWEEN;
  const bodyTop = captionTop + CAPTION;
  const texts = new Set(measured.map(({ remarks }) => remarks));
  const lines = Math.max(
    0,
    ...[...texts].map((text) => wrapText(context, "small", text, inner).length),
  );
  const below = lines === 0 ? 0 : BETWEEN + lines * LINE;
  const height = Math.ceil(bodyTop + most(({ body }) => body) + below + MARGIN);
  return { size: { width: inner + 2 * MARGIN, height }, columnWidths, bodyTop, isLegendBeside };
}

function captionWidth(context: Context, { name, facts }: PictureColumn): number {
  if (name === "") return LEAST_COLUMN;
  const words = textWidth(context, "name", name) + textWidth(context, "text", facts);
  return Math.max(LEAST_COLUMN, Math.min(WIDEST_CAPTION, Math.ceil(words + 2 * DOT + 18)));
}

/** Width and height of what a run shows, in CSS pixels. */
export function bodySize(body: PictureBody): Size {
  if (body.kind === "grid") return gridSize(body);
  if (body.kind === "drawing") return body;
  if (body.isNumber) return { width: 180, height: 32 };
  const lines = wrapText(measuring(), "small", body.text, TEXT_WIDTH).length;
  return { width: TEXT_WIDTH + 10, height: Math.max(48, lines * LINE) };
}

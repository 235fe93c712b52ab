/**
 * Where the parts of an exported picture stand: planned once for all frames of an animation, so that nothing moves but the
 * values. Measures texts; must not know what is drawn.
 */
import {
  NOT_READ,
  type PictureBody,
  type PictureColumn,
  type PictureContent,
} from "../model/picture_content.js";
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
/** A long caption makes its column no wider than this; the rest stands in further lines. */
const WIDEST_CAPTION = 380;

/** Of what stands in place of tiles. */
export const TEXT_WIDTH = 250;

/** In CSS pixels. */
export interface PicturePlan {
  readonly size: Size;
  readonly columnWidths: readonly number[];
  /** Of each column, how many lines its facts take below the run's name; 0 where they stand beside it. */
  readonly captionLines: readonly number[];
  readonly bodyTop: number;
  /** Where what is to be read below the bodies begins. */
  readonly belowTop: number;
  readonly isLegendBeside: boolean;
}

/** What a content needs room for, in CSS pixels. */
export interface PictureMeasures {
  readonly columnWidths: readonly number[];
  readonly columns: readonly PictureColumn[];
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
    columns: columns.map((column) => ({ ...column, body: NOT_READ })),
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
  const captionLines = columnWidths.map((width, at) =>
    most(({ columns: each }) => factsLines(context, each[at], width)),
  );
  const captionTop = MARGIN + 2 * LINE + (isLegendBeside ? 0 : LEGEND_HEIGHT + 6) + BETWEEN;
  const bodyTop = captionTop + CAPTION + Math.max(0, ...captionLines) * LINE;
  const belowTop = bodyTop + most(({ body }) => body);
  const belowLines = columnWidths.map((width, at) =>
    most(({ columns: each }) => belowTexts(context, each[at]?.below ?? [], width).length),
  );
  const readBelow = Math.max(0, ...belowLines);
  const texts = new Set(measured.map(({ remarks }) => remarks));
  const lines = Math.max(
    0,
    ...[...texts].map((text) => wrapText(context, "small", text, inner).length),
  );
  const remarksHeight = lines === 0 ? 0 : BETWEEN + lines * LINE;
  const readHeight = readBelow === 0 ? 0 : BETWEEN + readBelow * LINE;
  const height = Math.ceil(belowTop + readHeight + remarksHeight + MARGIN);
  const size = { width: inner + 2 * MARGIN, height };
  return {
    size,
    columnWidths,
    captionLines,
    bodyTop,
    belowTop: belowTop + BETWEEN,
    isLegendBeside,
  };
}

/** Left of a run's name its dot, and between the name and the facts. */
export const NAME_LEFT = 2 * DOT + 6;
export const FACTS_GAP = 8;

/** The facts of a run that stand below its name, because beside it they have no room. */
export function factsLines(
  context: Context,
  column: PictureColumn | undefined,
  width: number,
): number {
  if (column === undefined || column.name === "") return 0;
  const { name, facts } = column;
  const beside = NAME_LEFT + textWidth(context, "name", name) + FACTS_GAP;
  if (beside + textWidth(context, "text", facts) <= width) return 0;
  return wrapText(context, "text", facts, width).length;
}

/** Each line no wider than the column. */
export function belowTexts(
  context: Context,
  below: readonly string[],
  width: number,
): readonly string[] {
  return below.flatMap((text) => wrapText(context, "small", text, width));
}

function captionWidth(context: Context, { name, facts, below = [] }: PictureColumn): number {
  if (name === "") return LEAST_COLUMN;
  const words = textWidth(context, "name", name) + textWidth(context, "text", facts);
  const lines = below.map((text) => Math.ceil(textWidth(context, "small", text)));
  const widest = Math.max(Math.ceil(words + 2 * DOT + 18), ...lines);
  return Math.max(LEAST_COLUMN, Math.min(WIDEST_CAPTION, widest));
}

/** Width and height of what a run shows, in CSS pixels. */
export function bodySize(body: PictureBody): Size {
  if (body.kind === "grid") return gridSize(body);
  if (body.kind === "drawing") return body;
  if (body.isNumber) return { width: 180, height: 32 };
  const lines = wrapText(measuring(), "small", body.text, TEXT_WIDTH).length;
  return { width: TEXT_WIDTH + 10, height: Math.max(48, lines * LINE) };
}

/**
 * How high a histogram panel is: from the index alone, so that it has its place before its records are here. Knows CSS
 * pixels; the styles of the panel's parts keep to these numbers.
 */
import { type Columns, columnBounds, layoutColumns } from "./columns.js";
import type { HistogramPlot } from "./histogram_display.js";
import { ridgeLayout } from "./ridge_layout.js";
import type { PanelEntry } from "./runs.js";
import { MOST_DRAWN } from "./series_plan.js";

/** Height of the labels below a plot. */
export const AXIS_HEIGHT = 20;

/** Of a plot with its axis: a share of its width within these bounds. */
const LEAST_HEIGHT = 176;
const MOST_HEIGHT = 264;
const HEIGHT_SHARE = 0.17;

/** Columns of the table of statistics: the first one, of one layer or of several, and the others. */
export const FIRST_COLUMN = { one: 150, several: 220, severalNarrow: 176 };
export const WIDE_COLUMN = 138;
export const NARROW_COLUMN = 86;
/** What counts of NaN and infinities need, where there is no room. */
export const NARROW_COUNT_COLUMN = 60;
const STATISTICS = 7;

export const ROW_GAP = 14;

/** With the lines round the panel and below its header. */
const HEADER = 43;
const PADDING = 20;
const CAPTION = 28;
const TABLE_HEAD = 8 + 1 + 2 + 24;
const TABLE_ROW = 28;
const NARROW_TABLE_ROW = 44;

/** The columns of plots: of each run one, or one for all. */
export function plotColumns(width: number, columns: number): Columns {
  return layoutColumns(width, Math.max(1, columns), columnBounds("histogram"));
}

/** Height of a plot with its axis. */
export function plotHeight(width: number): number {
  return Math.round(Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, HEIGHT_SHARE * width)));
}

/** True where sparklines stand under their numbers, for want of room beside them. */
export function isNarrow(width: number, layers: number): boolean {
  const first = layers > 1 ? FIRST_COLUMN.several : FIRST_COLUMN.one;
  return width < first + STATISTICS * WIDE_COLUMN;
}

/** Height of a ridge with its axis. */
export function ridgeHeight(steps: number): number {
  return Math.round(ridgeLayout(steps).height) + AXIS_HEIGHT;
}

/** Height of the panel of some tags in CSS pixels, as wide inside as `width`, in a view of so many columns. */
export function histogramHeight(
  panels: readonly PanelEntry[],
  plot: HistogramPlot,
  width: number,
  count: number,
): number {
  const members = panels.flatMap((panel) => panel.members);
  const columns = plotColumns(width, count);
  // The ridges of the layers of a run stand below one another.
  const rows = plot === "ridge" ? mostOfOneRun(members) : 1;
  const steps = Math.max(1, ...members.map(({ entry }) => entry.series.steps.length));
  const height =
    plot === "ridge" ? ridgeHeight(Math.min(MOST_DRAWN, steps)) : plotHeight(columns.width);
  const legend = plot !== "ridge" && panels.length > 1 ? CAPTION : 0;
  const table =
    TABLE_HEAD + members.length * (isNarrow(width, panels.length) ? NARROW_TABLE_ROW : TABLE_ROW);
  return HEADER + PADDING + legend + rows * (CAPTION + height) + (rows - 1) * ROW_GAP + table;
}

function mostOfOneRun(members: PanelEntry["members"]): number {
  const counts = new Map<string, number>();
  for (const { run } of members) counts.set(run.run, (counts.get(run.run) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}

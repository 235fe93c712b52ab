/**
 * How high a histogram panel is: from the index alone, so that it has its place before its records are here. Knows CSS
 * pixels; the styles of the panel's parts keep to these numbers.
 */
import { layoutColumns } from "./columns.js";
import type { HistogramPlot } from "./histogram_display.js";
import { ridgeLayout } from "./ridge_layout.js";
import type { PanelEntry } from "./runs.js";
import { MOST_DRAWN } from "./series_plan.js";

/** Height of the labels below a plot. */
export const AXIS_HEIGHT = 20;

/** Height of a plot with its axis. */
export const PLOT_HEIGHT = 176;

/** Of a panel that is narrower, sparklines stand under their numbers. */
export const WIDE = 1060;

export const ROW_GAP = 14;

const HEADER = 42;
const PADDING = 20;
const CAPTION = 28;
const TABLE_HEAD = 8 + 1 + 2 + 24;
const TABLE_ROW = 29;
const NARROW_TABLE_ROW = 45;

/** Height of a ridge with its axis. */
export function ridgeHeight(steps: number): number {
  return Math.round(ridgeLayout(steps).height) + AXIS_HEIGHT;
}

/** Height of the panel of some tags in CSS pixels, as wide inside as `width`. */
export function histogramHeight(
  panels: readonly PanelEntry[],
  plot: HistogramPlot,
  width: number,
): number {
  const members = panels.flatMap((panel) => panel.members);
  const runs = new Set(members.map(({ run }) => run.run)).size;
  const plots = plot === "runs" ? 1 : plot === "ridge" ? members.length : runs;
  const rows = Math.ceil(plots / layoutColumns(width, plots).perRow);
  const steps = Math.max(1, ...members.map(({ entry }) => entry.series.steps.length));
  const height = plot === "ridge" ? ridgeHeight(Math.min(MOST_DRAWN, steps)) : PLOT_HEIGHT;
  const legend = plot !== "ridge" && panels.length > 1 ? CAPTION : 0;
  const table = TABLE_HEAD + members.length * (width < WIDE ? NARROW_TABLE_ROW : TABLE_ROW);
  return HEADER + PADDING + legend + rows * (CAPTION + height) + (rows - 1) * ROW_GAP + table;
}

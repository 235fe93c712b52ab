/** How the grids of several runs stand side by side. Knows widths in CSS pixels only. */

export interface Columns {
  /** Columns in a row; further runs go below. */
  readonly perRow: number;
  /** Width of each column. */
  readonly width: number;
}

export const COLUMN_GAP = 28;

/** A grid narrower than this shows too little of its tiles. */
const MIN_WIDTH = 300;

export function layoutColumns(available: number, count: number, least = MIN_WIDTH): Columns {
  const fitting = Math.floor((available + COLUMN_GAP) / (least + COLUMN_GAP));
  const perRow = Math.max(1, Math.min(count, fitting));
  return { perRow, width: Math.floor((available - COLUMN_GAP * (perRow - 1)) / perRow) };
}

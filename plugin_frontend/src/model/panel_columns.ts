/**
 * The columns of one panel of grids among those of its view. A run starts where it starts in every panel, but takes the
 * room of the runs right of it that have nothing in this one. Knows the index and widths in CSS pixels.
 */
import { type Columns, columnSpan, layoutColumns, spanWidth } from "./columns.js";
import type { RunEntry } from "./parse_index.js";
import type { PanelEntry } from "./runs.js";
import { sharedMembers } from "./shared_samples.js";

export interface PanelColumns extends Columns {
  /** Columns that each run of the panel extends over. */
  readonly span: number;
  /** Width of these together. */
  readonly wide: number;
  /** Runs whose columns are taken. */
  readonly covered: readonly RunEntry[];
}

/** `runs`: of the view. Where they do not all fit beside one another, each keeps to its own column. */
export function panelColumns(
  panel: PanelEntry,
  runs: readonly RunEntry[],
  width: number,
): PanelColumns {
  const columns = layoutColumns(width, Math.max(1, runs.length));
  const having = new Set(sharedMembers(panel).map(({ run }) => run));
  const places = runs.flatMap((run, place) => (having.has(run) ? [place] : []));
  const span = columns.whole > width || places.length === 0 ? 1 : columnSpan(places, columns.count);
  const covered = places.flatMap((place) => runs.slice(place + 1, place + span));
  return { ...columns, span, wide: spanWidth(columns, span), covered };
}

/**
 * Which columns of a view are in sight, and whose records its panels therefore need. Pure functions of the state and
 * what follows from it; must not know widths, nor what is drawn in a column.
 */
import type { PanelEntry } from "../model/runs.js";
import type { StepMatch } from "../model/time_axis.js";
import { standsInColumns } from "../model/view_columns.js";
import type { AppState } from "./app_state.js";
import { type Derived, matchAt } from "./derived.js";

/** True where a row above the panels names the runs: then the panels need not. One that is shown alone does. */
export function hasRunRow({ columns, stage }: Derived): boolean {
  return columns.runs.length > 1 && stage === null;
}

/** Where a run stands in most panels of the view; null for a run without any. */
export function columnMatch(derived: Derived, run: string): StepMatch | null {
  const series = derived.columns.series.get(run);
  return series === undefined ? null : matchAt(derived, run, series);
}

/**
 * True for a run whose column is in sight or nearly so, and for all where it is not known what is. A tile in the large is
 * shown in all runs.
 */
export function isColumnInSight(
  { columnsInSight, opened }: AppState,
  { columns }: Derived,
  run: string,
): boolean {
  if (opened !== null) return true;
  return columnsInSight === null || columns.runs.length < 2 || columnsInSight.has(run);
}

/**
 * The members whose records a panel waits for at a point of the timeline: those in sight, and those that decide in which
 * order tiles stand and which are hidden, so that scrolling sideways changes neither; one where a tile is looked for.
 */
export function neededMembers(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  pointIndex = derived.pointIndex,
): PanelEntry["members"] {
  const { sort, reversed, hideDead, orderRun, similarTo } = state.display;
  if (!standsInColumns(panel) || hideDead) return panel.members;
  const isSorted = sort !== "index" || reversed || state.classSort !== null;
  const having = panel.members.filter(
    ({ run, entry }) => matchAt(derived, run.run, entry.series, pointIndex).match !== "none",
  );
  // By difference the second one decides where the first is what it is compared with.
  const decides = isSorted || panel.tag === state.findsIn;
  const first = decides ? having.slice(0, sort === "difference" ? 2 : 1) : [];
  const deciding = new Set(first.map(({ run }) => run.run));
  for (const run of isSorted ? [orderRun, similarTo?.run] : []) if (run) deciding.add(run);
  return panel.members.filter(
    ({ run }) => deciding.has(run.run) || isColumnInSight(state, derived, run.run),
  );
}

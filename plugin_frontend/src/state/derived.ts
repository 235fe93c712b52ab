/**
 * What follows from the state: the shown runs, their panels, the steps of the timeline. Pure functions of one
 * snapshot; must not know records.
 */

import { groupNotices, type NoticeGroup, type SkippedOfRun, skippedOf } from "../model/notices.js";
import type { RunEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import {
  type PanelEntry,
  panelsOf,
  parseRunFilter,
  type RunFilter,
  shownRuns,
  viewCounts,
} from "../model/runs.js";
import { positionIndex, unionSteps } from "../model/steps.js";
import type { AppState } from "./app_state.js";

export interface Derived {
  readonly allRuns: readonly RunEntry[];
  readonly filter: RunFilter;
  readonly runs: readonly RunEntry[];
  readonly views: ReadonlyMap<string, number>;
  readonly panels: readonly PanelEntry[];
  readonly notices: readonly NoticeGroup[];
  readonly skipped: readonly SkippedOfRun[];
  readonly steps: readonly number[];
  /** Index of the shown step in `steps`; −1 where there are none. */
  readonly stepIndex: number;
  readonly step: number | null;
}

type Selection = Omit<Derived, "stepIndex" | "step">;

/**
 * Makes the function from state to `Derived`. It keeps its last result: what depends on the runs alone stays the same
 * objects while only the step or the display changes, so that components need not look at it again.
 */
export function createDerive(): (state: AppState) => Derived {
  let from: AppState | null = null;
  let selection: Selection | null = null;
  let derived: Derived | null = null;
  return (state) => {
    if (derived !== null && state === from) return derived;
    if (selection === null || from === null || !sameSelection(state, from))
      selection = select(state);
    const stepIndex = positionIndex(selection.steps, state.position);
    derived = { ...selection, stepIndex, step: selection.steps[stepIndex] ?? null };
    from = state;
    return derived;
  };
}

function sameSelection(a: AppState, b: AppState): boolean {
  return (
    a.index === b.index &&
    a.runChoices === b.runChoices &&
    a.runDefaults === b.runDefaults &&
    a.runFilter === b.runFilter &&
    a.view === b.view
  );
}

function select(state: AppState): Selection {
  const filter = parseRunFilter(state.runFilter);
  const index = state.index.status === "ready" ? state.index.value : { runs: [] };
  const runs = shownRuns(index, state, filter);
  const panels = panelsOf(runs, state.view);
  const series = panels.flatMap(({ members }) => members.map(({ entry }) => entry.series));
  return {
    allRuns: index.runs,
    filter,
    runs,
    views: viewCounts(index.runs, runs),
    panels,
    notices: groupNotices(runs),
    skipped: skippedOf(runs),
    steps: unionSteps(series),
  };
}

/** The moment of a step, from the first shown run that has it. */
export function momentAt(
  state: AppState,
  runs: readonly RunEntry[],
  step: number,
): Moment | undefined {
  for (const { run } of runs) {
    const moment = state.timelines.get(run)?.get(step);
    if (moment !== undefined) return moment;
  }
  return undefined;
}

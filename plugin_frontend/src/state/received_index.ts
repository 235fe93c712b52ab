/** What an index that has come changes of the state. A pure function; must not know where indices come from. */
import type { Parsed } from "../model/parse.js";
import type { Index, RunEntry } from "../model/parse_index.js";
import { assignColours, type RememberedColours } from "../model/run_colours.js";
import { assignDefaults, parseRunFilter, shownRuns } from "../model/runs.js";
import { type AppState, withColours } from "./app_state.js";
import type { Timelines } from "./index_loading.js";

/** Runs that were here keep their ticks and colours. A failed reload leaves the older index standing. */
export function receiveIndex(
  before: AppState,
  loaded: Parsed<Index>,
  timelines: Timelines,
  remembered: RememberedColours,
): Partial<AppState> {
  if (!loaded.ok) {
    return before.index.status === "ready"
      ? { reloadError: loaded.message }
      : { index: { status: "error", message: loaded.message } };
  }
  const { runs } = loaded.value;
  const assigned = assignColours(before.assignedColours, runs, remembered.assigned);
  return {
    index: { status: "ready", value: loaded.value },
    reloadError: null,
    timelines: new Map([...before.timelines, ...timelines]),
    ...withColours(assigned, before.chosenColours),
    runDefaults: assignDefaults(before, runs),
  };
}

/**
 * The runs whose moments have to come with an index: those that it will show, and the pinned one. None while no moments
 * are known, as for the first index: all runs stand by their steps, and more of these do no harm.
 */
export function awaitedRuns(before: AppState, index: Index): readonly RunEntry[] {
  if (before.timelines.size === 0) return [];
  const ticks = { ...before, runDefaults: assignDefaults(before, index.runs) };
  const shown = new Set(shownRuns(index, ticks, parseRunFilter(before.runFilter)));
  return index.runs.filter((each) => shown.has(each) || each.run === before.reference.run);
}

/** What an index that has come changes of the state. A pure function; must not know where indices come from. */
import type { Parsed } from "../model/parse.js";
import type { Index } from "../model/parse_index.js";
import { assignColours, type RememberedColours } from "../model/run_colours.js";
import { assignDefaults } from "../model/runs.js";
import { type AppState, withColours } from "./app_state.js";

/** Runs that were here keep their ticks and colours. A failed reload leaves the older index standing. */
export function receiveIndex(
  before: AppState,
  loaded: Parsed<Index>,
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
    ...withColours(assigned, before.chosenColours),
    runDefaults: assignDefaults(before, runs),
  };
}

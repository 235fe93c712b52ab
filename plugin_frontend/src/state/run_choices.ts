/**
 * Which runs are ticked after a choice in the list of runs. Pure functions of the state; must not know what else follows
 * from a choice.
 */
import { isSelected } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";

type RunChoices = AppState["runChoices"];

/** Ticked where it was not, unticked where it was. */
export function otherwiseTicked(state: AppState, run: string): RunChoices {
  return new Map(state.runChoices).set(run, !isSelected(state, run));
}

/** This run alone; where it is alone already, all runs that pass the filter. */
export function onlyRun(state: AppState, derived: Derived, run: string): RunChoices {
  const { runs } = derived;
  const isAlone = runs.length === 1 && runs[0]?.run === run;
  return isAlone ? allRunsTicked(state, derived, true) : choose(derived, (each) => each === run);
}

/** All runs that pass the filter are ticked or unticked; the others stay as they are. */
export function allRunsTicked(state: AppState, derived: Derived, ticked: boolean): RunChoices {
  const { filter } = derived;
  return choose(derived, (run, name) =>
    !filter.valid || filter.matches(name) ? ticked : isSelected(state, run),
  );
}

function choose(
  { allRuns }: Derived,
  isTicked: (run: string, name: string) => boolean,
): RunChoices {
  return new Map(allRuns.map(({ run, name }) => [run, isTicked(run, name)]));
}

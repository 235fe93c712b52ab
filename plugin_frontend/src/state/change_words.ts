/** What shown changes and differences are taken from, in words. Pure functions of the state; must not know records. */

import type { RunEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import { isPinned, pointText, referenceText } from "../model/reference.js";
import { momentText } from "../model/steps.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";

/** `change since epoch 2`, `difference to mlp-512 at epoch 3`. `since`: what all are compared with, where it is one moment. */
export function changeWords(
  { display, reference }: AppState,
  { axis, pinnedRun }: Derived,
  since: Moment | null,
): string {
  if (display.show === "difference") {
    const name = pinnedRun?.name ?? reference.run;
    return `difference to ${referenceText(reference, name, axis)}`;
  }
  const other = display.show === "change-since-start" ? "start" : "the previous step";
  return `change since ${since === null ? other : momentText(since, axis)}`;
}

/**
 * A difference as it is taken: `mlp-512 − mlp-4000 at epoch 3`; of a pinned point `mlp-512 at epoch 8 − mlp-4000 at
 * epoch 3`, or of each run itself `epoch 8 − epoch 3`. `minuends`: the runs that are not their own reference.
 */
export function differenceWords(
  { reference }: AppState,
  { axis, point, pinnedRun }: Derived,
  minuends: readonly RunEntry[],
  since: Moment | null,
): string {
  const here = point === null ? "" : pointText(point, axis);
  const pinned = reference.point === null ? here : pointText(reference.point, axis);
  const there = since === null ? pinned : momentText(since, axis);
  if (reference.run === null) return `${here} − ${there}`;
  const [only, ...others] = minuends;
  const name = only === undefined || others.length > 0 ? "each run" : only.name;
  const shown = reference.point === null ? name : `${name} at ${here}`;
  return `${shown} − ${pinnedRun?.name ?? reference.run} at ${there}`;
}

/** What is shown and what is pinned, for those who do not see it. */
export function shownWords(state: AppState, derived: Derived): string {
  const { display, reference } = state;
  if (display.show !== "value") return changeWords(state, derived, null);
  if (!isPinned(reference)) return "values, nothing is pinned";
  const name = derived.pinnedRun?.name ?? reference.run;
  return `values, pinned: ${referenceText(reference, name, derived.axis)}`;
}

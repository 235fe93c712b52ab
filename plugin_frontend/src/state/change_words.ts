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
  { axis, pinnedName }: Derived,
  since: Moment | null,
): string {
  if (display.show === "difference") {
    return `difference to ${referenceText(reference, pinnedName, axis)}`;
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
  { axis, point, pinnedName }: Derived,
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
  return `${shown} − ${pinnedName} at ${there}`;
}

/** What is shown and what is pinned, for those who do not see it. */
export function shownWords(state: AppState, derived: Derived): string {
  const { display, reference } = state;
  if (display.show !== "value") return changeWords(state, derived, null);
  if (!isPinned(reference)) return "values, nothing is pinned";
  return `values, pinned: ${referenceText(reference, derived.pinnedName, derived.axis)}`;
}

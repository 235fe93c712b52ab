/** What shown changes and differences are taken from, in words. Pure functions of the state; must not know records. */
import type { Moment } from "../model/record.js";
import { referenceText } from "../model/reference.js";
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

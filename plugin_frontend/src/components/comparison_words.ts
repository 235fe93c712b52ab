/**
 * What shown changes and differences are taken from, in words: said by panels and cards alike. Templates of one moment;
 * must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import { referenceText } from "../model/reference.js";
import { momentText } from "../model/steps.js";
import type { StepMatch } from "../model/time_axis.js";
import { isOwnReference, referenced } from "../state/references.js";
import type { Session } from "../state/session.js";

/** `change since epoch 2`, `difference to mlp-512 at epoch 3`. `since`: what all are compared with, where it is one moment. */
export function changeText({ state, derived }: Session, since: Moment | null): string {
  const { display, reference } = state.value;
  const { axis, pinnedRun } = derived;
  if (display.show === "difference") {
    const name = pinnedRun?.name ?? reference.run;
    return `difference to ${referenceText(reference, name, axis)}`;
  }
  const other = display.show === "change-since-start" ? "start" : "the previous step";
  return `change since ${since === null ? other : momentText(since, axis)}`;
}

/** Of a run that is compared with itself: why there is no difference. */
export function ownReferenceChip(
  { state, derived }: Session,
  { run, entry, match }: { run: RunEntry; entry: TagEntry; match: StepMatch },
): TemplateResult | typeof nothing {
  const { display, reference } = state.value;
  const { show } = display;
  if (show === "value" || match.match === "none") return nothing;
  const found = referenced({ show, reference }, derived, run, entry, match.index);
  if (!isOwnReference(found, entry, match.index)) return nothing;
  return show === "difference"
    ? html`<span class="chip short" data-testid="own-reference" title="This is what is pinned: there is no difference">pinned</span>`
    : html`<span class="chip short" title="The first step: there is nothing to compare it with">first step</span>`;
}

/**
 * What shown changes and differences are taken from, in words: said by panels and cards alike. Templates of one moment;
 * must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import type { StepMatch } from "../model/time_axis.js";
import { changeWords } from "../state/change_words.js";
import { isOwnReference, referenced } from "../state/references.js";
import type { Session } from "../state/session.js";

/** See `changeWords`. */
export function changeText({ state, derived }: Session, since: Moment | null): string {
  return changeWords(state.value, derived, since);
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

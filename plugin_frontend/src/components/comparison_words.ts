/**
 * What shown changes and differences are taken from, in words: said by panels and cards alike. Templates of one moment;
 * must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import { momentText } from "../model/steps.js";
import type { StepMatch, TimeAxis } from "../model/time_axis.js";
import { changeWords } from "../state/change_words.js";
import type { PanelColumn } from "../state/panel_view.js";
import { isOwnReference, referenced } from "../state/references.js";
import type { Session } from "../state/session.js";

/** See `changeWords`. */
export function changeText({ state, derived }: Session, since: Moment | null): string {
  return changeWords(state.value, derived, since);
}

/** Of a run: that it is compared with itself or the same values, or with an earlier record than was asked for. */
export function comparisonChips(session: Session, column: PanelColumn): unknown {
  const { state, derived } = session;
  const own = ownReferenceChip(session, column);
  if (own !== nothing) return own;
  const isDifference = state.value.display.show === "difference";
  const word = isDifference ? "difference" : "change";
  return html`${column.isUnchanged ? unchangedChip(word) : nothing}${earlierChip(column, derived.axis)}`;
}

/** `no difference`: every value is the same. */
export function unchangedChip(word: "difference" | "change"): TemplateResult {
  return html`<span class="chip short" data-testid="unchanged" title=${`No ${word}: all values are the same`}>no ${word}</span>`;
}

function earlierChip(
  { found, reference }: PanelColumn,
  axis: TimeAxis,
): TemplateResult | typeof nothing {
  if (found?.status !== "found" || !found.isEarlier || reference?.status !== "ready") {
    return nothing;
  }
  const text = `− ${momentText(reference.tiles.header.moment, axis)}`;
  const title = `${found.run.name} has not logged what is pinned: this is its nearest earlier record`;
  return html`<span class="chip amber short" data-testid="earlier-reference" title=${title}>${text}</span>`;
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

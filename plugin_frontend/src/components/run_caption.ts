/** What every run's caption begins with: its colour and name, and the moment that it is shown at. Must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { formatCount } from "../model/format.js";
import type { RunEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import { splitName } from "../model/runs.js";
import { phaseText, stepText } from "../model/steps.js";
import type { StepMatch, TimeAxis } from "../model/time_axis.js";
import { columnMatch, hasRunRow } from "../state/columns_in_sight.js";
import type { Session } from "../state/session.js";

/** Of a name this much is always to be seen, in letters. */
const LEAST_NAME = 12;

export function runName(name: string, colour: string): TemplateResult {
  const least = { "min-width": `${Math.min(LEAST_NAME, name.length)}ch` };
  return html`<span class="dot" style=${styleMap({ background: colour })}></span>
    <span class="name mono ellipsis" style=${styleMap(least)} title=${name}>${nameText(name)}</span>`;
}

/**
 * The beginning of a run's caption. Where the row above the panels names the run, its colour is enough, and its moment
 * goes without saying where it is the same as there. `isBelowName`: by default wherever there is such a row.
 */
export function captionHead(
  { state, derived }: Session,
  { run, name }: RunEntry,
  match: StepMatch | null,
  isBelowName = hasRunRow(derived),
): TemplateResult {
  const { runColours, timelines } = state.value;
  const colour = runColours.get(run) ?? "";
  const isSaid = match === null || (isBelowName && isSameStep(match, columnMatch(derived, run)));
  return html`${isBelowName ? runDot(name, colour) : runName(name, colour)}
  ${isSaid ? nothing : momentMark(match, (step) => timelines.get(run)?.get(step), derived.axis)}`;
}

// What stands in for the step of the timeline is said wherever it is shown.
function isSameStep(match: StepMatch, other: StepMatch | null): boolean {
  return match.match === "exact" && other?.match === "exact" && match.step === other.step;
}

function runDot(name: string, colour: string): TemplateResult {
  return html`<span class="dot" title=${name} style=${styleMap({ background: colour })}></span
    ><span class="unseen">${name}</span>`;
}

/** The column of a run in a panel that it has nothing in, and why. */
export function emptyColumn(
  { state }: Session,
  { run, name }: RunEntry,
  why: unknown,
): TemplateResult {
  return html`<div class="column" data-testid="empty-column" data-column=${run}>
    <div class="caption">
      ${runDot(name, state.value.runColours.get(run) ?? "")} <span class="moment ellipsis">${why}</span>
    </div>
  </div>`;
}

/** Several runs by name; of more than `most` the number, as `testId`. */
export function runNames(
  runs: readonly RunEntry[],
  colours: ReadonlyMap<string, string>,
  most: number,
  testId: string,
): readonly unknown[] {
  const more = runs.length - most;
  const names = runs.map(({ name }) => name).join(", ");
  return [
    ...runs.slice(0, most).map(({ run, name }) => runName(name, colours.get(run) ?? "")),
    more > 0
      ? html`<span class="chip short" data-testid=${testId} title=${names}>and ${formatCount(more, "more run")}</span>`
      : nothing,
  ];
}

/** Long names of runs of one experiment differ at their ends: where there is no room, the middle goes. */
export function nameText(name: string): TemplateResult {
  const [head, tail] = splitName(name);
  return tail === ""
    ? html`${head}`
    : html`<span class="ends"><span class="ellipsis">${head}</span><span>${tail}</span></span>`;
}

/** Where a run lacks the step of the timeline, this says which one stands in for it. */
export function momentMark(
  match: StepMatch,
  momentOf: (step: number) => Moment | undefined,
  axis: TimeAxis,
): TemplateResult {
  if (match.match === "none") {
    const since =
      match.first === null
        ? "no data"
        : `no data before ${stepText(match.first, momentOf(match.first), axis)}`;
    return html`<span class="chip amber mark" title=${since}>${since}</span>`;
  }
  const moment = momentOf(match.step);
  const text = stepText(match.step, moment, axis);
  if (match.match === "earlier") {
    const earlier = `${text} · nearest earlier`;
    return html`<span class="chip amber mark" title=${earlier}>${earlier}</span>`;
  }
  const phase = moment === undefined ? "" : phaseText(moment);
  if (phase === "") return html`<span class="moment ellipsis" title=${text}>${text}</span>`;
  // What is special about a moment goes, see the style, where the column has no room for it.
  return html`<span class="moment ellipsis" title=${`${text} · ${phase}`}
    >${text}<span class="phase"> · ${phase}</span></span
  >`;
}

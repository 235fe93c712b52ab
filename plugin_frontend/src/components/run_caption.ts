/** What every run's caption begins with: its colour and name, and the moment that it is shown at. Must not hold state. */
import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Moment } from "../model/record.js";
import { splitName } from "../model/runs.js";
import { phaseText, stepText } from "../model/steps.js";
import type { StepMatch } from "../model/time_axis.js";

export function runName(name: string, colour: string): TemplateResult {
  return html`<span class="dot" style=${styleMap({ background: colour })}></span>
    <span class="name mono ellipsis" title=${name}>${nameText(name)}</span>`;
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
): TemplateResult {
  if (match.match === "none") {
    const since = match.first === null ? "no data" : `no data before step ${match.first}`;
    return html`<span class="chip amber mark" title=${since}>${since}</span>`;
  }
  const moment = momentOf(match.step);
  const text = stepText(match.step, moment);
  if (match.match === "earlier") {
    const earlier = `${text} · nearest earlier`;
    return html`<span class="chip amber mark" title=${earlier}>${earlier}</span>`;
  }
  const phase = moment === undefined ? "" : phaseText(moment);
  const said = phase === "" ? text : `${text} · ${phase}`;
  return html`<span class="moment ellipsis" title=${said}>${said}</span>`;
}

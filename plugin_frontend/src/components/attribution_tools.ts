/**
 * Between the header of a card of attributions and its rows: the runs with their moments, and the controls of α and
 * overlay. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { alphaFraction, alphaText } from "../model/alphas.js";
import { ALPHA_MODE_CHOICES, type Named, OVERLAY_CHOICES } from "../model/choices.js";
import { isUnchanged } from "../model/difference.js";
import type { AttributionView } from "../state/attribution_view.js";
import type { Session } from "../state/session.js";
import type { CardContext } from "./attribution_header.js";
import { ownReferenceChip, unchangedChip } from "./comparison_words.js";
import { remarkChips } from "./panel_column.js";
import { momentMark, runName, runNames } from "./run_caption.js";

/** Runs at the left, controls at the right. */
export function cardTools({ session, view }: CardContext, hasPictures: boolean): TemplateResult {
  const { alphas, overlay } = session.state.value.attributionDisplay;
  return html`<div class="tools">
    <div class="runs">${view.runs.map((run) => runMark(session, view, run))} ${absentRuns(session, view)}</div>
    ${view.alphas.length > 0 ? alphaSlider(session, view) : nothing}
    ${
      view.alphas.length > 1
        ? segments("alphas", "Interior gradients", ALPHA_MODE_CHOICES, alphas, (value) =>
            session.looks.setAttributionDisplay({ alphas: value }),
          )
        : nothing
    }
    ${
      hasPictures
        ? html`<div class="tool">
            <span aria-hidden="true">overlay</span>${segments(
              "overlay",
              "Overlay",
              OVERLAY_CHOICES,
              overlay,
              (value) => session.looks.setAttributionDisplay({ overlay: value }),
            )}
          </div>`
        : nothing
    }
  </div>`;
}

function runMark(
  session: Session,
  view: AttributionView,
  { run, entry, match, hasOtherSamples, maps }: AttributionView["runs"][number],
): TemplateResult {
  const { timelines, runColours } = session.state.value;
  const own =
    maps.status === "ready"
      ? maps.record.header.notes.filter((note) => !view.remarks.notes.includes(note))
      : [];
  return html`<span class="run" data-testid="attribution-run" data-run=${run.name}>
    ${runName(run.name, runColours.get(run.run) ?? "")}
    ${momentMark(match, (step) => timelines.get(run.run)?.get(step), session.derived.axis)}
    ${entry === null ? nothing : comparedChip(session, { run, entry, match }, maps)}
    ${hasOtherSamples ? html`<span class="chip amber" title="At this step the run was shown other samples">other samples</span>` : nothing}
    ${remarkChips({ omitted: [], notes: own })}
  </span>`;
}

function comparedChip(
  session: Session,
  column: Parameters<typeof ownReferenceChip>[1],
  maps: AttributionView["runs"][number]["maps"],
): unknown {
  const { show } = session.state.value.display;
  const own = ownReferenceChip(session, column);
  if (own !== nothing || show === "value" || maps.status !== "ready") return own;
  return isUnchanged(maps.tiles)
    ? unchangedChip(show === "difference" ? "difference" : "change")
    : own;
}

/** Of so many runs without maps the names are written out. */
const NAMED = 3;

function absentRuns(session: Session, { absent }: AttributionView): unknown {
  if (absent.length === 0) return nothing;
  const { runColours } = session.state.value;
  return html`<span class="run" data-testid="absent-runs"
    ><span class="moment">not logged in</span> ${runNames(absent, runColours, NAMED, "more-absent")}</span
  >`;
}

function alphaSlider(session: Session, { alphas, alphaIndex }: AttributionView): TemplateResult {
  const alpha = alphas[alphaIndex] ?? 0;
  const last = Math.max(1, alphas.length - 1);
  return html`<label class="tool alpha" title="Where on the path from the baseline, α 0, to the input, α 1">
    <span aria-hidden="true">α</span>
    <span>
      <input
        type="range"
        data-testid="alpha"
        aria-label="α of the interior gradients"
        min="0"
        max=${alphas.length - 1}
        step="1"
        .value=${String(alphaIndex)}
        aria-valuetext=${`α ${alphaText(alpha)}`}
        @input=${(event: Event) => {
          const chosen = alphas[Number((event.target as HTMLInputElement).value)];
          if (chosen !== undefined) session.looks.setAttributionDisplay({ alpha: chosen });
        }}
      />
      <span class="ticks" aria-hidden="true"
        >${alphas.map(
          (each, index) =>
            html`<span style=${styleMap({ left: `${(100 * index) / last}%` })}>${alphaFraction(each)}</span>`,
        )}</span
      >
    </span>
    <output data-testid="alpha-value">${alphaText(alpha)}</output>
  </label>`;
}

function segments<T extends string>(
  id: string,
  name: string,
  choices: readonly Named<T>[],
  chosen: T,
  choose: (value: T) => void,
): TemplateResult {
  return html`<div class="tool">
    <div class="segments" role="group" aria-label=${name} data-testid=${id}>
      ${choices.map(
        ({ value, label, title }) => html`<button
          aria-pressed=${value === chosen}
          data-value=${value}
          title=${title ?? label}
          @click=${() => choose(value)}
        >
          ${label}
        </button>`,
      )}
    </div>
  </div>`;
}

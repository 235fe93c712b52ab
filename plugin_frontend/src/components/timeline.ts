/**
 * The one time axis of the screen: play, a slider over the steps that exist, and what the shown step is called. Must
 * not know what is drawn at a step.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Moment } from "../model/record.js";
import { phaseText, stepLabel } from "../model/steps.js";
import { momentAt } from "../state/derived.js";
import type { Session } from "../state/session.js";
import { timelineStyles } from "./timeline_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** More ticks than this would run into one line; then only every n-th step has one. */
const MAX_TICKS = 60;

export class NnvizTimeline extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [shared, timelineStyles];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  protected override render(): TemplateResult {
    const { steps, stepIndex } = this.session.derived;
    const { playing } = this.session.state.value;
    const last = Math.max(0, steps.length - 1);
    const label = this.#label();
    const place = { "--place": String(last === 0 ? 0 : stepIndex / last) };
    return html`
      <button
        class="play"
        data-testid="play"
        aria-label=${playing ? "Pause" : "Play"}
        title=${`${playing ? "Pause" : "Play"} (space)`}
        aria-pressed=${playing}
        ?disabled=${steps.length < 2}
        @click=${() => this.session.togglePlaying()}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d=${playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M5 3v10l8-5z"} />
        </svg>
      </button>
      <div class="track" style=${styleMap(place)}>
        ${this.#marks(steps)}
        <input
          type="range"
          data-testid="step-slider"
          aria-label="Step"
          aria-valuetext=${label.words}
          min="0"
          max=${last}
          step="1"
          .value=${String(Math.max(0, stepIndex))}
          ?disabled=${steps.length < 2}
          @input=${this.#onInput}
        />
        ${this.#ticks(steps)}
      </div>
      <div class="label">
        <div data-testid="step-label">${label.text}</div>
        <div class="detail ${label.phase === "" ? "" : "phase"}" data-testid="step-phase">
          ${label.detail}
        </div>
      </div>
    `;
  }

  readonly #momentAt = (step: number): Moment | undefined =>
    momentAt(this.session.state.value, this.session.derived.runs, step);

  // Two lines of fixed height and width, so that the slider never moves under the pointer that drags it.
  #label(): { words: string; text: TemplateResult; phase: string; detail: string } {
    const { steps, step } = this.session.derived;
    const last = steps.at(-1);
    if (step === null || last === undefined) {
      return { words: "no steps", text: html`no steps`, phase: "", detail: "" };
    }
    const { unit, value, of } = stepLabel(step, last, this.#momentAt);
    const moment = this.#momentAt(step);
    const phase = moment === undefined ? "" : phaseText(moment);
    const rest = of === "" ? "" : ` of ${of}`;
    return {
      words: `${unit} ${value}${rest}${phase === "" ? "" : `, ${phase}`}`,
      text: html`${unit} <b>${value}</b>${rest}`,
      phase,
      detail: phase === "" && unit === "epoch" ? `step ${step}` : phase,
    };
  }

  #ticks(steps: readonly number[]): TemplateResult {
    const every = Math.ceil(steps.length / MAX_TICKS);
    const shown = steps.flatMap((_, index) => (index % every === 0 ? [index] : []));
    return html`<div class="ticks" aria-hidden="true">
      ${shown.map((index) => html`<i style=${styleMap(placeOf(index, steps.length))}></i>`)}
    </div>`;
  }

  // Flags over the steps that are not ordinary training: before it, or restored after it.
  #marks(steps: readonly number[]): TemplateResult {
    const marks = steps.flatMap((step, index) => {
      const moment = this.#momentAt(step);
      const text = moment === undefined ? "" : phaseText(moment);
      return text === "" ? [] : [{ index, text }];
    });
    return html`<div class="marks">
      ${marks.map(
        ({ index, text }) =>
          html`<svg viewBox="0 0 10 10" style=${styleMap(placeOf(index, steps.length))}>
            <title>${text}</title>
            <path d="M1.5 10V1h6.5L6 3.5 8 6H2.5v4z" />
          </svg>`,
      )}
    </div>`;
  }

  readonly #onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.session.goTo(Number(event.target.value));
  };
}

function placeOf(index: number, count: number): Record<string, string> {
  return { left: `${count < 2 ? 0 : (100 * index) / (count - 1)}%` };
}

/** The left rail: runs, views and display settings. Must not know how views are drawn. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { ColourChoice } from "../model/colours.js";
import type { Scale } from "../model/display.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const SCALES: readonly { value: Scale; label: string; title: string }[] = [
  { value: "per-tile", label: "per tile", title: "Every tile spans the whole colour map" },
  {
    value: "shared",
    label: "shared",
    title: "One range for all tiles of a panel, over all shown runs",
  },
];

const COLOURS: readonly { value: ColourChoice; label: string }[] = [
  { value: "auto", label: "auto" },
  { value: "gray", label: "gray" },
  { value: "viridis", label: "viridis" },
  { value: "red_blue", label: "red–blue" },
];

export class NnvizRail extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
        padding: 4px 16px 24px;
        overflow-y: auto;
        border-right: 1px solid var(--line);
        background: var(--rail);
      }
      h2 {
        margin: 18px 0 9px;
        font-size: 11.5px;
        font-weight: 500;
        letter-spacing: 0.06em;
        text-transform: uppercase;
        color: var(--faint);
      }
      .view {
        display: flex;
        justify-content: space-between;
        width: calc(100% + 16px);
        margin: 0 -8px;
        padding: 6px 8px;
        border: 0;
        border-radius: 6px;
        background: none;
        text-align: start;
        color: var(--secondary);
      }
      .view[aria-current="page"] {
        background: var(--chip);
        color: var(--ink);
      }
      .count {
        font-size: 12px;
        color: var(--faint);
      }
      .row {
        display: grid;
        grid-template-columns: 60px 1fr;
        align-items: center;
        min-height: 34px;
        color: var(--secondary);
      }
      .segments {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: 1fr;
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: 6px;
      }
      .segments button {
        height: 26px;
        padding: 0;
        border: 0;
        background: var(--card);
        color: var(--secondary);
      }
      .segments button + button {
        border-left: 1px solid var(--line);
      }
      .segments button[aria-pressed="true"] {
        background: var(--chip);
        color: var(--ink);
        font-weight: 500;
      }
      .segments button:focus-visible {
        outline-offset: -2px;
      }
      select {
        height: 28px;
        padding: 0 6px;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--card);
        color: var(--ink);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  protected override render(): TemplateResult {
    return html`
      <h2>Runs</h2>
      <nnviz-run-list .session=${this.session}></nnviz-run-list>
      ${this.session.derived.views.size > 0 ? this.#views() : nothing}
      <h2>Display</h2>
      ${this.#scale()} ${this.#colours()}
    `;
  }

  #views(): TemplateResult {
    const current = this.session.state.value.view;
    const buttons = [...this.session.derived.views].map(
      ([view, count]) => html`<button
        class="view"
        aria-current=${view === current ? "page" : "false"}
        @click=${() => this.session.setView(view)}
      >
        <span>${capitalised(view)}</span><span class="count">${count}</span>
      </button>`,
    );
    return html`<h2>Views</h2>
      <nav aria-label="Views">${buttons}</nav>`;
  }

  #scale(): TemplateResult {
    const { scale } = this.session.state.value.display;
    return html`<div class="row">
      <span id="scale">Scale</span>
      <div class="segments" role="group" aria-labelledby="scale" data-testid="scale">
        ${SCALES.map(
          ({ value, label, title }) => html`<button
            aria-pressed=${value === scale}
            data-value=${value}
            title=${title}
            @click=${() => this.session.setDisplay({ scale: value })}
          >
            ${label}
          </button>`,
        )}
      </div>
    </div>`;
  }

  #colours(): TemplateResult {
    const { colours } = this.session.state.value.display;
    return html`<label class="row">
      <span>Colours</span>
      <select data-testid="colours" @change=${this.#onColours}>
        ${COLOURS.map(
          ({ value, label }) =>
            html`<option value=${value} ?selected=${value === colours}>${label}</option>`,
        )}
      </select>
    </label>`;
  }

  readonly #onColours = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    const chosen = COLOURS.find((choice) => choice.value === value);
    if (chosen !== undefined) this.session.setDisplay({ colours: chosen.value });
  };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The rail's list of runs: filter, tick, colour, steps. Must not know panels. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { formatCount } from "../model/format.js";
import type { RunEntry } from "../model/parse_index.js";
import { isSelected, longestSeries } from "../model/runs.js";
import { sampledText } from "../model/steps.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizRunList extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      .filter {
        width: 100%;
        height: 30px;
        margin-bottom: 8px;
        padding: 0 10px;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--card);
      }
      .filter::placeholder {
        color: var(--faint);
      }
      .filter[aria-invalid="true"] {
        border-color: var(--red);
      }
      .invalid,
      .none {
        margin: 0 0 8px;
        font-size: 12px;
        color: var(--secondary);
        overflow-wrap: anywhere;
      }
      .invalid {
        color: var(--red);
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      label {
        display: flex;
        align-items: center;
        gap: 9px;
        min-height: 28px;
        padding: 0 6px;
        margin: 0 -6px;
        border-radius: 5px;
        cursor: pointer;
      }
      label:hover {
        background: var(--chip);
      }
      input[type="checkbox"] {
        flex: none;
        width: 15px;
        height: 15px;
        margin: 0;
      }
      .name {
        flex: 1;
      }
      .steps {
        flex: none;
        font-size: 12px;
        color: var(--faint);
      }
      .sampled {
        color: var(--amber);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  protected override render(): TemplateResult {
    const { allRuns, filter } = this.session.derived;
    const listed = allRuns.filter(({ name }) => !filter.valid || filter.matches(name));
    return html`
      <input
        class="filter"
        type="search"
        data-testid="run-filter"
        placeholder="Filter runs (regex)"
        aria-label="Filter runs by regular expression"
        aria-invalid=${!filter.valid}
        spellcheck="false"
        .value=${this.session.state.value.runFilter}
        @input=${this.#onFilter}
      />
      ${filter.valid ? nothing : html`<p class="invalid" role="alert">${filter.message}</p>`}
      ${
        listed.length === 0 && allRuns.length > 0
          ? html`<p class="none">No run name matches.</p>`
          : nothing
      }
      <ul>
        ${listed.map((run) => this.#run(run))}
      </ul>
    `;
  }

  #run(entry: RunEntry): TemplateResult {
    const { value: state } = this.session.state;
    const selected = isSelected(state, entry.run);
    const colour = state.runColours.get(entry.run) ?? "";
    return html`<li data-testid="run" data-run=${entry.name} data-run-id=${entry.run}>
      <label title=${entry.run}>
        <input
          type="checkbox"
          style=${styleMap({ "accent-color": colour })}
          .checked=${selected}
          @change=${() => this.session.toggleRun(entry.run)}
        />
        <span class="dot" style=${styleMap({ background: colour })}></span>
        <span class="name mono ellipsis">${entry.name}</span>
        ${stepCount(entry)}
      </label>
    </li>`;
  }

  readonly #onFilter = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.session.setRunFilter(event.target.value);
  };
}

function stepCount(entry: RunEntry): TemplateResult {
  const series = longestSeries(entry);
  const sampled = series === null ? null : sampledText(series);
  if (sampled === null) {
    return html`<span class="steps">${formatCount(series?.steps.length ?? 0, "step")}</span>`;
  }
  return html`<span
    class="steps sampled"
    data-testid="sampled"
    title="TensorBoard has sampled this log. Start it with --samples_per_plugin nnviz=0 to load every step."
    >${sampled}</span
  >`;
}

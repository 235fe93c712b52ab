/** The rail's list of runs: filter, tick, colour, steps. Must not know panels. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { formatCount } from "../model/format.js";
import type { RunEntry } from "../model/parse_index.js";
import { isSelected, longestSeries } from "../model/runs.js";
import { sampledText } from "../model/steps.js";
import type { Session } from "../state/session.js";
import { controls } from "./controls.js";
import { railHeadingStyles } from "./rail_heading.js";
import { nameText } from "./run_caption.js";
import { runListStyles } from "./run_list_styles.js";
import { shared } from "./tokens.js";
import { tellTyping } from "./typing.js";
import { Watcher } from "./watcher.js";

export class NnvizRunList extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [shared, controls, railHeadingStyles, runListStyles];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  focusFilter(): void {
    this.renderRoot.querySelector<HTMLInputElement>(".field")?.focus();
  }

  protected override render(): TemplateResult {
    const { allRuns, filter } = this.session.derived;
    const listed = allRuns.filter(({ name }) => !filter.valid || filter.matches(name));
    return html`
      <div class="heading">
        <h2>Runs</h2>
        ${
          listed.length < 2
            ? nothing
            : html`<button
                  class="link"
                  data-testid="all-runs"
                  title="Tick all runs of the list"
                  @click=${() => this.session.runs.selectAll(true)}
                >
                  all</button
                ><button
                  class="link"
                  data-testid="no-runs"
                  title="Untick all runs of the list"
                  @click=${() => this.session.runs.selectAll(false)}
                >
                  none
                </button>`
        }
      </div>
      <input
        class="field"
        type="search"
        data-testid="run-filter"
        placeholder="Filter runs (regex)"
        aria-label="Filter runs by regular expression"
        aria-invalid=${!filter.valid}
        spellcheck="false"
        .value=${this.session.state.value.runFilter}
        @focus=${tellTyping(this.session)}
        @change=${tellTyping(this.session)}
        @blur=${tellTyping(this.session)}
        @input=${(event: Event) =>
          this.session.setRunFilter((event.target as HTMLInputElement).value)}
      />
      ${filter.valid ? nothing : html`<p class="invalid" role="alert">${filter.message}</p>`}
      ${
        listed.length === 0 && allRuns.length > 0
          ? html`<p class="none">No run name matches.</p>`
          : nothing
      }
      <ul>
        ${repeat(
          listed,
          ({ run }) => run,
          (run, index) => this.#run(run, `run-${index}`),
        )}
      </ul>
    `;
  }

  #run(entry: RunEntry, id: string): TemplateResult {
    const { value: state } = this.session.state;
    const { run, name } = entry;
    const selected = isSelected(state, run);
    const colour = state.runColours.get(run) ?? "#888888";
    const { runs } = this.session.derived;
    const isAlone = runs.length === 1 && runs[0]?.run === run;
    const isPinned = state.reference.run === run;
    return html`<li class=${isPinned ? "pinned" : ""} data-testid="run" data-run=${name} data-run-id=${run}>
      <input
        id=${id}
        type="checkbox"
        style=${styleMap({ "accent-color": colour })}
        .checked=${selected}
        @change=${() => this.session.runs.toggle(run)}
      />
      <input
        type="color"
        data-testid="run-colour"
        title="Colour of the run"
        aria-label=${`Colour of ${name}`}
        .value=${colour}
        @input=${(event: Event) =>
          this.session.runs.setColour(run, (event.target as HTMLInputElement).value)}
      />
      <label for=${id} class="name mono ellipsis" title=${run}>${nameText(name)}</label>
      <span class="end">
        ${stepCount(entry)}
        <span class="actions">
          ${
            state.chosenColours.has(run)
              ? html`<button
                  class="link"
                  data-testid="reset-colour"
                  title="Give the run its own colour back"
                  aria-label=${`Give ${name} its own colour back`}
                  @click=${() => this.session.runs.setColour(run, null)}
                >
                  reset
                </button>`
              : nothing
          }
          <button
            class="link"
            data-testid="only"
            title=${isAlone ? "Show all runs" : "Show this run alone"}
            aria-label=${isAlone ? "Show all runs" : `Show only ${name}`}
            @click=${() => this.session.runs.selectOnly(run)}
          >
            ${isAlone ? "all" : "only"}
          </button>
          <button
            class="link"
            data-testid="pin-run"
            aria-pressed=${isPinned}
            title=${isPinned ? "Let go of this run" : "Pin this run, to compare others with it"}
            aria-label=${isPinned ? `${name} is pinned: let go of it` : `Pin ${name}`}
            @click=${() => this.session.pins.setRun(isPinned ? null : run)}
          >
            ${isPinned ? "pinned" : "pin"}
          </button>
        </span>
      </span>
    </li>`;
  }
}

function stepCount(entry: RunEntry): TemplateResult {
  const series = longestSeries(entry);
  const sampled = series === null ? null : sampledText(series);
  if (sampled === null) {
    const [count, word] = formatCount(series?.steps.length ?? 0, "step").split(" ");
    return html`<span class="steps" title=${`${count} ${word}`}
      >${count}<span class="word">&nbsp;${word}</span></span
    >`;
  }
  return html`<span
    class="steps sampled"
    data-testid="sampled"
    title="TensorBoard has sampled this log. Start it with --samples_per_plugin nnviz=0 to load every step."
    >${sampled}</span
  >`;
}

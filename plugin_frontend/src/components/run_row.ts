/**
 * The names of the runs above their columns, in sight wherever the panels are scrolled to: colour, name, the moment that
 * the run is shown at. Must not know panels.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { COLUMN_GAP, type Columns } from "../model/columns.js";
import type { RunEntry } from "../model/parse_index.js";
import { columnMatch } from "../state/columns_in_sight.js";
import type { Session } from "../state/session.js";
import { momentMark, runName } from "./run_caption.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Of the row, in CSS pixels. */
export const RUN_ROW = 34;

export class NnvizRunRow extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    columns: { attribute: false },
  };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
        background: var(--page);
      }
      .cells {
        display: grid;
        align-items: center;
        height: 100%;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .cell {
        display: flex;
        align-items: center;
        gap: 7px;
        min-width: 0;
        height: 26px;
        overflow: hidden;
      }
      .move {
        display: none;
        flex: none;
        width: 20px;
        padding: 0 0 2px;
        border: 0;
        border-radius: 4px;
        background: var(--chip);
        color: var(--secondary);
        line-height: 18px;
      }
      .move:hover {
        color: var(--ink);
      }
      .cell:is(:hover, :focus-within) .move {
        display: block;
      }
      .cell:focus {
        outline: none;
      }
      .cell:focus-visible {
        outline: 2px solid var(--accent-ink);
        outline-offset: 2px;
        border-radius: 4px;
      }
      .name {
        flex-shrink: 100;
        font-weight: 500;
      }
      .moment {
        flex-shrink: 1;
        color: var(--secondary);
      }
      .chip {
        flex-shrink: 1;
        min-width: 12ch;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .phase {
        display: none;
      }
    `,
  ];

  declare session: Session;
  declare columns: Columns;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  /** The run whose name has the focus. */
  get focused(): string | undefined {
    const { activeElement } = this.renderRoot as ShadowRoot;
    return activeElement instanceof HTMLElement ? activeElement.dataset.run : undefined;
  }

  focusRun({ run }: RunEntry): void {
    this.#focus(run);
  }

  #focus(run: string): void {
    [...this.renderRoot.querySelectorAll<HTMLElement>(".cell")]
      .find(({ dataset }) => dataset.run === run)
      ?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { count, width } = this.columns;
    const grid = {
      "grid-template-columns": `repeat(${count}, ${width}px)`,
      "column-gap": `${COLUMN_GAP}px`,
    };
    return html`<ul class="cells" aria-label="Runs, from left to right" style=${styleMap(grid)}>
      ${repeat(
        this.session.derived.columns.runs,
        ({ run }) => run,
        (run) => this.#cell(run),
      )}
    </ul>`;
  }

  #moveTo(run: string, offset: 1 | -1): void {
    this.session.runs.move(run, offset);
    void this.updateComplete.then(() => this.#focus(run));
  }

  #onKey(event: KeyboardEvent, run: string): void {
    if (event.key !== "<" && event.key !== ">") return;
    event.stopPropagation();
    this.#moveTo(run, event.key === "<" ? -1 : 1);
  }

  #move(run: string, name: string, offset: 1 | -1): TemplateResult {
    const [sign, where, key] = offset < 0 ? ["‹", "left", "<"] : ["›", "right", ">"];
    const title = `Move ${name} to the ${where} (${key})`;
    return html`<button
      class="move"
      tabindex="-1"
      data-testid="move-run"
      title=${title}
      aria-label=${title}
      @click=${() => this.#moveTo(run, offset)}
    >${sign}</button>`;
  }

  #cell({ run, name }: RunEntry): TemplateResult {
    const { state, derived } = this.session;
    const { runColours, timelines } = state.value;
    const match = columnMatch(derived, run);
    return html`<li class="cell" tabindex="-1" data-testid="run-cell" data-run=${run} data-name=${name}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, run)}>
      ${runName(name, runColours.get(run) ?? "")}
      ${this.#move(run, name, -1)} ${this.#move(run, name, 1)}
      ${match === null ? nothing : momentMark(match, (step) => timelines.get(run)?.get(step), derived.axis)}
    </li>`;
  }
}

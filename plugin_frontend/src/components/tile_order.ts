/** The rail's settings of the order of tiles: by what, in whose order, which way round. Must not know how tiles are sorted. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { SAMPLE_SORT_CHOICES, SORT_CHOICES } from "../model/choices.js";
import type { Display, Sort } from "../model/display.js";
import { tagPath } from "../model/facts.js";
import { runName } from "../model/runs.js";
import { showsAttributions } from "../state/derived.js";
import type { Session } from "../state/session.js";
import { chooseTile, outlinedTile, sortTiles } from "../state/tile_choice.js";
import { choiceStyles, selectRow, tickBox } from "./choices.js";
import { controls } from "./controls.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const FIRST = "";

export class NnvizTileOrder extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    controls,
    choiceStyles,
    css`
      :host {
        display: block;
      }
      .sort {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px;
      }
      .icon {
        align-self: center;
        border-color: var(--line);
        background: var(--card);
        font-size: calc(14 * var(--dot));
      }
      .chosen {
        display: grid;
        gap: 4px;
        margin: 2px 0 6px;
        /* As in the rows, of smaller letters. */
        padding-left: calc(5.4em * 13 / 12);
        font-size: calc(12 * var(--dot));
        color: var(--secondary);
      }
      .chosen.open {
        color: var(--amber);
      }
      .tick {
        display: flex;
        align-items: center;
        gap: 7px;
        min-height: 30px;
        padding-left: 5.4em;
        color: var(--secondary);
        cursor: pointer;
      }
      input[type="checkbox"] {
        width: 15px;
        height: 15px;
        margin: 0;
        accent-color: var(--accent-ink);
      }
      .tick:hover {
        color: var(--ink);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state, this.session.pinned]);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { display } = session.state.value;
    if (showsAttributions(session.derived)) return this.#sort("Sort rows", SAMPLE_SORT_CHOICES);
    const { hideDead } = display;
    const title = "Without the tiles that are all zeros in every run shown";
    return html`<div class="sort">
        ${this.#sort("Sort tiles", SORT_CHOICES)} ${this.#direction(display)}
      </div>
      ${this.#chosenTile(display)} ${this.#orderRun(display)}
      ${tickBox("hide-dead", "hide dead", title, hideDead, (value) => session.looks.setDisplay({ hideDead: value }))}`;
  }

  #sort(name: string, choices: typeof SORT_CHOICES): TemplateResult {
    const { sort } = this.session.state.value.display;
    const isOffered = choices.some(({ value }) => value === sort);
    return selectRow<Sort>("sort", name, choices, isOffered ? sort : "index", (value) =>
      sortTiles(this.session, value),
    );
  }

  #direction({ reversed }: Display): TemplateResult {
    const says = reversed ? "Reversed order: turn round" : "Reverse the order";
    return html`<button
      class="icon"
      data-testid="reverse"
      aria-pressed=${reversed}
      aria-label="Reverse the order"
      title=${`${says} ( T )`}
      @click=${() => this.session.looks.setDisplay({ reversed: !reversed })}
    >
      <span aria-hidden="true">${reversed ? "↑" : "↓"}</span>
    </button>`;
  }

  #chosenTile({ sort, similarTo }: Display): TemplateResult | typeof nothing {
    if (sort !== "similar") return nothing;
    if (similarTo === null)
      return html`<div class="chosen open" role="status" data-testid="similar-to">
        Click a tile first
      </div>`;
    const { run, tag, tile } = similarTo;
    const name = this.#nameOf(run);
    const outlined = outlinedTile(this.session);
    const isOther = outlined !== null && (outlined.tag !== tag || outlined.tile !== tile);
    return html`<div class="chosen" role="status" data-testid="similar-to">
      <span class="ellipsis" title=${`Tile ${tile} of ${tag} in ${name}`}
        >to tile ${tile} of <span class="mono">${tagPath(tag)}</span></span
      >
      ${
        isOther
          ? html`<button class="button" data-testid="take-tile" @click=${() => chooseTile(this.session)}>
              Take the outlined tile
            </button>`
          : nothing
      }
    </div>`;
  }

  // One run gives the order of all; alone it has no choice.
  #orderRun({ sort, orderRun }: Display): TemplateResult | typeof nothing {
    const { runs } = this.session.derived;
    if (sort === "index" || (runs.length < 2 && orderRun === null)) return nothing;
    const first = sort === "similar" ? "the tile’s run" : "first run";
    const isShown = orderRun === null || runs.some(({ run }) => run === orderRun);
    const choices = [
      { value: FIRST, label: first },
      ...runs.map(({ run, name }) => ({ value: run, label: name })),
      ...(isShown ? [] : [{ value: orderRun, label: `${this.#nameOf(orderRun)} (not shown)` }]),
    ];
    return selectRow("order-run", "Order of", choices, orderRun ?? FIRST, (value) =>
      this.session.looks.setDisplay({ orderRun: value === FIRST ? null : value }),
    );
  }

  #nameOf(run: string): string {
    return runName(this.session.derived.allRuns, run);
  }
}

/**
 * What else is logged of a tile's unit or sample: the sample, what excites the unit most, its template, what classes weigh
 * onto it, each with the way there. Says what is not logged. Must not fetch.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { weightAt } from "../model/class_bars.js";
import { tagPath } from "../model/facts.js";
import { formatSigned } from "../model/format.js";
import { viewOf } from "../model/runs.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { placementOfSubject, RELATIONS, type Relation, tileOfSubject } from "../model/units.js";
import type { Compared } from "../state/comparison.js";
import { type PanelColumn, type PanelView, panelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import type { TileView } from "../state/tile_view.js";
import { gridRoom } from "./grid_room.js";
import { runName } from "./run_caption.js";
import { sampleCaptionStyles, sampleCaptions } from "./sample_captions.js";
import { tileCardStyles } from "./tile_card_styles.js";
import { COLUMN_GAP, columnWidth } from "./tile_columns.js";
import { tileGrid } from "./tile_grid.js";
import { shared } from "./tokens.js";

type Related = TileView["related"][number];

const MOST_HEIGHT = 150;
/** Of many classes those that weigh most. */
const MOST_CLASSES = 12;

const TITLES: Readonly<Record<Relation, string>> = {
  sample: "The sample",
  "top samples": "Samples that excite the unit most",
  template: "Template of the unit",
  "class weights": "What classes weigh onto the unit",
};

export class NnvizTileRelated extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    view: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [
    shared,
    tileCardStyles,
    sampleCaptionStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 14px;
      }
      .go {
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent-ink);
      }
      .go:hover {
        text-decoration: underline;
      }
      .absent {
        margin: 0 17px;
        color: var(--secondary);
      }
      .bars {
        display: grid;
        grid-template-columns: minmax(0, max-content) minmax(60px, 1fr) max-content;
        gap: 2px 10px;
        align-items: center;
        margin: 0;
      }
      .bars > div {
        display: contents;
      }
      .bars dd {
        margin: 0;
        color: var(--secondary);
        text-align: end;
      }
      .track {
        position: relative;
        height: 9px;
        border-left: 1px solid transparent;
        background: linear-gradient(var(--line), var(--line)) center / 1px 100% no-repeat;
      }
      .bar {
        position: absolute;
        top: 0;
        bottom: 0;
        background: var(--bar-positive);
      }
      .bar.negative {
        background: var(--bar-negative);
      }
    `,
  ];

  declare session: Session;
  declare view: TileView;
  /** In CSS pixels, inside of a card. */
  declare width: number;

  protected override render(): TemplateResult {
    const { related } = this.view;
    return html`${related.map((each) => this.#card(each))} ${this.#absent()}`;
  }

  // Quietly: most trainings log none of it.
  #absent(): TemplateResult | typeof nothing {
    const { related, panel, subject } = this.view;
    const view = panel.members[0]?.entry.view;
    if (
      subject.unit === null ||
      (view !== "weights" && view !== "activations" && view !== "templates")
    )
      return nothing;
    const known = new Set(related.map(({ relation }) => relation));
    const missing = RELATIONS.filter(
      (each) =>
        each !== "sample" && !known.has(each) && !(view === "templates" && each === "template"),
    );
    if (missing.length === 0) return nothing;
    return html`<p class="absent" data-testid="tile-not-logged">Not logged of this layer: ${missing.join(", ")}.</p>`;
  }

  #card({ panel, relation }: Related): TemplateResult {
    const { session } = this;
    const view = panelView(
      panel,
      session.state.value,
      session.derived,
      (ref) => session.records.state(ref),
      session.extremes,
    );
    const width = columnWidth(this.width, view.columns.length);
    const grid = {
      "grid-template-columns": `repeat(${view.columns.length}, ${width}px)`,
      "column-gap": `${COLUMN_GAP}px`,
    };
    const { runColours } = session.state.value;
    return html`<section class="card" aria-label=${TITLES[relation]} data-testid="related" data-relation=${relation} data-tag=${panel.tag}>
      <div class="heading">
        <h3>${TITLES[relation]}</h3>
        <button class="go" data-testid="go-related" @click=${() => this.#goTo({ panel, relation }, view)}>
          <span class="mono">${tagPath(panel.tag)}</span> →
        </button>
      </div>
      <div class="columns" style=${styleMap(grid)}>
        ${view.columns.map(
          (column) => html`<div data-run=${column.run.name}>
            <div class="caption">${runName(column.run.name, runColours.get(column.run.run) ?? "")}</div>
            ${relation === "class weights" ? this.#bars(view, column) : this.#grid(panel.tag, view, column, width)}
          </div>`,
        )}
      </div>
    </section>`;
  }

  #grid(tag: string, view: PanelView, column: PanelColumn, width: number): TemplateResult {
    const { painted } = column;
    const tiles = readyTiles(painted);
    if (tiles === null && painted?.status !== "pending") return said(painted);
    const placement =
      tiles === null ? null : placementOfSubject(gridAxes(tiles.header), this.view.subject);
    if (tiles !== null && placement === null)
      return html`<p class="said" data-testid="related-lacks">Not among the ${gridAxes(tiles.header)[0]?.size ?? 0} that are logged</p>`;
    const room = { width, height: MOST_HEIGHT };
    return html`${tileGrid(this.session, tag, view, column, tiles, placement, room)}
    ${
      tiles === null || placement === null
        ? nothing
        : sampleCaptions(tiles, placement, gridRoom(width, MOST_HEIGHT))
    }`;
  }

  // One scale for all runs, so that lengths can be compared.
  #bars(view: PanelView, { painted }: PanelColumn): TemplateResult {
    const tiles = readyTiles(painted);
    const { unit } = this.view.subject;
    if (tiles === null) return said(painted);
    if (unit === null || unit >= tiles.shape.tiles)
      return html`<p class="said" data-testid="related-lacks">Not among the ${tiles.shape.tiles} that are logged</p>`;
    const weights = (each: Tiles): readonly number[] =>
      unit >= each.shape.tiles
        ? []
        : Array.from({ length: each.shape.height }, (_, at) => weightAt(each, unit, at));
    const sizes = view.loaded
      .flatMap((each) => weights(each).map(Math.abs))
      .filter(Number.isFinite);
    const scale = Math.max(0, ...sizes) || 1;
    const labels = tiles.header.axes.find(({ represents }) => represents === "class")?.labels;
    const all = weights(tiles).map((weight, at) => ({
      weight,
      name: labels?.[at] ?? `class ${at}`,
      at,
    }));
    const most = all
      .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
      .slice(0, MOST_CLASSES)
      .toSorted((a, b) => a.at - b.at);
    return html`<dl class="bars">
        ${most.map(({ weight, name }) => {
          const share = Math.min(1, Math.abs(weight) / scale) * 50 || 0;
          const bar = { width: `${share}%`, left: `${weight < 0 ? 50 - share : 50}%` };
          return html`<div>
            <dt class="ellipsis" title=${name}>${name}</dt>
            <dd class="track" aria-hidden="true"><span class="bar ${weight < 0 ? "negative" : ""}" style=${styleMap(bar)}></span></dd>
            <dd data-testid="related-weight" data-name=${name} data-value=${weight}>${formatSigned(weight)}</dd>
          </div>`;
        })}
      </dl>
      ${
        most.length < all.length
          ? html`<p class="said">The ${most.length} of ${all.length} classes that weigh most</p>`
          : nothing
      }`;
  }

  // A template is opened as this tile is; for all else its panel is shown.
  #goTo({ panel, relation }: Related, { columns }: PanelView): void {
    const { session, view } = this;
    const [member] = panel.members;
    if (member === undefined) return;
    const { tag, source } = member.entry;
    session.setView(viewOf(member.entry));
    if (relation === "template") {
      // By the axes of the run in which this tile was chosen, where it has templates.
      const column = columns.find(({ run }) => run.run === view.opened.run) ?? columns[0];
      const tiles = readyTiles(column?.painted ?? null);
      const tile = tiles && tileOfSubject(gridAxes(tiles.header), view.subject);
      if (column !== undefined && tile !== null)
        session.openTile({ tag, tile, run: column.run.run });
      return;
    }
    const templates = panel.tag.replace(/\/class_weights$/, "");
    const target = source.role === "class_weight" ? templates : tag;
    session.folding.setCollapsed([target], false);
    session.place.set({ tag: target, offset: -40 });
  }
}

function readyTiles(painted: Compared | null): Tiles | null {
  return painted?.status === "ready" ? painted.tiles : null;
}

function said(painted: Compared | null): TemplateResult {
  const text =
    painted === null
      ? "Nothing so early in this run"
      : painted.status === "refused" || painted.status === "failed"
        ? painted.message
        : "Loading…";
  return html`<p class="said">${text}</p>`;
}

/**
 * One tag: its header, and a grid for each shown run side by side. Renders only while it is in sight, so that a
 * network of 150 layers scrolls smoothly; its last height stays. Must not paint or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { COLUMN_GAP, layoutColumns } from "../model/columns.js";
import { ownRemarks, type Remarks, sourceFacts, tagPath, tileFacts } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import { foldGrid, layoutGrid } from "../model/layout.js";
import { guessHeight } from "../model/placeholder.js";
import type { PanelEntry } from "../model/runs.js";
import { momentText, phaseText } from "../model/steps.js";
import { gridAxes } from "../model/tiles.js";
import { type PanelColumn, type PanelView, panelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import { MAX_GRID_HEIGHT } from "./grid.js";
import { panelStyles } from "./panel_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const NO_FOLD = { shown: 0, all: 0, blocks: 1 };

export class NnvizPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    panel: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [shared, panelStyles];

  declare session: Session;
  declare panel: PanelEntry;
  /** Inner width in CSS pixels. */
  declare width: number;

  constructor() {
    super();
    new Watcher(
      this,
      () => [this.session.state, this.session.records.changes],
      () => {
        if (this.#inSight()) this.requestUpdate();
      },
    );
  }

  #inSight(): boolean {
    return this.session.state.value.inSight.has(this.panel.tag);
  }

  protected override render(): TemplateResult {
    const { session, panel } = this;
    const state = session.state.value;
    const view = panelView(panel, state, session.derived, (ref) => session.records.state(ref));
    const open = !state.collapsed.has(panel.tag);
    return html`<section aria-label=${tagPath(panel.tag)}>
      ${this.#header(view, open)} ${open ? this.#body(view) : nothing}
    </section>`;
  }

  #header(view: PanelView, open: boolean): TemplateResult {
    const { tag } = this.panel;
    const [first] = view.loaded;
    const facts = [
      ...(view.source === null ? [] : sourceFacts(view.source)),
      ...(first === undefined ? [] : tileFacts(first.header)),
    ].join(" · ");
    return html`<header class=${open ? "open" : ""}>
      <button
        class="fold"
        aria-expanded=${open}
        aria-label=${`${open ? "Fold" : "Unfold"} ${tagPath(tag)}`}
        @click=${() => this.session.toggleCollapsed(tag)}
      >
        <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
      </button>
      <h2 class="mono ellipsis" title=${tag}>${tagPath(tag)}</h2>
      <span class="facts ellipsis" title=${facts}>${facts}</span>
      ${remarkChips(view.remarks)} ${this.#nonFinite(view)}
      ${
        view.colouring === null
          ? nothing
          : html`<nnviz-legend
              .colouring=${view.colouring}
              .range=${view.shared}
              .counts=${view.counts}
            ></nnviz-legend>`
      }
    </header>`;
  }

  #nonFinite(view: PanelView): TemplateResult | typeof nothing {
    const { nan, posinf, neginf } = view.counts;
    const parts = [
      ...(nan > 0 ? [`${nan.toLocaleString("en-US")} NaN`] : []),
      ...(posinf + neginf > 0 ? [`${(posinf + neginf).toLocaleString("en-US")} infinite`] : []),
    ];
    if (parts.length === 0) return nothing;
    const title = `Of the shown runs at this step: ${formatCount(nan, "NaN cell")}, ${posinf} +∞, ${neginf} −∞`;
    return html`<span class="chip red" title=${title}>${parts.join(" · ")}</span>`;
  }

  #body(view: PanelView): TemplateResult {
    const { perRow, width } = layoutColumns(this.width, view.columns.length);
    const grid = {
      "grid-template-columns": `repeat(${perRow}, ${width}px)`,
      gap: `18px ${COLUMN_GAP}px`,
    };
    return html`<div class="columns" style=${styleMap(grid)}>
      ${repeat(
        view.columns,
        ({ run }) => run.run,
        (column) => this.#column(view, column, width),
      )}
    </div>
    ${this.#foldButton(view, width)}`;
  }

  #foldButton(view: PanelView, width: number): TemplateResult | typeof nothing {
    const { tag } = this.panel;
    const folds = view.loaded.map(({ header, shape }) => {
      const layout = layoutGrid(gridAxes(header), shape, width, MAX_GRID_HEIGHT);
      const shown = foldGrid(layout, MAX_GRID_HEIGHT)?.tiles ?? shape.tiles;
      return { shown, all: shape.tiles, blocks: layout.blocks };
    });
    const most = folds.reduce((a, b) => (b.all - b.shown > a.all - a.shown ? b : a), NO_FOLD);
    if (most === NO_FOLD) return nothing;
    const unfolded = this.session.state.value.unfolded.has(tag);
    // Every block is cut, so that several blocks show the first rows of each, not the first tiles.
    const which = most.blocks === 1 ? "The first " : "";
    const text = unfolded
      ? "Show fewer tiles"
      : `${which}${most.shown} of ${most.all} tiles. Show all`;
    return html`<button
      class="more"
      data-testid="fold"
      aria-expanded=${unfolded}
      @click=${() => this.session.toggleUnfolded(tag)}
    >
      ${text}
    </button>`;
  }

  #column(view: PanelView, column: PanelColumn, width: number): TemplateResult {
    const { run } = column;
    const colour = this.session.state.value.runColours.get(run.run) ?? "";
    return html`<div class="column">
      <div class="caption">
        <span class="dot" style=${styleMap({ background: colour })}></span>
        <span class="name mono ellipsis" title=${run.name}>${run.name}</span>
        ${this.#moment(column)} ${this.#otherShape(view, column)} ${this.#ownRemarks(view, column)}
      </div>
      ${this.#content(view, column, width)}
    </div>`;
  }

  #moment({ run, match }: PanelColumn): TemplateResult {
    if (match.match === "none") {
      const since = match.first === null ? "no data" : `no data before step ${match.first}`;
      return html`<span class="chip amber" title=${since}>${since}</span>`;
    }
    const moment = this.session.state.value.timelines.get(run.run)?.get(match.step);
    const text = moment === undefined ? `step ${match.step}` : momentText(moment);
    if (match.match === "earlier") {
      const earlier = `${text} · nearest earlier`;
      return html`<span class="chip amber" title=${earlier}>${earlier}</span>`;
    }
    const phase = moment === undefined ? "" : phaseText(moment);
    const said = phase === "" ? text : `${text} · ${phase}`;
    return html`<span class="moment ellipsis" title=${said}>${said}</span>`;
  }

  // The same tag may name another layer in another run; the header speaks of one of them.
  #otherShape(view: PanelView, { source }: PanelColumn): TemplateResult | typeof nothing {
    const facts = sourceFacts(source).join(" · ");
    const same = facts === sourceFacts(view.source ?? source).join(" · ");
    return same ? nothing : html`<span class="chip" title=${facts}>${facts}</span>`;
  }

  #ownRemarks(view: PanelView, { record }: PanelColumn): readonly TemplateResult[] {
    if (record?.status !== "ready") return [];
    return remarkChips(ownRemarks(record.tiles.header, view.remarks));
  }

  #content(view: PanelView, { run, entry, record }: PanelColumn, width: number): TemplateResult {
    const reserved = guessHeight(entry.source.variableShape, width, MAX_GRID_HEIGHT);
    if (record === null) {
      return html`<div class="absent" style=${styleMap({ height: `${Math.min(reserved, 160)}px` })}></div>`;
    }
    if (record.status === "failed") {
      return html`<div class="failed" data-testid="error">
        <p>${record.message}</p>
        <button class="button" @click=${() => this.session.records.retryFailed()}>Retry</button>
      </div>`;
    }
    const tiles =
      record.status === "ready" && (view.settled || view.shared === null) ? record.tiles : null;
    return html`<nnviz-grid
      .session=${this.session}
      .tag=${this.panel.tag}
      .run=${run.run}
      .runName=${run.name}
      .tiles=${tiles}
      .available=${width}
      .reserved=${reserved}
      .folded=${!this.session.state.value.unfolded.has(this.panel.tag)}
      .colouring=${view.colouring}
      .range=${view.shared}
    ></nnviz-grid>`;
  }
}

function remarkChips({ omitted, notes }: Remarks): readonly TemplateResult[] {
  return [
    ...omitted.map((text) => html`<span class="chip" title=${text}>${text}</span>`),
    ...notes.map((text) => html`<span class="chip amber" title=${text}>${text}</span>`),
  ];
}

/**
 * One tag: its header, and a grid for each shown run side by side. Renders only while it is in sight, so that a
 * network of 150 layers scrolls smoothly; its last height stays. Must not paint or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { COLUMN_GAP, layoutColumns } from "../model/columns.js";
import type { Placement } from "../model/display.js";
import { sizeFacts, sourceFacts, tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import { arrangeGrid, shownPart } from "../model/grid_layout.js";
import type { PanelEntry } from "../model/runs.js";
import { momentText } from "../model/steps.js";
import { gridAxes, isScalar } from "../model/tiles.js";
import { type PanelView, panelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import { MAX_GRID_HEIGHT } from "./grid.js";
import { columnTemplate, commonDead, deadChip, remarkChips } from "./panel_column.js";
import { panelStyles } from "./panel_styles.js";
import { axisMenus, axisSliders, placementStyles } from "./placement_controls.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const NO_FOLD = { shown: 0, all: 0, blocks: 1 };

export class NnvizPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    panel: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [shared, panelStyles, placementStyles];

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
    const view = panelView(
      panel,
      state,
      session.derived,
      (ref) => session.records.state(ref),
      session.extremes,
    );
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
      ...(first === undefined ? [] : sizeFacts(first.header)),
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
      ${first === undefined ? nothing : axisMenus(gridAxes(first.header), view.placement, this.#place)}
      ${remarkChips(view.remarks)} ${deadChip(commonDead(view) ?? 0)} ${this.#nonFinite(view)}
      ${this.#change(view)} ${this.#legend(view)}
    </header>`;
  }

  readonly #place = (placement: Placement): void =>
    this.session.setPlacement(this.panel.tag, placement);

  #change({ since, loaded }: PanelView): TemplateResult | typeof nothing {
    const { show } = this.session.state.value.display;
    if (show === "value" || loaded.length === 0) return nothing;
    const other = show === "change-since-start" ? "start" : "the previous step";
    const text = `change since ${since === null ? other : momentText(since)}`;
    return html`<span class="chip" data-testid="change" title=${text}>${text}</span>`;
  }

  // Numbers alone need no colours.
  #legend({ colouring, shared: range, counts, scaleProgress, loaded }: PanelView): unknown {
    if (colouring === null || loaded.every(isScalar)) return nothing;
    return html`<nnviz-legend
      .colouring=${colouring}
      .range=${range}
      .scale=${this.session.state.value.display.scale}
      .scaleProgress=${scaleProgress}
      .counts=${counts}
    ></nnviz-legend>`;
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
    const { session, panel } = this;
    const { perRow, width } = layoutColumns(this.width, view.columns.length);
    const grid = {
      "grid-template-columns": `repeat(${perRow}, ${width}px)`,
      gap: `18px ${COLUMN_GAP}px`,
    };
    const context = { session, tag: panel.tag, view, width };
    const [first] = view.loaded;
    return html`${
      first === undefined
        ? nothing
        : axisSliders(gridAxes(first.header), view.placement, this.#place)
    }
    <div class="columns" style=${styleMap(grid)}>
      ${repeat(
        view.columns,
        ({ run }) => run.run,
        (column) => columnTemplate(context, column),
      )}
    </div>
    ${this.#foldButton(view, width)}`;
  }

  #foldButton(view: PanelView, width: number): TemplateResult | typeof nothing {
    const { tag } = this.panel;
    const { display, unfolded } = this.session.state.value;
    const room = { width, height: MAX_GRID_HEIGHT };
    const folds = view.loaded.map((tiles) => {
      const grid = arrangeGrid(tiles, view.placement, view.axisOrder, room, display);
      const { layout } = grid;
      const shown = shownPart(grid, MAX_GRID_HEIGHT).tiles;
      return { shown, all: layout.tiles, blocks: layout.blocks };
    });
    const most = folds.reduce((a, b) => (b.all - b.shown > a.all - a.shown ? b : a), NO_FOLD);
    if (most === NO_FOLD) return nothing;
    const isUnfolded = unfolded.has(tag);
    // Every block is cut, so that several blocks show the first rows of each, not the first tiles.
    const which = most.blocks === 1 ? "The first " : "";
    const text = isUnfolded
      ? "Show fewer tiles"
      : `${which}${most.shown} of ${most.all} tiles. Show all`;
    return html`<button
      class="more"
      data-testid="fold"
      aria-expanded=${isUnfolded}
      @click=${() => this.session.toggleUnfolded(tag)}
    >
      ${text}
    </button>`;
  }
}

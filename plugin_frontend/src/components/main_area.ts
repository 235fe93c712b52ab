/**
 * The scrolling middle: reports, then the panels by layer, or the state that stands in their place. Panels that are
 * far from sight are empty cards of the same height, so that a network of 150 layers scrolls smoothly. Must not know
 * what a panel shows.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { sectionsOf } from "../model/sections.js";
import { hasRunRow } from "../state/columns_in_sight.js";
import type { Derived } from "../state/derived.js";
import type { Session } from "../state/session.js";
import type { NnvizGraphPanel } from "./graph_panel.js";
import { insteadOfPanels } from "./instead_of_panels.js";
import { layerHeadingStyles } from "./layer_heading.js";
import { LEAST_STAGE, stageHeightIn, stageTemplate } from "./layer_stage.js";
import { mainAreaStyles } from "./main_area_styles.js";
import { Pacer } from "./pacer.js";
import { holdHeights, sectionsTemplate } from "./panel_slots.js";
import { runNames } from "./run_caption.js";
import { type NnvizRunRow, RUN_ROW } from "./run_row.js";
import { ScrollKeeper } from "./scroll_keeper.js";
import { SideScroll } from "./side_scroll.js";
import { Sight } from "./sight.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Records are fetched for panels this far outside, in CSS pixels. */
const NEARLY_IN_SIGHT = 500;
/** Panels this far outside are there, farther ones are cards without content. */
const RENDERED = 1600;

/** Left of a panel's content: page margin, panel border and panel padding. */
const INSET = 20 + 1 + 16;
/** A panel's border and padding, on both sides. */
const AROUND_CONTENT = 2 * (1 + 16);

/** Between a panel and the heading of its layer, which stays at the top, below the names of the runs. */
const BELOW_HEADING = 40;

/** Of so many runs that have nothing in the view the names are written out. */
const NAMED = 3;

export class NnvizMainArea extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    width: { state: true },
    stageHeight: { state: true },
    rendered: { state: true },
  };

  static override readonly styles = [shared, layerHeadingStyles, mainAreaStyles];

  declare session: Session;
  /** Inner width of a panel; 0 until it has been measured. */
  declare width: number;
  /** Of a panel that is shown alone: down to the end of what is in sight. */
  declare stageHeight: number;
  /** Tags of the panels that are there. */
  declare rendered: ReadonlySet<string>;

  #inSight: Sight | null = null;
  #nearby: Sight | null = null;
  #resizes: ResizeObserver | null = null;
  #shown: readonly unknown[] = [];
  /** Of panels that have been there, for the cards in their places. */
  readonly #heights = new Map<string, number>();
  readonly #pacer = new Pacer((tags) => {
    this.rendered = tags;
  });
  #areSlotsOther = true;
  /** `rendered` as it was drawn last. */
  #drawn: ReadonlySet<string> = new Set();
  readonly #scroll = new ScrollKeeper(
    this,
    () => this.#slots(),
    () => this.session,
  );
  readonly #side = new SideScroll(this, () => this.session, INSET);

  constructor() {
    super();
    this.width = 0;
    this.stageHeight = LEAST_STAGE;
    this.rendered = new Set();
    new Watcher(
      this,
      () => [this.session.state],
      () => this.#onState(),
    );
    new Watcher(
      this,
      () => [this.session.place, this.session.left],
      () => {
        this.#scroll.follow();
        this.#side.follow();
      },
    );
    new Watcher(
      this,
      () => [this.session.restored],
      () => {
        this.#scroll.go();
        this.#side.go();
      },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes = new ResizeObserver(() => {
      const isAsDrawn = this.#measure();
      this.#scroll.settle();
      if (isAsDrawn) this.#side.settle(this.width);
    });
    this.#resizes.observe(this);
    this.#inSight = new Sight(this, NEARLY_IN_SIGHT, (tags) => {
      // What leaves to make room for the stage is told of late.
      if (this.session.derived.stage === null) this.session.setInSight(tags);
      this.#pacer.hurry(tags);
    });
    this.#nearby = new Sight(this, RENDERED, (tags, entries) => this.#onNearby(tags, entries));
    this.#scroll.follow();
    this.#side.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
    this.#inSight?.disconnect();
    this.#nearby?.disconnect();
  }

  /** Scrolls to the next or the previous panel, or card of a panel that has several, and gives it the focus. */
  goToPanel(offset: 1 | -1): void {
    const stops = this.#slots().flatMap((slot) => {
      const inside = slot.querySelector<NnvizGraphPanel>("nnviz-graph-panel")?.stops;
      return (inside ?? [slot]).map((stop) => ({ stop, slot, box: stop.getBoundingClientRect() }));
    });
    const { top } = this.getBoundingClientRect();
    const focused = stops.findIndex(({ stop }) => stop.matches(":focus"));
    const at = focused < 0 ? stops.findIndex(({ box }) => box.bottom > top) : focused;
    const next = focused < 0 && offset === 1 && this.scrollTop <= 0 ? at : at + offset;
    const found = stops[Math.min(stops.length - 1, Math.max(0, next))];
    if (found === undefined) return;
    const { stop, slot, box } = found;
    const row = hasRunRow(this.session.derived) ? RUN_ROW : 0;
    const inSlot = Math.round(box.top - slot.getBoundingClientRect().top);
    this.session.place.set({ tag: slot.dataset.tag ?? "", offset: inSlot - BELOW_HEADING - row });
    stop.focus({ preventScroll: true });
  }

  /** The tag of the panel that has the focus, or is the topmost in sight; null without any. */
  topPanel(): string | null {
    const focused = this.renderRoot.querySelector<HTMLElement>(".slot:focus-within");
    const { stage } = this.session.derived;
    return stage?.panel.tag ?? focused?.dataset.tag ?? this.#scroll.top()?.tag ?? null;
  }

  /** Brings the column of the next or the previous run to the left, and gives its name the focus. */
  goToRun(offset: 1 | -1): void {
    const row = this.renderRoot.querySelector<NnvizRunRow>("nnviz-run-row");
    const run = row && this.#side.move(offset, row.focused);
    if (run) row?.focusRun(run);
  }

  // Most changes of the state are for the panels themselves; only these change what stands where.
  #onState(): void {
    const { index, reloadError, collapsed, histogramDisplay, inSight } = this.session.state.value;
    const { groups, runs, stage, columns } = this.session.derived;
    // What is shown alone is no slot that could come into sight.
    if (stage !== null && !(inSight.size === 1 && inSight.has(stage.panel.tag)))
      this.session.setInSight(new Set([stage.panel.tag]));
    const plots = `${histogramDisplay.plot} ${histogramDisplay.layersPerPlot}`;
    const shown = [index, reloadError, collapsed, groups, runs, stage, columns, plots];
    if (shown.every((value, at) => value === this.#shown[at])) return;
    // Other plots have other heights.
    if (plots !== this.#shown.at(-1)) this.#heights.clear();
    this.#shown = shown;
    this.#areSlotsOther = true;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { index, reloadError } = this.session.state.value;
    switch (index.status) {
      case "pending":
        return html`<nnviz-message heading="Loading…">Reading what is logged.</nnviz-message>`;
      case "error":
        return html`<nnviz-message error data-testid="error" heading="The log cannot be read">
          <p>${index.message}</p>
          ${this.#retry()}
        </nnviz-message>`;
      case "ready":
        return html`<div class="content ${this.#isWide ? "wide" : ""}" style=${styleMap(this.#widths)}>
          ${
            reloadError === null
              ? nothing
              : html`<div data-testid="error" role="alert">
                  <span class="chip red">Not up to date: ${reloadError}</span> ${this.#retry()}
                </div>`
          }
          ${this.#content(this.session.derived)}
        </div>`;
    }
  }

  // Panels that are wider than what is in sight keep their headers in it.
  get #isWide(): boolean {
    return this.#side.columnsIn(this.width).whole > this.width;
  }

  get #widths(): Record<string, string> {
    const { whole } = this.#side.columnsIn(this.width);
    return {
      "--in-sight": `${this.width + AROUND_CONTENT}px`,
      "--run-row": hasRunRow(this.session.derived) ? `${RUN_ROW}px` : "0px",
      ...(this.#isWide ? { width: `${whole + AROUND_CONTENT}px` } : {}),
    };
  }

  #content(derived: Derived): TemplateResult {
    const { groups, stops, stage } = derived;
    const { histogramDisplay } = this.session.state.value;
    const instead = insteadOfPanels(this.session, derived);
    if (instead !== null) return instead;
    const reports = html`<nnviz-reports .session=${this.session}></nnviz-reports>`;
    const player =
      stops.length === 0
        ? nothing
        : html`<nnviz-layer-player
            .session=${this.session}
            .width=${this.width}
          ></nnviz-layer-player>`;
    if (stage !== null)
      return html`${reports} ${player} ${stageTemplate(this.session, stage.panel, this.width, this.stageHeight)}`;
    const row = hasRunRow(derived)
      ? html`<nnviz-run-row
          .session=${this.session}
          .columns=${this.#side.columnsIn(this.width)}
        ></nnviz-run-row>`
      : nothing;
    return html`${reports} ${player} ${this.#without(derived)} ${row}
    ${sectionsTemplate(sectionsOf(groups, histogramDisplay.layersPerPlot), {
      session: this.session,
      rendered: this.rendered,
      width: this.width,
      heights: this.#heights,
    })}`;
  }

  #without({ columns: { without } }: Derived): TemplateResult | typeof nothing {
    if (without.length === 0) return nothing;
    const { runColours } = this.session.state.value;
    return html`<p class="without" data-testid="runs-without">
      Nothing of this is logged in ${runNames(without, runColours, NAMED, "more-without")}
    </p>`;
  }

  #retry(): TemplateResult {
    return html`<button class="button" @click=${() => this.session.reload()}>Retry</button>`;
  }

  protected override updated(): void {
    const slots = this.#slots();
    holdHeights(slots, this.rendered, this.#drawn);
    this.#drawn = this.rendered;
    if (this.#areSlotsOther) {
      this.#areSlotsOther = false;
      this.#inSight?.watch(slots);
      this.#nearby?.watch(slots);
    }
    // Else it is drawn anew at once: before, it cannot be scrolled to its place.
    if (this.#measure()) this.#side.settle(this.width);
    const content = this.renderRoot.querySelector(".content");
    if (content !== null) this.#resizes?.observe(content);
    // Not now: the new panels have no height before they have rendered themselves.
    requestAnimationFrame(() => this.#scroll.settle());
  }

  #slots(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".slot")];
  }

  // The height that a panel had when it left stays with its card.
  #onNearby(tags: ReadonlySet<string>, entries: readonly IntersectionObserverEntry[]): void {
    // In a hidden tab nothing is in sight; what was there is to be there again.
    if (this.clientHeight === 0) return;
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const { tag = "" } = (target as HTMLElement).dataset;
      if (!isIntersecting && this.rendered.has(tag) && boundingClientRect.height > 0)
        this.#heights.set(tag, boundingClientRect.height);
    }
    this.#pacer.want(tags);
  }

  // A hidden tab measures 0; the panels keep the width they had. False where it is another than was drawn.
  #measure(): boolean {
    if (this.clientWidth === 0) return true;
    const width = Math.max(120, this.clientWidth - 2 * INSET);
    const isAsDrawn = width === this.width;
    if (!isAsDrawn) this.#heights.clear();
    this.width = width;
    const stage = this.renderRoot.querySelector(".stage");
    if (stage !== null) this.stageHeight = stageHeightIn(this, stage);
    return isAsDrawn;
  }
}

/**
 * Attributions of one input of the model on one set of samples: a row a sample, a line in it for each run. Renders only
 * while it is in sight, and of its rows those near by. While records are on their way an older picture of the same card
 * stays, so that nothing jumps. Must not paint or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import {
  type CardLayout,
  COLUMN_SPACE,
  LINE_SPACE,
  layoutCard,
  ROW_PADDING,
  widthOf,
} from "../model/attribution_layout.js";
import type { PanelEntry } from "../model/runs.js";
import { pictureSize } from "../model/sample_pictures.js";
import { gridAxes } from "../model/tiles.js";
import { type AttributionView, attributionView } from "../state/attribution_view.js";
import { panelReads } from "../state/panel_reads.js";
import type { Session } from "../state/session.js";
import { type RowContext, sampleName } from "./attribution_cells.js";
import {
  type CardContext,
  cardHeader,
  cardTitle,
  columnTitles,
  gridStyle,
} from "./attribution_header.js";
import { rowTemplate } from "./attribution_row.js";
import { attributionStyles } from "./attribution_styles.js";
import { cardTools } from "./attribution_tools.js";
import { choiceStyles } from "./choices.js";
import { panelStyles } from "./panel_styles.js";
import { PanelWatcher } from "./panel_watcher.js";
import { Sight } from "./sight.js";
import { shared } from "./tokens.js";

/** Rows this far outside of what is in sight are there, in CSS pixels. */
const RENDERED = 500;
/** Rows that are there before it is known what is in sight. */
const FIRST_ROWS = 8;

export class NnvizAttributionCard extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    card: { attribute: false },
    width: { type: Number },
    near: { state: true },
  };

  static override readonly styles = [shared, panelStyles, choiceStyles, attributionStyles];

  declare session: Session;
  declare card: PanelEntry;
  /** Inner width in CSS pixels. */
  declare width: number;
  /** Rows near by, by their places; null before that is known. */
  declare near: ReadonlySet<string> | null;

  /** What was shown when everything was here. */
  #last: { readonly key: string; readonly view: AttributionView } | null = null;
  #sight: Sight | null = null;

  constructor() {
    super();
    this.near = null;
    new PanelWatcher(this, {
      session: () => this.session,
      tag: () => this.card.tag,
      records: ({ records }) => records.changes,
      reads: () => {
        const { state, derived, records, extremes } = this.session;
        return panelReads(this.card, state.value, derived, (ref) => records.state(ref), extremes);
      },
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
    this.#sight = null;
  }

  protected override render(): TemplateResult {
    const { session, card } = this;
    const state = session.state.value;
    const now = attributionView(
      card,
      state,
      session.derived,
      (ref) => session.records.state(ref),
      session.extremes,
    );
    const isOpen = !state.collapsed.has(card.tag);
    const key = JSON.stringify([card.tag, now.runs.map(({ run }) => run.run)]);
    if (now.settled) this.#last = { key, view: now };
    const isStale = !now.settled && this.#last?.key === key;
    // What the header says of runs and steps is of now, what the rows show of when it was painted.
    const view = isStale ? (this.#last?.view ?? now) : now;
    const context = {
      session,
      tag: card.tag,
      view: { ...view, runs: isStale ? now.runs : view.runs },
      hasOwnSamples: session.derived.allPanels.some(
        ({ tag }) => tag !== card.tag && tag.split("#")[0] === card.tag.split("#")[0],
      ),
    };
    return html`<section aria-label=${cardTitle(now)} data-settled=${now.settled}>
      ${cardHeader(context, isOpen)}
      ${
        !isOpen
          ? nothing
          : now.settled || isStale
            ? this.#body(context, view, isStale)
            : html`<div class="reserved"><div class="skeleton"></div></div>`
      }
    </section>`;
  }

  #body(context: CardContext, view: AttributionView, isStale: boolean): TemplateResult {
    const { display, attributionDisplay } = this.session.state.value;
    const hasPictures = canOverlay(view);
    const layout = layoutOf(view, hasPictures && attributionDisplay.overlay !== "off", {
      mode: attributionDisplay.alphas,
      available: this.width,
      tileSize: display.tileSize,
    });
    if (layout === null) return html`${cardTools(context, false)} ${this.#nothingYet(view)}`;
    const isWide = widthOf(layout) > this.width;
    const sizes = {
      "--space": `${COLUMN_SPACE}px`,
      "--line-space": `${LINE_SPACE}px`,
      "--row-padding": `${ROW_PADDING}px`,
    };
    const rows: RowContext = { session: this.session, view, layout, pickAlpha: this.#pickAlpha };
    return html`<div class="body ${isWide ? "wide" : ""} ${isStale ? "stale" : ""}" style=${styleMap(sizes)}>
      <div class="top">${cardTools(context, hasPictures)} ${columnTitles(context, layout)}</div>
      ${repeat(
        view.order,
        (sample) => sample,
        (sample, place) => this.#row(rows, sample, place),
      )}
    </div>`;
  }

  #row(rows: RowContext, sample: number, place: number): TemplateResult {
    const { layout, view } = rows;
    const isThere = this.near?.has(String(place)) ?? place < FIRST_ROWS;
    const style = {
      ...gridStyle(layout),
      height: `${layout.row}px`,
      "grid-auto-rows": layout.lines.map((line) => `${line}px`).join(" "),
    };
    return html`<div
      class="row"
      role="group"
      aria-label=${sampleName(view, sample)}
      data-testid="attribution-row"
      data-sample=${sample}
      data-tag=${place}
      style=${styleMap(style)}
    >
      ${isThere ? rowTemplate(rows, sample) : nothing}
    </div>`;
  }

  // No run has maps so early, or none can be read: each says so itself.
  #nothingYet({ runs }: AttributionView): TemplateResult {
    return html`${runs.map(({ run, maps }) =>
      maps.status === "told"
        ? html`<p class="none" data-testid=${maps.isError ? "error" : "told"}>
            <span class="mono">${run.name}</span>: ${maps.message}
            ${
              maps.isError
                ? html`<button class="button" @click=${() => this.session.retryFailed()}>
                    Retry
                  </button>`
                : nothing
            }
          </p>`
        : nothing,
    )}`;
  }

  protected override updated(): void {
    const area = (this.getRootNode() as ShadowRoot).host;
    if (!(area instanceof HTMLElement)) return;
    this.#sight ??= new Sight(area, RENDERED, (places) => {
      // In a hidden tab nothing is in sight; what was there is to be there again.
      if (area.clientHeight > 0) this.near = places;
    });
    this.#sight.watch([...this.renderRoot.querySelectorAll<HTMLElement>(".row")]);
    this.#showSought(area);
  }

  // Rows have their heights before they are filled: the one that is sought can be gone to at once.
  #showSought(area: HTMLElement): void {
    const { soughtSample, place } = this.session;
    const sought = soughtSample.value;
    if (sought?.tag !== this.card.tag) return;
    const row = this.renderRoot.querySelector(`.row[data-sample="${sought.sample}"]`);
    if (row === null) return;
    soughtSample.set(null);
    row.classList.add("sought");
    // In the middle, and there it is held while the cards above get their heights.
    const { top, height } = row.getBoundingClientRect();
    const inCard = top - this.getBoundingClientRect().top;
    place.set({
      tag: sought.tag,
      offset: Math.round(inCard - Math.max(0, area.clientHeight - height) / 2),
    });
  }

  readonly #pickAlpha = (tile: number): void => {
    const { alphas } = this.#last?.view ?? { alphas: [] };
    const alpha = alphas[tile % Math.max(1, alphas.length)];
    if (alpha !== undefined) this.session.looks.setAttributionDisplay({ alpha });
  };
}

/** True where the input is a picture that colours can be laid over. */
function canOverlay({ pictures, first }: AttributionView): boolean {
  if (pictures.status !== "ready" || first === null) return false;
  return pictureSize(pictures.tiles) !== null && first.shape.height > 1 && first.shape.width > 1;
}

function layoutOf(
  view: AttributionView,
  hasOverlay: boolean,
  wishes: {
    readonly mode: "one" | "all";
    readonly available: number;
    readonly tileSize: Parameters<typeof layoutCard>[2];
  },
): CardLayout | null {
  const { first, pictures, runs, alphas } = view;
  if (first === null) return null;
  const sizeOf = ({ shape: { height, width } }: { shape: { height: number; width: number } }) => ({
    height,
    width,
  });
  const baselines = runs.flatMap(({ baselines: part }) =>
    part?.status === "ready"
      ? (gridAxes(part.tiles.header).find(({ name }) => name === "baseline")?.size ?? 1)
      : [],
  );
  return layoutCard(
    {
      map: sizeOf(first),
      input: pictures.status === "ready" ? sizeOf(pictures.tiles) : null,
      hasOverlay,
      alphas: alphas.length === 0 ? 0 : wishes.mode === "all" ? alphas.length : 1,
      hasSpread: runs.some(({ spread }) => spread !== null),
      baselines: Math.max(0, ...baselines),
      runs: runs.length,
    },
    wishes.available,
    wishes.tileSize,
  );
}

/**
 * A tile in the large: itself in every shown run, its values in bins, its norm and its change over the steps, what else is
 * logged of its unit, and a film strip. Puts these together and goes to the next tile; must not paint.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { panelFacts, tagPath } from "../model/facts.js";
import { tilePlace } from "../model/tile_place.js";
import type { RecordRef, RecordState } from "../state/record_store.js";
import type { Session } from "../state/session.js";
import { TileBook } from "../state/tile_book.js";
import { type TileView, tileView } from "../state/tile_view.js";
import { tileWishes } from "../state/tile_wishes.js";
import { changeText } from "./comparison_words.js";
import { copyLink, isCurrent, type LinkByHand } from "./copy_link.js";
import { loaderOf } from "./deferred_modules.js";
import { legend } from "./panel_header.js";
import { tileCardStyles } from "./tile_card_styles.js";
import { tileColumns } from "./tile_columns.js";
import { tileScale } from "./tile_scale.js";
import { tileStyles } from "./tile_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Margins of the page, and the line and the padding of a card, on both sides. */
const CARD_INSET = 2 * (20 + 1 + 16);
/** Between cards that stand side by side. */
const GAP = 14;
/** With these, the plots and numbers of a tile are loaded. */
const PLOTS = "histogram";

/** Cards of plots are no narrower than this, inside. */
const LEAST_PLOT = 262;
const MOST_PLOTS = 3;
/** Of the tile itself: a share of the screen within bounds. */
const LEAST_HEIGHT = 280;
const MOST_HEIGHT = 900;
const HEIGHT_SHARE = 0.52;
/** With its heading. */
const PLOT_HEIGHT = 200;
/** A link is said to be copied for this long, in milliseconds. */
const SAID_FOR = 2500;

/** What is known of tiles is kept for as long as the tab is open. */
const books = new WeakMap<Session, TileBook>();

function bookOf(session: Session): TileBook {
  const book = books.get(session) ?? new TileBook();
  books.set(session, book);
  return book;
}

export class NnvizTile extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    width: { state: true },
    height: { state: true },
    copied: { state: true },
  };

  static override readonly styles = [shared, tileCardStyles, tileStyles];

  declare session: Session;
  /** Inside of a card that spans the page; 0 until it has been measured. */
  declare width: number;
  /** Of the tile itself, so that it is in sight as a whole. */
  declare height: number;
  /** What became of copying the link; null where nobody has asked for it. */
  declare copied: "copied" | LinkByHand | null;

  #resizes: ResizeObserver | null = null;
  #isRunShown = false;
  /** The last one that was there: it stays while the index is read again. */
  #view: TileView | null = null;

  constructor() {
    super();
    this.width = 0;
    this.height = LEAST_HEIGHT;
    this.copied = null;
    new Watcher(this, () => [
      this.session.state,
      this.session.records.changes,
      loaderOf(PLOTS).state,
    ]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes = new ResizeObserver(() => this.#measure());
    this.#resizes.observe(this);
    const { session } = this;
    const records = (ref: RecordRef): RecordState => session.records.state(ref);
    session.planBesides((state, derived) => tileWishes(state, derived, bookOf(session), records));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
    this.session.planBesides(null);
  }

  /** Goes to the tile before or after, in the order in which the grids show them. */
  move(offset: 1 | -1): void {
    if (this.#view === null) return;
    const { order, opened, place } = this.#view;
    const at = order.indexOf(opened.tile);
    const tile = order[at < 0 ? 0 : at + offset];
    if (tile === undefined || place === null) return;
    this.copied = null;
    this.session.openTile({ ...opened, tile, place: tilePlace(place.axes, tile) });
  }

  /** Brings the column of the run before or after that which has the focus, or is first in sight, into sight. */
  goToRun(offset: 1 | -1): void {
    const columns = this.#columns();
    const focused = columns.findIndex((each) => each.matches(":focus, :focus-within"));
    const left = columns[0]?.parentElement?.getBoundingClientRect().left ?? 0;
    const first = columns.findIndex((each) => each.getBoundingClientRect().right > left + 1);
    const at = (focused < 0 ? first : focused) + offset;
    const column = columns[Math.max(0, Math.min(columns.length - 1, at))];
    column?.focus({ preventScroll: true });
    column?.scrollIntoView({ block: "nearest", inline: "start" });
  }

  #columns(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("[data-testid='tile-column']")];
  }

  protected override willUpdate(): void {
    const { copied } = this;
    const isByHand = copied !== null && copied !== "copied";
    if (isByHand && !isCurrent(copied, this.session)) this.copied = null;
  }

  protected override render(): TemplateResult {
    const view = tileView(this.session, bookOf(this.session));
    this.#view = view;
    if (view === null) return this.#instead();
    return html`${this.#header(view)}
      <div class="content">
        ${this.width === 0 ? nothing : this.#content(view)}
      </div>`;
  }

  #instead(): TemplateResult {
    const { index } = this.session.state.value;
    if (index.status === "ready" && index.value.runs.length === 0)
      return html`<nnviz-no-data></nnviz-no-data>`;
    return index.status === "pending"
      ? html`<nnviz-message heading="Loading…">Reading what is logged.</nnviz-message>`
      : html`<nnviz-message data-testid="tile-absent" heading="No shown run has this tile">
          Tick a run that has it, or go
          <button class="button" @click=${() => this.session.openTile(null)}>back</button>
        </nnviz-message>`;
  }

  #header(view: TileView): TemplateResult {
    const { session } = this;
    const { order, opened, name, panel } = view;
    const at = order.indexOf(opened.tile);
    const facts = panelFacts(view.view.source, view.view.loaded[0]?.header ?? null).join(" · ");
    const { show } = session.state.value.display;
    return html`<header data-testid="tile-header" data-tag=${opened.tag} data-tile=${opened.tile}>
      <button class="button back" data-testid="tile-back" title="Back to the panels (Esc)" @click=${() => session.openTile(null)}>
        <span aria-hidden="true">←</span> Back
      </button>
      <h2 title=${panel.tag}>
        <span class="mono">${tagPath(panel.tag)}</span>
        ${name === "" ? nothing : html`<span class="name" data-testid="tile-name">${name}</span>`}
      </h2>
      <span class="facts ellipsis" title=${facts}>${facts}</span>
      ${
        show === "value" || view.view.loaded.length === 0
          ? nothing
          : html`<span class="chip" data-testid="tile-change">${changeText(session, view.view.since)}</span>`
      }
      ${legend({ session, tag: panel.tag, view: view.view })} ${tileScale(session, view)}
      <span class="tools"><span class="steps">
        <button class="button" data-testid="tile-previous" title="Previous tile (k)" aria-label="Previous tile" ?disabled=${at === 0 || order.length < 2} @click=${() => this.move(-1)}>‹</button>
        <span class="place" data-testid="tile-place" aria-live="polite">${
          at < 0 ? "–" : `${at + 1} of ${order.length}`
        }</span>
        <button class="button" data-testid="tile-next" title="Next tile (j)" aria-label="Next tile" ?disabled=${at === order.length - 1 || order.length < 2} @click=${() => this.move(1)}>›</button>
      </span>
      ${this.#copyButton()}</span>
    </header>`;
  }

  // Over plain HTTP on another host there is no clipboard; then the link is there to be copied by hand.
  #copyButton(): TemplateResult {
    const { copied } = this;
    if (copied !== null && copied !== "copied")
      return html`<input
        class="link mono"
        readonly
        aria-label="Link to this tile"
        .value=${copied.link}
        @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
      />`;
    return html`<button class="button" data-testid="copy-tile-link" @click=${() => void this.#copy()}>
      ${copied === "copied" ? "Link copied" : "Copy link"}
    </button>`;
  }

  async #copy(): Promise<void> {
    this.copied = await copyLink(this.session);
    if (this.copied === "copied")
      setTimeout(() => {
        if (this.copied === "copied") this.copied = null;
      }, SAID_FOR);
  }

  #content(view: TileView): TemplateResult {
    const { session, width } = this;
    const perRow = Math.max(1, Math.min(MOST_PLOTS, Math.floor((width + GAP) / (LEAST_PLOT + 48))));
    const plot = Math.floor((width - (perRow - 1) * (GAP + 34)) / perRow);
    const colours = session.state.value.runColours;
    // As high as they will be before they are here.
    const plots = {
      "grid-template-columns": `repeat(${perRow}, minmax(0, 1fr))`,
      "--plot-height": `${PLOT_HEIGHT}px`,
    };
    const { read, of } = view.progress;
    const progress =
      read < of
        ? html`<span class="chip" data-testid="tile-progress">loading ${read} of ${of}</span>`
        : nothing;
    const loader = loaderOf(PLOTS);
    return html`${tileColumns(session, view, width, this.height)}
      ${
        loader.state.value.status === "error"
          ? html`<div class="card" role="alert" data-testid="error">
              The plots and numbers could not be loaded: ${loader.state.value.message}
              <button class="button" @click=${() => void loader.load()}>Retry</button>
            </div>`
          : nothing
      }
      <div class="plots" style=${styleMap(plots)}>
        <section class="card" aria-label="Values of the tile in bins">
          <nnviz-tile-histogram
            .view=${view}
            .colours=${colours}
            .width=${plot}
            .axis=${session.derived.axis}
          ></nnviz-tile-histogram>
        </section>
        ${(["l2_norm", "change_since_start"] as const).map(
          (number) => html`<section class="card" aria-label=${
            number === "l2_norm" ? "Norm over the steps" : "Change since start over the steps"
          }>
            <nnviz-tile-curve
              .session=${session}
              .view=${view}
              .number=${number}
              .colours=${colours}
              .width=${plot}
            ></nnviz-tile-curve>
          </section>`,
        )}
      </div>
      <nnviz-tile-related .session=${session} .view=${view} .width=${width}></nnviz-tile-related>
      <section class="card" aria-label="Film strip">
        <div class="heading">
          <h3>Over the steps</h3>
          <span class="chip" data-testid="film-scale">${view.film.scale}</span>
          ${progress}
        </div>
        <nnviz-tile-film .session=${session} .view=${view} .width=${width}></nnviz-tile-film>
      </section>`;
  }

  protected override updated(): void {
    this.#measure();
    this.#showChosenRun();
  }

  // Of many runs, that in which the tile was chosen is in sight when it is opened; then the reader scrolls.
  #showChosenRun(): void {
    const run = this.#view?.opened.run;
    if (this.#isRunShown || run === undefined) return;
    const column = this.#columns().find(({ dataset }) => dataset.runId === run);
    column?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#isRunShown = column !== undefined;
  }

  #measure(): void {
    if (this.clientWidth === 0) return;
    this.width = Math.max(240, this.clientWidth - CARD_INSET);
    const share = Math.round(HEIGHT_SHARE * window.innerHeight);
    this.height = Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, share));
  }
}

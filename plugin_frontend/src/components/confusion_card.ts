/**
 * A confusion of the shown runs, side by side: matrices or tables of labels, the samples of the cell that is looked
 * into, the worst mistakes. A cell that is looked at or kept in one run is so in all. Renders only while it is in sight;
 * while records are on their way the older picture stays. Must not count or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { COLUMN_GAP, columnBounds, layoutColumns } from "../model/columns.js";
import type { ConfusedSample } from "../model/confusion.js";
import type { RunEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import { isColumnInSight } from "../state/columns_in_sight.js";
import type { LookedCell } from "../state/confusion_focus.js";
import { confusionRefs } from "../state/confusion_requests.js";
import { type ConfusionView, confusionView } from "../state/confusion_view.js";
import type { Session } from "../state/session.js";
import { choiceStyles } from "./choices.js";
import type { CardState } from "./confusion_actions.js";
import { type ConfusionContext, confusionHeader, runCaption } from "./confusion_header.js";
import { labelsStyles } from "./confusion_labels_styles.js";
import { pairsStyles } from "./confusion_pairs_styles.js";
import { RunRenderer } from "./confusion_run.js";
import { samplesStyles } from "./confusion_samples_styles.js";
import { confusionStyles } from "./confusion_styles.js";
import { controls } from "./controls.js";
import { panelStyles } from "./panel_styles.js";
import { PanelWatcher } from "./panel_watcher.js";
import { emptyColumn } from "./run_caption.js";
import { shared } from "./tokens.js";

export class NnvizConfusionCard extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    card: { attribute: false },
    width: { type: Number },
    looked: { state: true },
    sample: { state: true },
    page: { state: true },
  };

  static override readonly styles = [
    shared,
    controls,
    panelStyles,
    choiceStyles,
    samplesStyles,
    confusionStyles,
    pairsStyles,
    labelsStyles,
  ];

  declare session: Session;
  declare card: PanelEntry;
  /** Inner width in CSS pixels. */
  declare width: number;
  declare looked: LookedCell | null;
  /** The sample under the pointer or the focus. */
  declare sample: { readonly run: string; readonly sample: ConfusedSample } | null;
  /** Of the labels. */
  declare page: number;

  /** What was shown when everything was here. */
  #last: { readonly key: string; readonly view: ConfusionView } | null = null;
  #view: { readonly reads: readonly unknown[]; readonly view: ConfusionView } | null = null;
  readonly #runs = new Map<string, RunRenderer>();

  constructor() {
    super();
    this.looked = null;
    this.sample = null;
    this.page = 0;
    new PanelWatcher(this, {
      session: () => this.session,
      tag: () => this.card.tag,
      records: ({ confusions }) => confusions.changes,
      reads: () => [...this.#records(), this.session.confusions.changes.value],
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.confusions.pictures.want(this.card.tag, []);
    this.session.confusions.wantPanelSamples(this.card.tag, []);
  }

  #records(): readonly unknown[] {
    const { state, derived, confusions } = this.session;
    return confusionRefs(this.card, state.value, derived).map((ref) =>
      confusions.records.state(ref),
    );
  }

  // While the pointer moves nothing of this changes; of a thousand classes it takes a while.
  #viewNow(): ConfusionView {
    const { state, derived, confusions } = this.session;
    const reads = [this.card, state.value, derived, ...this.#records()];
    const known = this.#view;
    if (known?.reads.length === reads.length && reads.every((each, at) => each === known.reads[at]))
      return known.view;
    const view = confusionView(this.card, state.value, derived, (ref) =>
      confusions.records.state(ref),
    );
    this.#view = { reads, view };
    return view;
  }

  protected override render(): TemplateResult {
    const { session, card } = this;
    const { collapsed } = session.state.value;
    const now = this.#viewNow();
    const isOpen = !collapsed.has(card.tag);
    const key = JSON.stringify([card.tag, now.runs.map(({ run }) => run.run)]);
    if (now.settled) this.#last = { key, view: now };
    const isStale = !now.settled && this.#last?.key === key;
    const view = isStale ? (this.#last?.view ?? now) : now;
    const context = { session, view };
    return html`<section aria-label=${card.tag} data-settled=${now.settled} data-testid="confusion-card">
      ${confusionHeader(context, isOpen)} ${isOpen ? this.#body(context, now, isStale) : nothing}
    </section>`;
  }

  #body(context: ConfusionContext, now: ConfusionView, isStale: boolean): TemplateResult {
    const { view, session } = context;
    const { runs } = session.derived.columns;
    const columns = layoutColumns(this.width, runs.length, columnBounds("confusion"));
    const style = {
      "grid-template-columns": `repeat(${columns.count}, ${columns.width}px)`,
      "column-gap": `${COLUMN_GAP}px`,
    };
    const card: CardState = {
      session,
      view,
      width: columns.width,
      looked: this.looked,
      lookedSample: this.sample,
      unfolded: session.state.value.unfolded,
      page: this.page,
      look: (cell) => {
        this.#look(cell);
      },
      lookAt: (run, sample) => {
        this.sample = sample === null ? null : { run, sample };
      },
      toggle: (list) => session.folding.toggleUnfolded(list),
      turn: (page) => {
        this.page = page;
      },
    };
    return html`<div
      class="runs ${isStale ? "stale" : ""}"
      style=${styleMap(style)}
    >
      ${repeat(
        runs,
        ({ run }) => run,
        (run) => this.#column(run, context, now, card),
      )}
    </div>`;
  }

  #column(
    run: RunEntry,
    context: ConfusionContext,
    now: ConfusionView,
    card: CardState,
  ): TemplateResult {
    const place = context.view.runs.findIndex((each) => each.run === run);
    const shown = context.view.runs[place];
    if (shown === undefined) return emptyColumn(this.session, run, "not logged in this run");
    // Of a run that is out of sight nothing is drawn.
    if (!this.#isInSight(run.run)) return html`<div class="run" data-run=${run.name}></div>`;
    const renderer = this.#runs.get(run.run) ?? new RunRenderer();
    this.#runs.set(run.run, renderer);
    // What is said of runs and steps is of now, what is seen below of when it was counted.
    return html`<div class="run" data-run=${run.name}>
      ${runCaption(context, { ...shown, match: now.runs[place]?.match ?? shown.match })}
      ${renderer.render(card, shown)}
    </div>`;
  }

  #isInSight(run: string): boolean {
    return isColumnInSight(this.session.state.value, this.session.derived, run);
  }

  #look(cell: LookedCell | null): void {
    const { looked } = this;
    const isSame =
      looked?.row === cell?.row &&
      looked?.column === cell?.column &&
      looked?.classes === cell?.classes;
    if (isSame) return;
    this.looked = cell;
  }

  protected override updated(): void {
    const { session, card } = this;
    const isOpen = !session.state.value.collapsed.has(card.tag);
    const shown = new Set(this.#view?.view.runs.map(({ run }) => run.run) ?? []);
    for (const run of this.#runs.keys()) if (!shown.has(run)) this.#runs.delete(run);
    const renderers = [...this.#runs].flatMap(([run, renderer]) =>
      this.#isInSight(run) ? [renderer] : [],
    );
    session.confusions.pictures.want(
      card.tag,
      isOpen ? renderers.flatMap(({ pictureWishes }) => pictureWishes) : [],
    );
    session.confusions.wantPanelSamples(
      card.tag,
      renderers.flatMap(({ sampleRefs }) => sampleRefs),
    );
  }
}

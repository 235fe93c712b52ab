/**
 * One run of a card: its matrix or table, and beside or below it what is looked into. Must not know how a matrix is drawn.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { ConfusedSample, Confusion } from "../model/confusion.js";
import { ASIDE_GAP, layoutRun } from "../model/confusion_layout.js";
import type { CellPlace } from "../model/confusion_moves.js";
import {
  cellAt,
  focusedCell,
  type PanelPlace,
  panelPlace,
  pictureWish,
  placeOfSample,
  referenceWish,
} from "../state/confusion_focus.js";
import { type ConfusionRun, inClasses, labelsOf } from "../state/confusion_view.js";
import type { PictureWish } from "../state/picture_shelf.js";
import type { RecordRef } from "../state/record_store.js";
import { goToSample } from "../state/sample_links.js";
import { sampleRefs } from "../state/sample_records.js";
import type { Session } from "../state/session.js";
import { type CardState, listKey, lookAt, pickCell, pin } from "./confusion_actions.js";
import { CellsRenderer, type Ready } from "./confusion_cells.js";
import type { RunContext } from "./confusion_context.js";
import type { CellZoomEvent } from "./confusion_events.js";
import { labelsTemplate } from "./confusion_labels.js";
import { legendTemplate } from "./confusion_legend.js";
import { mistakesTemplate } from "./confusion_mistakes.js";
import { pairsTemplate } from "./confusion_pairs.js";
import { detailTemplate, samplesOfReference, shownSamples } from "./confusion_samples.js";
import { ASIDE_OF_SAMPLES, fontScale, pairLetters, wantedWidth } from "./confusion_sizes.js";

export class RunRenderer {
  /** The pictures that were shown last. */
  pictureWishes: readonly PictureWish[] = [];
  /** The samples of the other views, where one of this run is to be found among them. */
  sampleRefs: readonly RecordRef[] = [];
  readonly #cells = new CellsRenderer();

  render(card: CardState, run: ConfusionRun): TemplateResult {
    const { shown } = run;
    this.pictureWishes = [];
    if (shown.status === "pending") return html`<div class="skeleton"></div>`;
    if (shown.status === "told") return told(card.session, shown);
    return this.#ready(card, run, shown);
  }

  #ready(card: CardState, run: ConfusionRun, shown: Ready): TemplateResult {
    const { session, view } = card;
    const scale = fontScale();
    const { confusion } = shown;
    const { confusionDisplay, theme } = session.state.value;
    const isOfLabels = confusion.header.task === "multi_label";
    const wanted = wantedWidth(confusion, confusionDisplay.content, run.order.length, scale);
    // A table is not cut; pictures in cells need the room more than those beside them.
    const leastAside = confusionDisplay.content === "samples" ? ASIDE_OF_SAMPLES : undefined;
    const layout = layoutRun(card.width, wanted, isOfLabels ? wanted : undefined, leastAside);
    const focused = focusedCell(run, card.looked, isOfLabels ? null : this.#cells.part(card, run));
    const isOfSample = card.lookedSample?.run === run.run.run;
    const pinnedSample = run.pinned?.sample ?? null;
    const sample = isOfSample
      ? (card.lookedSample?.sample ?? null)
      : focused?.how === "pinned" && pinnedSample !== null
        ? sampleAt(confusion, focused, pinnedSample)
        : null;
    const unfolded = listKey(card, run, "mistakes");
    const context: RunContext = {
      session,
      run,
      confusion,
      focused,
      sample,
      pinnedSample,
      isPart: !isOfLabels && this.#cells.part(card, run) !== null,
      panelPlace: this.#panelPlace(session, run, confusion, sample),
      width: layout.aside,
      listWidth: layout.list,
      scale,
      isUnfolded: card.unfolded.has(unfolded),
      look: (each) => card.lookAt(run.run.run, each),
      pick: (each) => {
        const place = placeOfSample(confusion, each);
        pin(card, run, { ...place, sample: each.index === pinnedSample ? null : each.index });
      },
      unpin: () => session.looks.setConfusionDisplay({ pinned: null }),
      unfold: () => card.toggle(unfolded),
      goTo: (to, place) => goToSample(session, to, place),
    };
    const facing = isOfLabels ? null : this.#cells.facing(card, shown);
    const cells =
      facing === null
        ? this.#labels(card, run)
        : this.#cells.cells(card, run, facing, layout.matrix, scale, focused);
    // Of labels a change is a share of those that have it, or have it not: at most all of them.
    const mostChange = isOfLabels ? 1 : view.mostChange;
    this.pictureWishes = [
      pictureWish(run, [
        ...shownSamples(context),
        ...(sample === null ? [] : [sample]),
        ...this.#cells.topSamples(card, run, shown),
      ]),
      referenceWish(run, samplesOfReference(context)),
    ].filter((wish) => wish !== null);
    const pairs = listKey(card, run, "pairs");
    // What has changed comes before what there is.
    const lists =
      facing === null
        ? nothing
        : pairsTemplate({
            runName: run.run.name,
            matrix: facing.matrix,
            reference: facing.reference,
            pinned: run.pinned,
            isUnfolded: card.unfolded.has(pairs),
            letters: pairLetters(layout.list, scale),
            look: (cell) => lookAt(card, run, cell),
            pick: (cell) => pickCell(card, run, cell),
            unfold: () => card.toggle(pairs),
          });
    const style = layout.isWide
      ? { "grid-template-columns": `${layout.matrix}px ${layout.aside}px` }
      : {};
    const aside = {
      gap: `16px ${ASIDE_GAP}px`,
      "grid-template-columns": `repeat(${layout.lists}, ${layout.list}px)`,
    };
    return html`<div class="parts ${layout.isWide ? "wide" : ""}" style=${styleMap(style)}>
      <div
        class="cells"
        @cell-look=${(event: CustomEvent<{ cell: CellPlace | null }>) => lookAt(card, run, event.detail.cell)}
        @cell-pick=${(event: CustomEvent<CellPlace>) => pickCell(card, run, event.detail)}
        @cell-zoom=${(event: CellZoomEvent) => this.#cells.zoomAt(card, run, event.detail)}
      >
        ${shown.refused === null ? nothing : html`<p class="refused chip amber" data-testid="refused">${shown.refused}</p>`}
        ${isOfLabels ? nothing : this.#cells.crumbs(card, run, confusion.header.classNames)} ${cells}
        ${legendTemplate({ isMap: !isOfLabels && this.#cells.isMap(card, run), isChange: shown.reference !== null, mostChange, theme }, isUnchanged(shown))}
      </div>
      <div class="aside" style=${styleMap(aside)}>
        ${detailTemplate(context)}
        ${shown.reference === null ? [mistakesTemplate(context), lists] : [lists, mistakesTemplate(context)]}
      </div>
    </div>`;
  }

  #labels(card: CardState, run: ConfusionRun): TemplateResult {
    const { session, view } = card;
    const { labelSort, labelsReversed } = session.state.value.confusionDisplay;
    return labelsTemplate({
      ...labelsOf(run, view.weighted),
      runName: run.run.name,
      order: run.order,
      page: card.page,
      sort: labelSort,
      reversed: labelsReversed,
      theme: session.state.value.theme,
      looked: inClasses(card.looked, run.classes),
      pinned: run.pinned,
      look: (cell) => lookAt(card, run, cell),
      pick: (cell) => pickCell(card, run, cell),
      sortBy: (change) => session.looks.setConfusionDisplay(change),
      turn: card.turn,
    });
  }

  #panelPlace(
    session: Session,
    run: ConfusionRun,
    confusion: Confusion,
    sample: ConfusedSample | null,
  ): PanelPlace {
    const address = sample === null ? undefined : confusion.addresses.get(sample.index);
    // Once they are wanted they stay so, while the pointer goes to and fro.
    const isWanted = address !== undefined || this.sampleRefs.length > 0;
    this.sampleRefs = isWanted ? sampleRefs(run.run, session.derived) : [];
    if (address === undefined) return { status: "none" };
    return panelPlace(this.sampleRefs, address, (ref) => session.confusions.panelSample(ref));
  }
}

function sampleAt(confusion: Confusion, place: CellPlace, index: number): ConfusedSample | null {
  const listed = [...(cellAt(confusion, place)?.samples ?? []), ...confusion.mistakes];
  return listed.find((each) => each.index === index) ?? null;
}

function isUnchanged({ confusion, reference }: Ready): boolean {
  if (reference === null || confusion.cells.size !== reference.cells.size) return false;
  return [...confusion.cells].every(
    ([cell, { count, weight }]) =>
      reference.cells.get(cell)?.count === count && reference.cells.get(cell)?.weight === weight,
  );
}

function told(
  session: Session,
  { message, isError }: Extract<ConfusionRun["shown"], { readonly status: "told" }>,
): TemplateResult {
  if (!isError) return html`<div class="absent told" data-testid="told">${message}</div>`;
  return html`<div class="failed" data-testid="error" role="alert">
    <p>${message}</p>
    <button class="button" @click=${() => session.retryFailed()}>Retry</button>
  </div>`;
}

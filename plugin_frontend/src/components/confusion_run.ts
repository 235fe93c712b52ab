/**
 * One run of a card: its matrix or table, and beside or below it what is looked into. Keeps what it has made for as long
 * as it is made of the same things, so that pointing at a cell does not make the matrix anew.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { ConfusedSample, Confusion } from "../model/confusion.js";
import { matrixOf } from "../model/confusion_counts.js";
import type { Zoom } from "../model/confusion_display.js";
import { type Facing, longestNumber } from "../model/confusion_faces.js";
import {
  ASIDE_GAP,
  layoutMap,
  layoutMatrix,
  layoutRun,
  MOST_CELLS_ALONG,
} from "../model/confusion_layout.js";
import type { CellPlace } from "../model/confusion_moves.js";
import { clampZoom, isWhole, zoomAbout } from "../model/confusion_order.js";
import {
  cellAt,
  type FocusedCell,
  focusedCell,
  type PanelPlace,
  panelPlace,
  pictureWish,
  placeOfSample,
  referenceWish,
  type ShownPart,
} from "../state/confusion_focus.js";
import { type ConfusionRun, inClasses, labelsOf } from "../state/confusion_view.js";
import type { PictureWish } from "../state/picture_shelf.js";
import type { RecordRef } from "../state/record_store.js";
import { goToSample } from "../state/sample_links.js";
import { sampleRefs } from "../state/sample_records.js";
import type { Session } from "../state/session.js";
import { type CardState, lookAt, pickCell, pin, setZoom, zoomOf } from "./confusion_actions.js";
import type { RunContext } from "./confusion_context.js";
import { crumbsTemplate } from "./confusion_crumbs.js";
import type { CellZoomEvent } from "./confusion_events.js";
import { pictureOf } from "./confusion_figure.js";
import { labelsTemplate } from "./confusion_labels.js";
import { legendTemplate } from "./confusion_legend.js";
import type { ZoomEvent } from "./confusion_map.js";
import type { CellPicture } from "./confusion_matrix.js";
import { mistakesTemplate } from "./confusion_mistakes.js";
import { pairsTemplate } from "./confusion_pairs.js";
import { detailTemplate, samplesOfReference, shownSamples } from "./confusion_samples.js";
import {
  ASIDE_OF_SAMPLES,
  fontScale,
  mapRoom,
  pairLetters,
  wantedWidth,
} from "./confusion_sizes.js";

type Ready = Extract<ConfusionRun["shown"], { readonly status: "ready" }>;

export class RunRenderer {
  /** The pictures that were shown last. */
  pictureWishes: readonly PictureWish[] = [];
  /** The samples of the other views, where one of this run is to be found among them. */
  sampleRefs: readonly RecordRef[] = [];
  /** The cell to which the focus goes with the next picture, which may be in another element. */
  #focusOn: CellPlace | null = null;
  readonly #kept = new Map<string, { readonly of: readonly unknown[]; readonly value: unknown }>();

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
    const focused = focusedCell(run, card.looked, isOfLabels ? null : this.#part(card, run));
    const isOfSample = card.lookedSample?.run === run.run.run;
    const pinnedSample = run.pinned?.sample ?? null;
    const sample = isOfSample
      ? (card.lookedSample?.sample ?? null)
      : focused?.how === "pinned" && pinnedSample !== null
        ? sampleAt(confusion, focused, pinnedSample)
        : null;
    const unfolded = `mistakes ${run.run.run}`;
    const context: RunContext = {
      session,
      run,
      confusion,
      focused,
      sample,
      pinnedSample,
      isPart: !isOfLabels && this.#part(card, run) !== null,
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
      unpin: () => session.setConfusionDisplay({ pinned: null }),
      unfold: () => card.toggle(unfolded),
      goTo: (to, place) => goToSample(session, to, place),
    };
    const facing = isOfLabels ? null : this.#facing(card, shown);
    const cells =
      facing === null
        ? this.#labels(card, run)
        : this.#cells(card, run, facing, layout.matrix, scale, focused);
    // Of labels a change is a share of those that have it, or have it not: at most all of them.
    const mostChange = isOfLabels ? 1 : view.mostChange;
    this.pictureWishes = [
      pictureWish(run, [
        ...shownSamples(context),
        ...(sample === null ? [] : [sample]),
        ...this.#topSamples(card, run, shown),
      ]),
      referenceWish(run, samplesOfReference(context)),
    ].filter((wish) => wish !== null);
    const pairs = `pairs ${run.run.run}`;
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
        @cell-zoom=${(event: CellZoomEvent) => this.#zoomAt(card, run, event.detail)}
      >
        ${shown.refused === null ? nothing : html`<p class="refused chip amber" data-testid="refused">${shown.refused}</p>`}
        ${isOfLabels ? nothing : this.#crumbs(card, run, confusion.header.classNames)} ${cells}
        ${legendTemplate({ isMap: !isOfLabels && isMap(this.#zoom(card, run)), isChange: shown.reference !== null, mostChange, theme }, isUnchanged(shown))}
      </div>
      <div class="aside" style=${styleMap(aside)}>
        ${detailTemplate(context)}
        ${shown.reference === null ? [mistakesTemplate(context), lists] : [lists, mistakesTemplate(context)]}
      </div>
    </div>`;
  }

  #facing({ session, view }: CardState, { confusion, reference }: Ready): Facing {
    const { confusionDisplay, theme } = session.state.value;
    const { content } = confusionDisplay;
    const of = [confusion, reference, content, view.weighted, view.mostChange, theme];
    return this.#keep("facing", of, () => ({
      matrix: matrixOf(confusion, view.weighted),
      reference: reference === null ? null : matrixOf(reference, view.weighted),
      content,
      mostChange: view.mostChange,
      numbers: "whole",
      theme,
      unit: view.weighted ? "by weight" : "samples",
    }));
  }

  #cells(
    card: CardState,
    run: ConfusionRun,
    facing: Facing,
    width: number,
    scale: number,
    focused: FocusedCell | null,
  ): TemplateResult {
    const { order } = run;
    const zoom = this.#zoom(card, run);
    const focusOn = this.#focusOn;
    this.#focusOn = null;
    const rows = this.#keep("rows", [order, zoom], () => order.slice(zoom.top, zoom.bottom));
    const columns = this.#keep("columns", [order, zoom], () => order.slice(zoom.left, zoom.right));
    const names = (indices: readonly number[]): readonly string[] =>
      indices.map((index) => facing.matrix.names[index] ?? "");
    const { pinned } = run;
    const looked = inClasses(card.looked, run.classes);
    const worst = focused?.how === "worst" || focused?.how === "gained" ? focused : null;
    if (order.length === 0)
      return html`<p class="quiet">Every class is always recognised: there is no mistake to show.</p>`;
    if (isMap(zoom)) {
      const layout = this.#keep(
        "map",
        [rows, columns, width, mapRoom(), scale, facing.matrix],
        () => layoutMap(names(rows), names(columns), { width, height: mapRoom() }, scale),
      );
      return html`<nnviz-confusion-map
        .facing=${facing}
        .order=${order}
        .zoom=${zoom}
        .layout=${layout}
        .name=${run.run.name}
        .looked=${looked}
        .pinned=${pinned}
        .focusOn=${focusOn}
        @map-zoom=${(event: ZoomEvent) => setZoom(card, run, event.detail)}
      ></nnviz-confusion-map>
      ${facing.content === "samples" ? html`<p class="quiet">Zoom in to ${MOST_CELLS_ALONG} classes or fewer to see their samples.</p>` : nothing}`;
    }
    const layout = this.#keep("matrix", [rows, columns, width, scale, facing], () =>
      layoutMatrix(
        { rows: names(rows), columns: names(columns) },
        width,
        facing.content,
        longestNumber(facing),
        scale,
      ),
    );
    const fitted = this.#keep("fitted", [facing, layout], () => ({
      ...facing,
      numbers: layout.numbers,
    }));
    const picture = this.#keep("picture", [facing, run], () => this.#picture(card, run, facing));
    return html`<nnviz-confusion-matrix
      .facing=${fitted}
      .rows=${rows}
      .columns=${columns}
      .layout=${layout}
      .name=${run.run.name}
      .picture=${picture}
      .pictureVersion=${picture === null ? 0 : card.session.confusions.pictures.changes.value}
      .looked=${looked}
      .pinned=${pinned}
      .worst=${worst}
      .focusOn=${focusOn}
    ></nnviz-confusion-matrix>`;
  }

  #picture({ session }: CardState, run: ConfusionRun, facing: Facing): CellPicture | null {
    if (facing.content !== "samples" || run.shown.status !== "ready") return null;
    const { confusion } = run.shown;
    return (row, column, side) => {
      const sample = cellAt(confusion, { row, column })?.samples[0];
      return sample === undefined
        ? nothing
        : pictureOf(session, run, confusion, sample.index, side);
    };
  }

  // In every cell that is in sight.
  #topSamples(card: CardState, run: ConfusionRun, { confusion }: Ready): readonly ConfusedSample[] {
    const { content } = card.session.state.value.confusionDisplay;
    if (content !== "samples" || confusion.header.task === "multi_label") return [];
    const zoom = this.#zoom(card, run);
    if (isMap(zoom)) return [];
    const rows = new Set(run.order.slice(zoom.top, zoom.bottom));
    const columns = new Set(run.order.slice(zoom.left, zoom.right));
    return [...confusion.cells.values()].flatMap(({ cell, samples }) => {
      const size = confusion.header.classNames.length;
      const isShown = rows.has(Math.floor(cell / size)) && columns.has(cell % size);
      return isShown ? samples.slice(0, 1) : [];
    });
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
      sortBy: (change) => session.setConfusionDisplay(change),
      turn: card.turn,
    });
  }

  // Null where all classes are shown.
  #part(card: CardState, run: ConfusionRun): ShownPart | null {
    const { order } = run;
    const zoom = this.#zoom(card, run);
    if (isWhole(zoom, order.length)) return null;
    return this.#keep("part", [order, zoom], () => ({
      rows: new Set(order.slice(zoom.top, zoom.bottom)),
      columns: new Set(order.slice(zoom.left, zoom.right)),
    }));
  }

  #zoom(card: CardState, run: ConfusionRun): Zoom {
    const { order } = run;
    const zoom = zoomOf(card, run);
    return this.#keep("zoom", [zoom, order.length], () => clampZoom(zoom, order.length));
  }

  // Fewer classes may be other elements: the cell from which the key came keeps the focus.
  #zoomAt(
    card: CardState,
    run: ConfusionRun,
    { row, column, factor }: CellZoomEvent["detail"],
  ): void {
    const { order } = run;
    const before = this.#zoom(card, run);
    if (!isZoomable(before, order.length)) return;
    const [down, along] = [order.indexOf(row), order.indexOf(column)];
    const zoom = zoomAbout(before, down, along, factor, order.length);
    if (zoom === null && isWhole(before, order.length)) return;
    this.#focusOn = { row, column };
    setZoom(card, run, zoom);
  }

  // From all classes to the part that is shown, and back.
  #crumbs(card: CardState, run: ConfusionRun, names: readonly string[]): unknown {
    const zoom = this.#zoom(card, run);
    if (!isZoomable(zoom, run.order.length)) return nothing;
    return crumbsTemplate({
      zoom,
      names: run.order.map((index) => names[index] ?? ""),
      zoomTo: (zoom) => setZoom(card, run, zoom),
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

  #keep<T>(name: string, of: readonly unknown[], make: () => T): T {
    const kept = this.#kept.get(name);
    const isSame =
      kept?.of.length === of.length && of.every((each, at) => Object.is(each, kept.of[at]));
    if (kept !== undefined && isSame) return kept.value as T;
    const value = make();
    this.#kept.set(name, { of, value });
    return value;
  }
}

// Of few classes a part may be shown too, as where an address says so: then there is a way out.
function isZoomable(zoom: Zoom, count: number): boolean {
  return count > MOST_CELLS_ALONG || !isWhole(zoom, count);
}

// More classes than there are elements for.
function isMap({ top, bottom, left, right }: Zoom): boolean {
  return Math.max(bottom - top, right - left) > MOST_CELLS_ALONG;
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
    <button class="button" @click=${() => session.confusions.retryFailed()}>Retry</button>
  </div>`;
}

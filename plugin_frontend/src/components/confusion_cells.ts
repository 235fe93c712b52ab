/**
 * The matrix of a run, as the part and the size of it allow: cells with numbers or samples, or one picture of many classes.
 * Keeps what it has made for as long as it is made of the same things, so that pointing at a cell does not make the matrix
 * anew. Must not know what stands beside it.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { ConfusedSample } from "../model/confusion.js";
import { matrixOf } from "../model/confusion_counts.js";
import type { Zoom } from "../model/confusion_display.js";
import { type Facing, longestNumber } from "../model/confusion_faces.js";
import { layoutMap, layoutMatrix, MOST_CELLS_ALONG } from "../model/confusion_layout.js";
import type { CellPlace } from "../model/confusion_moves.js";
import { clampZoom, isWhole, zoomAbout } from "../model/confusion_order.js";
import { cellAt, type FocusedCell, type ShownPart } from "../state/confusion_focus.js";
import { type ConfusionRun, inClasses } from "../state/confusion_view.js";
import { type CardState, setZoom, zoomOf } from "./confusion_actions.js";
import { crumbsTemplate } from "./confusion_crumbs.js";
import type { CellZoomEvent } from "./confusion_events.js";
import { pictureOf } from "./confusion_figure.js";
import type { ZoomEvent } from "./confusion_map.js";
import type { CellPicture } from "./confusion_matrix.js";
import { mapRoom } from "./confusion_sizes.js";
import { Kept } from "./kept.js";

export type Ready = Extract<ConfusionRun["shown"], { readonly status: "ready" }>;

export class CellsRenderer {
  /** The cell to which the focus goes with the next picture, which may be in another element. */
  #focusOn: CellPlace | null = null;
  readonly #kept = new Kept();

  facing({ session, view }: CardState, { confusion, reference }: Ready): Facing {
    const { confusionDisplay, theme } = session.state.value;
    const { content } = confusionDisplay;
    const of = [confusion, reference, content, view.weighted, view.mostChange, theme];
    return this.#kept.keep("facing", of, () => ({
      matrix: matrixOf(confusion, view.weighted),
      reference: reference === null ? null : matrixOf(reference, view.weighted),
      content,
      mostChange: view.mostChange,
      numbers: "whole",
      theme,
      unit: view.weighted ? "by weight" : "samples",
    }));
  }

  cells(
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
    const rows = this.#kept.keep("rows", [order, zoom], () => order.slice(zoom.top, zoom.bottom));
    const columns = this.#kept.keep("columns", [order, zoom], () =>
      order.slice(zoom.left, zoom.right),
    );
    const names = (indices: readonly number[]): readonly string[] =>
      indices.map((index) => facing.matrix.names[index] ?? "");
    const { pinned } = run;
    const looked = inClasses(card.looked, run.classes);
    const worst = focused?.how === "worst" || focused?.how === "gained" ? focused : null;
    if (order.length === 0)
      return html`<p class="quiet">Every class is always recognised: there is no mistake to show.</p>`;
    if (isMap(zoom)) {
      const layout = this.#kept.keep(
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
    const layout = this.#kept.keep("matrix", [rows, columns, width, scale, facing], () =>
      layoutMatrix(
        { rows: names(rows), columns: names(columns) },
        width,
        facing.content,
        longestNumber(facing),
        scale,
      ),
    );
    const fitted = this.#kept.keep("fitted", [facing, layout], () => ({
      ...facing,
      numbers: layout.numbers,
    }));
    const picture = this.#kept.keep("picture", [facing, run], () =>
      this.#picture(card, run, facing),
    );
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

  // In every cell that is in sight.
  topSamples(card: CardState, run: ConfusionRun, { confusion }: Ready): readonly ConfusedSample[] {
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

  // Null where all classes are shown.
  part(card: CardState, run: ConfusionRun): ShownPart | null {
    const { order } = run;
    const zoom = this.#zoom(card, run);
    if (isWhole(zoom, order.length)) return null;
    return this.#kept.keep("part", [order, zoom], () => ({
      rows: new Set(order.slice(zoom.top, zoom.bottom)),
      columns: new Set(order.slice(zoom.left, zoom.right)),
    }));
  }

  #zoom(card: CardState, run: ConfusionRun): Zoom {
    const { order } = run;
    const zoom = zoomOf(card, run);
    return this.#kept.keep("zoom", [zoom, order.length], () => clampZoom(zoom, order.length));
  }

  // Fewer classes may be other elements: the cell from which the key came keeps the focus.
  zoomAt(
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
  crumbs(card: CardState, run: ConfusionRun, names: readonly string[]): unknown {
    const zoom = this.#zoom(card, run);
    if (!isZoomable(zoom, run.order.length)) return nothing;
    return crumbsTemplate({
      zoom,
      names: run.order.map((index) => names[index] ?? ""),
      zoomTo: (zoom) => setZoom(card, run, zoom),
    });
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

  /** True where more classes are shown than there are elements for. */
  isMap(card: CardState, run: ConfusionRun): boolean {
    return isMap(this.#zoom(card, run));
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

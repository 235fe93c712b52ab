/**
 * A matrix of many classes: one canvas, on which a cell is found by geometry, names as far as there is room for them,
 * and the part that is zoomed into. Tells which cell is looked at, which is picked, and to what part to go. Must not
 * count, fetch or choose an order.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Zoom } from "../model/confusion_display.js";
import { cellFace, type Facing } from "../model/confusion_faces.js";
import { type MapLayout, precisionHeading } from "../model/confusion_layout.js";
import {
  type CellPlace,
  moveInMatrix,
  moveToSamples,
  nearestWithSamples,
} from "../model/confusion_moves.js";
import { zoomBetween } from "../model/confusion_order.js";
import { formatWhole } from "../model/format.js";
import { paintConfusionMap } from "../render/confusion_map.js";
import { tellLook, tellPick, tellZoom, zoomFactor } from "./confusion_events.js";
import {
  type CellSize,
  markTemplate,
  namesTemplate,
  pulledTemplate,
} from "./confusion_map_marks.js";
import { mapStyles } from "./confusion_map_styles.js";
import { shared } from "./tokens.js";

/** The part of the matrix to go to; null for all of it. */
export type ZoomEvent = CustomEvent<Zoom | null>;

/** Height of the bars of precision, in CSS pixels. */
const BELOW = 40;
/** The pointer finds a cell with samples so many pixels away. */
const REACH = 4;
/** A pointer that has moved less has clicked. */
const LEAST_DRAG = 6;

export class NnvizConfusionMap extends LitElement {
  static override readonly properties = {
    facing: { attribute: false },
    order: { attribute: false },
    zoom: { attribute: false },
    layout: { attribute: false },
    name: {},
    looked: { attribute: false },
    pinned: { attribute: false },
    focusOn: { attribute: false },
    drag: { state: true },
  };

  static override readonly styles = [shared, mapStyles];

  declare facing: Facing;
  /** All classes in their order; `zoom` are places in it. */
  declare order: readonly number[];
  declare zoom: Zoom;
  declare layout: MapLayout;
  /** Of the run. */
  declare name: string;
  declare looked: CellPlace | null;
  declare pinned: CellPlace | null;
  /** A cell that takes the focus, by classes; null leaves it where it is. */
  declare focusOn: CellPlace | null;
  /** The places between which the pointer is pulled. */
  declare drag: { readonly from: CellPlace; readonly to: CellPlace } | null;

  #focus: CellPlace = { row: 0, column: 0 };
  #pressed: { readonly x: number; readonly y: number; readonly place: CellPlace } | null = null;
  #painted: readonly unknown[] = [];

  constructor() {
    super();
    this.drag = null;
  }

  get #rows(): readonly number[] {
    return this.order.slice(this.zoom.top, this.zoom.bottom);
  }

  get #columns(): readonly number[] {
    return this.order.slice(this.zoom.left, this.zoom.right);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("focusOn") && this.focusOn !== null)
      this.#focus = this.#placeOf(this.focusOn) ?? this.#focus;
    this.#focus = {
      row: Math.min(this.#focus.row, this.#rows.length - 1),
      column: Math.min(this.#focus.column, this.#columns.length - 1),
    };
  }

  protected override render(): TemplateResult {
    const { facing, layout, name, zoom, order } = this;
    const { width, height, names, heading, margin } = layout;
    const frame = { width: `${width}px`, height: `${height}px` };
    const [rows, columns] = [this.#rows, this.#columns];
    const focus = cellFace(facing, ...this.#classesAt(this.#focus));
    const style = { "padding-left": `${names}px`, "padding-top": `${heading}px` };
    return html`<div class="map" style=${styleMap(style)}>
      <span class="along" style=${styleMap({ left: `${names}px` })}>predicted →</span>
      <span class="axes" style=${styleMap({ width: `${names}px`, height: `${heading}px` })}>true ↓</span>
      ${namesTemplate(facing, rows, columns, layout)}
      <span class="edge" style=${styleMap({ left: `${names + width}px`, width: `${margin}px`, height: `${heading}px` })}>recall</span>
      <div
        class="frame"
        style=${styleMap(frame)}
        tabindex="0"
        role="application"
        aria-roledescription="confusion matrix"
        aria-label=${`Confusion of ${name}, ${rows.length} by ${columns.length} of ${formatWhole(order.length)} classes. Arrow keys move, with Shift to the next cell with samples, + and − zoom, Enter keeps a cell. ${focus.label}`}
        data-testid="confusion-map"
        data-rows=${rows.length}
        data-columns=${columns.length}
        data-zoom=${[zoom.top, zoom.bottom, zoom.left, zoom.right].join("-")}
        @pointermove=${this.#onMove}
        @pointerleave=${() => tellLook(this, null)}
        @pointerdown=${this.#onDown}
        @pointerup=${this.#onUp}
        @pointercancel=${this.#letGo}
        @keydown=${this.#onKey}
        @focus=${() => this.#tellFocus()}
        @blur=${() => tellLook(this, null)}
      >
        <canvas
          aria-hidden="true"
          style=${styleMap({ width: `${width + margin}px`, height: `${height + BELOW}px` })}
        ></canvas>
        ${this.#mark("pinned", this.pinned)} ${this.#mark("looked", this.looked)}
        ${this.drag === null ? nothing : pulledTemplate(this.drag.from, this.drag.to, this.#cellSize)}
      </div>
      <span class="edge below" style=${styleMap({ top: `${heading + height}px`, width: `${names - 8}px` })}
        title="Share of what is predicted as a class that is of it">${precisionHeading(names)}</span>
    </div>`;
  }

  #mark(name: string, cell: CellPlace | null): unknown {
    const place = cell && this.#placeOf(cell);
    return place === null ? nothing : markTemplate(name, place, this.#cellSize);
  }

  get #cellSize(): CellSize {
    const { width, height } = this.layout;
    return { width: width / this.#columns.length, height: height / this.#rows.length };
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("focusOn") && this.focusOn !== null) {
      this.renderRoot.querySelector<HTMLElement>(".frame")?.focus();
      this.#tellFocus();
    }
    const { facing, order, zoom, layout } = this;
    const looks = [facing, order, zoom, layout, window.devicePixelRatio];
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas === null || looks.every((each, at) => each === this.#painted[at])) return;
    this.#painted = looks;
    const style = getComputedStyle(this);
    paintConfusionMap(
      canvas,
      {
        ...facing,
        rows: this.#rows,
        columns: this.#columns,
        width: layout.width,
        height: layout.height,
        margin: layout.margin,
        below: BELOW,
        background: style.getPropertyValue("--page"),
        bars: style.getPropertyValue("--track"),
      },
      window.devicePixelRatio,
    );
    canvas.dataset.painted = "true";
  }

  #classesAt({ row, column }: CellPlace): [row: number, column: number] {
    return [this.#rows[row] ?? 0, this.#columns[column] ?? 0];
  }

  #placeOf(cell: CellPlace): CellPlace | null {
    const place = { row: this.#rows.indexOf(cell.row), column: this.#columns.indexOf(cell.column) };
    return place.row < 0 || place.column < 0 ? null : place;
  }

  #hasSamples = (place: CellPlace): boolean => {
    const [row, column] = [this.#rows[place.row], this.#columns[place.column]];
    if (row === undefined || column === undefined) return false;
    const { counts, size } = this.facing.matrix;
    return counts.has(row * size + column);
  };

  // Where cells are thinner than the pointer is exact, it finds the nearest one that has samples.
  #placeUnder(event: PointerEvent, isExact: boolean): CellPlace | null {
    const frame = event.currentTarget as HTMLElement;
    const { left, top, width, height } = frame.getBoundingClientRect();
    const [rows, columns] = [this.#rows.length, this.#columns.length];
    const place = {
      row: Math.floor(((event.clientY - top) / height) * rows),
      column: Math.floor(((event.clientX - left) / width) * columns),
    };
    const isInside =
      place.row >= 0 && place.column >= 0 && place.row < rows && place.column < columns;
    if (!isInside || isExact) return isInside ? place : null;
    const cell = Math.min(width / columns, height / rows);
    return nearestWithSamples(place, Math.floor(REACH / cell), this.#hasSamples);
  }

  readonly #onMove = (event: PointerEvent): void => {
    const pressed = this.#pressed;
    if (pressed !== null) {
      const isFar = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) >= LEAST_DRAG;
      const to = this.#placeUnder(event, true);
      if ((isFar || this.drag !== null) && to !== null) this.drag = { from: pressed.place, to };
      return;
    }
    const place = this.#placeUnder(event, false);
    const [row, column] = place === null ? [0, 0] : this.#classesAt(place);
    tellLook(this, place === null ? null : { row, column });
  };

  readonly #onDown = (event: PointerEvent): void => {
    const place = this.#placeUnder(event, true);
    if (event.button !== 0 || place === null) return;
    this.#pressed = { x: event.clientX, y: event.clientY, place };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  readonly #onUp = (event: PointerEvent): void => {
    const { drag } = this;
    const wasPressed = this.#pressed !== null;
    this.#letGo();
    if (drag !== null) {
      const at = ({ row, column }: CellPlace): CellPlace => ({
        row: row + this.zoom.top,
        column: column + this.zoom.left,
      });
      this.#tellZoom(zoomBetween(at(drag.from), at(drag.to), this.order.length));
      return;
    }
    const place = wasPressed ? this.#placeUnder(event, false) : null;
    if (place === null) return;
    this.#focus = place;
    const [row, column] = this.#classesAt(place);
    tellPick(this, { row, column });
  };

  readonly #letGo = (): void => {
    this.#pressed = null;
    this.drag = null;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, shiftKey } = event;
    const [rows, columns] = [this.#rows.length, this.#columns.length];
    const next =
      shiftKey && key.startsWith("Arrow")
        ? moveToSamples(key, this.#focus, rows, columns, this.#hasSamples)
        : moveInMatrix(key, this.#focus, rows, columns);
    const [row, column] = this.#classesAt(this.#focus);
    const factor = zoomFactor(key);
    if (next !== null) {
      this.#focus = next;
      this.#tellFocus();
      this.requestUpdate();
    } else if (key === "Enter" || key === " ") {
      tellPick(this, { row, column });
    } else if (factor !== null) {
      tellZoom(this, { row, column }, factor);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #tellFocus(): void {
    const [row, column] = this.#classesAt(this.#focus);
    tellLook(this, { row, column });
  }

  #tellZoom(zoom: Zoom | null): void {
    this.dispatchEvent(
      new CustomEvent("map-zoom", { detail: zoom, bubbles: true, composed: true }),
    );
  }
}

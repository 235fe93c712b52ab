/**
 * A matrix of few classes: a cell each for every true and predicted class, recall and precision at the margins. Tells
 * which cell is looked at and which is picked; keys move from cell to cell. Must not count, fetch or choose an order.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { styleMap } from "lit/directives/style-map.js";
import { cssColour, textOn } from "../model/confusion_colours.js";
import {
  accuracyFace,
  cellFace,
  type Facing,
  precisionFace,
  recallFace,
} from "../model/confusion_faces.js";
import {
  CELL_GAP,
  largestFont,
  type MatrixLayout,
  nameWithin,
  precisionHeading,
} from "../model/confusion_layout.js";
import { type CellPlace, moveInMatrix, moveToSamples } from "../model/confusion_moves.js";
import { tellLook, tellPick, tellZoom, zoomFactor } from "./confusion_events.js";
import { matrixStyles } from "./confusion_matrix_styles.js";
import { shared } from "./tokens.js";

/** The picture of a cell's first sample; nothing where it has none. */
export type CellPicture = (row: number, column: number, side: number) => unknown;

export class NnvizConfusionMatrix extends LitElement {
  static override readonly properties = {
    facing: { attribute: false },
    rows: { attribute: false },
    columns: { attribute: false },
    layout: { attribute: false },
    name: {},
    picture: { attribute: false },
    pictureVersion: { type: Number },
    looked: { attribute: false },
    pinned: { attribute: false },
    worst: { attribute: false },
    focusOn: { attribute: false },
  };

  static override readonly styles = [shared, matrixStyles];

  declare facing: Facing;
  /** The classes of the rows and of the columns, in their order. */
  declare rows: readonly number[];
  declare columns: readonly number[];
  declare layout: MatrixLayout;
  /** Of the run. */
  declare name: string;
  declare picture: CellPicture | null;
  /** Another one where pictures have come. */
  declare pictureVersion: number;
  /** The cell that is looked at, in whichever run; by classes. */
  declare looked: CellPlace | null;
  declare pinned: CellPlace | null;
  /** The most frequent mistake, where that is what is told of. */
  declare worst: CellPlace | null;
  /** A cell that takes the focus, by classes; null leaves it where it is. */
  declare focusOn: CellPlace | null;

  /** Where the focus is or would go, by place. */
  #focus: CellPlace = { row: 0, column: 0 };
  #hasFocus = false;

  protected override render(): TemplateResult {
    const { facing, rows, columns, layout, name } = this;
    const { cell, margin, names } = layout;
    const style = {
      "--cell": `${cell}px`,
      "--gap": `${CELL_GAP}px`,
      "--names": `${names}px`,
      "grid-template-columns": `${names}px repeat(${columns.length}, ${cell}px) ${margin}px`,
    };
    return html`<div
      class="matrix ${layout.numbers === "none" ? "bare" : ""}"
      role="grid"
      aria-label=${`Confusion of ${name}: true classes down, predicted classes along`}
      data-testid="confusion-matrix"
      style=${styleMap(style)}
      @pointerover=${this.#onPointer}
      @pointerleave=${() => tellLook(this, null)}
      @click=${this.#onClick}
      @keydown=${this.#onKey}
      @focusin=${this.#onFocus}
      @focusout=${this.#onBlur}
    >
      ${guard([facing, rows, columns, layout, name, this.pictureVersion], () => [
        this.#heading(),
        ...rows.map((row) => this.#row(row)),
        this.#footing(),
      ])}
    </div>`;
  }

  #heading(): TemplateResult {
    const { facing, columns, layout } = this;
    const style = { height: `${layout.heading}px` };
    return html`<div role="row" class="row">
      <span role="presentation" class="along" aria-hidden="true">predicted →</span>
      <span role="columnheader" class="axes" style=${styleMap(style)}>true ↓</span>
      ${columns.map(
        (column) => html`<span
          role="columnheader"
          class="name ${layout.isUpright ? "upright" : ""}"
          title=${`predicted ${facing.matrix.names[column]}`}
          style=${styleMap(style)}
          ><span class="ellipsis">${nameWithin(facing.matrix.names[column] ?? "", layout.isUpright ? layout.heading : Infinity, layout.scale)}</span></span
        >`,
      )}
      <span role="columnheader" class="edge" title="Share of a true class that is predicted as such"
        >recall${facing.reference === null ? " %" : ""}</span
      >
    </div>`;
  }

  #row(row: number): TemplateResult {
    const { facing } = this;
    const recall = recallFace(facing, row);
    return html`<div role="row" class="row">
      <span role="rowheader" class="name" title=${`true ${facing.matrix.names[row]}`}
        ><span class="ellipsis">${nameWithin(facing.matrix.names[row] ?? "", this.layout.names, this.layout.scale)}</span></span
      >
      ${this.columns.map((column) => this.#cell(row, column))}
      <span role="gridcell" class="edge" aria-label=${recall.label} title=${recall.label}
        data-testid="recall" data-row=${row}>${recall.text}</span>
    </div>`;
  }

  #cell(row: number, column: number): TemplateResult {
    const face = cellFace(this.facing, row, column);
    const style =
      face.colour === null
        ? {}
        : {
            background: cssColour(face.colour),
            color: textOn(face.colour),
            "font-size": `min(0.96em, ${largestFont(face.text, this.layout.cell)}px)`,
          };
    const picture = this.picture?.(row, column, this.layout.cell - 6) ?? nothing;
    return html`<div
      role="gridcell"
      class="cell ${face.colour === null ? "zero" : ""}"
      tabindex="-1"
      aria-label=${face.label}
      data-row=${row}
      data-column=${column}
      style=${styleMap(style)}
    >
      ${picture === nothing ? face.text : picture}
    </div>`;
  }

  #footing(): TemplateResult {
    const { facing } = this;
    const accuracy = accuracyFace(facing);
    return html`<div role="row" class="row">
      <span role="rowheader" class="edge start" title="Share of what is predicted as a class that is of it"
        >${precisionHeading(this.layout.names)}${facing.reference === null ? " %" : ""}</span
      >
      ${this.columns.map((column) => {
        const precision = precisionFace(
          facing,
          column,
          this.layout.cell < (facing.reference === null ? 32 : 40),
        );
        return html`<span role="gridcell" class="edge below" aria-label=${precision.label}
          title=${precision.label} data-testid="precision" data-column=${column}
          ><span>${this.layout.numbers === "none" ? "" : precision.text}</span></span
        >`;
      })}
      <span role="gridcell" class="edge accuracy" aria-label=${accuracy.label} title=${accuracy.label}
        data-testid="accuracy-corner">${accuracy.text}</span>
    </div>`;
  }

  // Hundreds of cells are not rendered again because the pointer moves: the marks go from cell to cell.
  protected override updated(changed: PropertyValues): void {
    const isOther = ["facing", "rows", "columns", "layout"].some((name) => changed.has(name));
    // Who is in the matrix stays where they are, also while steps go by.
    const isPinned = changed.has("pinned") && !this.#hasFocus;
    const pinned = isPinned ? this.#placeOf(this.pinned) : null;
    if (isOther || isPinned) this.#focus = this.#fitted(pinned ?? this.#focus);
    this.#mark("looked", this.looked);
    this.#mark("pinned", this.pinned);
    this.#mark("worst", this.worst);
    const isAsked = changed.has("focusOn") && this.focusOn !== null;
    if (isAsked) this.#focus = this.#placeOf(this.focusOn) ?? this.#focus;
    this.#moveFocus(isAsked || (this.#hasFocus && isOther));
  }

  #mark(name: "looked" | "pinned" | "worst", cell: CellPlace | null): void {
    for (const each of this.renderRoot.querySelectorAll(`.${name}`)) {
      each.classList.remove(name);
      if (name === "pinned") each.removeAttribute("aria-selected");
    }
    const element = cell && this.#element(cell);
    element?.classList.add(name);
    if (name === "pinned") element?.setAttribute("aria-selected", "true");
  }

  // One cell takes the focus when Tab comes here.
  #moveFocus(withFocus: boolean): void {
    for (const each of this.renderRoot.querySelectorAll(".cell[tabindex='0']"))
      each.setAttribute("tabindex", "-1");
    const element = this.#element(this.#classesAt(this.#focus));
    element?.setAttribute("tabindex", "0");
    if (withFocus) element?.focus();
  }

  #element({ row, column }: CellPlace): HTMLElement | null {
    return this.renderRoot.querySelector(`.cell[data-row="${row}"][data-column="${column}"]`);
  }

  #classesAt({ row, column }: CellPlace): CellPlace {
    return { row: this.rows[row] ?? 0, column: this.columns[column] ?? 0 };
  }

  #placeOf(cell: CellPlace | null): CellPlace | null {
    if (cell === null) return null;
    const place = { row: this.rows.indexOf(cell.row), column: this.columns.indexOf(cell.column) };
    return place.row < 0 || place.column < 0 ? null : place;
  }

  #fitted({ row, column }: CellPlace): CellPlace {
    return {
      row: Math.max(0, Math.min(row, this.rows.length - 1)),
      column: Math.max(0, Math.min(column, this.columns.length - 1)),
    };
  }

  readonly #onPointer = (event: PointerEvent): void => tellLook(this, cellOf(event));

  readonly #onClick = (event: MouseEvent): void => {
    const cell = cellOf(event);
    if (cell !== null) tellPick(this, cell);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key, shiftKey } = event;
    const [rows, columns] = [this.rows.length, this.columns.length];
    const { matrix } = this.facing;
    const isBySamples = shiftKey && key.startsWith("Arrow");
    const next = isBySamples
      ? moveToSamples(key, this.#focus, rows, columns, (place) => {
          const { row, column } = this.#classesAt(place);
          return matrix.counts.has(row * matrix.size + column);
        })
      : moveInMatrix(key, this.#focus, rows, columns);
    const factor = zoomFactor(key);
    if (next !== null) {
      this.#focus = next;
      this.#moveFocus(true);
    } else if (key === "Enter" || key === " ") {
      tellPick(this, this.#classesAt(this.#focus));
    } else if (factor !== null) {
      tellZoom(this, this.#classesAt(this.#focus), factor);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #onFocus = (event: FocusEvent): void => {
    const cell = cellOf(event);
    this.#hasFocus = true;
    const place = this.#placeOf(cell);
    if (place === null) return;
    this.#focus = place;
    tellLook(this, cell);
  };

  readonly #onBlur = (): void => {
    this.#hasFocus = false;
    tellLook(this, null);
  };
}

/** The classes of the cell that an event comes from. */
function cellOf(event: Event): CellPlace | null {
  const target = event
    .composedPath()
    .find((each) => each instanceof HTMLElement && each.classList.contains("cell"));
  if (!(target instanceof HTMLElement)) return null;
  return { row: Number(target.dataset.row), column: Number(target.dataset.column) };
}

/**
 * What stands on the picture of a matrix and beside it: names as far as there is room for them, marks of cells, and the
 * part that the pointer is pulled over. Templates of one moment; must not know what is pressed.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { type Facing, recallFace } from "../model/confusion_faces.js";
import { type MapLayout, nameStep, nameWithin } from "../model/confusion_layout.js";
import type { CellPlace } from "../model/confusion_moves.js";

/** From one name to the next. */
const NAME_LINE = 15;

/** Of one cell in CSS pixels. */
export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** The names of the classes above and at the left. */
export function namesTemplate(
  facing: Facing,
  rows: readonly number[],
  columns: readonly number[],
  { width, height, names, heading }: MapLayout,
): TemplateResult {
  const rowStep = nameStep(rows.length, height, NAME_LINE);
  const columnStep = nameStep(columns.length, width, NAME_LINE);
  return html`${columns.map((column, place) =>
    place % columnStep === 0
      ? html`<span class="name top ellipsis" style=${styleMap({ left: `${names + ((place + 0.5) * width) / columns.length}px`, top: "16px", height: `${heading - 20}px` })}
              title=${facing.matrix.names[column] ?? ""}>${nameWithin(facing.matrix.names[column] ?? "", heading - 20)}</span>`
      : nothing,
  )}
      ${rows.map((row, place) =>
        place % rowStep === 0
          ? html`<span class="name ellipsis" title=${recallFace(facing, row).label}
              style=${styleMap({ top: `${heading + ((place + 0.5) * height) / rows.length}px`, width: `${names - 6}px` })}
              >${nameWithin(facing.matrix.names[row] ?? "", names)}</span>`
          : nothing,
      )}`;
}

/** A cell that is looked at or kept; of one too small to be seen a cross of lines as well. */
export function markTemplate(
  name: string,
  place: CellPlace,
  { width: w, height: h }: CellSize,
): TemplateResult {
  const [left, top] = [place.column * w, place.row * h];
  const box = {
    left: `${left - 2}px`,
    top: `${top - 2}px`,
    width: `${Math.max(4, w) + 4}px`,
    height: `${Math.max(4, h) + 4}px`,
  };
  return html`<span class="mark ${name}" style=${styleMap(box)}></span>
    <span class="line" style=${styleMap({ left: "0", top: `${top + h / 2}px`, width: `${left - 2}px`, height: "1px" })}></span>
    <span class="line" style=${styleMap({ top: "0", left: `${left + w / 2}px`, height: `${top - 2}px`, width: "1px" })}></span>`;
}

/** The cells between two places. */
export function pulledTemplate(
  from: CellPlace,
  to: CellPlace,
  { width: w, height: h }: CellSize,
): TemplateResult {
  const box = {
    left: `${Math.min(from.column, to.column) * w}px`,
    top: `${Math.min(from.row, to.row) * h}px`,
    width: `${(Math.abs(from.column - to.column) + 1) * w}px`,
    height: `${(Math.abs(from.row - to.row) + 1) * h}px`,
  };
  return html`<span class="pulled" style=${styleMap(box)}></span>`;
}

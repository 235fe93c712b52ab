/**
 * Labels that a sample may have several of, a row each: counts, of which each is a cell with samples, and scores. Sorts
 * by a column; long lists come in pages. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Theme } from "../model/colours.js";
import { LABEL_COLUMNS } from "../model/confusion_choices.js";
import { changeColour, cssColour, shareColour, textOn } from "../model/confusion_colours.js";
import { changeOf } from "../model/confusion_counts.js";
import type { ConfusionDisplay, LabelSort } from "../model/confusion_display.js";
import { LABEL_CELLS, type LabelCell, type LabelScores } from "../model/confusion_labels.js";
import type { CellPlace } from "../model/confusion_moves.js";
import {
  LABEL_CELL_WORDS,
  NOTHING,
  numberText,
  percentText,
  pointsText,
  signedNumber,
} from "../model/confusion_words.js";
import { cutMiddle } from "../model/cut_text.js";

export interface LabelsContext {
  readonly runName: string;
  readonly now: readonly LabelScores[];
  readonly before: readonly LabelScores[] | null;
  readonly order: readonly number[];
  readonly page: number;
  readonly sort: LabelSort;
  readonly reversed: boolean;
  readonly theme: Theme;
  readonly looked: CellPlace | null;
  readonly pinned: CellPlace | null;
  readonly look: (cell: CellPlace | null) => void;
  readonly pick: (cell: CellPlace) => void;
  readonly sortBy: (change: Partial<ConfusionDisplay>) => void;
  readonly turn: (page: number) => void;
}

/** Labels on a page. */
export const LABELS_A_PAGE = 40;
/** Of the name of a label. */
const MOST_LETTERS = 28;

export function labelsTemplate(context: LabelsContext): TemplateResult {
  const { order, page, now, before } = context;
  const pages = Math.max(1, Math.ceil(order.length / LABELS_A_PAGE));
  const at = Math.min(page, pages - 1);
  const shown = order.slice(at * LABELS_A_PAGE, (at + 1) * LABELS_A_PAGE);
  return html`<div class="labels-frame">
    <table class="labels" data-testid="labels" data-run=${context.runName}>
      <thead>
        <tr>
          ${LABEL_COLUMNS.map((column) => heading(context, column.value, column.label, column.title))}
        </tr>
      </thead>
      <tbody>
        ${shown.map((index) => {
          const scores = now[index];
          return scores === undefined
            ? nothing
            : labelRow(context, scores, before?.[index] ?? null);
        })}
      </tbody>
    </table>
    ${pages > 1 ? pager(context, at, pages) : nothing}
  </div>`;
}

function heading(
  { sort, reversed, sortBy }: LabelsContext,
  column: LabelSort,
  label: string,
  title: string | undefined,
): TemplateResult {
  const isSorted = sort === column;
  // Names and scores begin with the least, counts with the most.
  const isAscending = ["name", "precision", "recall", "f1"].includes(column) !== reversed;
  const sorted = !isSorted ? "none" : isAscending ? "ascending" : "descending";
  // Once in the order that one looks for, then reversed, then as logged.
  const next = !isSorted
    ? { labelSort: column, labelsReversed: false }
    : reversed
      ? { labelSort: "index" as const, labelsReversed: false }
      : { labelsReversed: true };
  return html`<th scope="col" aria-sort=${sorted}>
    <button title=${title ?? label} data-testid="sort-labels" data-value=${column} @click=${() => sortBy(next)}>
      ${label}<span aria-hidden="true">${isSorted ? (isAscending ? " ↑" : " ↓") : ""}</span>
    </button>
  </th>`;
}

function labelRow(
  context: LabelsContext,
  scores: LabelScores,
  before: LabelScores | null,
): TemplateResult {
  const number = (now: number, was: number | undefined): string =>
    was === undefined ? numberText(now) : signedNumber(now - was);
  const score = (now: number, was: number | undefined): string =>
    was === undefined ? percentText(now) : pointsText(changeOf(now, was));
  return html`<tr data-label=${scores.name}>
    <th scope="row"><span class="ellipsis" title=${scores.name}>${cutMiddle(scores.name, MOST_LETTERS)}</span></th>
    <td>${number(scores.support, before?.support)}</td>
    ${(["tp", "fn", "fp", "tn"] as const).map((cell) => countCell(context, scores, before, cell))}
    ${(["precision", "recall", "f1"] as const).map(
      (
        name,
      ) => html`<td data-score=${name} title=${before === null ? "" : `now ${percentText(scores[name])} %`}>
        ${score(scores[name], before?.[name])}
      </td>`,
    )}
  </tr>`;
}

function countCell(
  { looked, pinned, look, pick, theme }: LabelsContext,
  scores: LabelScores,
  before: LabelScores | null,
  name: LabelCell,
): TemplateResult {
  const cell = { row: scores.index, column: LABEL_CELLS.indexOf(name) };
  const isIt = (other: CellPlace | null): boolean =>
    other?.row === cell.row && other.column === cell.column;
  const isRight = name === "tp" || name === "tn";
  const of = name === "tp" || name === "fn" ? scores.support : scores.tn + scores.fp;
  const count = scores[name];
  const change = before === null ? 0 : count - before[name];
  const isZero = before === null ? count === 0 : change === 0;
  const colour =
    before === null
      ? shareColour(count / of, isRight, theme)
      : changeColour(change / Math.max(1, of), 1, theme);
  const text = before === null ? numberText(count) : signedNumber(change);
  const words = `${scores.name}, ${LABEL_CELL_WORDS[cell.column]}: ${numberText(count)}${before === null ? "" : `, ${text}`}`;
  return html`<td>
    <button
      class="count ${isZero ? "zero" : ""} ${isIt(looked) ? "looked" : ""} ${isIt(pinned) ? "pinned" : ""}"
      aria-label=${words}
      aria-pressed=${isIt(pinned)}
      data-testid="label-cell"
      data-row=${cell.row}
      data-column=${cell.column}
      style=${styleMap(isZero ? {} : { background: cssColour(colour), color: textOn(colour) })}
      @pointerenter=${() => look(cell)}
      @pointerleave=${() => look(null)}
      @focus=${() => look(cell)}
      @blur=${() => look(null)}
      @click=${() => pick(cell)}
    >
      ${isZero ? NOTHING : text}
    </button>
  </td>`;
}

function pager({ order, turn }: LabelsContext, page: number, pages: number): TemplateResult {
  const first = page * LABELS_A_PAGE + 1;
  const last = Math.min(order.length, (page + 1) * LABELS_A_PAGE);
  return html`<div class="pager">
    <button class="button" ?disabled=${page === 0} aria-label="Labels before" @click=${() => turn(page - 1)}>‹</button>
    <span data-testid="label-page">${first}–${last} of ${numberText(order.length)} labels</span>
    <button class="button" ?disabled=${page === pages - 1} aria-label="Labels after" @click=${() => turn(page + 1)}>›</button>
  </div>`;
}

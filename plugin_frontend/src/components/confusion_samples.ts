/**
 * The samples of the cell that is looked into, of both sides of a difference, and what is known of one of them. Templates
 * of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { ConfusedSample, Confusion } from "../model/confusion.js";
import { countAt, matrixOf } from "../model/confusion_counts.js";
import { layoutSamples, type ShelfLayout, shelfHeight } from "../model/confusion_layout.js";
import {
  cellTitle,
  isRanked,
  listedText,
  sampleWords,
  signedNumber,
} from "../model/confusion_words.js";
import { momentText } from "../model/steps.js";
import { cellAt, type FocusedCell, placeOfSample } from "../state/confusion_focus.js";
import type { ConfusionRun } from "../state/confusion_view.js";
import type { RunContext } from "./confusion_context.js";
import { figure, hasPictures } from "./confusion_figure.js";
import { mistakesInSight } from "./confusion_mistakes.js";
import { titleLetters } from "./confusion_sizes.js";

function detailLayout({ width, scale, confusion, run }: RunContext): ShelfLayout {
  return layoutSamples(width, confusion.header.topK, hasPictures(run, confusion), scale);
}

// While a cell is only looked at, as many as there is room kept for; what is kept may grow.
function samplesOfDetail(context: RunContext): readonly ConfusedSample[] {
  const { confusion, focused } = context;
  const samples = focused === null ? [] : (cellAt(confusion, focused)?.samples ?? []);
  const { rows, perRow } = detailLayout(context);
  return focused?.how === "pinned" ? samples : samples.slice(0, rows * perRow);
}

export function detailTemplate(context: RunContext): TemplateResult {
  const { confusion, focused } = context;
  const layout = detailLayout(context);
  const listed = focused === null ? 0 : (cellAt(confusion, focused)?.samples.length ?? 0);
  const shown = samplesOfDetail(context);
  return html`<section class="detail" data-testid="detail" data-run=${context.run.run.name}>
    ${detailHeading(context, listed)}
    <div class="shelf" style=${styleMap({ "min-height": `${shelfHeight(layout)}px` })}>
      ${
        shown.length > 0
          ? shown.map((sample) => figure(context, sample, layout.side, "detail"))
          : html`<p class="quiet">${emptyText(context)}</p>`
      }
    </div>
    ${otherSide(context, layout)} ${sampleLine(context)}
  </section>`;
}

// The samples of the same cell in what it is compared with.
function otherSide(context: RunContext, layout: ShelfLayout): TemplateResult | typeof nothing {
  const { session, run, focused } = context;
  const { shown } = run;
  if (shown.status !== "ready" || shown.reference === null || shown.other === null) return nothing;
  if (shown.reference === shown.confusion || focused === null) return nothing;
  const { reference, other } = shown;
  const of: RunContext = { ...context, confusion: reference, run: { ...run, ...other } };
  const cell = cellAt(reference, focused);
  const samples = samplesOfReference(context);
  const moment = momentText(reference.header.moment, session.derived.axis);
  const name = other.run === run.run ? moment : `${other.run.name}, ${moment}`;
  const count = listedText(cell?.samples.length ?? 0, cell?.count ?? 0, false);
  return html`<div data-testid="reference-samples">
    <h4 class="section-title">
      <span class="ellipsis" title=${name}>${name}</span> <span class="facts">${count}</span>
    </h4>
    <div class="shelf" style=${styleMap({ "min-height": `${shelfHeight(layout)}px` })}>
      ${
        samples.length > 0
          ? samples.map((sample) => figure(of, sample, layout.side, "detail"))
          : html`<p class="quiet">no samples in this cell</p>`
      }
    </div>
  </div>`;
}

/** The samples of the cell that is looked into, in what it is compared with. */
export function samplesOfReference(context: RunContext): readonly ConfusedSample[] {
  const { run, focused } = context;
  if (run.shown.status !== "ready" || run.shown.reference === null || focused === null) return [];
  if (run.shown.reference === run.shown.confusion) return [];
  const samples = cellAt(run.shown.reference, focused)?.samples ?? [];
  const { rows, perRow } = detailLayout(context);
  return focused.how === "pinned" ? samples : samples.slice(0, rows * perRow);
}

function emptyText({ confusion, focused, isPart }: RunContext): string {
  if (confusion.header.numSamples === 0) return "no samples";
  if (focused === null) {
    if (confusion.cells.size === 0) return "no decided samples";
    return isPart ? "no mistakes in this part" : "no mistakes";
  }
  return confusion.header.topK === 0
    ? "samples of cells are not logged"
    : "no samples in this cell";
}

function detailHeading(context: RunContext, listed: number): TemplateResult {
  const { confusion, focused, run } = context;
  if (focused === null) return html`<h3 class="section-title"></h3>`;
  const count = cellAt(confusion, focused)?.count ?? 0;
  const samples = cellAt(confusion, focused)?.samples ?? [];
  const text = listedText(listed, count, isRanked(samples));
  return html`<h3 class="section-title" data-how=${focused.how}>
    <span class="mono" data-testid="detail-title" title=${cellTitle(confusion, focused.row, focused.column)}
      >${cellTitle(confusion, focused.row, focused.column, titleLetters(context.width, context.scale))}</span
    >
    <span class="facts" data-testid="detail-count" aria-live=${focused.how === "looked" ? "polite" : "off"}
      >${text}${changeText(run, focused)}</span
    >
    ${
      focused.how === "worst"
        ? html`<span class="chip">most frequent mistake${context.isPart ? " here" : ""}</span>`
        : focused.how === "gained"
          ? html`<span class="chip">most errors gained${context.isPart ? " here" : ""}</span>`
          : focused.how === "pinned"
            ? html`<button class="chip unpin" data-testid="unpin" title="Let go of this cell (Esc)" @click=${context.unpin}>
              kept <span aria-hidden="true">×</span>
            </button>`
            : nothing
    }
  </h3>`;
}

function changeText({ shown }: ConfusionRun, { row, column }: FocusedCell): string {
  if (shown.status !== "ready" || shown.reference === null) return "";
  const { confusion, reference } = shown;
  const numberIn = (each: Confusion): number =>
    each.header.task === "multi_label"
      ? (cellAt(each, { row, column })?.count ?? 0)
      : countAt(matrixOf(each, false), row, column);
  const change = numberIn(confusion) - numberIn(reference);
  return change === 0 ? " · no difference" : ` · ${signedNumber(change)}`;
}

/** What is known of the sample that is looked at, and the way to it in the other views. */
function sampleLine(context: RunContext): TemplateResult {
  const { confusion, sample, focused } = context;
  if (sample === null) {
    const what = focused?.how === "pinned" ? "a sample" : "a cell or a sample";
    return html`<div class="sample-line quiet">Click ${what} to keep it</div>`;
  }
  const { row, column } = placeOfSample(confusion, sample);
  const words = sampleWords(confusion, sample, row, column);
  return html`<div class="sample-line" data-testid="sample-line">
    <span class="ellipsis" title=${words}>${words}</span>
    <span class="ellipsis">${links(context)}</span>
  </div>`;
}

function links({ run, panelPlace, goTo, confusion, sample }: RunContext): unknown {
  const views = (["activations", "attributions"] as const).filter((view) =>
    run.run.tags.some((entry) => entry.view === view),
  );
  const hasAddress = sample !== null && confusion.addresses.has(sample.index);
  if (views.length === 0 || !hasAddress || panelPlace.status === "pending") return nothing;
  if (panelPlace.status === "none") {
    return html`<span class="quiet" data-testid="not-in-panel"
      title="The activations and attributions are of other samples"
      >not in the panel: <code>NNViz(samples="mistakes")</code> explains mistakes</span
    >`;
  }
  return views.map(
    (
      view,
    ) => html`<button class="link" data-testid="to-view" data-view=${view} @click=${() => goTo(view, panelPlace)}>
      ${view}
    </button>`,
  );
}

/** The samples whose pictures these sections show. */
export function shownSamples(context: RunContext): readonly ConfusedSample[] {
  return [...samplesOfDetail(context), ...mistakesInSight(context)];
}

/**
 * The samples of the cell that is looked into, and the worst mistakes of a run: pictures with their confidences, and
 * what is known of one of them. Templates of one moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { ConfusedSample, Confusion } from "../model/confusion.js";
import { countAt, matrixOf } from "../model/confusion_counts.js";
import {
  layoutMistakes,
  layoutSamples,
  MISTAKE_SIDE,
  type ShelfLayout,
  shelfHeight,
} from "../model/confusion_layout.js";
import {
  cellTitle,
  isRanked,
  listedText,
  pairText,
  sampleWords,
  signedNumber,
  withPercent,
} from "../model/confusion_words.js";
import { cutBoth, cutMiddle } from "../model/cut_text.js";
import { momentText } from "../model/steps.js";
import {
  cellAt,
  type FocusedCell,
  type PanelPlace,
  placeOfSample,
} from "../state/confusion_focus.js";
import type { ConfusionRun } from "../state/confusion_view.js";
import type { Session } from "../state/session.js";
import { titleLetters } from "./confusion_sizes.js";

/** One run of a card, and what is looked at in it. */
export interface RunContext {
  readonly session: Session;
  readonly run: ConfusionRun;
  readonly confusion: Confusion;
  readonly focused: FocusedCell | null;
  /** The sample that is looked at, else the one that is pinned. */
  readonly sample: ConfusedSample | null;
  readonly pinnedSample: number | null;
  readonly panelPlace: PanelPlace;
  /** True where a part of the classes is shown. */
  readonly isPart: boolean;
  /** CSS pixels that these sections have. */
  readonly width: number;
  /** And the list of mistakes. */
  readonly listWidth: number;
  readonly scale: number;
  /** True where all mistakes are shown. */
  readonly isUnfolded: boolean;
  readonly look: (sample: ConfusedSample | null) => void;
  readonly pick: (sample: ConfusedSample) => void;
  readonly unpin: () => void;
  readonly unfold: () => void;
  readonly goTo: (view: "activations" | "attributions", place: PanelPlace) => void;
}

/** Width of a letter of a caption. */
const LETTER = 6.4;
/** Between two names, or behind one. */
const ARROW = 3;
const WIDEST_CAPTION = 150;

function detailLayout({ width, scale, confusion, run }: RunContext): ShelfLayout {
  return layoutSamples(width, confusion.header.topK, hasPictures(run, confusion), scale);
}

function hasPictures({ pictures }: ConfusionRun, { addresses }: Confusion): boolean {
  return pictures !== null || addresses.size > 0;
}

// While a cell is only looked at, as many as there is room kept for; what is kept may grow.
function samplesOfDetail(context: RunContext): readonly ConfusedSample[] {
  const { confusion, focused } = context;
  const samples = focused === null ? [] : (cellAt(confusion, focused)?.samples ?? []);
  const { rows, perRow } = detailLayout(context);
  return focused?.how === "pinned" ? samples : samples.slice(0, rows * perRow);
}

function mistakesInSight(context: RunContext): readonly ConfusedSample[] {
  const { confusion, isUnfolded, listWidth, scale } = context;
  if (isUnfolded) return confusion.mistakes;
  const { rows, perRow } = layoutMistakes(listWidth, mistakeWidth(context), scale);
  return confusion.mistakes.slice(0, rows * perRow);
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

/** The picture of a sample with its confidence: a button that keeps it. */
function figure(
  context: RunContext,
  sample: ConfusedSample,
  side: number,
  place: "detail" | "mistake",
): TemplateResult {
  const { confusion, look, pick, pinnedSample, session, run } = context;
  const { index } = sample;
  const { row, column } = placeOfSample(confusion, sample);
  const words = sampleWords(confusion, sample, row, column);
  const isPinned = pinnedSample === index;
  const isPictured = hasPictures(run, confusion);
  return html`<button
    class="figure ${place} ${isPictured ? "" : "bare"}"
    style=${styleMap({ width: place === "detail" ? `${side}px` : `${mistakeWidth(context)}px` })}
    aria-pressed=${isPinned}
    title=${words}
    data-testid=${place === "detail" ? "cell-sample" : "mistake"}
    data-sample=${index}
    @pointerenter=${() => look(sample)}
    @pointerleave=${() => look(null)}
    @focus=${() => look(sample)}
    @blur=${() => look(null)}
    @click=${() => pick(sample)}
  >
    ${
      isPictured
        ? html`<span class="unseen">sample ${index}</span>${pictureOf(session, run, confusion, index, side)}`
        : html`<span class="index">#${index}</span>`
    }
    ${place === "mistake" ? mistakeCaption(context, sample) : confidence(context, sample)}
  </button>`;
}

export function pictureOf(
  { confusions: { pictures } }: Session,
  { run, pictures: entry }: ConfusionRun,
  { addresses }: Confusion,
  index: number,
  side: number,
): TemplateResult {
  const address = addresses.get(index);
  const picture =
    address === undefined
      ? ({ status: "missing", why: "not-logged" } as const)
      : pictures.picture(run.run, entry, address);
  return html`<nnviz-confusion-picture
    .picture=${picture}
    .range=${pictures.range(entry?.tag ?? "")}
    .index=${index}
    .side=${side}
  ></nnviz-confusion-picture>`;
}

// Without a confidence, which sample it is tells more than a dash.
function confidence({ run, confusion }: RunContext, sample: ConfusedSample): unknown {
  const isKnown = !Number.isNaN(sample.confidence);
  if (!isKnown && !hasPictures(run, confusion)) return nothing;
  const text = isKnown ? withPercent(sample.confidence) : `#${sample.index}`;
  return html`<span class="caption-text">${text}</span>`;
}

function mistakeCaption(context: RunContext, sample: ConfusedSample): TemplateResult {
  const { confusion } = context;
  const { row, column } = placeOfSample(confusion, sample);
  const { classNames, task } = confusion.header;
  const name = (index: number): string => classNames[index] ?? String(index);
  const letters = Math.floor(mistakeWidth(context) / (LETTER * context.scale));
  const [truth, predicted] = cutBoth(name(row), name(column), letters - ARROW);
  const names =
    task === "multi_label"
      ? html`${cutMiddle(name(row), letters - ARROW)} <em>${column === 1 ? "FP" : "FN"}</em>`
      : html`${truth} → <em>${predicted}</em>`;
  return html`<span class="caption-text ellipsis">${names}</span>
    ${confidence(context, sample)}`;
}

/** Left and right of the words of a sample without a picture. */
const BARE_PADDING = 16;

function mistakeWidth({ confusion, run, scale }: RunContext): number {
  const { classNames, task } = confusion.header;
  const longest = confusion.mistakes.reduce((most, sample) => {
    const { row, column } = placeOfSample(confusion, sample);
    const pair = pairText(classNames[row] ?? "", classNames[column] ?? "");
    const text = task === "multi_label" ? `${classNames[row] ?? ""} FN` : pair;
    return Math.max(most, [...text].length);
  }, 0);
  const width = Math.max(MISTAKE_SIDE, Math.min(WIDEST_CAPTION, longest * LETTER + 2));
  return Math.round((width + (hasPictures(run, confusion) ? 0 : BARE_PADDING)) * scale);
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

/** The mistakes that the run was most sure of. */
export function mistakesTemplate(context: RunContext): TemplateResult | typeof nothing {
  const { confusion, isUnfolded, unfold } = context;
  const { mistakes } = confusion;
  if (mistakes.length === 0) return nothing;
  const { side, rows, perRow } = layoutMistakes(
    context.listWidth,
    mistakeWidth(context),
    context.scale,
  );
  const shown = mistakesInSight(context);
  const isMore = mistakes.length > rows * perRow;
  return html`<section class="mistakes" data-testid="mistakes" data-run=${context.run.run.name}>
    <h3 class="section-title">
      <span class="mono">worst mistakes</span>
      <span class="facts">${isRanked(mistakes) ? "by confidence in the wrong class" : "in the order of the data"}</span>
      ${
        isMore
          ? html`<button class="link" data-testid="all-mistakes" aria-expanded=${isUnfolded} @click=${unfold}>
              ${isUnfolded ? "show fewer" : `show all ${mistakes.length}`}
            </button>`
          : nothing
      }
    </h3>
    <div class="shelf">${shown.map((sample) => figure(context, sample, side, "mistake"))}</div>
  </section>`;
}

/** The samples whose pictures these sections show. */
export function shownSamples(context: RunContext): readonly ConfusedSample[] {
  return [...samplesOfDetail(context), ...mistakesInSight(context)];
}

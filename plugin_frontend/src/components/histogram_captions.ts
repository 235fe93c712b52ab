/**
 * What stands above the plots of histograms: which run and step is shown and what it is laid over, the runs of a plot,
 * the layers of a group. These are the legends; must not know how curves are drawn.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { formatCount } from "../model/format.js";
import type { Moment } from "../model/record.js";
import type { TimeAxis } from "../model/time_axis.js";
import { emptyText, isSameStep } from "../state/histogram_plots.js";
import { type HistogramSeries, loadedHistogram } from "../state/histogram_view.js";
import type { Session } from "../state/session.js";
import { dashOf, plotDash } from "./histogram_dashes.js";
import { captionHead, momentMark, runName } from "./run_caption.js";

/** What a step of a run is called, and what is known of it. */
export interface StepNames {
  /** What the timeline counts. */
  readonly axis: TimeAxis;
  readonly nameOf: (run: string, step: number) => string;
  readonly momentOf: (run: string, step: number) => Moment | undefined;
}

/** The caption of one run's plot. `overlaid`: it lies over a reference, which is named at the right end. */
export function runCaption(
  session: Session,
  series: HistogramSeries,
  names: StepNames,
  overlaid: boolean,
  layer: string,
): TemplateResult {
  return html`<div class="caption">
    ${captionHead(session, series.run, series.match)}
    ${layer === "" ? nothing : html`<span class="mono ellipsis" title=${layer}>${layer}</span>`}
    ${overlaid ? against(series, names) : nothing}
  </div>`;
}

function momentOf({ run, match }: HistogramSeries, names: StepNames): TemplateResult {
  return momentMark(match, (step) => names.momentOf(run.run, step), names.axis);
}

function against(series: HistogramSeries, names: StepNames): TemplateResult | typeof nothing {
  const { run, reference } = series;
  if (series.shown === null) return nothing;
  if (reference === null) return html`<span class="against">nothing so early to compare</span>`;
  if (isSameStep(series)) return nothing;
  if (reference.record.status === "failed") {
    const text = `${names.nameOf(run.run, reference.step)} cannot be read`;
    return html`<span class="against chip red" title=${reference.record.message}>${text}</span>`;
  }
  const histogram = loadedHistogram(reference);
  const empty = histogram === null ? null : emptyText(histogram);
  const name = names.nameOf(run.run, reference.step);
  return html`<span class="against" data-testid="histogram-reference">
    <span class="swatch"></span>
    <span class="ellipsis">${name}${empty === null ? "" : `: ${empty}`}</span>
  </span>`;
}

/** The runs of a plot that shows several. */
export function runsLegend(
  series: readonly HistogramSeries[],
  colours: ReadonlyMap<string, string>,
  names: StepNames,
): TemplateResult {
  const first = series.filter(
    ({ run }, index) => series.findIndex((other) => other.run === run) === index,
  );
  const dashes = first.map((each) => plotDash(each, series, colours));
  const grouped = series.some(({ layer }) => layer !== series[0]?.layer);
  const dashed = !grouped && dashes.some((dash) => dash !== "");
  return html`<div class="runs">
    ${first.map(
      (each, index) => html`<span class="run">
        ${dashed ? lineSample(dashes[index] ?? "", colours.get(each.run.run) ?? "") : nothing}
        ${runName(each.run.name, colours.get(each.run.run) ?? "")} ${momentOf(each, names)}
      </span>`,
    )}
  </div>`;
}

function lineSample(dash: string, colour: string): TemplateResult {
  return html`<svg aria-hidden="true" style=${styleMap({ stroke: colour })}>
    <line x2="26" y1="4" y2="4" stroke-dasharray=${dash || nothing} />
  </svg>`;
}

/** Says that counts mislead, and offers what does not. */
export function densityHint(countRatio: number, onChoose: () => void): TemplateResult {
  const times = Number(countRatio.toPrecision(2));
  return html`<button class="hint" @click=${onChoose}>
    Counts differ ${times}-fold: compare by density
  </button>`;
}

/** Says that steps are missing, and asks for them again. */
export function unreadHint(unread: number, onRetry: () => void): TemplateResult {
  return html`<button class="hint red" data-testid="unread" @click=${onRetry}>
    ${formatCount(unread, "other step")} cannot be read: retry
  </button>`;
}

/** How the layers of a group are told apart. */
export function layersLegend(layers: readonly string[]): TemplateResult | typeof nothing {
  if (layers.length < 2) return nothing;
  return html`<div class="layers" data-testid="histogram-layers">
    ${layers.map(
      (name, layer) => html`<span class="layer">
        ${lineSample(dashOf(layer), "currentcolor")}
        <span class="mono ellipsis" title=${name}>${name}</span>
      </span>`,
    )}
  </div>`;
}

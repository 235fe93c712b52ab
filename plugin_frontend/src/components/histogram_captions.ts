/**
 * What stands above the plots of histograms: which run and step is shown and what it is laid over, the runs of a plot,
 * the layers of a group. These are the legends; must not know how curves are drawn.
 */
import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatWhole } from "../model/format.js";
import { type Histogram, statisticOf } from "../model/histogram.js";
import type { Moment } from "../model/record.js";
import type { TimeAxis } from "../model/time_axis.js";
import { emptyText } from "../state/histogram_plots.js";
import { type HistogramSeries, loadedHistogram } from "../state/histogram_view.js";
import type { Session } from "../state/session.js";
import { dashOf, plotDash } from "./histogram_dashes.js";
import { lineSample } from "./line_sample.js";
import { captionHead, momentMark, runName } from "./run_caption.js";

/** What a step of a run is called, and what is known of it. */
export interface StepNames {
  /** What the timeline counts. */
  readonly axis: TimeAxis;
  readonly nameOf: (run: string, step: number) => string;
  readonly momentOf: (run: string, step: number) => Moment | undefined;
}

/** What of a comparison a caption says: what curves lie over, what they are differences to, or only why there is none. */
export type CaptionKind = "laid-over" | "difference" | "refusal";

/** The caption of one run's plot. What it is compared with is named at the right end. `said`: what the plot says itself. */
export function runCaption(
  session: Session,
  series: HistogramSeries,
  names: StepNames,
  kind: CaptionKind,
  layer: string,
  mark: TemplateResult | typeof nothing,
  said: string,
): TemplateResult {
  return html`<div class="caption">
    ${captionHead(session, series.run, series.match)}
    ${layer === "" ? nothing : html`<span class="mono ellipsis" title=${layer}>${layer}</span>`}
    ${mark} ${against(series, names, kind, said)}
  </div>`;
}

function momentOf({ run, match }: HistogramSeries, names: StepNames): TemplateResult {
  return momentMark(match, (step) => names.momentOf(run.run, step), names.axis);
}

function against(
  { run, shown }: HistogramSeries,
  names: StepNames,
  kind: CaptionKind,
  said: string,
): TemplateResult | typeof nothing {
  const found = shown?.against;
  if (found?.status === "absent") {
    const { message } = found;
    if (message === said) return nothing;
    return html`<span class="against chip amber" data-testid="refused" title=${message}>${message}</span>`;
  }
  if (found?.status !== "found" || found.isSelf) return nothing;
  const step = names.nameOf(found.run.run, found.step);
  const name = found.run === run ? step : `${found.run.name}, ${step}`;
  if (found.record.status === "failed") {
    const text = `${name} cannot be read`;
    return html`<span class="against chip red" title=${found.record.message}>${text}</span>`;
  }
  if (kind === "refusal") return nothing;
  const other = loadedHistogram(found);
  const empty = other === null ? null : emptyText(other);
  const sizes = kind === "difference" ? sizesText(loadedHistogram(shown), other) : null;
  return html`<span
    class="against"
    data-testid="histogram-reference"
    data-run=${found.run.name}
    data-step=${found.step}
  >
    ${sizes === null ? nothing : html`<span class="chip amber" data-testid="sizes" title="Their difference is of unequal numbers of values: by density it compares shapes">${sizes}</span>`}
    ${kind === "difference" ? "−" : html`<span class="swatch"></span>`}
    <span class="ellipsis" title=${name}>${name}${empty === null ? "" : `: ${empty}`}</span>
  </span>`;
}

// What is compared where the two are of other sizes or shapes.
function sizesText(one: Histogram | null, other: Histogram | null): string | null {
  if (one === null || other === null) return null;
  const [count, others] = [one, other].map((each) => formatWhole(statisticOf(each, "count")));
  if (count !== others) return `${count} values here, ${others} there`;
  const [shape, otherShape] = [one, other].map(({ header: { source } }) => source.variableShape);
  const text = (sizes: readonly number[] | null | undefined): string => (sizes ?? []).join("×");
  if (!shape || !otherShape || text(shape) === text(otherShape)) return null;
  return `${text(shape)} here, ${text(otherShape)} there`;
}

/** The runs of a plot that shows several. `said`: what the plot says itself. */
export function runsLegend(
  series: readonly HistogramSeries[],
  colours: ReadonlyMap<string, string>,
  names: StepNames,
  kind: CaptionKind,
  said: string,
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
        ${kind === "difference" ? against(each, names, kind, said) : nothing}
      </span>`,
    )}
  </div>`;
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

/**
 * What stands in the place of one plot: the plot or ridge itself, or the state that it is in, always of the same
 * height. Must not bin or scale.
 */
import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { tagPath } from "../model/facts.js";
import { plotHeight, ridgeHeight } from "../model/histogram_size.js";
import { summaryText } from "../model/histogram_words.js";
import { type LookAt, type LookText, lookWords } from "../state/histogram_look.js";
import { plotMessage } from "../state/histogram_message.js";
import { isNoDifference, type Plot, type Plots } from "../state/histogram_plots.js";
import type { Session } from "../state/session.js";

/** What all plots of a panel have in common. `width` of a plot in CSS pixels. */
export interface Shown extends Plots {
  readonly session: Session;
  readonly nameOf: (run: string, step: number) => string;
  readonly look: LookAt | null;
  readonly lookText: LookText | null;
  readonly width: number;
  /** False until there is something to draw. */
  readonly ready: boolean;
  /** A newer picture is on its way. */
  readonly stale: boolean;
}

export function plotContent(plot: Plot, shown: Shown): TemplateResult {
  const { session, frame, ready } = shown;
  const isRidge = session.state.value.histogramDisplay.plot === "ridge";
  const steps = plot.series[0]?.drawn.map(({ step }) => step) ?? [];
  const size = isRidge ? ridgeHeight(steps.length) : plotHeight(shown.width);
  const height = styleMap({ height: `${size}px` });
  const failure = failureOf(plot, shown.isSigned);
  if (failure !== null) {
    return html`<div class="failed" data-testid="error" style=${height}>
      <p>${failure}</p>
      <button class="button" @click=${() => session.retryFailed()}>Retry</button>
    </div>`;
  }
  if (plot.series.every((each) => each.shown === null)) {
    return html`<div class="empty" style=${height}></div>`;
  }
  if (!ready) return html`<div class="skeleton" style=${height}></div>`;
  if (frame === null || plot.curves.length === 0) {
    return html`<div class="empty" data-testid="histogram-empty" style=${height}>
      ${plotMessage(plot, shown, isRidge)}
    </div>`;
  }
  return isRidge ? ridge(plot, shown, frame, steps) : curves(plot, shown, frame);
}

type Frame = NonNullable<Plots["frame"]>;

function curves(plot: Plot, shown: Shown, frame: Frame): TemplateResult {
  return html`<nnviz-histogram-plot
    .plot=${plot}
    .frame=${frame}
    .scale=${shown.scale}
    .signed=${shown.isSigned}
    .colours=${shown.session.state.value.runColours}
    .width=${shown.width}
    .bin=${shown.look?.bin ?? null}
    .stale=${shown.stale}
    .label=${summary(plot, shown)}
    .binText=${shown.look?.plot === plot.key ? lookWords(shown.lookText) : ""}
    .note=${noteOf(plot, shown)}
  ></nnviz-histogram-plot>`;
}

function ridge(plot: Plot, shown: Shown, frame: Frame, steps: readonly number[]): TemplateResult {
  const run = plot.series[0]?.run.run ?? "";
  const isLookedAt = shown.look?.plot === plot.key;
  return html`<nnviz-histogram-ridge
    .plot=${plot}
    .steps=${steps}
    .frame=${frame}
    .scale=${shown.scale}
    .signed=${shown.isSigned}
    .momentOf=${(step: number) => shown.nameOf(run, step)}
    .colour=${shown.session.state.value.runColours.get(run) ?? ""}
    .width=${shown.width}
    .bin=${shown.look?.bin ?? null}
    .marked=${isLookedAt ? (shown.look?.step ?? null) : null}
    .stale=${shown.stale}
    .label=${summary(plot, shown)}
    .binText=${isLookedAt ? lookWords(shown.lookText) : ""}
    .note=${plot.curves.every(isNoDifference) && shown.isSigned ? NO_DIFFERENCE : ""}
  ></nnviz-histogram-ridge>`;
}

const NO_DIFFERENCE = "No difference";

/** What stands over a plot in which nothing is to be seen. */
function noteOf(plot: Plot, shown: Shown): string {
  const message = plotMessage(plot, shown, false);
  return message === "" && shown.isSigned && plot.curves.every(isNoDifference)
    ? NO_DIFFERENCE
    : message;
}

// A plot of several tags fails as a whole only where none of them can be shown.
function failureOf({ series }: Plot, isSigned: boolean): string | null {
  const messages = series.flatMap(({ shown }) => {
    const against = isSigned && shown?.against?.status === "found" ? [shown.against.record] : [];
    const records = [...(shown === null ? [] : [shown.record]), ...against];
    return records
      .flatMap((record) => (record.status === "failed" ? [record.message] : []))
      .slice(0, 1);
  });
  return messages.length === series.length ? (messages[0] ?? null) : null;
}

/** The shown curves in words, what they are laid over last. */
function summary(plot: Plot, { nameOf }: Shown): string {
  const texts = plot.curves
    .filter(({ role }) => role !== "other")
    .map((curve) => {
      const { run, tag, step, histogram, reference } = curve;
      const text = `${tagPath(tag)} of ${run.name}, ${nameOf(run.run, step)}: ${summaryText(histogram)}`;
      if (reference === null) return text;
      const other = `${reference.run.name}, ${nameOf(reference.run.run, reference.step)}`;
      const end = isNoDifference(curve) ? "no difference" : summaryText(reference.histogram);
      return `${text}, compared with ${other}: ${end}`;
    });
  return `Histogram. ${texts.reverse().join("; ")}`;
}

/**
 * The histograms of one tag, or of a group of layers: header, plots of the shown runs, statistics. Renders only while
 * it is in sight. While records are on their way an older picture of the same tags stays, so that nothing jumps. Must
 * not bin, scale or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { COLUMN_GAP, layoutColumns } from "../model/columns.js";
import { sourceFacts, tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import { statisticOf } from "../model/histogram.js";
import type { HistogramGroup } from "../model/histogram_groups.js";
import { PLOT_HEIGHT, ROW_GAP, ridgeHeight, WIDE } from "../model/histogram_size.js";
import { summaryText } from "../model/histogram_words.js";
import { momentText } from "../model/steps.js";
import { comparePoints } from "../model/time_axis.js";
import { lookText } from "../state/histogram_look.js";
import { emptyText, histogramPlots, type Plot, type Plots } from "../state/histogram_plots.js";
import {
  type HistogramSeries,
  type HistogramView,
  histogramView,
  loadedHistogram,
  viewKey,
} from "../state/histogram_view.js";
import type { Session } from "../state/session.js";
import type { BinLook, BinLookEvent } from "./bin_probe.js";
import { layersLegend, runCaption, runsLegend, type StepNames } from "./histogram_captions.js";
import { dashOf } from "./histogram_marks.js";
import type { StepPickEvent } from "./histogram_ridge.js";
import { histogramStyles } from "./histogram_styles.js";
import { panelStyles } from "./panel_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Runs whose numbers of values differ more than this are not comparable by count. */
const COMPARABLE = 2;

interface Look extends BinLook {
  readonly plot: string;
  readonly bin: number;
}

export class NnvizHistogramPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    group: { attribute: false, hasChanged: differs },
    width: { type: Number },
    look: { state: true },
  };

  static override readonly styles = [shared, panelStyles, histogramStyles];

  declare session: Session;
  declare group: HistogramGroup;
  /** Inner width in CSS pixels. */
  declare width: number;
  /** The bin that is looked at, and in which plot. */
  declare look: Look | null;

  #last: HistogramView | null = null;

  constructor() {
    super();
    this.look = null;
    new Watcher(
      this,
      () => [this.session.state, this.session.histograms.changes],
      () => {
        if (this.session.state.value.inSight.has(this.group.tag)) this.requestUpdate();
      },
    );
  }

  protected override render(): TemplateResult {
    const { session, group } = this;
    const state = session.state.value;
    const view = histogramView(group, state, session.derived, (ref) =>
      session.histograms.state(ref),
    );
    const open = !state.collapsed.has(group.tag);
    return html`<section aria-label=${this.#names().join(", ")}>
      ${this.#header(view, open)} ${open ? this.#body(view) : nothing}
    </section>`;
  }

  #names(): readonly string[] {
    return this.group.panels.map(({ tag }) => tagPath(tag));
  }

  #header(view: HistogramView, open: boolean): TemplateResult {
    const names = this.#names();
    const title = names.length === 1 ? (names[0] ?? "") : `${names[0]} … ${names.at(-1)}`;
    const first = view.series.map(({ shown }) => loadedHistogram(shown)).find((each) => each);
    const source = view.source === null || names.length > 1 ? [] : sourceFacts(view.source);
    const facts = [
      ...(names.length > 1 ? [`${names.length} layers`] : source),
      ...(first && names.length === 1 ? [formatCount(statisticOf(first, "count"), "value")] : []),
    ].join(" · ");
    const { nan, infinite } = view.nonFinite;
    return html`<header class=${open ? "open" : ""}>
      <button
        class="fold"
        aria-expanded=${open}
        aria-label=${`${open ? "Fold" : "Unfold"} ${title}`}
        @click=${() => this.session.toggleCollapsed(this.group.tag)}
      >
        <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
      </button>
      <h2 class="mono ellipsis" title=${names.join("\n")}>${title}</h2>
      <span class="facts ellipsis" title=${facts}>${facts}</span>
      ${view.remarks.notes.map((text) => html`<span class="chip amber" title=${text}>${text}</span>`)}
      ${nan > 0 ? html`<span class="chip red">${nan.toLocaleString("en-US")} NaN</span>` : nothing}
      ${infinite > 0 ? html`<span class="chip red">${infinite.toLocaleString("en-US")} infinite</span>` : nothing}
      ${view.thinned === null ? nothing : html`<span class="chip" data-testid="thinned">${view.thinned}</span>`}
    </header>`;
  }

  #body(now: HistogramView): TemplateResult {
    const { session } = this;
    const { histogramDisplay: display } = session.state.value;
    // The ridge waits for all of its steps once, then fills up as a log grows.
    const ready = now.settled && (display.plot !== "ridge" || now.complete || this.#holds(now));
    if (ready) this.#last = now;
    const stale = !ready && this.#holds(now);
    const view = stale ? (this.#last ?? now) : now;
    const plots = histogramPlots(view, display);
    const ofRuns = display.plot === "runs";
    const { perRow, width } = layoutColumns(this.width, ofRuns ? 1 : plots.plots.length);
    const grid = {
      "grid-template-columns": `repeat(${perRow}, ${width}px)`,
      gap: `${ROW_GAP}px ${COLUMN_GAP}px`,
    };
    return html`<div class="body" @bin-look=${this.#onLook} @step-pick=${this.#onPick}>
      ${display.plot === "ridge" ? nothing : layersLegend(this.#names())}
      ${ofRuns ? this.#densityHint(plots) : nothing}
      <div class="plots" style=${styleMap(grid)}>
        ${repeat(
          plots.plots,
          ({ key }) => key,
          (plot) => this.#plot(plot, plots, width, ready || stale, stale),
        )}
      </div>
      <nnviz-histogram-statistics
        .view=${view}
        .colours=${session.state.value.runColours}
        .names=${this.#names()}
        .narrow=${this.width < WIDE}
      ></nnviz-histogram-statistics>
      <nnviz-histogram-tooltip .text=${this.#tooltip(plots)}></nnviz-histogram-tooltip>
    </div>`;
  }

  #holds(now: HistogramView): boolean {
    return this.#last !== null && viewKey(this.#last) === viewKey(now);
  }

  // Counts of unequally many values say little of shapes; the choice stays the user's.
  #densityHint({ countRatio }: Plots): TemplateResult | typeof nothing {
    const { height } = this.session.state.value.histogramDisplay;
    if (height === "density" || countRatio <= COMPARABLE) return nothing;
    const times = countRatio < 10 ? countRatio.toFixed(1) : Math.round(countRatio);
    return html`<button
      class="hint"
      @click=${() => this.session.setHistogramDisplay({ height: "density" })}
    >
      ${times} times as many values in one run: compare by density
    </button>`;
  }

  #plot(plot: Plot, plots: Plots, width: number, ready: boolean, stale: boolean): TemplateResult {
    const { runColours, histogramDisplay: display } = this.session.state.value;
    const [first] = plot.series;
    if (first === undefined) return html``;
    const layer = display.plot === "ridge" && this.group.panels.length > 1;
    const caption =
      display.plot === "runs"
        ? runsLegend(plot.series, runColours, this.#stepNames())
        : runCaption(
            first,
            runColours.get(first.run.run) ?? "",
            this.#stepNames(),
            display.plot === "overlay",
            layer ? tagPath(first.entry.tag) : "",
          );
    return html`<div class="plot" data-plot=${plot.key}>
      ${caption} ${this.#content(plot, plots, width, ready, stale)}
    </div>`;
  }

  #content(
    plot: Plot,
    { frame, scale }: Plots,
    width: number,
    ready: boolean,
    stale: boolean,
  ): TemplateResult {
    const { session } = this;
    const { runColours, histogramDisplay } = session.state.value;
    const [first] = plot.series;
    const steps = first?.drawn.map(({ step }) => step) ?? [];
    const isRidge = histogramDisplay.plot === "ridge";
    const height = styleMap({ height: `${isRidge ? ridgeHeight(steps.length) : PLOT_HEIGHT}px` });
    const failed = plot.series.flatMap(({ shown }) =>
      shown?.record.status === "failed" ? [shown.record.message] : [],
    );
    if (failed.length === plot.series.length && failed.length > 0) {
      return html`<div class="failed" data-testid="error" style=${height}>
        <p>${failed[0]}</p>
        <button class="button" @click=${() => session.histograms.retryFailed()}>Retry</button>
      </div>`;
    }
    if (plot.series.every(({ shown }) => shown === null)) {
      return html`<div class="empty" style=${height}></div>`;
    }
    if (!ready) return html`<div class="skeleton" style=${height}></div>`;
    if (frame === null || plot.curves.length === 0) {
      return html`<div class="empty" data-testid="histogram-empty" style=${height}>
        ${emptyMessage(plot.series)}
      </div>`;
    }
    const bin = this.look?.bin ?? null;
    const own = this.look?.plot === plot.key;
    const text = own ? this.#lookWords(plot, frame) : "";
    if (isRidge) {
      return html`<nnviz-histogram-ridge
        style=${height}
        .plot=${plot}
        .steps=${steps}
        .frame=${frame}
        .scale=${scale}
        .momentOf=${(step: number) => this.#stepNames().nameOf(first?.run.run ?? "", step)}
        .colour=${runColours.get(first?.run.run ?? "") ?? ""}
        .width=${width}
        .bin=${bin}
        .marked=${own ? (this.look?.step ?? null) : null}
        .stale=${stale}
        .label=${this.#summary(plot)}
        .binText=${text}
      ></nnviz-histogram-ridge>`;
    }
    return html`<nnviz-histogram-plot
        style=${height}
        .plot=${plot}
        .frame=${frame}
        .scale=${scale}
        .colours=${runColours}
        .width=${width}
        .bin=${bin}
        .stale=${stale}
        .label=${this.#summary(plot)}
        .binText=${text}
      ></nnviz-histogram-plot>
      ${
        plot.curves.some(({ role }) => role === "current")
          ? nothing
          : html`<div class="nothing">${emptyMessage(plot.series)}</div>`
      }`;
  }

  #summary(plot: Plot): string {
    const { nameOf } = this.#stepNames();
    const curves = plot.curves.filter(({ role }) => role !== "other");
    const texts = curves.map(
      ({ run, tag, step, histogram }) =>
        `${tagPath(tag)} of ${run.name}, ${nameOf(run.run, step)}: ${summaryText(histogram)}`,
    );
    return `Histogram. ${texts.reverse().join("; ")}`;
  }

  #tooltip(plots: Plots): ReturnType<typeof lookText> {
    const { look } = this;
    const { runColours, histogramDisplay } = this.session.state.value;
    if (look === null || plots.frame === null) return null;
    return lookText(look, plots, histogramDisplay, this.#stepNames().nameOf, runColours, dashOf);
  }

  #lookWords(plot: Plot, frame: NonNullable<Plots["frame"]>): string {
    const { histogramDisplay } = this.session.state.value;
    const { look } = this;
    if (look === null) return "";
    const plots: Plots = { plots: [plot], frame, scale: { top: 0, ticks: [] }, countRatio: 1 };
    const { nameOf } = this.#stepNames();
    const text = lookText(look, plots, histogramDisplay, nameOf, new Map(), dashOf);
    return [
      text?.heading ?? "",
      ...(text?.lines ?? []).map(({ what, value }) => `${what}: ${value}`),
    ].join(", ");
  }

  #stepNames(): StepNames {
    const { timelines } = this.session.state.value;
    const momentOf: StepNames["momentOf"] = (run, step) => timelines.get(run)?.get(step);
    return {
      momentOf,
      nameOf: (run, step) => {
        const moment = momentOf(run, step);
        return moment === undefined ? `step ${step}` : momentText(moment);
      },
    };
  }

  readonly #onLook = (event: BinLookEvent): void => {
    const target = event
      .composedPath()
      .find((each) => each instanceof HTMLElement && each.dataset.plot);
    const plot = target instanceof HTMLElement ? (target.dataset.plot ?? "") : "";
    const { bin } = event.detail;
    this.look = bin === null ? null : { ...event.detail, bin, plot };
  };

  readonly #onPick = ({ detail: { run, step } }: StepPickEvent): void => {
    const { runPoints, points } = this.session.derived;
    const point = runPoints.get(run)?.get(step);
    const index =
      point === undefined ? -1 : points.findIndex((each) => comparePoints(each, point) === 0);
    if (index >= 0) this.session.goTo(index);
  };
}

function differs(a: HistogramGroup, b: HistogramGroup | undefined): boolean {
  return (
    a.panels.length !== b?.panels.length ||
    a.panels.some((panel, index) => panel !== b.panels[index])
  );
}

function emptyMessage(series: readonly HistogramSeries[]): string {
  for (const { shown } of series) {
    const histogram = loadedHistogram(shown);
    const text = histogram === null ? null : emptyText(histogram);
    if (text !== null) return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  }
  return "";
}

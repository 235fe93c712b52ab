/**
 * The histograms of one tag, or of a group of layers: header, plots of the shown runs, statistics. Renders only while
 * it is in sight. While records are on their way an older picture of the same tags stays, so that nothing jumps. Must
 * not bin, scale or fetch.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { COLUMN_GAP } from "../model/columns.js";
import { tagPath } from "../model/facts.js";
import type { HistogramDisplay } from "../model/histogram_display.js";
import type { HistogramGroup } from "../model/histogram_groups.js";
import { isNarrow, plotColumns } from "../model/histogram_size.js";
import type { RunEntry } from "../model/parse_index.js";
import { stepText } from "../model/steps.js";
import { comparePoints } from "../model/time_axis.js";
import { isColumnInSight } from "../state/columns_in_sight.js";
import { type DashOf, type LookAt, lookText } from "../state/histogram_look.js";
import { plotMessage } from "../state/histogram_message.js";
import { histogramPlots, type Plot, type Plots } from "../state/histogram_plots.js";
import {
  type HistogramView,
  hasStatistics,
  histogramView,
  viewKey,
} from "../state/histogram_view.js";
import { histogramReads } from "../state/panel_reads.js";
import type { Session } from "../state/session.js";
import type { BinLookEvent } from "./bin_probe.js";
import { ownReferenceChip } from "./comparison_words.js";
import {
  densityHint,
  layersLegend,
  runCaption,
  runsLegend,
  type StepNames,
  unreadHint,
} from "./histogram_captions.js";
import { plotContent, type Shown } from "./histogram_content.js";
import { plotDash } from "./histogram_dashes.js";
import { histogramHeader } from "./histogram_header.js";
import type { StepPickEvent } from "./histogram_ridge.js";
import { histogramStyles } from "./histogram_styles.js";
import { panelStyles } from "./panel_styles.js";
import { PanelWatcher } from "./panel_watcher.js";
import { emptyColumn } from "./run_caption.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Runs whose numbers of values differ more than this are not comparable by count. */
const COMPARABLE = 2;

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
  declare look: LookAt | null;

  /** What was shown when everything was here. */
  #last: HistogramView | null = null;
  #display: HistogramDisplay | null = null;

  constructor() {
    super();
    this.look = null;
    new PanelWatcher(this, {
      session: () => this.session,
      tag: () => this.group.tag,
      records: ({ histograms }) => histograms.changes,
      reads: () => {
        const { state, derived, histograms } = this.session;
        return histogramReads(this.group, state.value, derived, (ref) => histograms.state(ref));
      },
    });
    new Watcher(
      this,
      () => [this.session.state],
      () => this.#onState(),
    );
  }

  // Another kind of plot has another height, which panels near by must have before they are scrolled to.
  #onState(): void {
    const { histogramDisplay } = this.session.state.value;
    if (histogramDisplay !== this.#display) this.requestUpdate();
    this.#display = histogramDisplay;
  }

  protected override render(): TemplateResult {
    const { session, group } = this;
    const { value: state } = session.state;
    const view = histogramView(group, state, session.derived, (ref) =>
      session.histograms.state(ref),
    );
    const open = !state.collapsed.has(group.tag);
    const names = group.panels.map(({ tag }) => tagPath(tag));
    const onFold = (): void => session.folding.toggleCollapsed(group.tag);
    const hasHeading = state.histogramDisplay.layersPerPlot === 1;
    const shown = open ? this.#body(view, names) : null;
    return html`<section aria-label=${names.join(", ")}>
      ${histogramHeader(session, view, { names, open, hasHeading, onFold, isLoading: shown?.isLoading ?? false, hint: shown?.hint ?? nothing })}
      ${shown?.body ?? nothing}
    </section>`;
  }

  // The hint stands in the header, where its coming moves nothing.
  #body(
    now: HistogramView,
    layers: readonly string[],
  ): { hint: TemplateResult; body: TemplateResult; isLoading: boolean } {
    const { session } = this;
    const { histogramDisplay: display, runColours } = session.state.value;
    const holds = this.#last !== null && viewKey(this.#last) === viewKey(now);
    // The ridge waits for all of its steps once, then fills up as a log grows.
    const ready = now.settled && (display.plot !== "ridge" || now.complete || holds);
    if (ready) this.#last = now;
    const stale = !ready && holds;
    const view = stale ? (this.#last ?? now) : now;
    const plots = histogramPlots(view, display);
    const { runs } = session.derived.columns;
    const { count, width } = plotColumns(this.width, runs.length);
    const names = this.#stepNames();
    const dashOf: DashOf = (curve, series) => plotDash(curve, series, runColours);
    const look = this.look && lookText(this.look, plots, display, names.nameOf, runColours, dashOf);
    const shown: Shown = {
      ...plots,
      session,
      nameOf: names.nameOf,
      look: this.look,
      lookText: look,
      width,
      ready: ready || stale,
      stale,
    };
    const grid = {
      "grid-template-columns": `repeat(${count}, ${width}px)`,
      gap: `${COLUMN_GAP}px`,
    };
    const plotsOf = (all: readonly Plot[]): unknown =>
      repeat(
        all,
        ({ key }) => key,
        (plot) => html`<div class="plot" data-plot=${plot.key}>
          ${this.#caption(plot, names, plots)} ${plotContent(plot, shown)}
        </div>`,
      );
    const body = html`<div class="body" @bin-look=${this.#onLook} @step-pick=${this.#onPick}>
      ${display.plot === "ridge" ? nothing : layersLegend(layers)}
      <div class="plots" style=${styleMap(grid)}>
        ${
          runs.length === 0
            ? plotsOf(plots.plots)
            : repeat(
                runs,
                ({ run }) => run,
                (run) => this.#column(run, plots.plots, plotsOf),
              )
        }
      </div>
      ${hasStatistics(view) ? this.#statistics(view, layers) : nothing}
      <nnviz-histogram-tooltip .text=${look}></nnviz-histogram-tooltip>
    </div>`;
    const hint = html`${this.#unreadHint(view)} ${this.#densityHint(plots)}`;
    return { hint, body, isLoading: !shown.ready };
  }

  #statistics(view: HistogramView, layers: readonly string[]): TemplateResult {
    return html`<nnviz-histogram-statistics
      .view=${view}
      .colours=${this.session.state.value.runColours}
      .names=${layers}
      .width=${this.width}
      .narrow=${isNarrow(this.width, layers.length)}
    ></nnviz-histogram-statistics>`;
  }

  // Of a run that is out of sight nothing is drawn.
  #column(
    run: RunEntry,
    plots: readonly Plot[],
    plotsOf: (all: readonly Plot[]) => unknown,
  ): TemplateResult {
    const { state, derived } = this.session;
    const own = plots.filter(({ series }) => series[0]?.run.run === run.run);
    if (own.length === 0) return emptyColumn(this.session, run, "not logged in this run");
    const isInSight = isColumnInSight(state.value, derived, run.run);
    return html`<div class="column" data-column=${run.run}>${isInSight ? plotsOf(own) : nothing}</div>`;
  }

  #caption(plot: Plot, names: StepNames, plots: Plots): TemplateResult {
    const { session } = this;
    const { runColours, histogramDisplay, display } = session.state.value;
    const areDifferences = display.show !== "value";
    const isRidge = histogramDisplay.plot === "ridge";
    const said = plotMessage(plot, plots, isRidge);
    const [first] = plot.series;
    if (histogramDisplay.plot === "runs" || first === undefined) {
      const kind = areDifferences ? "difference" : "laid-over";
      return runsLegend(plot.series, runColours, names, kind, said);
    }
    const layer = isRidge && this.group.panels.length > 1 ? tagPath(first.entry.tag) : "";
    const kind = isRidge ? "refusal" : areDifferences ? "difference" : "laid-over";
    return runCaption(session, first, names, kind, layer, ownReferenceChip(session, first), said);
  }

  // Counts of unequally many values say little of shapes; the choice stays the user's.
  #densityHint({ countRatio }: Plots): TemplateResult | typeof nothing {
    const { height } = this.session.state.value.histogramDisplay;
    if (height === "density" || countRatio <= COMPARABLE) return nothing;
    return densityHint(countRatio, () =>
      this.session.looks.setHistogramDisplay({ height: "density" }),
    );
  }

  #unreadHint({ unread }: HistogramView): TemplateResult | typeof nothing {
    if (unread === 0) return nothing;
    return unreadHint(unread, () => this.session.retryFailed());
  }

  #stepNames(): StepNames {
    const { timelines } = this.session.state.value;
    const { axis } = this.session.derived;
    const momentOf: StepNames["momentOf"] = (run, step) => timelines.get(run)?.get(step);
    return {
      axis,
      momentOf,
      nameOf: (run, step) => stepText(step, momentOf(run, step), axis),
    };
  }

  readonly #onLook = (event: BinLookEvent): void => {
    const target = event
      .composedPath()
      .find((each) => each instanceof HTMLElement && each.dataset.plot !== undefined);
    const plot = target instanceof HTMLElement ? (target.dataset.plot ?? "") : "";
    const { bin } = event.detail;
    this.look = bin === null ? null : { ...event.detail, bin, plot };
  };

  readonly #onPick = ({ detail: { run, step } }: StepPickEvent): void => {
    const { runPoints, points } = this.session.derived;
    const point = runPoints.get(run)?.get(step);
    if (point === undefined) return;
    const index = points.findIndex((each) => comparePoints(each, point) === 0);
    if (index >= 0) this.session.timeline.goTo(index);
  };
}

function differs(a: HistogramGroup, b: HistogramGroup | undefined): boolean {
  return (
    a.panels.length !== b?.panels.length ||
    a.panels.some((panel, index) => panel !== b.panels[index])
  );
}

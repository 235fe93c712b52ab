/**
 * The plots of a histogram panel as curves on shared bins and one scale of heights: before against now, all runs in
 * one, or a ridge over the steps. Pure functions of a view; must not know the DOM, colours or pixels.
 */
import type { Frame } from "../model/binning.js";
import { formatWhole } from "../model/format.js";
import { type Histogram, nonFiniteCounts } from "../model/histogram.js";
import type { HistogramDisplay, HistogramHeight } from "../model/histogram_display.js";
import { drawnCounts, plotFrame } from "../model/histogram_frames.js";
import {
  type HeightScale,
  type Heights,
  heightScale,
  heightsOf,
} from "../model/histogram_heights.js";
import type { RunEntry } from "../model/parse_index.js";
import {
  type DrawnStep,
  type HistogramSeries,
  type HistogramView,
  loadedHistogram,
} from "./histogram_view.js";

export interface Curve {
  readonly run: RunEntry;
  readonly tag: string;
  /** Place of the tag in its group. */
  readonly layer: number;
  readonly step: number;
  readonly role: "reference" | "current" | "other";
  readonly histogram: Histogram;
  readonly counts: Float64Array;
  readonly heights: Heights;
}

/** One plot; its curves from the back to the front. */
export interface Plot {
  readonly key: string;
  /** The tags it shows, of one run or of all. */
  readonly series: readonly HistogramSeries[];
  readonly curves: readonly Curve[];
}

export interface Plots {
  readonly plots: readonly Plot[];
  /** Null where there is nothing finite to draw. */
  readonly frame: Frame | null;
  readonly scale: HeightScale;
  /** How many times more values the largest current histogram has than the smallest. */
  readonly countRatio: number;
}

export function histogramPlots(view: HistogramView, display: HistogramDisplay): Plots {
  const parts = partsOf(view, display);
  const drawn = parts.flatMap(({ steps }) => steps.map(({ histogram }) => histogram));
  const frame = plotFrame(drawn, display.plot === "ridge" ? [] : contextOf(view));
  const plots = parts.map(({ key, series, steps }): Plot => {
    const curves = frame === null ? [] : steps.map((step) => curveOf(step, frame, display));
    return { key, series, curves };
  });
  const curves = plots.flatMap((plot) => plot.curves);
  const totals = curves
    .filter(({ role, histogram }) => role === "current" && histogram.total > 0)
    .map(({ histogram }) => histogram.total);
  return {
    plots,
    frame,
    scale: heightScale(
      curves.map(({ heights }) => heights),
      display.height,
      frame?.exponent ?? 0,
    ),
    countRatio: totals.length === 0 ? 1 : Math.max(...totals) / Math.min(...totals),
  };
}

/** Why a tag has nothing to draw: `no finite value: 1,024 NaN`, `the array is empty`. */
export function emptyText(histogram: Histogram): string | null {
  if (histogram.total > 0) return null;
  const { nan, posinf, neginf } = nonFiniteCounts(histogram);
  const parts = [
    ...(nan > 0 ? [`${formatWhole(nan)} NaN`] : []),
    ...(posinf > 0 ? [`${formatWhole(posinf)} +∞`] : []),
    ...(neginf > 0 ? [`${formatWhole(neginf)} −∞`] : []),
  ];
  return parts.length === 0 ? "the array is empty" : `no finite value: ${parts.join(", ")}`;
}

interface Step extends Omit<Curve, "counts" | "heights"> {}

interface PlotPart {
  readonly key: string;
  readonly series: readonly HistogramSeries[];
  readonly steps: readonly Step[];
}

function partsOf({ series }: HistogramView, { plot }: HistogramDisplay): readonly PlotPart[] {
  switch (plot) {
    case "overlay":
      return byRun(series).map(([run, ofRun]) => ({
        key: run,
        series: ofRun,
        steps: [
          ...ofRun.flatMap((each) =>
            isSameStep(each) ? [] : stepOf(each, each.reference, "reference"),
          ),
          ...ofRun.flatMap((each) => stepOf(each, each.shown, "current")),
        ],
      }));
    case "runs":
      return [
        {
          key: "runs",
          series,
          steps: series.flatMap((each) => stepOf(each, each.shown, "current")),
        },
      ];
    case "ridge":
      return series.map((each) => ({
        key: JSON.stringify([each.run.run, each.entry.tag]),
        series: [each],
        steps: each.drawn.flatMap((drawn) =>
          stepOf(each, drawn, drawn.step === each.shown?.step ? "current" : "other"),
        ),
      }));
  }
}

/** True where the shown step is the one it would be laid over. */
export function isSameStep({ shown, reference }: HistogramSeries): boolean {
  return shown !== null && shown.step === reference?.step;
}

function stepOf(
  { run, entry, layer }: HistogramSeries,
  drawn: DrawnStep | null,
  role: Curve["role"],
): readonly Step[] {
  const histogram = loadedHistogram(drawn);
  if (drawn === null || histogram === null || histogram.total === 0) return [];
  return [{ run, tag: entry.tag, layer, step: drawn.step, role, histogram }];
}

/** Heights by counts, which are the same objects while the bins stay. */
const remembered = new WeakMap<Float64Array, { mode: HistogramHeight; heights: Heights }>();

function curveOf(step: Step, frame: Frame, { height: mode }: HistogramDisplay): Curve {
  const counts = drawnCounts(step.histogram, frame);
  const before = remembered.get(counts);
  const heights = before?.mode === mode ? before.heights : heightsOf(counts, mode);
  remembered.set(counts, { mode, heights });
  return { ...step, counts, heights };
}

// The ends of every series: the axis then stays in place from the first step to the last.
function contextOf({ series }: HistogramView): readonly Histogram[] {
  return series
    .flatMap(({ drawn, reference }) => [drawn[0] ?? null, drawn.at(-1) ?? null, reference])
    .flatMap((drawn) => loadedHistogram(drawn) ?? [])
    .filter(({ total }) => total > 0);
}

function byRun(
  series: readonly HistogramSeries[],
): readonly (readonly [run: string, series: readonly HistogramSeries[]])[] {
  const runs = new Map<string, HistogramSeries[]>();
  for (const each of series) {
    const ofRun = runs.get(each.run.run);
    if (ofRun === undefined) runs.set(each.run.run, [each]);
    else ofRun.push(each);
  }
  return [...runs];
}

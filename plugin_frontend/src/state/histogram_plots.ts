/**
 * The plots of a histogram panel as curves on shared bins and one scale of heights: before against now, all runs in
 * one, or a ridge over the steps; values, or their differences. Pure functions of a view; must not know the DOM, colours
 * or pixels.
 */
import type { Frame } from "../model/binning.js";
import { formatWhole } from "../model/format.js";
import { type Histogram, nonFiniteCounts } from "../model/histogram.js";
import type { HistogramDisplay, HistogramHeight } from "../model/histogram_display.js";
import { drawnCounts, plotFrame } from "../model/histogram_frames.js";
import {
  differenceHeights,
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
  loadedReference,
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
  /** What it is the difference to; null for values. */
  readonly reference: CurveReference | null;
}

export interface CurveReference {
  readonly run: RunEntry;
  readonly step: number;
  readonly histogram: Histogram;
  readonly counts: Float64Array;
}

/** One plot; its curves from the back to the front. */
export interface Plot {
  readonly key: string;
  /** The tags it shows, of one run or of all. */
  readonly series: readonly HistogramSeries[];
  readonly curves: readonly Curve[];
}

export interface Plots {
  /** True where curves are differences, about zero. */
  readonly isSigned: boolean;
  readonly plots: readonly Plot[];
  /** Null where there is nothing finite to draw. */
  readonly frame: Frame | null;
  readonly scale: HeightScale;
  /** How many times more values the largest histogram that is compared has than the smallest. */
  readonly countRatio: number;
}

export function histogramPlots(view: HistogramView, display: HistogramDisplay): Plots {
  const isSigned = view.areDifferences;
  const parts = partsOf(view, display);
  const drawn = parts.flatMap(({ steps }) =>
    steps.flatMap(({ histogram, reference }) => [
      histogram,
      ...(reference === null ? [] : [reference.histogram]),
    ]),
  );
  const frame = plotFrame(drawn, display.plot === "ridge" ? [] : contextOf(view));
  const plots = parts.map(({ key, series, steps }): Plot => {
    const curves = frame === null ? [] : steps.map((step) => curveOf(step, frame, display));
    return { key, series, curves };
  });
  const curves = plots.flatMap((plot) => plot.curves);
  // A run's own start has as many values as it has now.
  const totals = plots
    .flatMap(({ series, curves: own }) =>
      own.filter(
        ({ role, run }) =>
          role === "current" || (role === "reference" && !series.some((each) => each.run === run)),
      ),
    )
    .flatMap(({ histogram, reference }) => [histogram, reference?.histogram ?? histogram])
    .flatMap(({ total }) => (total > 0 ? [total] : []));
  return {
    isSigned,
    plots,
    frame,
    scale: heightScale(
      curves.map(({ heights }) => heights),
      display.height,
      frame?.exponent ?? 0,
      isSigned,
    ),
    countRatio: totals.length === 0 ? 1 : Math.max(...totals) / Math.min(...totals),
  };
}

/** True where the histograms of a difference are alike, bin by bin. */
export function isNoDifference({ heights: { shape, spike } }: Curve): boolean {
  return shape === 0 && spike === 0;
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

interface Step extends Omit<Curve, "counts" | "heights" | "reference"> {
  readonly reference: Omit<CurveReference, "counts"> | null;
}

interface PlotPart {
  readonly key: string;
  readonly series: readonly HistogramSeries[];
  readonly steps: readonly Step[];
}

function partsOf(
  { series, areDifferences }: HistogramView,
  { plot }: HistogramDisplay,
): readonly PlotPart[] {
  const stepOf = areDifferences ? differenceOf : stepValue;
  switch (plot) {
    case "overlay":
      return byRun(series).map(([run, ofRun]) => ({
        key: run,
        series: ofRun,
        steps: [
          ...(areDifferences ? [] : ofRun.flatMap(laidUnder)),
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

function stepValue(
  { run, entry, layer }: HistogramSeries,
  drawn: DrawnStep | null,
  role: Curve["role"],
): readonly Step[] {
  const histogram = loadedHistogram(drawn);
  if (drawn === null || histogram === null || histogram.total === 0) return [];
  return [{ run, tag: entry.tag, layer, step: drawn.step, role, histogram, reference: null }];
}

// What the shown record is laid over, unless it is that itself.
function laidUnder({ shown, entry, layer }: HistogramSeries): readonly Step[] {
  const against = shown?.against;
  const histogram = shown && loadedReference(shown);
  if (against?.status !== "found" || against.isSelf || !histogram || histogram.total === 0)
    return [];
  const { run, step } = against;
  return [{ run, tag: entry.tag, layer, step, role: "reference", histogram, reference: null }];
}

function differenceOf(
  series: HistogramSeries,
  drawn: DrawnStep | null,
  role: Curve["role"],
): readonly Step[] {
  const histogram = drawn && loadedReference(drawn);
  if (drawn?.against?.status !== "found" || !histogram || histogram.total === 0) return [];
  const { run, step } = drawn.against;
  return stepValue(series, drawn, role).map((each) => ({
    ...each,
    reference: { run, step, histogram },
  }));
}

/** Heights by counts, which are the same objects while the bins stay. */
const remembered = new WeakMap<Float64Array, { mode: HistogramHeight; heights: Heights }>();

function curveOf(step: Step, frame: Frame, { height: mode }: HistogramDisplay): Curve {
  const counts = drawnCounts(step.histogram, frame);
  if (step.reference !== null) {
    const others = drawnCounts(step.reference.histogram, frame);
    const heights = rememberedDifference(counts, others, mode);
    return { ...step, counts, heights, reference: { ...step.reference, counts: others } };
  }
  const before = remembered.get(counts);
  const heights = before?.mode === mode ? before.heights : heightsOf(counts, mode);
  remembered.set(counts, { mode, heights });
  return { ...step, counts, heights, reference: null };
}

const differences = new WeakMap<
  Float64Array,
  { of: readonly [Float64Array, HistogramHeight]; heights: Heights }
>();

function rememberedDifference(
  counts: Float64Array,
  others: Float64Array,
  mode: HistogramHeight,
): Heights {
  const before = differences.get(counts);
  if (before?.of[0] === others && before.of[1] === mode) return before.heights;
  const heights = differenceHeights(counts, others, mode);
  differences.set(counts, { of: [others, mode], heights });
  return heights;
}

// The ends of every series: the axis then stays in place from the first step to the last.
function contextOf({ series }: HistogramView): readonly Histogram[] {
  return series
    .flatMap(({ drawn, shown }) => [
      loadedHistogram(drawn[0] ?? null),
      loadedHistogram(drawn.at(-1) ?? null),
      shown && loadedReference(shown),
    ])
    .flatMap((histogram) => histogram ?? [])
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

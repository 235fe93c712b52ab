/** What the bin that is looked at holds, in every plot of a panel. Pure; must not know the DOM. */

import { tagPath } from "../model/facts.js";
import type { HistogramDisplay } from "../model/histogram_display.js";
import { binDifference, binText, binValues } from "../model/histogram_words.js";
import type { Curve, CurveReference, Plots } from "./histogram_plots.js";
import type { HistogramSeries } from "./histogram_view.js";

export interface LookLine {
  /** A CSS colour, and how the curve's line is dashed. */
  readonly colour: string;
  readonly dash: string;
  readonly run: string;
  /** `epoch 8`, after the layer where a plot has several. */
  readonly what: string;
  readonly value: string;
  readonly detail: string;
  /** A curve of the plot that is looked at, and not what lies under it. */
  readonly own: boolean;
  readonly inPlot: boolean;
}

export interface LookText {
  readonly heading: string;
  readonly lines: readonly LookLine[];
  readonly x: number;
  readonly y: number;
}

/** Place of the pointer in CSS pixels of the frame; `step` is the one that is looked at in a ridge. */
export interface LookAt {
  readonly plot: string;
  readonly bin: number;
  readonly step: number | null;
  readonly x: number;
  readonly y: number;
}

/** How the line of a curve is dashed in the plot that shows `series`. */
export type DashOf = (curve: Curve, series: readonly HistogramSeries[]) => string;

/** A grey line stands for what the current curve is laid over. */
const REFERENCE_COLOUR = "var(--faint)";

export function lookText(
  look: LookAt,
  { plots, frame }: Plots,
  { plot: kind, height }: HistogramDisplay,
  nameOf: (run: string, step: number) => string,
  colours: ReadonlyMap<string, string>,
  dashOf: DashOf,
): LookText | null {
  if (frame === null || look.bin >= frame.size) return null;
  const looked = plots.filter(({ key }) => key === look.plot);
  const ordered =
    kind === "ridge" ? looked : [...looked, ...plots.filter(({ key }) => key !== look.plot)];
  const lines = ordered.flatMap(({ key, curves, series }) => {
    const grouped = new Set(series.map(({ layer }) => layer)).size > 1;
    return curves
      .filter((curve) => kind !== "ridge" || isLookedAt(curve, look))
      .toReversed()
      .map((curve): LookLine => {
        const { run, tag, step, role, counts, histogram } = curve;
        const here = [counts[look.bin] ?? 0, histogram.total] as const;
        const [value, detail] =
          curve.reference === null
            ? binValues(...here, frame, height)
            : binDifference(here, otherOf(curve.reference, look.bin), frame, height);
        const when = nameOf(run.run, step);
        return {
          colour: role === "reference" ? REFERENCE_COLOUR : (colours.get(run.run) ?? ""),
          dash: kind === "ridge" ? "" : dashOf(curve, series),
          run: run.name,
          what: grouped ? `${tagPath(tag)} · ${when}` : when,
          value,
          detail,
          own: key === look.plot && role !== "reference",
          inPlot: key === look.plot,
        };
      });
  });
  return { heading: binText(frame, look.bin), lines, x: look.x, y: look.y };
}

/** The same for those who cannot see it: the lines of the plot that is looked at. */
export function lookWords(text: LookText | null): string {
  const lines = (text?.lines ?? []).filter(({ inPlot }) => inPlot);
  return [text?.heading ?? "", ...lines.map(({ run, what, value }) => `${run}, ${what}: ${value}`)]
    .filter((part) => part !== "")
    .join("; ");
}

function otherOf({ counts, histogram }: CurveReference, bin: number): readonly [number, number] {
  return [counts[bin] ?? 0, histogram.total];
}

function isLookedAt({ step, role }: Curve, look: LookAt): boolean {
  return look.step === null ? role === "current" : step === look.step;
}

/** What moments of training are called. Knows moments and series; must not know the slider or what is fetched. */
import type { Series } from "./parse_index.js";
import type { Moment, Phase } from "./record.js";
import type { Point, TimeAxis } from "./time_axis.js";

/** A point in words: `epoch 8 of 8`, in `fit 2` where there are several. */
export interface PointLabel {
  readonly unit: TimeAxis;
  readonly value: string;
  /** The last number of the fit. */
  readonly of: string;
  /** `fit 2`; empty where there is one fit only. */
  readonly fit: string;
}

/** What a point of the axis is called among the others. */
export function pointLabel(point: Point, points: readonly Point[], axis: TimeAxis): PointLabel {
  const last = points.findLast(({ fit }) => fit === point.fit) ?? point;
  const several = points.some(({ fit }) => fit !== point.fit);
  return {
    unit: axis,
    value: numberText(point.value),
    of: numberText(last.value),
    fit: several ? `fit ${point.fit}` : "",
  };
}

/** `epoch 8`, in what the timeline counts; `step 40` where the moment has no such number. */
export function momentText(moment: Moment, axis: TimeAxis): string {
  const number = axis === "step" ? null : moment[axis];
  return number === null ? `step ${moment.step}` : `${axis} ${numberText(number)}`;
}

/** `momentText` of a step whose moment may not be known. */
export function stepText(step: number, moment: Moment | undefined, axis: TimeAxis): string {
  return moment === undefined ? `step ${step}` : momentText(moment, axis);
}

/** What is special about a moment or point; empty during ordinary training. */
export function phaseText({ phase }: { readonly phase: Phase }): string {
  switch (phase) {
    case "before":
      return "before training";
    case "restored":
      return "restored weights";
    case "during":
      return "";
  }
}

/** `10 of 60 steps` where TensorBoard sampled the log, else null. */
export function sampledText(series: Series): string | null {
  const { logged, steps } = series;
  return logged !== null && logged > steps.length ? `${steps.length} of ${logged} steps` : null;
}

/** At most two decimals: epochs may be fractions. */
export function numberText(number: number): string {
  return String(Number(number.toFixed(2)));
}

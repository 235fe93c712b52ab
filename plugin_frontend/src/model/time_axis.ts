/**
 * The axis of the timeline: points in training by step, epoch or batch, and which of them a run shows. Knows steps and
 * moments; must not know the slider, nor what is fetched.
 */
import { bisector } from "d3-array";
import type { Moment, Phase } from "./record.js";

export const TIME_AXES = ["step", "epoch", "batch"] as const;
export type TimeAxis = (typeof TIME_AXES)[number];

/** How fast playing goes: 1 is four points a second. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;

/**
 * A place on the axis. Epochs and batches restart with each fit, so `fit` comes first; a step goes on, its `fit` is 0.
 * `repeat` tells apart what a run has logged at the same place, so that every record can be reached.
 */
export interface Point {
  readonly fit: number;
  readonly value: number;
  readonly phase: Phase;
  readonly repeat: number;
}

/** The points of a run by its steps; they strictly increase. */
export type RunPoints = ReadonlyMap<number, Point>;

/** Where the timeline stands: at a point, or wherever the newest one is. */
export type Position = { readonly at: "latest" } | { readonly at: "point"; readonly point: Point };

/** What a series shows at a point. `first` is the step where its data begins. */
export type StepMatch =
  | { readonly match: "exact"; readonly index: number; readonly step: number }
  | { readonly match: "earlier"; readonly index: number; readonly step: number }
  | { readonly match: "none"; readonly first: number | null };

type Moments = ReadonlyMap<number, Moment>;

const PHASES: readonly Phase[] = ["before", "during", "restored"];

export function comparePoints(a: Point, b: Point): number {
  return comparePlaces(a, b) || a.repeat - b.repeat;
}

/** Where a point is among others; −1 where it is not. Each timeline that comes makes new objects of the same points. */
export function indexOfPoint(points: readonly Point[], point: Point): number {
  return points.findIndex((each) => comparePoints(each, point) === 0);
}

function comparePlaces(a: Place, b: Place): number {
  return a.fit - b.fit || a.value - b.value || PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase);
}

const bisectPoints = bisector(comparePoints);

/** The place of a step on the axis of steps. */
export function stepPoint(step: number): Point {
  return { fit: 0, value: step, phase: "during", repeat: 0 };
}

/** The axes on which at least one of the runs can be placed; the step is always one. */
export function offeredAxes(timelines: Iterable<Moments>): readonly TimeAxis[] {
  const known = new Set<TimeAxis>(["step"]);
  for (const moments of timelines) {
    for (const { epoch, batch } of moments.values()) {
      if (epoch !== null) known.add("epoch");
      if (batch !== null) known.add("batch");
    }
  }
  return TIME_AXES.filter((axis) => known.has(axis));
}

/**
 * Places a run's steps on an axis, in their order. A step without a number of its own stands right beside its
 * neighbour; a run that knows none is placed by step, 0 being before training. Where numbers go back without a new
 * fit being told, as after a resumed process, one is counted, because the log's order is the truth.
 */
export function pointsOfRun(
  steps: readonly number[],
  moments: Moments | undefined,
  axis: TimeAxis,
): RunPoints {
  if (axis === "step") return new Map(steps.map((step) => [step, stepPoint(step)]));
  const { places, leading } = placesOf(steps, moments, axis);
  const points = new Map<number, Point>();
  let last: Point | null = null;
  let addedFits = 0;
  for (const [index, place] of places.entries()) {
    let fit = place.fit + addedFits;
    const order: number = last === null ? 1 : comparePlaces({ ...place, fit }, last);
    if (order < 0 && last !== null) {
      addedFits += last.fit + 1 - fit;
      fit = last.fit + 1;
    }
    const repeat: number = order === 0 && last !== null ? last.repeat + 1 : 0;
    last = { ...place, fit, repeat: index === 0 ? 0 - leading : repeat };
    points.set(steps[index] ?? index, last);
  }
  return points;
}

type Place = Omit<Point, "repeat">;

// `leading` steps stand before the first one whose number is known, and share its place.
function placesOf(
  steps: readonly number[],
  moments: Moments | undefined,
  axis: "epoch" | "batch",
): { readonly places: readonly Place[]; readonly leading: number } {
  const known = steps.map((step): Place | null => {
    const moment = moments?.get(step);
    const value = moment?.[axis] ?? null;
    return moment === undefined || value === null
      ? null
      : { fit: moment.fit, value, phase: moment.phase };
  });
  const leading = known.findIndex((place) => place !== null);
  if (leading < 0) {
    const places = steps.map((step): Place => {
      const { fit, phase } = moments?.get(step) ?? { fit: 1, phase: "during" };
      return { fit, value: step, phase: step === 0 ? "before" : phase };
    });
    return { places, leading: 0 };
  }
  let nearest = known[leading] ?? { fit: 1, value: 0, phase: "during" };
  const places = known.map((place) => {
    nearest = place ?? nearest;
    return nearest;
  });
  return { places, leading };
}

/** All points at which one of the series has a record, increasing, each once. */
export function unionPoints(
  placed: Iterable<{ readonly steps: readonly number[]; readonly points: RunPoints }>,
): readonly Point[] {
  const all = new Set<Point>();
  for (const { steps, points } of placed) {
    for (const step of steps) {
      const point = points.get(step);
      if (point !== undefined) all.add(point);
    }
  }
  const ordered = [...all].sort(comparePoints);
  return ordered.filter(
    (point, index) => index === 0 || comparePoints(ordered[index - 1] ?? point, point) !== 0,
  );
}

/** The record at the point, else the nearest earlier one, else nothing: a run never shows its future. */
export function matchPoint(
  steps: readonly number[],
  points: RunPoints,
  point: Point | null,
): StepMatch {
  const first = steps[0] ?? null;
  if (point === null) return { match: "none", first };
  const placeOf = (step: number): Point => points.get(step) ?? stepPoint(step);
  const byPoint = bisector((step: number, at: Point) => comparePoints(placeOf(step), at));
  const index = byPoint.right(steps, point) - 1;
  const step = steps[index];
  if (step === undefined) return { match: "none", first };
  const exact = comparePoints(placeOf(step), point) === 0;
  return { match: exact ? "exact" : "earlier", index, step };
}

/** The position; the latest where it means nothing, as a place in epochs where the timelines have not come yet. */
export function onAxis(position: Position, axis: TimeAxis): Position {
  return fitsAxis(position, axis) ? position : { at: "latest" };
}

export function fitsAxis(position: Position, axis: TimeAxis): boolean {
  return position.at === "latest" || isOfAxis(position.point, axis);
}

/** True for a point of an axis: steps have no fits. */
export function isOfAxis({ fit }: Point, axis: TimeAxis): boolean {
  return (fit === 0) === (axis === "step");
}

/** Index of the timeline's position; −1 where there are no points. A vanished point gives its earlier neighbour. */
export function positionIndex(points: readonly Point[], position: Position): number {
  if (points.length === 0) return -1;
  if (position.at === "latest") return points.length - 1;
  return Math.max(0, bisectPoints.right(points, position.point) - 1);
}

/** The position at an index, kept within the points. The last one means "follow the latest". */
export function positionAt(points: readonly Point[], index: number): Position {
  const point = points[Math.max(0, index)];
  if (point === undefined || index >= points.length - 1) return { at: "latest" };
  return { at: "point", point };
}

/** Index of the first point with a number in a fit, else of the fit's nearest earlier one, else of its first. */
export function findNumber(points: readonly Point[], fit: number, value: number): number {
  const first = points.findIndex((point) => point.fit === fit);
  const exact = points.findIndex((point) => point.fit === fit && point.value === value);
  if (exact >= 0) return exact;
  const earlier = points.findLastIndex((point) => point.fit === fit && point.value < value);
  return earlier >= 0 ? earlier : Math.max(0, first);
}

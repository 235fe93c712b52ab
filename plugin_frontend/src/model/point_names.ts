/**
 * What points of the timeline are called where several stand beside one another, as in a list or in file names: short, and
 * each in its own way. Pure; must not know where moments come from.
 */
import { group } from "d3-array";
import type { Moment } from "./record.js";
import { pointText } from "./reference.js";
import { phaseText } from "./steps.js";
import type { Point, RunPoints, TimeAxis } from "./time_axis.js";

/** Where a run's steps are on the axis, and what is known of them. */
export interface PlacedRun {
  readonly points: RunPoints;
  readonly moments: ReadonlyMap<number, Moment>;
}

/**
 * `epoch 3`, one for each point. Those that would be called alike, as records within one epoch, have besides what tells
 * them apart: `epoch 3, restored weights`, `epoch 0.5, batch 501`, or their step.
 */
export function pointNames(
  points: readonly Point[],
  axis: TimeAxis,
  runs: readonly PlacedRun[],
): readonly string[] {
  const names = points.map((point) => pointText({ ...point, phase: "during" }, axis));
  const alike = group(points, (_, index) => names[index]);
  const details = new Map<Point, string>();
  const moments = alike.size < points.length ? momentsOf(runs) : new Map<string, Moment>();
  for (const each of alike.values()) {
    if (each.length < 2) continue;
    for (const [at, detail] of detailsOf(each, axis, moments).entries())
      if (each[at] !== undefined) details.set(each[at], detail);
  }
  return points.map((point, index) =>
    [names[index], details.get(point)].filter(Boolean).join(", "),
  );
}

// The first kind of detail that all of them differ in.
function detailsOf(
  points: readonly Point[],
  axis: TimeAxis,
  known: ReadonlyMap<string, Moment>,
): readonly string[] {
  const moments = points.map((point) => known.get(keyOf(point)));
  const kinds = [
    points.map(phaseText),
    axis === "batch" ? [] : moments.map((moment) => numbered("batch", moment?.batch)),
    moments.map((moment) => numbered("step", moment?.step)),
  ];
  const counted = points.map((_, place) => `record ${place + 1}`);
  return kinds.find((texts) => new Set(texts).size === points.length) ?? counted;
}

function numbered(unit: string, number: number | null | undefined): string {
  return number == null ? "" : `${unit} ${number}`;
}

/** By place on the axis, of the first run that has logged there. */
function momentsOf(runs: readonly PlacedRun[]): ReadonlyMap<string, Moment> {
  const known = new Map<string, Moment>();
  for (const { points, moments } of runs) {
    for (const [step, point] of points) {
      const [key, moment] = [keyOf(point), moments.get(step)];
      if (moment !== undefined && !known.has(key)) known.set(key, moment);
    }
  }
  return known;
}

function keyOf({ fit, value, phase, repeat }: Point): string {
  return [fit, value, phase, repeat].join();
}

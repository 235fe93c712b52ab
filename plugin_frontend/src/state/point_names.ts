/** What the points of the timeline are called where several stand beside one another. Pure functions of the state. */
import { pointNames } from "../model/point_names.js";
import { indexOfPoint, type Point } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";

/** What names of points follow from. */
type Line = Pick<Derived, "points" | "axis" | "runPoints">;

/** The name of each point of the timeline, in their order. */
export function timelineNames(
  { timelines }: Pick<AppState, "timelines">,
  { points, axis, runPoints }: Line,
): readonly string[] {
  const runs = [...runPoints].map(([run, placed]) => ({
    points: placed,
    moments: timelines.get(run) ?? new Map(),
  }));
  return pointNames(points, axis, runs);
}

/** The same, of some of its points. */
export function namesOfPoints(
  state: Pick<AppState, "timelines">,
  derived: Line,
  some: readonly Point[],
): readonly string[] {
  const names = timelineNames(state, derived);
  return some.map((point) => names[indexOfPoint(derived.points, point)] ?? "");
}

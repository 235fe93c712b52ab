/**
 * Where the timeline stands, and what is pinned, when another axis comes into effect: at the same record. Pure functions
 * of two snapshots; must not know what brought the other axis about.
 */
import type { Reference } from "../model/reference.js";
import { comparePoints, fitsAxis, isOfAxis, type Position, stepPoint } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { type Derived, matchAt } from "./derived.js";

/**
 * True where the position means nothing on the axis and never will: what is shown then is the latest point. While no
 * run is shown, or the timelines of the shown ones are on their way, the position may still come to mean something.
 */
export function isOffAxis(
  position: Position,
  { runs, axis }: Derived,
  timelines: AppState["timelines"],
): boolean {
  if (runs.length === 0 || fitsAxis(position, axis)) return false;
  return runs.every(({ run }) => timelines.has(run));
}

/** The step at which a shown run stands now, of the first run that has one. */
export function shownStep(
  derived: Derived,
): { readonly run: string; readonly step: number } | null {
  for (const { members } of derived.allPanels) {
    for (const { run, entry } of members) {
      const match = matchAt(derived, run.run, entry.series);
      if (match.match === "exact") return { run: run.run, step: match.step };
    }
  }
  return null;
}

/** The position that shows the same record on another axis; null where nothing has to move. */
export function movePosition(position: Position, before: Derived, after: Derived): Position | null {
  if (position.at === "latest" || before.axis === after.axis) return null;
  // A link holds a place in epochs before the timelines are here that give them.
  const isMeant = before.axis === "step" && position.point.fit > 0;
  const shown = shownStep(before);
  if (isMeant || shown === null) return null;
  if (after.axis === "step") return { at: "point", point: stepPoint(shown.step) };
  const point = after.runPoints.get(shown.run)?.get(shown.step);
  return point === undefined ? null : { at: "point", point };
}

/** What is pinned, at the same record on another axis; without a point that means nothing there and never will. */
export function moveReference(
  reference: Reference,
  before: Derived,
  after: Derived,
  timelines: AppState["timelines"],
): Reference {
  const { point } = reference;
  if (point === null || isOfAxis(point, after.axis)) return reference;
  for (const [run, points] of before.axis === after.axis ? [] : before.runPoints) {
    for (const [step, each] of points) {
      if (comparePoints(each, point) !== 0) continue;
      const moved = after.axis === "step" ? stepPoint(step) : after.runPoints.get(run)?.get(step);
      if (moved !== undefined) return { ...reference, point: moved };
    }
  }
  const isLost = isOffAxis({ at: "point", point }, after, timelines);
  return isLost ? { ...reference, point: null } : reference;
}

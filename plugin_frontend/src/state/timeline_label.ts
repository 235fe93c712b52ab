/**
 * What the shown point of the timeline is called, in words and in the parts that stand beside the slider. Pure functions
 * of the state; must not know the DOM.
 */
import { numberText, phaseText, pointLabel } from "../model/steps.js";
import { comparePoints, isOfAxis, type Point } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { type Derived, momentAt } from "./derived.js";

export interface TimelineLabel {
  readonly words: string;
  readonly value: string;
  readonly of: string;
  readonly detail: string;
  readonly isPhase: boolean;
}

export function timelineLabel(state: AppState, derived: Derived): TimelineLabel {
  const { points, point, axis } = derived;
  if (point === null) {
    return { words: "no data", value: "", of: "", detail: "", isPhase: false };
  }
  const { unit, value, of, fit } = pointLabel(point, points, axis);
  const phase = phaseAt(point, state, derived);
  const other = phase === "" ? otherName(point, state, derived) : phase;
  const missing = missingText(state, derived);
  const detail = [fit, other, missing].filter((part) => part !== "").join(" · ");
  const words = [`${unit} ${value} of ${of}`, fit, phase, missing].filter((part) => part !== "");
  return { words: words.join(", "), value, of: `of ${of}`, detail, isPhase: phase !== "" };
}

/** What is particular about a point, as `before training`; empty for ordinary ones. */
export function phaseAt(point: Point, state: AppState, { axis, runs }: Derived): string {
  if (axis !== "step") return phaseText(point);
  const moment = momentAt(state, runs, point.value);
  return moment === undefined ? "" : phaseText(moment);
}

// The view may lack what another one has; of what no shown run has yet a link may tell.
function missingText({ position }: AppState, { axis, latest }: Derived): string {
  if (position.at === "latest" || latest === null || !isOfAxis(position.point, axis)) return "";
  const isMissing = comparePoints(position.point, latest) > 0;
  return isMissing ? `${axis} ${numberText(position.point.value)} is not logged` : "";
}

// Its epoch where steps are counted.
function otherName(point: Point, state: AppState, { axis, runs }: Derived): string {
  if (axis !== "step") return "";
  const moment = momentAt(state, runs, point.value);
  return moment === undefined || moment.epoch === null
    ? ""
    : `epoch ${Number(moment.epoch.toFixed(2))}`;
}

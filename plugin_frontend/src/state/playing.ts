/**
 * How the timeline is played: where it begins, where it goes next, and when it ends. Pure functions of the state; must
 * not know clocks nor records.
 */
import { type Position, positionAt } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";

/** Where there is nothing to go to, as while no run is shown, the place stays for when there is again. */
export function placeAt({ position }: AppState, { points }: Derived, pointIndex: number): Position {
  return points.length === 0 ? position : positionAt(points, pointIndex);
}

/** Plays from here to the last point, or from the first where it stands at the last; or stops. */
export function playingToggled(state: AppState, derived: Derived): Partial<AppState> {
  const { points, pointIndex } = derived;
  const playing = !state.playing && points.length > 1;
  const restart = playing && pointIndex === points.length - 1;
  const position = restart ? { position: placeAt(state, derived, 0) } : {};
  return { playing, ...(playing ? { playingLayers: false } : {}), ...position };
}

/** A point further; at the last one to the first where it loops, else that is the end. */
export function playedOn(state: AppState, derived: Derived): Partial<AppState> {
  const { points, pointIndex } = derived;
  const next = state.loop && pointIndex >= points.length - 1 ? 0 : pointIndex + 1;
  const playing = state.loop || next < points.length - 1;
  return { position: placeAt(state, derived, next), playing };
}

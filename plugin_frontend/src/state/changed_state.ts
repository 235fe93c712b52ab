/** The state after a choice, with what follows from it at once. Pure; must not know records. */
import { isPinned } from "../model/reference.js";
import type { AppState } from "./app_state.js";
import { isOffAxis, movePosition, moveReference } from "./axis_moves.js";
import type { Derived } from "./derived.js";
import { sensibleReference } from "./references.js";

/**
 * Where differences are asked for and nothing is pinned, something is. Where another axis comes into effect, by choice or
 * because timelines have come, the place in training stays.
 */
export function changedState(
  state: AppState,
  change: Partial<AppState>,
  derive: (state: AppState) => Derived,
): AppState {
  const before = derive(state);
  const changed = { ...state, ...change };
  const after = derive(changed);
  const moved = "position" in change ? null : movePosition(changed.position, before, after);
  const position = moved ?? changed.position;
  const lost = isOffAxis(position, after, changed.timelines);
  const kept = moveReference(changed.reference, before, after, changed.timelines);
  const lacksReference = changed.display.show === "difference" && !isPinned(kept);
  const reference = lacksReference ? sensibleReference(after) : kept;
  return {
    ...changed,
    reference,
    position: lost ? { at: "latest" } : position,
    playing: changed.playing && after.points.length > 1,
    playingLayers: changed.playingLayers && after.stage !== null && after.stops.length > 1,
  };
}

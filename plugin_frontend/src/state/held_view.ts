/**
 * What a panel shows while nothing of a new step is painted yet: its header, axes and room stay those of the tiles that
 * are still to be seen. Pure functions of views; must not know the DOM.
 */
import type { PanelColumn, PanelView } from "./panel_view.js";

/** True while nothing of the view can be painted, but will be. */
export function isAwaited({ settled, waits, loaded }: PanelView): boolean {
  return !settled && (waits || loaded.length === 0);
}

/** The view now, with what is awaited as it was in `last`, the view of the same runs that is still painted. */
export function heldView(last: PanelView, now: PanelView): PanelView {
  return {
    ...last,
    settled: false,
    waits: true,
    columns: now.columns.map((column, index) => heldColumn(last.columns[index], column)),
  };
}

// Where a run stands is of now. So is that it has no record there, or that this could not be had.
function heldColumn(last: PanelColumn | undefined, now: PanelColumn): PanelColumn {
  const isHeld =
    last?.painted?.status === "ready" &&
    (now.painted?.status === "pending" || now.painted?.status === "ready");
  if (!isHeld) return now;
  const { run, entry, match, found, refused, isInSight, isNeeded } = now;
  return { ...last, run, entry, match, found, refused, isInSight, isNeeded };
}

/**
 * What will be in sight once the index has come: asked for at once, it is here by the time that the screen is laid out.
 * A guess, which what truly comes into sight replaces. Must not know sizes on screen.
 */
import type { Session } from "./session.js";

/** Panels of which the first screen is made; of small ones it shows more. */
const PANELS = 3;
/** Columns of runs beside one another on the first screen; of narrow ones it shows more. */
const COLUMNS = 6;

/** Milliseconds that the screen waits for the index, so that it need not draw itself without and then anew. */
const PATIENCE = 50;

/** Resolves once there is something to show: the index or its failure, else after a moment. */
export function whenFirstSeen(session: Session): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.state.subscribe(() => {
      if (session.state.value.index.status !== "pending") done();
    });
    const timer = setTimeout(done, PATIENCE);
    function done(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}

/**
 * Expects the first open panels and the first columns in sight, from the place of the link on, as soon as there are any;
 * where the screen has told what is in sight before, that holds.
 */
export function expectFirstPanels(session: Session): void {
  const stop = session.state.subscribe(() => {
    const { index, collapsed, position, timelines } = session.state.value;
    const { columns, panels, runs } = session.derived;
    if (index.status !== "ready") return;
    // A place in epochs is known once the timelines are here; until then it would be the latest.
    if (position.at === "point" && !runs.every(({ run }) => timelines.has(run))) return;
    stop();
    const start = panels.findIndex(({ tag }) => tag === session.place.value?.tag);
    const open = panels.slice(Math.max(0, start)).filter(({ tag }) => !collapsed.has(tag));
    const first = columns.runs.findIndex(({ run }) => run === session.left.value?.run);
    const shown = columns.runs.slice(Math.max(0, first)).slice(0, COLUMNS);
    // The screen may be laid out by now. It tells what is in sight when that changes, and would not tell it again.
    const { columnsInSight, inSight } = session.state.value;
    if (columnsInSight === null) session.setColumnsInSight(new Set(shown.map(({ run }) => run)));
    if (inSight.size === 0)
      session.setInSight(new Set(open.slice(0, PANELS).map(({ tag }) => tag)));
  });
}

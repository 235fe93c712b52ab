/** Keeps the runs' colours from visit to visit. Must not know where they are kept, nor how colours are chosen. */
import { formatColours, parseColours } from "../model/run_colours.js";
import type { Session } from "./session.js";

/** Keeps one text; `api/local_store.ts` has the real one. */
export interface Memory {
  readonly read: () => string | null;
  readonly write: (text: string) => void;
}

/** Opens the session with the colours of earlier visits, and keeps what is changed. */
export function rememberColours(session: Session, memory: Memory): void {
  session.runs.rememberColours(parseColours(memory.read()));
  let kept = session.state.value.runColours;
  session.state.subscribe(() => {
    const { runColours, assignedColours: assigned, chosenColours: chosen } = session.state.value;
    if (runColours === kept || assigned.size === 0) return;
    kept = runColours;
    // Read again: another tab may have added runs of its own.
    memory.write(formatColours(parseColours(memory.read()), { assigned, chosen }));
  });
}

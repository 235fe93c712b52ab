/** What parts of a session act with. Must not know what they do. */
import type { AppState } from "./app_state.js";
import type { Session } from "./session.js";

export interface Acting {
  readonly session: Session;
  readonly change: (change: Partial<AppState>) => void;
}

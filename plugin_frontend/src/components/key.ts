/** What a key of the screen is: which it is, what it does, and how the help says it. Must not know which keys there are. */
import type { Session } from "../state/session.js";

/** What the keys act on. */
export interface Screen {
  readonly session: Session;
  readonly focusFilter: (which: "runs" | "layers" | "tiles") => void;
  readonly goToPanel: (offset: 1 | -1) => void;
  readonly goToRun: (offset: 1 | -1) => void;
  /** Of the tile that is shown in the large. */
  readonly moveTile: (offset: 1 | -1) => void;
  readonly showHelp: () => void;
  readonly exportPanel: () => void;
}

export interface Key {
  /** As `KeyboardEvent.key` has them. */
  readonly keys: readonly string[];
  /** How the help writes them. */
  readonly written: readonly string[] | ((session: Session) => readonly string[]);
  readonly says: string;
  readonly press: (screen: Screen, key: string) => void;
  /** Where it does something; absent where it always does. Elsewhere it is neither taken nor in the help. */
  readonly applies?: (session: Session) => boolean;
}

export interface KeyGroup {
  readonly name: string;
  readonly keys: readonly Key[];
  /** The same for all its keys. */
  readonly applies?: (session: Session) => boolean;
}

/** A key that needs nothing but the session. */
export const cycle = (key: string, says: string, press: (session: Session) => void): Key => ({
  keys: [key],
  written: [key],
  says,
  press: ({ session }) => press(session),
});

/** A key that what has the focus listens to itself: for the help. */
export const inGrid = (written: readonly string[], says: string): Key => ({
  keys: [],
  written,
  says,
  press: () => undefined,
});

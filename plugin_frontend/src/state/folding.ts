/** What is folded, and what is unfolded to full height: the actions of a session. Must not know what is in there. */
import type { Acting } from "./acting.js";
import { type AppState, toggled } from "./app_state.js";
import type { Session } from "./session.js";

export class Folding {
  readonly #session: Session;
  readonly #change: (change: Partial<AppState>) => void;

  constructor({ session, change }: Acting) {
    this.#session = session;
    this.#change = change;
  }

  toggleCollapsed(tag: string): void {
    this.#change({ collapsed: toggled(this.#session.state.value.collapsed, tag) });
  }

  /** Folds or unfolds several panels or layers at once. */
  setCollapsed(keys: Iterable<string>, isCollapsed: boolean): void {
    const collapsed = new Set(this.#session.state.value.collapsed);
    for (const key of keys) {
      if (isCollapsed) collapsed.add(key);
      else collapsed.delete(key);
    }
    this.#change({ collapsed });
  }

  /** Shows the grids of a panel in full height, or folded again. */
  toggleUnfolded(tag: string): void {
    this.#change({ unfolded: toggled(this.#session.state.value.unfolded, tag) });
  }

  /** Unfolds or folds several at once. */
  setUnfolded(keys: Iterable<string>, isUnfolded: boolean): void {
    const unfolded = new Set(this.#session.state.value.unfolded);
    for (const key of keys) {
      if (isUnfolded) unfolded.add(key);
      else unfolded.delete(key);
    }
    this.#change({ unfolded });
  }
}

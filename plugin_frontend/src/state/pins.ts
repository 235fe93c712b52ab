/** What others are compared with: the pinned run and the pinned point, the actions of a session. Must not know records. */
import { isPinned, type Reference } from "../model/reference.js";
import { comparePoints, type Point } from "../model/time_axis.js";
import type { Acting } from "./acting.js";
import type { AppState } from "./app_state.js";
import type { Session } from "./session.js";

export class Pins {
  readonly #session: Session;
  readonly #change: (change: Partial<AppState>) => void;

  constructor({ session, change }: Acting) {
    this.#session = session;
    this.#change = change;
  }

  /** Pins a run, so that others are compared with it; null lets go of it. */
  setRun(run: string | null): void {
    this.#pin({ ...this.#session.state.value.reference, run });
  }

  /** Pins a point of the timeline; null lets go of it. */
  setPoint(point: Point | null): void {
    this.#pin({ ...this.#session.state.value.reference, point });
  }

  /** Pins the shown point, or lets go of it where it is pinned. */
  togglePoint(): void {
    const { point } = this.#session.derived;
    const { point: pinned } = this.#session.state.value.reference;
    const isHere = point !== null && pinned !== null && comparePoints(point, pinned) === 0;
    if (point !== null) this.setPoint(isHere ? null : point);
  }

  // A difference to nothing is none: values are shown again.
  #pin(reference: Reference): void {
    const { display } = this.#session.state.value;
    const isOver = display.show === "difference" && !isPinned(reference);
    this.#change({ reference, ...(isOver ? { display: { ...display, show: "value" } } : {}) });
  }
}

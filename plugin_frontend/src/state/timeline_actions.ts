/** Going through the timeline, by hand and by playing: the actions of a session. Must not know clocks. */
import { findNumber, type TimeAxis } from "../model/time_axis.js";
import type { Acting } from "./acting.js";
import type { AppState } from "./app_state.js";
import { placeAt, playingToggled } from "./playing.js";
import type { Session } from "./session.js";

export class TimelineActions {
  readonly #session: Session;
  readonly #change: (change: Partial<AppState>) => void;

  constructor({ session, change }: Acting) {
    this.#session = session;
    this.#change = change;
  }

  /** Goes to the point at an index of `derived.points`, or the nearest there is, and stops playing. */
  goTo(pointIndex: number): void {
    const { state, derived } = this.#session;
    const target = Math.max(0, Math.min(pointIndex, derived.points.length - 1));
    // What is shown already may be the nearest earlier one, as in a view with a single record: the other views stay too.
    const isShown = target === derived.pointIndex;
    const position = isShown ? state.value.position : placeAt(state.value, derived, target);
    this.#change({ position, playing: false });
  }

  /** Goes to a number of the axis in the fit that is shown, or to the nearest earlier point of that fit. */
  goToNumber(value: number): void {
    const { points, point } = this.#session.derived;
    if (point !== null) this.goTo(findNumber(points, point.fit, value));
  }

  /** Chooses the axis and stays at the same record; while no run is shown, none is offered. */
  setTimeAxis(timeAxis: TimeAxis): void {
    if (this.#session.derived.runs.length > 0) this.#change({ timeAxis });
  }

  /** Goes to the latest point and along with it, or stays where all views are when new ones come. */
  setFollowing(following: boolean): void {
    const { latest } = this.#session.derived;
    this.#change({
      playing: false,
      position: following || latest === null ? { at: "latest" } : { at: "point", point: latest },
    });
    if (following) this.#session.look();
  }

  setLoop(loop: boolean): void {
    this.#change({ loop });
  }

  setSpeed(speed: number): void {
    this.#change({ speed });
  }

  /** Plays from here to the last point, or from the first where it stands at the last. */
  togglePlaying(): void {
    this.#change(playingToggled(this.#session.state.value, this.#session.derived));
  }
}

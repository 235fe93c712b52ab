/** Which runs are shown, in which order and colours: the actions of a session. Must not know the list on the screen. */
import { NO_COLOURS, type RememberedColours } from "../model/run_colours.js";
import { movedRun } from "../model/run_order.js";
import type { Acting } from "./acting.js";
import { type AppState, withColours } from "./app_state.js";
import { allRunsTicked, onlyRun, otherwiseTicked } from "./run_choices.js";
import type { Session } from "./session.js";

export class ShownRuns {
  readonly #session: Session;
  #remembered: RememberedColours = NO_COLOURS;
  readonly #change: (change: Partial<AppState>) => void;

  constructor({ session, change }: Acting) {
    this.#session = session;
    this.#change = change;
  }

  get remembered(): RememberedColours {
    return this.#remembered;
  }

  toggle(run: string): void {
    this.#change({ runChoices: otherwiseTicked(this.#session.state.value, run) });
  }

  /** Changes places with the column to the right or to the left. */
  move(run: string, offset: 1 | -1): void {
    const { runs, columns } = this.#session.derived;
    this.#change({ runOrder: movedRun(runs, columns.runs, run, offset) });
  }

  /** Shows this run alone; where it is alone already, all runs that pass the filter. */
  selectOnly(run: string): void {
    this.#change({ runChoices: onlyRun(this.#session.state.value, this.#session.derived, run) });
  }

  /** Ticks or unticks all runs that pass the filter. */
  selectAll(ticked: boolean): void {
    this.#change({
      runChoices: allRunsTicked(this.#session.state.value, this.#session.derived, ticked),
    });
  }

  /** Gives a run a colour of the user's choice; null gives back the one that it had. */
  setColour(run: string, colour: string | null): void {
    const { assignedColours, chosenColours } = this.#session.state.value;
    const chosen = new Map(chosenColours);
    if (colour === null) chosen.delete(run);
    else chosen.set(run, colour);
    this.#remembered = { ...this.#remembered, chosen };
    this.#change(withColours(assignedColours, chosen));
  }

  /** Colours of earlier visits; to be told before the first index is here. */
  rememberColours(remembered: RememberedColours): void {
    this.#remembered = remembered;
    const { assignedColours } = this.#session.state.value;
    this.#change(withColours(assignedColours, remembered.chosen));
  }
}

/**
 * Reads records for an export through the caches of the screen, so that what is here is not asked for again, and nothing
 * while the tab is hidden. One wish list at a time; what was read before may be forgotten. Must not know formats.
 */
import type { PanelEntry } from "../model/runs.js";
import type { Slot } from "../model/sections.js";
import type { Point } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import { confusionRefs } from "./confusion_requests.js";
import { createDerive, type Derived, matchAt } from "./derived.js";
import { planGraphWishes } from "./graph_view.js";
import { planHistogramWishes } from "./histogram_wishes.js";
import { planWishes } from "./planner.js";
import type { RecordRef, Wish } from "./record_cache.js";
import { awaitsLowPlane } from "./record_store.js";
import { planScale } from "./scale_plan.js";
import type { Session } from "./session.js";

/** The screen as it would be at a point, with some panels alone in sight. */
export interface Snapshot {
  readonly state: AppState;
  readonly derived: Derived;
}

/** What one store is asked for, and how it says that a record is here. */
interface Store {
  readonly wantBesides: (wishes: readonly Wish[]) => void;
  readonly state: (ref: RecordRef) => { readonly status: string };
}

interface Wishes {
  readonly records: readonly Wish[];
  readonly histograms: readonly Wish[];
  readonly graphs: readonly Wish[];
  readonly confusions: readonly Wish[];
}

export class ExportReader {
  readonly session: Session;
  readonly signal: AbortSignal;
  /** Of the moment at which the export began: what is chosen meanwhile does not change it. */
  readonly #state: AppState;
  readonly #derive: (state: AppState) => Derived;

  constructor(session: Session, signal: AbortSignal, derive = createDerive()) {
    this.session = session;
    this.signal = signal;
    this.#derive = derive;
    this.#state = session.state.value;
  }

  /** The screen at a point, all panels of the slots in sight and open. */
  at(point: Point, slots: readonly Slot[]): Snapshot {
    const state: AppState = {
      ...this.#state,
      tabVisible: true,
      position: { at: "point", point },
      layerMode: "all",
      playing: false,
      playingLayers: false,
      collapsed: new Set(),
      inSight: new Set(slots.map(({ tag }) => tag)),
      // All of them, also those that are scrolled out of sight.
      columnsInSight: null,
      opened: null,
    };
    return { state, derived: this.#derive(state) };
  }

  /** Waits until all that a snapshot's panels show is here or cannot be had. `exact`: with all low planes. */
  async read(snapshot: Snapshot, slots: readonly Slot[], exact = false): Promise<void> {
    const { session } = this;
    const plan = (): Wishes => this.#plan(snapshot, slots, exact);
    const { state, derived } = snapshot;
    const recordState = session.records.state.bind(session.records);
    if (state.display.scale === "fixed") session.extremes.hold(state, derived);
    await this.#until(() => {
      // At one step all records are here together.
      const isNoted =
        state.display.scale !== "fixed" || session.extremes.note(state, derived, recordState);
      const wishes = plan();
      this.#want(session.state.value.tabVisible ? wishes : NOTHING);
      return isNoted && this.#lacking(wishes) === 0;
    });
  }

  /** Whether all that a snapshot's panels show is here, without asking for it. */
  isHere(snapshot: Snapshot, slots: readonly Slot[]): boolean {
    return this.#lacking(this.#plan(snapshot, slots, false)) === 0;
  }

  /** To be called at the end, however it came. */
  close(): void {
    this.#want(NOTHING);
    this.session.extremes.letGo();
  }

  #plan({ state, derived }: Snapshot, slots: readonly Slot[], exact: boolean): Wishes {
    const { session } = this;
    const recordState = session.records.state.bind(session.records);
    const isFixed = state.display.scale === "fixed";
    const { records } = planScale(state, derived, recordState, session.extremes);
    const planned = planWishes(state, derived, null, recordState, records);
    const panels = slots.flatMap((slot) => slot.panels);
    const withWeights = panels.flatMap((panel) => [
      panel,
      ...(panel.weights ? [panel.weights] : []),
    ]);
    const cards = panels.filter(({ kind }) => kind === "confusion");
    return {
      // What a scale over all steps lacks is wanted soon on the screen, but here before anything is drawn.
      records: [
        ...planned.filter(({ urgency }) => isFixed || urgency === "now").map(asNow),
        ...(exact ? withWeights.flatMap((panel) => fineWishes(panel, derived)) : []),
      ],
      histograms: planHistogramWishes(state, derived).map(asNow),
      graphs: planGraphWishes(state, derived),
      confusions: cards.flatMap((card) =>
        confusionRefs(card, state, derived).map(
          (ref): Wish => ({ ref, part: "paint", urgency: "now" }),
        ),
      ),
    };
  }

  #want({ records, histograms, graphs, confusions }: Wishes): void {
    const { session } = this;
    session.records.wantBesides(records);
    session.histograms.wantBesides(histograms);
    session.graphs.wantBesides(graphs);
    session.confusions.records.wantBesides(confusions);
  }

  #lacking({ records, histograms, graphs, confusions }: Wishes): number {
    const { session } = this;
    const tiles = records.filter(({ ref, part }) => {
      const record = session.records.state(ref);
      if (record.status === "pending") return true;
      return part === "fine" && awaitsLowPlane(record);
    }).length;
    const pending = (wishes: readonly Wish[], store: Store): number =>
      wishes.filter(({ ref }) => store.state(ref).status === "pending").length;
    return (
      tiles +
      pending(histograms, session.histograms) +
      pending(graphs, session.graphs) +
      pending(confusions, session.confusions.records)
    );
  }

  // Anything that comes may be the last one; looked at once a turn.
  async #until(isDone: () => boolean): Promise<void> {
    const { session, signal } = this;
    const sources = [
      session.state,
      session.records.changes,
      session.histograms.changes,
      session.graphs.changes,
      session.confusions.records.changes,
    ];
    while (true) {
      signal.throwIfAborted();
      if (isDone()) return;
      await new Promise<void>((resolve) => {
        const later = setTimeout(done, LOOK_AGAIN);
        const stops = sources.map((source) => source.subscribe(done));
        signal.addEventListener("abort", done);
        function done(): void {
          clearTimeout(later);
          signal.removeEventListener("abort", done);
          for (const stop of stops) stop();
          resolve();
        }
      });
    }
  }
}

/** Extremes are taken down a few at a time, and nothing tells of it. In milliseconds. */
const LOOK_AGAIN = 50;

const NOTHING: Wishes = { records: [], histograms: [], graphs: [], confusions: [] };

function asNow(wish: Wish): Wish {
  return { ...wish, urgency: "now" };
}

// The shown records' own values to the last bit.
function fineWishes({ members }: PanelEntry, derived: Derived): readonly Wish[] {
  return members.flatMap(({ run, entry }): readonly Wish[] => {
    const match = matchAt(derived, run.run, entry.series);
    const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
    return ref === null || entry.kind !== "tiles" ? [] : [{ ref, part: "fine", urgency: "now" }];
  });
}

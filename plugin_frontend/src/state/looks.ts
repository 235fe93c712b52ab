/** How panels are shown, in each view: the actions of a session. Must not know what follows from a choice. */
import type { AttributionDisplay } from "../model/attribution_display.js";
import { nextClassSort } from "../model/class_bars.js";
import type { ConfusionDisplay } from "../model/confusion_display.js";
import type { Display, Placement } from "../model/display.js";
import type { GraphDisplay } from "../model/graph_display.js";
import type { HistogramDisplay } from "../model/histogram_display.js";
import type { Acting } from "./acting.js";
import type { AppState } from "./app_state.js";
import type { Session } from "./session.js";

export class Looks {
  readonly #session: Session;
  readonly #change: (change: Partial<AppState>) => void;

  constructor({ session, change }: Acting) {
    this.#session = session;
    this.#change = change;
  }

  setDisplay(change: Partial<Display>): void {
    this.#change({ display: { ...this.#session.state.value.display, ...change } });
    // It may be hidden now; where it comes back much later, nobody looks for it any more.
    this.#session.soughtTile.set(null);
  }

  setHistogramDisplay(change: Partial<HistogramDisplay>): void {
    this.#change({
      histogramDisplay: { ...this.#session.state.value.histogramDisplay, ...change },
    });
  }

  setGraphDisplay(change: Partial<GraphDisplay>): void {
    this.#change({ graphDisplay: { ...this.#session.state.value.graphDisplay, ...change } });
  }

  setAttributionDisplay(change: Partial<AttributionDisplay>): void {
    this.#change({
      attributionDisplay: { ...this.#session.state.value.attributionDisplay, ...change },
    });
  }

  setConfusionDisplay(change: Partial<ConfusionDisplay>): void {
    this.#change({
      confusionDisplay: { ...this.#session.state.value.confusionDisplay, ...change },
    });
  }

  /** Places the grid axes of a panel; null lets the panel do it again. */
  setPlacement(tag: string, placement: Placement | null): void {
    const placements = new Map(this.#session.state.value.placements);
    if (placement === null) placements.delete(tag);
    else placements.set(tag, placement);
    this.#change({ placements });
  }

  /** Sorts the units of a panel by a class; the other way round where they are already, then no more. */
  sortByClass(tag: string, classIndex: number): void {
    this.#change({
      classSort: nextClassSort(this.#session.state.value.classSort, tag, classIndex),
    });
  }

  /** Shows a sample in all panels that show one at a time. */
  setSample(sample: number): void {
    this.#change({ sample });
  }
}

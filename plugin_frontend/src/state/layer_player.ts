/**
 * Playing through the layers: one stop after the other, each shown once its records are here. Knows the state and what
 * follows from it; must not know how stops are drawn, nor the timeline beyond that only one of the two plays.
 */
import { fitStop, type LayerMode, PLAYED_VIEW, stopAfter } from "../model/layer_player.js";
import type { PanelEntry } from "../model/runs.js";
import type { Acting } from "./acting.js";
import type { AppState } from "./app_state.js";
import { PlayingClock } from "./playing_clock.js";
import type { Session } from "./session.js";

/** At speed 1: a layer a second, because every one is another picture, not the same a little further on. */
const STOP_MILLISECONDS = 1000;

/** What the player acts with. */
export interface Played extends Acting {
  /** True once all that a panel shows is here, or cannot be had. */
  readonly isSettled: (panel: PanelEntry) => boolean;
}

/** Between a panel and the top, where its layer's heading is, in CSS pixels. */
const BELOW_HEADING = 40;

export class LayerPlayer {
  readonly #session: Session;
  readonly #change: Played["change"];
  readonly #isSettled: Played["isSettled"];
  readonly #clock = new PlayingClock(() => this.#playOn(), STOP_MILLISECONDS);

  constructor({ session, change, isSettled }: Played) {
    this.#session = session;
    this.#change = change;
    this.#isSettled = isSettled;
  }

  /** Shows one stop or all panels; what was looked at before stays in sight. */
  setMode(layerMode: LayerMode): void {
    const { view, stops, stopIndex, stage, allPanels } = this.#session.derived;
    if (view !== PLAYED_VIEW) return;
    const place = this.#session.place.value;
    if (layerMode === "all") {
      this.#change({ layerMode, playingLayers: false });
      if (stage !== null && stopIndex > 0)
        this.#session.place.set({ tag: stage.panel.tag, offset: -BELOW_HEADING });
      return;
    }
    const order = allPanels.map(({ tag }) => tag);
    const seen = stage !== null || place === null ? stopIndex : fitStop(stops, place.tag, order);
    this.#change({ layerMode, ...this.#to(seen) });
  }

  /** Goes to a stop and stays there. */
  goTo(stopIndex: number): void {
    const { stops } = this.#session.derived;
    if (stops[stopIndex] === undefined) return;
    this.#change({ layerMode: "one", ...this.#to(stopIndex), playingLayers: false });
  }

  /** To the next stop or the previous one, not beyond the ends. */
  move(offset: 1 | -1): void {
    this.goTo(this.#session.derived.stopIndex + offset);
  }

  /** Plays from here to the last stop, or from the first where it stands at the last or no stop is shown yet. */
  togglePlaying(): void {
    const { view, stops, stopIndex, stage } = this.#session.derived;
    if (view !== PLAYED_VIEW || stops.length < 2) return;
    if (this.#session.state.value.playingLayers) {
      this.#change({ playingLayers: false });
      return;
    }
    const restarts = stage === null || stopIndex === stops.length - 1;
    this.#change({
      layerMode: "one",
      playing: false,
      playingLayers: true,
      ...(restarts ? this.#to(0) : {}),
    });
  }

  /** Lets the next stop come in its time; to be told whenever something has changed. */
  run(): void {
    const { playingLayers, speed } = this.#session.state.value;
    this.#clock.run(playingLayers, speed);
  }

  #to(stopIndex: number): Partial<AppState> {
    const stop = this.#session.derived.stops[stopIndex];
    return stop === undefined ? {} : { layerStop: stop.panel.tag };
  }

  // A stop that is not here yet is waited for where it would not be seen: at the one before. Its arrival runs again.
  #playOn(): void {
    const { stops, stopIndex } = this.#session.derived;
    const { loop } = this.#session.state.value;
    const next = stopAfter(stops.length, stopIndex, loop);
    const stop = next === null ? undefined : stops[next];
    if (next === null || stop === undefined) {
      this.#change({ playingLayers: false });
    } else if (this.#isSettled(stop.panel)) {
      const isLast = stopAfter(stops.length, next, loop) === null;
      this.#change({ ...this.#to(next), playingLayers: !isLast });
    } else {
      this.run();
    }
  }
}

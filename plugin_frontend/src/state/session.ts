/**
 * One open tab: the state, the records, and the actions that change them, those of runs, looks, pins, folding and the
 * timeline in parts of their own. Components call actions and read snapshots; they never fetch. Knows what follows an
 * action (requests, playing); must not know the DOM.
 */
import type { Theme } from "../model/colours.js";
import {
  type ColumnPlace,
  type Link,
  type PinnedTile,
  type Place,
  pinnedTileOf,
} from "../model/link.js";
import type { Parsed } from "../model/parse.js";
import type { Index } from "../model/parse_index.js";
import { firstDefaults } from "../model/runs.js";
import type { TilePlace } from "../model/tile_place.js";
import type { Acting } from "./acting.js";
import { type AppState, type Hover, INITIAL_STATE, withColours } from "./app_state.js";
import { changedState } from "./changed_state.js";
import type { ConfusionRequests } from "./confusion_requests.js";
import { createDerive, type Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import { Folding } from "./folding.js";
import { FollowingClock } from "./following_clock.js";
import type { GraphStore } from "./graph_store.js";
import type { HistogramStore } from "./histogram_store.js";
import { IndexLoader, type IndexServer, type Timelines } from "./index_loading.js";
import { LayerPlayer } from "./layer_player.js";
import { Looks } from "./looks.js";
import { Observable } from "./observable.js";
import { Pins } from "./pins.js";
import { playedOn } from "./playing.js";
import { PlayingClock } from "./playing_clock.js";
import { awaitedRuns, receiveIndex } from "./received_index.js";
import { type AskServer, RecordAnswers } from "./record_answers.js";
import type { RecordStore } from "./record_store.js";
import { Requests, type WishPlan } from "./requests.js";
import { ShownRuns } from "./shown_runs.js";
import { chooseFirstTile } from "./tile_choice.js";
import { TileFinder } from "./tile_finder.js";
import { TimelineActions } from "./timeline_actions.js";

/** The server as the session needs it; `api/routes.ts` has the real one. */
export interface Server extends IndexServer {
  readonly fetchRecords: AskServer;
  /** The script of files that open without a server; absent in such a file itself. */
  readonly fetchOfflineScript?: (signal: AbortSignal) => Promise<string>;
}

/** A sample of a card, by the card's tag. */
export interface SoughtSample {
  readonly tag: string;
  readonly sample: number;
}

const STOPPED = { playing: false, playingLayers: false };

export class Session {
  readonly state = new Observable<AppState>(INITIAL_STATE);
  /** `state.inSight`, of which `state` itself does not tell: scrolling concerns the panels alone. */
  readonly sight = new Observable(INITIAL_STATE.inSight);
  /** `state.columnsInSight`, likewise. */
  readonly columnsInSight = new Observable(INITIAL_STATE.columnsInSight);
  readonly hover = new Observable<Hover | null>(null);
  /** A tile that the user keeps an eye on; outlined at every step in every run of its panel. */
  readonly pinned = new Observable<PinnedTile | null>(null);
  /** Where the panels are scrolled to; null at the top. A new link sets it, scrolling reports it. */
  readonly place = new Observable<Place | null>(null);
  /** Which column they are scrolled to sideways; null at the first. Likewise. */
  readonly left = new Observable<ColumnPlace | null>(null);
  /** A row of a card of attributions that is to come into sight; null once it has, or where none is sought. */
  readonly soughtSample = new Observable<SoughtSample | null>(null);
  /** A tile that is to come into sight; null once it has, or where none is sought. */
  readonly soughtTile = new Observable<PinnedTile | null>(null);
  /** Told of when the address is about to be copied: it has to say all that is shown. */
  readonly addressWanted = new Observable(null);
  /** Told of when a link has put everything elsewhere, as by going back. */
  readonly restored = new Observable(null);
  /** Which stay in the text field of a filter this is; 0 while nobody types there. */
  typing = 0;
  readonly records: RecordStore;
  /** What scales over all steps and over runs out of sight are made of. */
  readonly extremes: ExtremesBook;
  readonly histograms: HistogramStore;
  readonly graphs: GraphStore;
  readonly confusions: ConfusionRequests;
  readonly #derive = createDerive();
  readonly #clock = new PlayingClock(() => this.#playOn());
  readonly #following = new FollowingClock(() => this.look());
  readonly #requests: Requests;
  readonly #acting: Acting = { session: this, change: (change) => this.#change(change) };
  readonly runs = new ShownRuns(this.#acting);
  readonly looks = new Looks(this.#acting);
  readonly pins = new Pins(this.#acting);
  readonly folding = new Folding(this.#acting);
  readonly timeline = new TimelineActions(this.#acting);
  /** Playing through the layers. */
  readonly layers = new LayerPlayer({
    ...this.#acting,
    isSettled: (panel) => this.#requests.isPanelSettled(this.state.value, this.derived, panel),
  });
  /** Finding tiles by number or label. */
  readonly finder = new TileFinder(this.#acting);
  #stale = true;
  #hoveredTag: string | null = null;
  readonly #loader: IndexLoader;

  readonly server: Server;
  /** Records as the server sends them: for what is read past the caches. */
  readonly answers: RecordAnswers;

  constructor(server: Server) {
    this.server = server;
    this.#loader = new IndexLoader(server, {
      awaitedRuns: (index) => awaitedRuns(this.state.value, index),
      onIndex: (loaded, timelines) => this.#onIndex(loaded, timelines),
      onTimelines: (timelines) =>
        this.#change({ timelines: new Map([...this.state.value.timelines, ...timelines]) }),
    });
    this.answers = new RecordAnswers(server.fetchRecords);
    this.#requests = new Requests(this.answers.fetch);
    this.records = this.#requests.records;
    this.extremes = this.#requests.extremes;
    this.histograms = this.#requests.histograms;
    this.graphs = this.#requests.graphs;
    this.confusions = this.#requests.confusions;
    this.state.subscribe(() => {
      this.#plan();
      this.#following.run(this.#isFollowing);
      const { runs, pinnedRun } = this.derived;
      if (this.state.value.tabVisible)
        void this.#loader.wantTimelines(pinnedRun === null ? runs : [...runs, pinnedRun]);
    });
    this.sight.subscribe(() => this.#plan());
    this.pinned.subscribe(() => chooseFirstTile(this));
    this.columnsInSight.subscribe(() => this.#plan());
    this.hover.subscribe(() => this.#planHover());
    this.records.changes.subscribe(() => {
      this.finder.goOn();
      this.#plan();
    });
    this.histograms.changes.subscribe(() => this.#plan());
    this.graphs.changes.subscribe(() => this.#plan());
    this.confusions.records.changes.subscribe(() => this.#plan());
    this.confusions.panelSamples.subscribe(() => this.#plan());
  }

  get derived(): Derived {
    return this.#derive(this.state.value);
  }

  /** Fetches the index again, keeping place, choices and records; where the tab is hidden or held, once it is not. */
  reload(): void {
    this.#stale = true;
    this.#loadStale();
  }

  /** Looks whether there is anything new. */
  look(): void {
    void this.#loader.look();
  }

  setTabVisible(tabVisible: boolean): void {
    this.#change({ tabVisible, ...(tabVisible ? {} : STOPPED) });
    this.#loadStale();
  }

  /** Stops playing, and keeps what is shown as it is until it is let go. */
  setHeld(held: boolean): void {
    const wasHeld = this.state.value.held;
    this.#change({ held, ...(held ? STOPPED : {}) });
    this.#loadStale();
    if (wasHeld && this.#isFollowing) this.look();
  }

  get #isFollowing(): boolean {
    const { tabVisible, playing, held, position } = this.state.value;
    return tabVisible && !playing && !held && position.at === "latest";
  }

  #loadStale(): void {
    const { tabVisible, held } = this.state.value;
    if (!this.#stale || !tabVisible || held) return;
    this.#stale = false;
    void this.#loader.load();
  }

  setTheme(theme: Theme): void {
    this.#change({ theme });
  }

  setRunFilter(runFilter: string): void {
    this.#change({ runFilter });
  }

  /** Puts everything to where a link says. */
  restore({ pinned, place, left, chosenColours, ...link }: Link): void {
    const { index, assignedColours } = this.state.value;
    const colours = new Map([...this.runs.remembered.chosen, ...chosenColours]);
    const runs = index.status === "ready" ? index.value.runs : [];
    this.#change({
      ...link,
      // Not those of the visit so far: the same link has to open alike in any page.
      runDefaults: firstDefaults(link.runChoices, runs),
      ...withColours(assignedColours, colours),
      ...STOPPED,
    });
    this.pinned.set(pinned);
    this.soughtTile.set(null);
    this.place.set(place);
    this.left.set(left);
    this.restored.notify();
  }

  setLayerFilter(layerFilter: string): void {
    this.#change({ layerFilter });
  }

  setView(view: string): void {
    this.#change({ view, opened: null });
    this.place.set(null);
    this.soughtTile.set(null);
  }

  togglePinned(tag: string, tile: number, run: string, place?: TilePlace): void {
    const { value } = this.pinned;
    const outlined = value && pinnedTileOf(value, tag, value.samples ?? null, place?.axes ?? null);
    this.pinned.set(
      outlined === tile ? null : { tag, tile, run, ...(place === undefined ? {} : { place }) },
    );
  }

  /** Asks for further records as well, by a plan of what is loaded on demand; null for no more. */
  planBesides(plan: WishPlan | null): void {
    this.#requests.besides = plan ?? (() => []);
    this.#plan();
  }

  /** Shows a tile in the large, instead of the panels; null shows these again. The tile stays outlined. */
  openTile(opened: PinnedTile | null): void {
    if (opened !== null) this.pinned.set(opened);
    this.#change({ opened });
    // Not before: what the pointer has asked for is what the tile needs.
    if (opened !== null) this.hover.set(null);
  }

  setInSight(inSight: ReadonlySet<string>): void {
    this.state.replace({ ...this.state.value, inSight });
    this.sight.set(inSight);
  }

  setColumnsInSight(columnsInSight: ReadonlySet<string>): void {
    this.state.replace({ ...this.state.value, columnsInSight });
    this.columnsInSight.set(columnsInSight);
  }

  /** Asks again for all that could not be read. */
  retryFailed(): void {
    this.#requests.retryFailed();
  }

  #change(change: Partial<AppState>): void {
    this.state.set(changedState(this.state.value, change, this.#derive));
  }

  // The pointer moves often; only another panel under it asks for other records.
  #planHover(): void {
    const tag = this.hover.value?.tag ?? null;
    if (tag === this.#hoveredTag) return;
    this.#hoveredTag = tag;
    this.#plan();
  }

  #plan(): void {
    const { value: state } = this.state;
    this.#requests.want(state, this.derived, this.#hoveredTag);
    this.#clock.run(state.playing, state.speed);
    this.layers.run();
  }

  // A frame that is not here yet is waited for: its arrival plans again, and so sets the next timer.
  #playOn(): void {
    if (this.#requests.areSettled(this.state.value, this.derived))
      this.#change(playedOn(this.state.value, this.derived));
    else this.#plan();
  }

  #onIndex(loaded: Parsed<Index>, timelines: Timelines): void {
    const { held, index } = this.state.value;
    if (held && index.status === "ready") {
      this.#stale = true;
      return;
    }
    this.#change(receiveIndex(this.state.value, loaded, timelines, this.runs.remembered));
    if (loaded.ok) this.#requests.retryFailed();
  }
}

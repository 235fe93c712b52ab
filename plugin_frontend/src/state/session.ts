/**
 * One open tab: the state, the records, and every action that changes them. Components call actions and read
 * snapshots; they never fetch. Knows what follows an action (requests, playing); must not know the DOM.
 */
import type { Theme } from "../model/colours.js";
import type { Display, Placement } from "../model/display.js";
import type { HistogramDisplay } from "../model/histogram_display.js";
import type { Cell } from "../model/layout.js";
import type { Parsed } from "../model/parse.js";
import type { Index } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import {
  assignColours,
  type Colours,
  NO_COLOURS,
  type RememberedColours,
} from "../model/run_colours.js";
import { assignDefaults, isSelected } from "../model/runs.js";
import { findNumber, positionAt, type TimeAxis } from "../model/time_axis.js";
import type { Link, PinnedTile, Place } from "../model/url_state.js";
import { type AppState, INITIAL_STATE } from "./app_state.js";
import { createDerive, type Derived, movePosition } from "./derived.js";
import { ExtremesBook } from "./extremes_book.js";
import { HistogramStore } from "./histogram_store.js";
import { areHistogramsSettled, planHistogramWishes } from "./histogram_wishes.js";
import { IndexLoader, type IndexServer } from "./index_loading.js";
import { Observable } from "./observable.js";
import { isSettled, planWishes } from "./planner.js";
import { type FetchRecords, RecordStore } from "./record_store.js";

/** The server as the session needs it; `api/routes.ts` has the real one. */
export interface Server extends IndexServer {
  readonly fetchRecords: FetchRecords;
}

/** The cell under the pointer, and where the pointer is, in CSS pixels of the frame. */
export interface Hover {
  readonly tag: string;
  readonly run: string;
  readonly cell: Cell;
  readonly x: number;
  readonly y: number;
}

export type Pinned = PinnedTile;

const CACHE_BYTES = 256 * 2 ** 20;
const HISTOGRAM_CACHE_BYTES = 64 * 2 ** 20;
const FRAME_MILLISECONDS = 250;

export class Session {
  readonly state = new Observable<AppState>(INITIAL_STATE);
  readonly hover = new Observable<Hover | null>(null);
  /** A tile that the user keeps an eye on; outlined at every step in every run of its panel. */
  readonly pinned = new Observable<Pinned | null>(null);
  /** Where the panels are scrolled to; null at the top. A new link sets it, scrolling reports it. */
  readonly place = new Observable<Place | null>(null);
  readonly records: RecordStore;
  /** What a scale fixed over all steps is made of. */
  readonly extremes = new ExtremesBook();
  readonly histograms: HistogramStore;
  readonly #derive = createDerive();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stale = true;
  #remembered: RememberedColours = NO_COLOURS;
  #hoveredTag: string | null = null;
  readonly #loader: IndexLoader;

  constructor(server: Server) {
    this.#loader = new IndexLoader(server, {
      onIndex: (loaded) => this.#onIndex(loaded),
      onTimeline: (run, moments) => this.#onTimeline(run, moments),
    });
    this.records = new RecordStore(server.fetchRecords, CACHE_BYTES);
    this.histograms = new HistogramStore(server.fetchRecords, HISTOGRAM_CACHE_BYTES);
    this.state.subscribe(() => {
      this.#plan();
      if (this.state.value.tabVisible) this.#loader.wantTimelines(this.derived.runs);
    });
    this.hover.subscribe(() => this.#planHover());
    this.records.changes.subscribe(() => this.#plan());
    this.histograms.changes.subscribe(() => this.#plan());
  }

  get derived(): Derived {
    return this.#derive(this.state.value);
  }

  /** Fetches the index again, keeping place, choices and records; while the tab is hidden, as soon as it is shown. */
  reload(): void {
    this.#stale = true;
    if (this.state.value.tabVisible) this.#load();
  }

  setTabVisible(tabVisible: boolean): void {
    this.#change({ tabVisible, ...(tabVisible ? {} : { playing: false }) });
    if (tabVisible && this.#stale) this.#load();
  }

  #load(): void {
    this.#stale = false;
    void this.#loader.load();
  }

  setTheme(theme: Theme): void {
    this.#change({ theme });
  }

  setRunFilter(runFilter: string): void {
    this.#change({ runFilter });
  }

  toggleRun(run: string): void {
    const { value: state } = this.state;
    this.#change({ runChoices: new Map(state.runChoices).set(run, !isSelected(state, run)) });
  }

  /** Shows this run alone; where it is alone already, all runs that pass the filter. */
  selectOnly(run: string): void {
    const { runs } = this.derived;
    if (runs.length === 1 && runs[0]?.run === run) this.selectAll(true);
    else this.#choose((each) => each === run);
  }

  /** Ticks or unticks all runs that pass the filter. */
  selectAll(ticked: boolean): void {
    const { filter } = this.derived;
    const { value: state } = this.state;
    this.#choose((run, name) =>
      !filter.valid || filter.matches(name) ? ticked : isSelected(state, run),
    );
  }

  #choose(isTicked: (run: string, name: string) => boolean): void {
    const { allRuns } = this.derived;
    this.#change({
      runChoices: new Map(allRuns.map(({ run, name }) => [run, isTicked(run, name)])),
    });
  }

  /** Gives a run a colour of the user's choice; null gives back the one that it had. */
  setRunColour(run: string, colour: string | null): void {
    const { assignedColours, chosenColours } = this.state.value;
    const chosen = new Map(chosenColours);
    if (colour === null) chosen.delete(run);
    else chosen.set(run, colour);
    this.#remembered = { ...this.#remembered, chosen };
    this.#change(withColours(assignedColours, chosen));
  }

  /** Colours of earlier visits; to be told before the first index is here. */
  rememberColours(remembered: RememberedColours): void {
    this.#remembered = remembered;
    const { assignedColours } = this.state.value;
    this.#change(withColours(assignedColours, remembered.chosen));
  }

  /** Puts everything to where a link says. */
  restore({ pinned, place, chosenColours, ...link }: Link): void {
    const colours = new Map([...this.#remembered.chosen, ...chosenColours]);
    this.#change({
      ...link,
      ...withColours(this.state.value.assignedColours, colours),
      playing: false,
    });
    this.pinned.set(pinned);
    this.place.set(place);
  }

  setLayerFilter(layerFilter: string): void {
    this.#change({ layerFilter });
  }

  setView(view: string): void {
    this.#change({ view });
    this.place.set(null);
  }

  setDisplay(change: Partial<Display>): void {
    this.#change({ display: { ...this.state.value.display, ...change } });
  }

  setHistogramDisplay(change: Partial<HistogramDisplay>): void {
    this.#change({ histogramDisplay: { ...this.state.value.histogramDisplay, ...change } });
  }

  /** Places the grid axes of a panel; null lets the panel do it again. */
  setPlacement(tag: string, placement: Placement | null): void {
    const placements = new Map(this.state.value.placements);
    if (placement === null) placements.delete(tag);
    else placements.set(tag, placement);
    this.#change({ placements });
  }

  toggleCollapsed(tag: string): void {
    this.#change({ collapsed: toggled(this.state.value.collapsed, tag) });
  }

  /** Folds or unfolds several panels or layers at once. */
  setCollapsed(keys: Iterable<string>, isCollapsed: boolean): void {
    const collapsed = new Set(this.state.value.collapsed);
    for (const key of keys) {
      if (isCollapsed) collapsed.add(key);
      else collapsed.delete(key);
    }
    this.#change({ collapsed });
  }

  /** Shows the grids of a panel in full height, or folded again. */
  toggleUnfolded(tag: string): void {
    this.#change({ unfolded: toggled(this.state.value.unfolded, tag) });
  }

  togglePinned(tag: string, tile: number): void {
    const before = this.pinned.value;
    const same = before?.tag === tag && before.tile === tile;
    this.pinned.set(same ? null : { tag, tile });
  }

  setInSight(inSight: ReadonlySet<string>): void {
    this.#change({ inSight });
  }

  /** Goes to the point at an index of `derived.points` and stops playing. */
  goTo(pointIndex: number): void {
    this.#change({ position: positionAt(this.derived.points, pointIndex), playing: false });
  }

  /** Goes to a number of the axis in the fit that is shown, or to the nearest earlier point of that fit. */
  goToNumber(value: number): void {
    const { points, point } = this.derived;
    if (point !== null) this.goTo(findNumber(points, point.fit, value));
  }

  /** Chooses the axis and stays at the same record. */
  setTimeAxis(timeAxis: TimeAxis): void {
    this.#change({ timeAxis });
  }

  /** Goes to the latest point and along with it, or stays where it is when new ones come. */
  setFollowing(following: boolean): void {
    const { point } = this.derived;
    this.#change({
      playing: false,
      position: following || point === null ? { at: "latest" } : { at: "point", point },
    });
  }

  setLoop(loop: boolean): void {
    this.#change({ loop });
  }

  setSpeed(speed: number): void {
    this.#change({ speed });
  }

  /** Plays from here to the last point, or from the first where it stands at the last. */
  togglePlaying(): void {
    const { points, pointIndex } = this.derived;
    const playing = !this.state.value.playing && points.length > 1;
    const restart = playing && pointIndex === points.length - 1;
    this.#change({ playing, ...(restart ? { position: positionAt(points, 0) } : {}) });
  }

  // Where another axis comes into effect, by choice or because timelines have come, the place in training stays.
  #change(change: Partial<AppState>): void {
    const before = this.derived;
    const changed = { ...this.state.value, ...change };
    const after = this.#derive(changed);
    const position = "position" in change ? null : movePosition(changed.position, before, after);
    this.state.set(position === null ? changed : { ...changed, position });
  }

  // The pointer moves often; only another panel under it asks for other records.
  #planHover(): void {
    const tag = this.hover.value?.tag ?? null;
    if (tag === this.#hoveredTag) return;
    this.#hoveredTag = tag;
    this.#plan();
  }

  #plan(): void {
    const recordState = this.records.state.bind(this.records);
    const { value: state } = this.state;
    this.extremes.note(state, this.derived, recordState);
    this.records.want(
      planWishes(state, this.derived, this.#hoveredTag, recordState, this.extremes),
    );
    this.histograms.want(planHistogramWishes(state, this.derived));
    if (this.state.value.playing) {
      this.#timer ??= setTimeout(() => this.#playOn(), FRAME_MILLISECONDS / state.speed);
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  // A frame that is not here yet is waited for: its arrival plans again, and so sets the next timer.
  #playOn(): void {
    this.#timer = undefined;
    const { points, pointIndex } = this.derived;
    if (!this.#isSettled()) {
      this.#plan();
      return;
    }
    const { loop } = this.state.value;
    const next = loop && pointIndex >= points.length - 1 ? 0 : pointIndex + 1;
    const playing = loop || next < points.length - 1;
    this.#change({ position: positionAt(points, next), playing });
  }

  #isSettled(): boolean {
    const { value: state } = this.state;
    return (
      isSettled(state, this.derived, (ref) => this.records.state(ref)) &&
      areHistogramsSettled(state, this.derived, (ref) => this.histograms.state(ref))
    );
  }

  #onIndex(loaded: Parsed<Index>): void {
    const before = this.state.value;
    if (loaded.ok) {
      const { runs } = loaded.value;
      this.#change({
        index: { status: "ready", value: loaded.value },
        reloadError: null,
        ...withColours(
          assignColours(before.assignedColours, runs, this.#remembered.assigned),
          before.chosenColours,
        ),
        runDefaults: assignDefaults(before, runs),
      });
      this.extremes.retryFailed();
      this.records.retryFailed();
      this.histograms.retryFailed();
    } else if (before.index.status === "ready") {
      this.#change({ reloadError: loaded.message });
    } else {
      this.#change({ index: { status: "error", message: loaded.message } });
    }
  }

  #onTimeline(run: string, moments: ReadonlyMap<number, Moment>): void {
    this.#change({ timelines: new Map(this.state.value.timelines).set(run, moments) });
  }
}

function withColours(
  assignedColours: Colours,
  chosenColours: Colours,
): Pick<AppState, "assignedColours" | "chosenColours" | "runColours"> {
  const runColours = new Map([...assignedColours, ...chosenColours]);
  return { assignedColours, chosenColours, runColours };
}

function toggled(members: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const changed = new Set(members);
  if (!changed.delete(member)) changed.add(member);
  return changed;
}

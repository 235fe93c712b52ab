/**
 * One open tab: the state, the records, and every action that changes them. Components call actions and read
 * snapshots; they never fetch. Knows what follows an action (requests, playing); must not know the DOM.
 */
import { isAbort } from "../api/errors.js";
import type { Theme } from "../model/colours.js";
import type { Display, Placement } from "../model/display.js";
import type { HistogramDisplay } from "../model/histogram_display.js";
import type { Cell } from "../model/layout.js";
import type { Parsed } from "../model/parse.js";
import { parseIndex, parseTimeline } from "../model/parse_index.js";
import { assignColours, assignDefaults, isSelected } from "../model/runs.js";
import { positionAt } from "../model/steps.js";
import { type AppState, INITIAL_STATE } from "./app_state.js";
import { createDerive, type Derived } from "./derived.js";
import { Observable } from "./observable.js";
import { isSettled, planWishes } from "./planner.js";
import { type FetchRecords, RecordStore } from "./record_store.js";

/** The server as the session needs it; `api/routes.ts` has the real one. */
export interface Server {
  readonly fetchIndex: (signal: AbortSignal) => Promise<unknown>;
  readonly fetchTimeline: (run: string, signal: AbortSignal) => Promise<unknown>;
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

export interface Pinned {
  readonly tag: string;
  readonly tile: number;
}

const CACHE_BYTES = 256 * 2 ** 20;
const FRAME_MILLISECONDS = 250;

export class Session {
  readonly state = new Observable<AppState>(INITIAL_STATE);
  readonly hover = new Observable<Hover | null>(null);
  /** A tile that the user keeps an eye on; outlined at every step in every run of its panel. */
  readonly pinned = new Observable<Pinned | null>(null);
  readonly records: RecordStore;
  readonly #server: Server;
  readonly #derive = createDerive();
  #loading: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stale = true;
  #hoveredTag: string | null = null;
  readonly #timelinesAsked = new Set<string>();

  constructor(server: Server) {
    this.#server = server;
    this.records = new RecordStore(server.fetchRecords, CACHE_BYTES);
    this.state.subscribe(() => {
      this.#plan();
      this.#planTimelines();
    });
    this.hover.subscribe(() => this.#planHover());
    this.records.changes.subscribe(() => this.#plan());
  }

  get derived(): Derived {
    return this.#derive(this.state.value);
  }

  /** Fetches the index again, keeping place, choices and records; while the tab is hidden, as soon as it is shown. */
  reload(): void {
    this.#stale = true;
    if (this.state.value.tabVisible) void this.#loadIndex();
  }

  setTabVisible(tabVisible: boolean): void {
    this.#change({ tabVisible, ...(tabVisible ? {} : { playing: false }) });
    if (tabVisible && this.#stale) void this.#loadIndex();
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

  setView(view: string): void {
    this.#change({ view });
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

  /** Goes to the step at an index of `derived.steps` and stops playing. */
  goTo(stepIndex: number): void {
    this.#change({ position: positionAt(this.derived.steps, stepIndex), playing: false });
  }

  /** Plays from here to the last step, or from the first where it stands at the last. */
  togglePlaying(): void {
    const { steps, stepIndex } = this.derived;
    const playing = !this.state.value.playing && steps.length > 1;
    const restart = playing && stepIndex === steps.length - 1;
    this.#change({ playing, ...(restart ? { position: positionAt(steps, 0) } : {}) });
  }

  #change(change: Partial<AppState>): void {
    this.state.set({ ...this.state.value, ...change });
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
    this.records.want(planWishes(state, this.derived, this.#hoveredTag, recordState));
    if (this.state.value.playing) {
      this.#timer ??= setTimeout(() => this.#playOn(), FRAME_MILLISECONDS);
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  // A frame that is not here yet is waited for: its arrival plans again, and so sets the next timer.
  #playOn(): void {
    this.#timer = undefined;
    const { steps, stepIndex } = this.derived;
    if (!isSettled(this.state.value, this.derived, (ref) => this.records.state(ref))) {
      this.#plan();
      return;
    }
    const next = stepIndex + 1;
    const playing = next < steps.length - 1;
    this.#change({ position: positionAt(steps, next), playing });
  }

  async #loadIndex(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#stale = false;
    const loaded = await this.#ask(() => this.#server.fetchIndex(loading.signal), parseIndex);
    if (loaded === null || loading.signal.aborted) return;
    const before = this.state.value;
    if (loaded.ok) {
      this.#timelinesAsked.clear();
      this.#change({
        index: { status: "ready", value: loaded.value },
        reloadError: null,
        runColours: assignColours(before.runColours, loaded.value.runs),
        runDefaults: assignDefaults(before, loaded.value.runs),
      });
      this.records.retryFailed();
    } else if (before.index.status === "ready") {
      this.#change({ reloadError: loaded.message });
    } else {
      this.#change({ index: { status: "error", message: loaded.message } });
    }
  }

  #planTimelines(): void {
    const loading = this.#loading;
    if (loading === null || !this.state.value.tabVisible) return;
    for (const { run } of this.derived.runs) {
      if (this.#timelinesAsked.has(run)) continue;
      this.#timelinesAsked.add(run);
      void this.#loadTimeline(run, loading.signal);
    }
  }

  // Without its timeline a run is still shown, by step instead of by epoch.
  async #loadTimeline(run: string, signal: AbortSignal): Promise<void> {
    const loaded = await this.#ask(() => this.#server.fetchTimeline(run, signal), parseTimeline);
    if (loaded === null || !loaded.ok || signal.aborted) return;
    const moments = new Map(loaded.value.map((moment) => [moment.step, moment]));
    this.#change({ timelines: new Map(this.state.value.timelines).set(run, moments) });
  }

  // Null where the request was called off.
  async #ask<T>(
    request: () => Promise<unknown>,
    parse: (json: unknown) => Parsed<T>,
  ): Promise<Parsed<T> | null> {
    try {
      return parse(await request());
    } catch (error) {
      if (isAbort(error)) return null;
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }
}

function toggled(members: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const changed = new Set(members);
  if (!changed.delete(member)) changed.add(member);
  return changed;
}

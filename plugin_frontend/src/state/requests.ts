/**
 * The records of the screen and which of them are asked for: those that are shown now, and those that will be. Knows
 * the stores and the plans; must not change the state.
 */
import type { PanelEntry } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import { ConfusionRequests } from "./confusion_requests.js";
import type { Derived } from "./derived.js";
import { ExtremesBook } from "./extremes_book.js";
import { GraphStore } from "./graph_store.js";
import { planGraphWishes } from "./graph_view.js";
import { HistogramStore } from "./histogram_store.js";
import { areHistogramsSettled, planHistogramWishes } from "./histogram_wishes.js";
import { isSettled, planWishes } from "./planner.js";
import {
  type FetchRecords,
  type RecordRef,
  RecordStore,
  recordKey,
  type Wish,
} from "./record_store.js";
import { planScale } from "./scale_plan.js";
import { StatisticsStore } from "./statistics_store.js";

// With those of differences, confusions, tiles in the large and weighed records 248 MiB: the whole tab is to stay below
// 300. What is wanted at once is kept beyond it.
const CACHE_BYTES = 96 * 2 ** 20;
const HISTOGRAM_CACHE_BYTES = 16 * 2 ** 20;
const GRAPH_CACHE_BYTES = 4 * 2 ** 20;

/** Further records that are wanted, by what is loaded on demand. */
export type WishPlan = (state: AppState, derived: Derived) => readonly Wish[];

export class Requests {
  readonly records: RecordStore;
  readonly histograms: HistogramStore;
  readonly graphs: GraphStore;
  readonly confusions: ConfusionRequests;
  /** What scales over all steps and over runs out of sight are made of. */
  readonly extremes = new ExtremesBook();
  readonly #statistics: StatisticsStore;
  besides: WishPlan = () => [];
  #noting: ReturnType<typeof setTimeout> | undefined;

  constructor(fetchRecords: FetchRecords) {
    this.records = new RecordStore(fetchRecords, CACHE_BYTES);
    this.#statistics = new StatisticsStore(fetchRecords);
    this.#statistics.changes.subscribe(() => this.records.changes.notify());
    this.histograms = new HistogramStore(fetchRecords, HISTOGRAM_CACHE_BYTES);
    this.graphs = new GraphStore(fetchRecords, GRAPH_CACHE_BYTES);
    this.confusions = new ConfusionRequests(fetchRecords, this.records);
  }

  /** Asks for what the state needs, in the order of need. `hoveredTag`: of the panel under the pointer. */
  want(state: AppState, derived: Derived, hoveredTag: string | null): void {
    const recordState = this.records.state.bind(this.records);
    this.extremes.sweep(state, derived);
    if (!this.extremes.note(state, derived, recordState)) this.#goOnNoting();
    const scale = planScale(state, derived, recordState, this.extremes);
    const planned = planWishes(state, derived, hoveredTag, recordState, scale.records);
    const more = state.tabVisible ? this.besides(state, derived) : [];
    this.records.want(inOrder([...this.confusions.sampleWishes(state), ...planned, ...more]));
    this.#wantStatistics(scale.statistics);
    this.histograms.want(planHistogramWishes(state, derived));
    this.graphs.want(planGraphWishes(state, derived));
    this.confusions.want(state, derived);
  }

  #wantStatistics(refs: readonly RecordRef[]): void {
    const lacking = refs.filter((ref) => {
      const record = this.#statistics.state(ref);
      if (record.status === "pending") return true;
      this.extremes.take(ref, record.status === "ready" ? record.extremes : null);
      return false;
    });
    this.#statistics.want(lacking.map((ref) => ({ ref, part: "paint", urgency: "soon" })));
  }

  // Telling of records makes the session want again, and so takes down the next ones.
  #goOnNoting(): void {
    this.#noting ??= setTimeout(() => {
      this.#noting = undefined;
      this.records.changes.notify();
    }, 0);
  }

  /** True once everything that is in sight is here, or cannot be had. */
  areSettled(state: AppState, derived: Derived): boolean {
    return (
      isSettled(state, derived, (ref) => this.records.state(ref)) &&
      areHistogramsSettled(state, derived, (ref) => this.histograms.state(ref)) &&
      this.confusions.areSettled(state, derived)
    );
  }

  /** True once everything that one panel shows is here, or cannot be had. */
  isPanelSettled(state: AppState, derived: Derived, panel: PanelEntry): boolean {
    return isSettled(state, derived, (ref) => this.records.state(ref), [panel]);
  }

  /** Asks again for what could not be read. */
  retryFailed(): void {
    // Each store that forgets makes the session plan, and planning writes down what another has not forgotten yet.
    this.#statistics.retryFailed();
    this.extremes.retryFailed();
    this.records.retryFailed();
    this.histograms.retryFailed();
    this.graphs.retryFailed();
    this.confusions.retryFailed();
  }
}

/** Each wish once, as urgent as it is anywhere; what is wanted now goes first. */
function inOrder(all: readonly Wish[]): readonly Wish[] {
  const urgent = [...all.filter(isNow), ...all.filter((wish) => !isNow(wish))];
  const seen = new Set<string>();
  return urgent.filter(({ ref, part }) => {
    const key = `${part} ${recordKey(ref)}`;
    return !seen.has(key) && seen.add(key);
  });
}

function isNow({ urgency }: Wish): boolean {
  return urgency === "now";
}

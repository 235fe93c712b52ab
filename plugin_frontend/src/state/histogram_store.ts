/** The records of histograms. Queue and memory are in `record_cache.ts`. */
import type { Histogram } from "../model/histogram.js";
import { type FetchRecords, RecordCache } from "./record_cache.js";
import { loadHistogram } from "./record_loading.js";
import { type Whole, type WholeState, wholeRecords } from "./whole_records.js";

export type HistogramState = WholeState<"histogram", Histogram>;

const HISTOGRAMS = wholeRecords(
  "histogram",
  loadHistogram,
  ({ counts, statistics }) => counts.byteLength + 16 * statistics.size,
);

export class HistogramStore extends RecordCache<Whole<"histogram", Histogram>> {
  /** `budget` in bytes; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(HISTOGRAMS, fetch, budget);
  }
}

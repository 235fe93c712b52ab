/** The records of histograms: what one is once it is here. Queue and memory are in `record_cache.ts`. */
import type { Histogram } from "../model/histogram.js";
import {
  type Failed,
  type FetchRecords,
  type Pending,
  RecordCache,
  type RecordKind,
} from "./record_cache.js";
import { loadHistogram } from "./record_loading.js";

interface ReadyHistogram {
  readonly status: "ready";
  readonly histogram: Histogram;
}

export type HistogramState = Pending | Failed | ReadyHistogram;

// A histogram comes whole: all of its blobs belong to the part `paint`.
const HISTOGRAMS: RecordKind<ReadyHistogram> = {
  load: async (item) => {
    const loaded = await loadHistogram(item);
    if (!loaded.ok) return loaded;
    return { ok: true, value: { status: "ready", histogram: loaded.value } };
  },
  lacksFine: () => false,
  addFine: async (record) => record,
  withFineError: (record) => record,
  sizeOf: ({ histogram }) => histogram.counts.byteLength + 16 * histogram.statistics.size,
};

export class HistogramStore extends RecordCache<ReadyHistogram> {
  /** `budget` in bytes of payload; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(HISTOGRAMS, fetch, budget);
  }
}

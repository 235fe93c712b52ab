/** The records of confusions: what one is once it is here. Queue and memory are in `record_cache.ts`. */
import type { Confusion } from "../model/confusion.js";
import {
  type Failed,
  type FetchRecords,
  type Pending,
  RecordCache,
  type RecordKind,
} from "./record_cache.js";
import { loadConfusion } from "./record_loading.js";

interface ReadyConfusion {
  readonly status: "ready";
  readonly confusion: Confusion;
}

export type ConfusionState = Pending | Failed | ReadyConfusion;

// A confusion comes whole: all of its blobs belong to the part `paint`.
const CONFUSIONS: RecordKind<ReadyConfusion> = {
  load: async (item) => {
    const loaded = await loadConfusion(item);
    if (!loaded.ok) return loaded;
    return { ok: true, value: { status: "ready", confusion: loaded.value } };
  },
  lacksFine: () => false,
  addFine: async (record) => record,
  withFineError: (record) => record,
  // Objects in memory, of numbers that were packed.
  sizeOf: ({ confusion }) => 10 * confusion.byteLength,
};

export class ConfusionStore extends RecordCache<ReadyConfusion> {
  /** `budget` in bytes; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(CONFUSIONS, fetch, budget);
  }
}

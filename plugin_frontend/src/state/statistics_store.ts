/**
 * The extremes of records that are not here themselves, read from their statistics alone. Queue and memory are in
 * `record_cache.ts`.
 */
import { type Extremes, extremesOf } from "../model/ranges.js";
import { type FetchRecords, RecordCache, type RecordKind } from "./record_cache.js";
import { loadStatistics } from "./record_loading.js";

interface ReadyStatistics {
  readonly status: "ready";
  readonly extremes: Extremes;
}

/** They are taken down as soon as they come; until then a few hundred may be under way. */
const BUDGET = 1000;

const STATISTICS: RecordKind<ReadyStatistics> = {
  load: async (item) => {
    const loaded = await loadStatistics(item);
    if (!loaded.ok) return loaded;
    return {
      ok: true,
      value: { status: "ready", extremes: extremesOf({ statistics: loaded.value }) },
    };
  },
  lacksFine: () => false,
  addFine: async (record) => record,
  withFineError: (record) => record,
  sizeOf: () => 1,
};

export class StatisticsStore extends RecordCache<ReadyStatistics> {
  constructor(fetch: FetchRecords) {
    super(STATISTICS, (items, _, signal) => fetch(items, "statistics", signal), BUDGET);
  }
}

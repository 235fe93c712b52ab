/** The records of confusions. Queue and memory are in `record_cache.ts`. */
import type { Confusion } from "../model/confusion.js";
import { type FetchRecords, RecordCache } from "./record_cache.js";
import { loadConfusion } from "./record_loading.js";
import { type Whole, type WholeState, wholeRecords } from "./whole_records.js";

export type ConfusionState = WholeState<"confusion", Confusion>;

// Objects in memory, of numbers that were packed.
const CONFUSIONS = wholeRecords("confusion", loadConfusion, ({ byteLength }) => 10 * byteLength);

export class ConfusionStore extends RecordCache<Whole<"confusion", Confusion>> {
  /** `budget` in bytes; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(CONFUSIONS, fetch, budget);
  }
}

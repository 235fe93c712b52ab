/** The records of tiles: what one is once it is here, and its two parts. Queue and memory are in `record_cache.ts`. */
import type { BatchItem } from "../api/batch.js";
import { lacksLowPlane } from "../model/dequantise.js";
import { payloadBytes, type Tiles, withLowPlane } from "../model/tiles.js";
import {
  type Failed,
  type FetchRecords,
  type Pending,
  RecordCache,
  type RecordKind,
} from "./record_cache.js";
import { loadFineBlobs, loadTiles } from "./record_loading.js";

export { type FetchRecords, type RecordRef, recordKey, type Wish } from "./record_cache.js";

/** `fineError` says why exact values could not be had. */
interface ReadyTiles {
  readonly status: "ready";
  readonly tiles: Tiles;
  readonly fineError: string | null;
}

export type RecordState = Pending | Failed | ReadyTiles;

const TILES: RecordKind<ReadyTiles> = {
  load: async (item) => {
    const loaded = await loadTiles(item);
    if (!loaded.ok) return loaded;
    return { ok: true, value: { status: "ready", tiles: loaded.value, fineError: null } };
  },
  lacksFine: awaitsLowPlane,
  addFine,
  withFineError: (record, fineError) => ({ ...record, fineError }),
  sizeOf,
};

export class RecordStore extends RecordCache<ReadyTiles> {
  /** `budget` in bytes of payload; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(TILES, fetch, budget);
  }
}

/** True for a record that is here, and whose low plane is not, but can be had. */
export function awaitsLowPlane(record: RecordState): boolean {
  return record.status === "ready" && record.fineError === null && lacksLowPlane(record.tiles);
}

async function addFine(record: ReadyTiles, item: BatchItem): Promise<ReadyTiles> {
  const loaded = await loadFineBlobs(item);
  const joined = loaded.ok ? withLowPlane(record.tiles, loaded.value) : loaded;
  if (!joined.ok) return { ...record, fineError: joined.message };
  return { ...record, tiles: joined.value };
}

function sizeOf({ tiles: { payload, statistics } }: ReadyTiles): number {
  let total = payloadBytes(payload);
  for (const row of statistics.values()) total += row.byteLength;
  return total;
}

/**
 * Which record a shown one is compared with, and whether all that comparing needs is here. Pure functions of series and
 * records; must not know what is painted.
 */
import { lacksLowPlane } from "../model/dequantise.js";
import { difference } from "../model/difference.js";
import type { Show } from "../model/display.js";
import type { TagEntry } from "../model/parse_index.js";
import type { Tiles } from "../model/tiles.js";
import { awaitsLowPlane, type RecordRef, type RecordState } from "./record_store.js";

/** `refused` says why there is no change to see; `failed` what went wrong on the way. */
export type Compared =
  | { readonly status: "pending" }
  | { readonly status: "failed"; readonly message: string }
  | { readonly status: "refused"; readonly message: string }
  | { readonly status: "ready"; readonly tiles: Tiles };

const refs = new WeakMap<TagEntry, readonly RecordRef[]>();

/** The records of a tag of a run, one a step; the same objects for the same entry. */
export function refsOf(run: string, entry: TagEntry): readonly RecordRef[] {
  const known = refs.get(entry);
  if (known !== undefined) return known;
  const { tag, series } = entry;
  const all = series.steps.map((step, index) => ({
    run,
    tag,
    step,
    wallTime: series.wallTimes[index] ?? 0,
  }));
  refs.set(entry, all);
  return all;
}

/** The record of a series at an index. */
export function refOf(run: string, entry: TagEntry, index: number): RecordRef | null {
  return refsOf(run, entry)[index] ?? null;
}

/** Index of the record of a series that the one at `index` is compared with. The first one is its own reference. */
export function referenceIndex(index: number, show: Exclude<Show, "difference">): number {
  if (show === "value") return index;
  return show === "change-since-start" ? 0 : Math.max(0, index - 1);
}

/** What is painted of a record: its values, or their change since the reference. `refused`: why there is none. */
export function paintedRecord(
  show: Show,
  shown: RecordState,
  reference: RecordState | null,
  refused: string | null = null,
): Compared {
  if (show === "value") return shown;
  if (refused !== null && shown.status === "ready") return { status: "refused", message: refused };
  return reference === null ? { status: "pending" } : compareRecords(shown, reference);
}

/** The change from one record to the other, once both are here with every plane. */
export function compareRecords(shown: RecordState, reference: RecordState): Compared {
  for (const record of [shown, reference]) if (record.status !== "ready") return record;
  if (shown.status !== "ready" || reference.status !== "ready") return { status: "pending" };
  const same = shown.tiles === reference.tiles;
  for (const record of same ? [] : [shown, reference]) {
    if (awaitsLowPlane(record)) return { status: "pending" };
    if (!lacksLowPlane(record.tiles)) continue;
    return { status: "failed", message: `No change without exact values: ${record.fineError}` };
  }
  return difference(shown.tiles, reference.tiles);
}

/** Kinds of records that come whole: all of their blobs belong to the part `paint`. Must not know what they hold. */
import type { BatchItem } from "../api/batch.js";
import type { Parsed } from "../model/parse.js";
import type { Failed, Pending, Ready, RecordKind } from "./record_cache.js";

/** A record that is here, under the name of its kind. */
export type Whole<N extends string, T> = Ready & Readonly<Record<N, T>>;

export type WholeState<N extends string, T> = Pending | Failed | Whole<N, T>;

/** `sizeOf` in bytes in memory. */
export function wholeRecords<const N extends string, T>(
  name: N,
  load: (item: BatchItem) => Promise<Parsed<T>>,
  sizeOf: (value: T) => number,
): RecordKind<Whole<N, T>> {
  return {
    load: async (item) => {
      const loaded = await load(item);
      if (!loaded.ok) return loaded;
      return { ok: true, value: { status: "ready", [name]: loaded.value } as Whole<N, T> };
    },
    lacksFine: () => false,
    addFine: async (record) => record,
    withFineError: (record) => record,
    sizeOf: (record) => sizeOf(record[name]),
  };
}

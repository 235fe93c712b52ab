/**
 * A server without one: the routes' answers as they lie in the page that holds them. Hands out the same raw JSON and raw
 * blobs as `routes.ts`; must not know what they mean.
 */
import type { BatchItem } from "./batch.js";
import type { RecordItem } from "./routes.js";

/** Lengths of blobs that lie one after the other; see `model/offline_contents.ts`. */
interface EmbeddedRecord extends RecordItem {
  readonly status: number;
  readonly paint: readonly number[];
  readonly fine: readonly number[];
}

export interface Embedded {
  readonly index: unknown;
  readonly timelines: Readonly<Record<string, unknown>>;
  readonly records: readonly EmbeddedRecord[];
  /** All blobs of the record of a number. */
  readonly bytesOf: (index: number) => Uint8Array;
  /** Of the blobs of the part `paint`, the header first, those of the part `statistics`. */
  readonly statisticsOf: (painted: readonly Uint8Array[]) => readonly Uint8Array[];
}

export interface EmbeddedServer {
  readonly fetchIndex: () => Promise<unknown>;
  readonly fetchTimeline: (run: string) => Promise<unknown>;
  readonly fetchRecords: (
    items: readonly RecordItem[],
    part: "paint" | "fine" | "statistics",
  ) => Promise<readonly BatchItem[]>;
}

const ALIGNMENT = 8;

export function embeddedServer(embedded: Embedded): EmbeddedServer {
  const { index, timelines, records, bytesOf, statisticsOf } = embedded;
  const keyOf = ({ run, tag, step }: RecordItem): string => JSON.stringify([run, tag, step]);
  const numbers = new Map(records.map((record, number) => [keyOf(record), number]));
  const answer = (item: RecordItem, part: "paint" | "fine" | "statistics"): BatchItem => {
    const number = numbers.get(keyOf(item));
    const record = number === undefined ? undefined : records[number];
    if (number === undefined || record === undefined) return missing(item);
    const { status, paint, fine } = record;
    const blobs = cut(bytesOf(number), [...paint, ...fine]);
    const header = blobs.slice(0, 1);
    if (part === "fine") return { status, blobs: [...header, ...blobs.slice(paint.length)] };
    const painted = blobs.slice(0, paint.length);
    return { status, blobs: part === "paint" || status !== 200 ? painted : statisticsOf(painted) };
  };
  return {
    fetchIndex: async () => index,
    fetchTimeline: async (run) => timelines[run],
    fetchRecords: async (items, part) => items.map((item) => answer(item, part)),
  };
}

function missing({ tag, step }: RecordItem): BatchItem {
  const message = `${tag} at step ${step} is not in this file`;
  return { status: 404, blobs: [new TextEncoder().encode(JSON.stringify({ message }))] };
}

// Numbers are looked at in place, so each blob begins where a number may: as in an answer of the server.
function cut(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  let offset = 0;
  return lengths.map((length) => {
    const blob = new Uint8Array(Math.ceil(length / ALIGNMENT) * ALIGNMENT).subarray(0, length);
    blob.set(bytes.subarray(offset, offset + length));
    offset += length;
    return blob;
  });
}

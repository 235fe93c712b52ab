/**
 * Records on their way and here. The planner states all its wishes at once; the store sends what it does not have, in
 * few requests, calls off what nobody wants any more, and forgets the least recently wanted records beyond its budget.
 * A failure is a state of its record. Knows batches and bytes; must not know why a record is wanted.
 */
import type { BatchItem } from "../api/batch.js";
import { isAbort } from "../api/errors.js";
import type { RecordItem } from "../api/routes.js";
import type { Part } from "../model/record.js";
import { type Tiles, withLowPlane } from "../model/tiles.js";
import { Observable } from "./observable.js";
import { loadFineBlobs, loadTiles } from "./record_loading.js";

/** `wallTime` is part of the identity: a log that was replaced has the same steps with other times. */
export interface RecordRef extends RecordItem {
  readonly wallTime: number;
}

/** `fineError` says why exact values could not be had. */
export type RecordState =
  | { readonly status: "pending" }
  | { readonly status: "failed"; readonly message: string }
  | { readonly status: "ready"; readonly tiles: Tiles; readonly fineError: string | null };

/** `now` is on screen and goes first; `soon` is sent only when nothing of `now` is under way. */
export interface Wish {
  readonly ref: RecordRef;
  readonly part: Part;
  readonly urgency: "now" | "soon";
}

export type FetchRecords = (
  items: readonly RecordItem[],
  part: Part,
  signal: AbortSignal,
) => Promise<readonly BatchItem[]>;

interface Batch {
  readonly wishes: readonly Wish[];
  readonly abort: AbortController;
}

const MAX_ITEMS = 32;
const MAX_REQUESTS = 3;

export function recordKey({ run, tag, step, wallTime }: RecordRef): string {
  return JSON.stringify([run, tag, step, wallTime]);
}

function wishKey(wish: Wish): string {
  return `${wish.part} ${recordKey(wish.ref)}`;
}

export class RecordStore {
  /** Notifies whenever a record comes or fails. */
  readonly changes = new Observable<null>(null);
  readonly #fetch: FetchRecords;
  readonly #budget: number;
  /** Settled records, least recently wanted first. */
  readonly #records = new Map<string, Exclude<RecordState, { status: "pending" }>>();
  readonly #batches = new Set<Batch>();
  #wishes: readonly Wish[] = [];
  #bytes = 0;
  #scheduled = false;

  /** `budget` in bytes of payload; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    this.#fetch = fetch;
    this.#budget = budget;
  }

  state(ref: RecordRef): RecordState {
    return this.#records.get(recordKey(ref)) ?? { status: "pending" };
  }

  /** Replaces all wishes, most urgent first. */
  want(wishes: readonly Wish[]): void {
    this.#wishes = wishes;
    const wanted = new Set(wishes.map(wishKey));
    for (const batch of this.#batches) {
      if (!batch.wishes.some((wish) => wanted.has(wishKey(wish)))) {
        this.#batches.delete(batch);
        batch.abort.abort();
      }
    }
    for (const wish of wishes) this.#touch(recordKey(wish.ref));
    this.#schedule();
  }

  /** Forgets failures, so that wishes for those records are sent again. */
  retryFailed(): void {
    for (const [key, record] of this.#records) {
      if (record.status === "failed") this.#records.delete(key);
      else if (record.fineError !== null) this.#records.set(key, { ...record, fineError: null });
    }
    this.changes.notify();
    this.#schedule();
  }

  // Wishes of one turn of the event loop are sent together.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    while (this.#batches.size < MAX_REQUESTS) {
      const underWay = [...this.#batches].flatMap((batch) => batch.wishes);
      const sent = new Set(underWay.map(wishKey));
      const open = this.#wishes.filter((wish) => !sent.has(wishKey(wish)) && this.#lacks(wish));
      const first = open[0];
      if (first === undefined) return;
      if (first.urgency === "soon" && underWay.some((wish) => wish.urgency === "now")) return;
      const alike = open.filter(
        ({ part, urgency }) => part === first.part && urgency === first.urgency,
      );
      void this.#request({ wishes: alike.slice(0, MAX_ITEMS), abort: new AbortController() });
    }
  }

  async #request(batch: Batch): Promise<void> {
    this.#batches.add(batch);
    const part = batch.wishes[0]?.part ?? "paint";
    const refs = batch.wishes.map((wish) => wish.ref);
    try {
      const items = await this.#fetch(refs, part, batch.abort.signal);
      await Promise.all(
        items.map((item, index) => {
          const ref = refs[index];
          return (
            ref && (part === "paint" ? this.#settlePaint(ref, item) : this.#settleFine(ref, item))
          );
        }),
      );
    } catch (error) {
      if (isAbort(error)) return;
      const message = error instanceof Error ? error.message : String(error);
      for (const ref of refs) this.#fail(ref, part, message);
    } finally {
      this.#batches.delete(batch);
    }
    this.#evict();
    this.changes.notify();
    this.#schedule();
  }

  #lacks({ ref, part }: Wish): boolean {
    const record = this.#records.get(recordKey(ref));
    if (part === "paint") return record === undefined;
    if (record?.status !== "ready" || record.fineError !== null) return false;
    const { payload } = record.tiles;
    return payload.precision === "uint16" && payload.low === null;
  }

  async #settlePaint(ref: RecordRef, item: BatchItem): Promise<void> {
    const loaded = await loadTiles(item);
    if (loaded.ok) this.#store(ref, { status: "ready", tiles: loaded.value, fineError: null });
    else this.#fail(ref, "paint", loaded.message);
  }

  async #settleFine(ref: RecordRef, item: BatchItem): Promise<void> {
    const loaded = await loadFineBlobs(item);
    const record = this.#records.get(recordKey(ref));
    if (record?.status !== "ready") return;
    const joined = loaded.ok ? withLowPlane(record.tiles, loaded.value) : loaded;
    if (joined.ok) this.#store(ref, { ...record, tiles: joined.value });
    else this.#fail(ref, "fine", joined.message);
  }

  #fail(ref: RecordRef, part: Part, message: string): void {
    const record = this.#records.get(recordKey(ref));
    if (part === "paint") this.#store(ref, { status: "failed", message });
    else if (record?.status === "ready") this.#store(ref, { ...record, fineError: message });
  }

  #store(ref: RecordRef, record: Exclude<RecordState, { status: "pending" }>): void {
    const key = recordKey(ref);
    this.#bytes += sizeOf(record) - sizeOf(this.#records.get(key));
    this.#records.set(key, record);
  }

  #touch(key: string): void {
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    this.#records.set(key, record);
  }

  #evict(): void {
    const wanted = new Set(this.#wishes.map((wish) => recordKey(wish.ref)));
    for (const [key, record] of this.#records) {
      if (this.#bytes <= this.#budget) return;
      if (wanted.has(key)) continue;
      this.#records.delete(key);
      this.#bytes -= sizeOf(record);
    }
  }
}

function sizeOf(record: RecordState | undefined): number {
  if (record?.status !== "ready") return 0;
  const { payload, statistics } = record.tiles;
  const cells =
    payload.precision === "uint16"
      ? payload.high.length + (payload.low?.length ?? 0)
      : payload.precision === "uint8"
        ? payload.codes.length
        : payload.values.byteLength;
  let total = cells;
  for (const row of statistics.values()) total += row.byteLength;
  return total;
}

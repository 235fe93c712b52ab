/**
 * Records on their way and here. The planner states all its wishes at once; the cache sends what it does not have, in
 * few requests, calls off what nobody wants any more, and forgets the least recently wanted records beyond its budget.
 * A failure is a state of its record. Knows batches and bytes; must not know why a record is wanted, nor what kind of
 * record it holds: a `RecordKind` reads them.
 */
import type { BatchItem } from "../api/batch.js";
import { isAbort } from "../api/errors.js";
import type { RecordItem } from "../api/routes.js";
import type { Parsed } from "../model/parse.js";
import type { Part, RequestPart } from "../model/record.js";
import { Observable } from "./observable.js";

/** `wallTime` is part of the identity: a log that was replaced has the same steps with other times. */
export interface RecordRef extends RecordItem {
  readonly wallTime: number;
}

export type Pending = { readonly status: "pending" };
export type Failed = { readonly status: "failed"; readonly message: string };
export type Ready = { readonly status: "ready" };

/** `now` is on screen and goes first; `soon` is sent only when nothing of `now` is under way. */
export interface Wish {
  readonly ref: RecordRef;
  readonly part: Part;
  readonly urgency: "now" | "soon";
}

/** One answer for each ref, in their order. */
export type FetchRecords = (
  refs: readonly RecordRef[],
  part: RequestPart,
  signal: AbortSignal,
) => Promise<readonly BatchItem[]>;

/** How records of one kind are read. `R` is the state of a record that is here. */
export interface RecordKind<R extends Ready> {
  readonly load: (item: BatchItem) => Promise<Parsed<R>>;
  /** True while the part `fine` would add something. */
  readonly lacksFine: (record: R) => boolean;
  readonly addFine: (record: R, item: BatchItem) => Promise<R>;
  /** The record that says why its part `fine` could not be had; without a message, one to ask for it again. */
  readonly withFineError: (record: R, message: string | null) => R;
  /** Bytes in memory. */
  readonly sizeOf: (record: R) => number;
}

interface Batch {
  readonly wishes: readonly Wish[];
  readonly abort: AbortController;
}

const MAX_ITEMS = 32;
const MAX_REQUESTS = 3;

/** Keys by ref: refs that are kept are asked for again at every step and arrival. */
const keys = new WeakMap<RecordRef, string>();

export function recordKey(ref: RecordRef): string {
  let key = keys.get(ref);
  if (key === undefined) {
    key = JSON.stringify([ref.run, ref.tag, ref.step, ref.wallTime]);
    keys.set(ref, key);
  }
  return key;
}

function wishKey(wish: Wish): string {
  return `${wish.part} ${recordKey(wish.ref)}`;
}

/** One for all, so that what still is pending still is the same object. */
const PENDING: Pending = { status: "pending" };

export class RecordCache<R extends Ready> {
  /** Notifies whenever a record comes or fails. */
  readonly changes = new Observable<null>(null);
  readonly #kind: RecordKind<R>;
  readonly #fetch: FetchRecords;
  readonly #budget: number;
  /** Settled records, least recently wanted first. */
  readonly #records = new Map<string, R | Failed>();
  readonly #batches = new Set<Batch>();
  #wishes: readonly Wish[] = [];
  #screen: readonly Wish[] = [];
  #besides: readonly Wish[] = [];
  #bytes = 0;
  #scheduled = false;

  /** `budget` in bytes of payload; records that are wanted now are kept even beyond it. */
  constructor(kind: RecordKind<R>, fetch: FetchRecords, budget: number) {
    this.#kind = kind;
    this.#fetch = fetch;
    this.#budget = budget;
  }

  state(ref: RecordRef): R | Pending | Failed {
    return this.#records.get(recordKey(ref)) ?? PENDING;
  }

  /** The wishes that have been sent and not answered. */
  get underWay(): readonly Wish[] {
    return [...this.#batches].flatMap((batch) => batch.wishes);
  }

  /** Replaces all wishes, most urgent first. */
  want(wishes: readonly Wish[]): void {
    this.#screen = wishes;
    this.#wantAll();
  }

  /** Replaces the wishes of something besides the screen: they come after what the screen needs now. */
  wantBesides(wishes: readonly Wish[]): void {
    this.#besides = wishes;
    this.#wantAll();
  }

  #wantAll(): void {
    const wishes = this.#besides.length === 0 ? this.#screen : this.#merged();
    this.#wishes = wishes;
    const wanted = new Set(wishes.map(wishKey));
    // Called off, it stays under way until it has ended: what has come all the same is kept, and not asked for again.
    for (const batch of this.#batches)
      if (!batch.wishes.some((wish) => wanted.has(wishKey(wish)))) batch.abort.abort();
    for (const wish of wishes) this.#touch(recordKey(wish.ref));
    this.#schedule();
  }

  // What both want is asked for once.
  #merged(): readonly Wish[] {
    const now = this.#screen.filter(({ urgency }) => urgency === "now");
    const soon = this.#screen.filter(({ urgency }) => urgency === "soon");
    const byKey = new Map<string, Wish>();
    for (const wish of [...now, ...this.#besides, ...soon]) {
      const key = wishKey(wish);
      if (!byKey.has(key)) byKey.set(key, wish);
    }
    return [...byKey.values()];
  }

  /** Forgets failures, so that wishes for those records are sent again. */
  retryFailed(): void {
    for (const [key, record] of this.#records) {
      if (isFailed(record)) this.#records.delete(key);
      else this.#records.set(key, this.#kind.withFineError(record, null));
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
    for (;;) {
      const going = [...this.#batches].filter(({ abort }) => !abort.signal.aborted);
      if (going.length >= MAX_REQUESTS) return;
      const sent = new Set(this.underWay.map(wishKey));
      const open = this.#wishes.filter((wish) => !sent.has(wishKey(wish)) && this.#lacks(wish));
      const first = open[0];
      if (first === undefined) return;
      const isBusy = going.some(({ wishes }) => wishes.some(({ urgency }) => urgency === "now"));
      if (first.urgency === "soon" && isBusy) return;
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
      this.#schedule();
    }
    this.#evict();
    this.changes.notify();
  }

  #lacks({ ref, part }: Wish): boolean {
    const record = this.#records.get(recordKey(ref));
    if (part === "paint") return record === undefined;
    return record !== undefined && !isFailed(record) && this.#kind.lacksFine(record);
  }

  async #settlePaint(ref: RecordRef, item: BatchItem): Promise<void> {
    const loaded = await this.#kind.load(item);
    if (loaded.ok) this.#store(ref, loaded.value);
    else this.#fail(ref, "paint", loaded.message);
  }

  async #settleFine(ref: RecordRef, item: BatchItem): Promise<void> {
    const before = this.#ready(ref);
    if (before !== null) this.#store(ref, await this.#kind.addFine(before, item));
  }

  #fail(ref: RecordRef, part: Part, message: string): void {
    const record = this.#ready(ref);
    if (part === "paint") this.#store(ref, { status: "failed", message });
    else if (record !== null) this.#store(ref, this.#kind.withFineError(record, message));
  }

  #ready(ref: RecordRef): R | null {
    const record = this.#records.get(recordKey(ref));
    return record === undefined || isFailed(record) ? null : record;
  }

  #store(ref: RecordRef, record: R | Failed): void {
    const key = recordKey(ref);
    this.#bytes += this.#sizeOf(record) - this.#sizeOf(this.#records.get(key));
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
      this.#bytes -= this.#sizeOf(record);
    }
  }

  #sizeOf(record: R | Failed | undefined): number {
    return record === undefined || isFailed(record) ? 0 : this.#kind.sizeOf(record);
  }
}

function isFailed(record: Ready | Failed): record is Failed {
  return record.status === "failed";
}

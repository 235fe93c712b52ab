/**
 * Pictures of samples, found by their addresses. Each record of pictures holds those that were new at its step, so
 * records are read one after the other until every picture that is wanted has been found, and no further. Must not know
 * why a picture is wanted.
 */
import {
  PictureIndex,
  type PicturePlace,
  pictureRange,
  searchOrder,
} from "../model/confusion_pictures.js";
import type { TagEntry } from "../model/parse_index.js";
import { extremesOf, type Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import { refsOf } from "./comparison.js";
import { Observable } from "./observable.js";
import {
  type FetchRecords,
  type RecordRef,
  RecordStore,
  recordKey,
  type Wish,
} from "./record_store.js";

/** Pictures of a run that are wanted. */
export interface PictureWish {
  readonly run: string;
  /** The tag of the pictures. */
  readonly entry: TagEntry;
  /** Records are read from this one on: first back in time. */
  readonly from: number;
  readonly addresses: readonly string[];
}

/** One picture; `missing` says why there is none. */
export type ShelvedPicture =
  | { readonly status: "pending" }
  | { readonly status: "missing"; readonly why: MissingReason }
  | { readonly status: "ready"; readonly tiles: Tiles; readonly tile: number };

/** `sampled`: TensorBoard keeps only some of the records; `unread`: one of them could not be read. */
export type MissingReason = "sampled" | "unread" | "not-logged";

/** Records that are read at once while pictures are looked for. */
const AT_ONCE = 2;

const PENDING: ShelvedPicture = { status: "pending" };

export class PictureShelf {
  /** Notifies whenever pictures come or fail; the value is another one each time. */
  readonly changes = new Observable<number>(0);
  readonly #records: RecordStore;
  readonly #index = new PictureIndex<RecordRef>();
  /** Keys of the records whose pictures are in the index. */
  readonly #read = new Set<string>();
  /** From the least to the greatest value of all pictures of a tag, over all runs. */
  readonly #ranges = new Map<string, Range>();
  /** By who has them. */
  readonly #wishes = new Map<string, readonly PictureWish[]>();
  /** What is said of pictures that were not found, until other records have come. */
  #absences = new WeakMap<TagEntry, { readonly run: string; readonly absence: ShelvedPicture }>();
  #version = 0;
  #isResting = false;

  /** `budget` in bytes of payload; pictures that are wanted are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    this.#records = new RecordStore(fetch, budget);
    this.#records.changes.subscribe(() => {
      this.#forgetAbsences();
      this.#ask();
      this.changes.set(this.changes.value + 1);
    });
  }

  /** Another number once other pictures may be found, or may not be found for other reasons. */
  get version(): number {
    return this.#version;
  }

  /** Replaces the wishes of one owner. */
  want(owner: string, wishes: readonly PictureWish[]): void {
    if (wishes.length === 0) this.#wishes.delete(owner);
    else this.#wishes.set(owner, wishes);
    this.#ask();
  }

  /** Asks for nothing until it is waked again. */
  rest(isResting: boolean): void {
    if (isResting === this.#isResting) return;
    this.#isResting = isResting;
    this.#ask();
  }

  // What is under way is waited for, whatever becomes of the wish: a pointer that comes back asks for it once.
  #ask(): void {
    const wishes = this.#isResting ? [] : [...this.#wishes.values()].flat();
    const refs = new Set(wishes.flatMap((wish) => this.#refsFor(wish)));
    const wanted = [...refs].map((ref): Wish => ({ ref, part: "paint", urgency: "now" }));
    this.#records.want([...wanted, ...this.#records.underWay.filter(({ ref }) => !refs.has(ref))]);
  }

  /** Forgets the pictures of records that the log has no more, as where a run is deleted. */
  keepOnly(refs: Iterable<RecordRef>): void {
    const keys = new Set([...refs].map(recordKey));
    const gone = [...this.#read].filter((key) => !keys.has(key));
    if (gone.length === 0) return;
    for (const key of gone) this.#read.delete(key);
    this.#index.keepOnly((ref) => keys.has(recordKey(ref)));
    this.#forgetAbsences();
    this.#ask();
  }

  /** The picture of an address; `entry` is that of the run's pictures, null where it has none. */
  picture(run: string, entry: TagEntry | null, address: string): ShelvedPicture {
    const place = this.#find(address);
    if (place !== null) {
      const record = this.#records.state(place.ref);
      if (record.status === "failed") return { status: "missing", why: "unread" };
      return record.status === "ready"
        ? { status: "ready", tiles: record.tiles, tile: place.tile }
        : PENDING;
    }
    if (entry === null) return { status: "missing", why: "not-logged" };
    const known = this.#absences.get(entry);
    if (known?.run === run) return known.absence;
    const absence = this.#absenceFrom(run, entry);
    this.#absences.set(entry, { run, absence });
    return absence;
  }

  // The same for every picture that no record holds that has been read.
  #absenceFrom(run: string, entry: TagEntry): ShelvedPicture {
    let hasFailed = false;
    for (const ref of refsOf(run, entry)) {
      const state = this.#stateOf(ref);
      if (state === "unknown") return PENDING;
      hasFailed ||= state === "failed";
    }
    if (hasFailed) return { status: "missing", why: "unread" };
    const { logged, steps } = entry.series;
    const isSampled = logged !== null && logged > steps.length;
    return { status: "missing", why: isSampled ? "sampled" : "not-logged" };
  }

  #forgetAbsences(): void {
    this.#absences = new WeakMap();
    this.#version++;
  }

  /** From black to white, for all pictures of a tag. */
  range(tag: string): Range | null {
    return this.#ranges.get(tag) ?? null;
  }

  retryFailed(): void {
    this.#records.retryFailed();
    this.#forgetAbsences();
  }

  // The records that hold what is wanted, and while some of it is not found, the next ones to look into.
  #refsFor({ run, entry, from, addresses }: PictureWish): readonly RecordRef[] {
    const refs = refsOf(run, entry);
    const order = searchOrder(refs.length, from).flatMap((index) => refs[index] ?? []);
    for (const ref of order) this.#take(ref);
    const places = addresses.map((address) => this.#find(address));
    const holding = places.flatMap((place) => place?.ref ?? []);
    if (!places.includes(null)) return holding;
    const unread = order.filter((ref) => this.#stateOf(ref) === "unknown");
    return [...holding, ...unread.slice(0, AT_ONCE)];
  }

  // Of several records with the same picture one that is here, else one that can be had.
  #find(address: string): PicturePlace<RecordRef> | null {
    const places = this.#index.find(address);
    const status = ({ ref }: PicturePlace<RecordRef>): string => this.#records.state(ref).status;
    return (
      places.find((place) => status(place) === "ready") ??
      places.find((place) => status(place) === "pending") ??
      places[0] ??
      null
    );
  }

  // A record that was read and has been forgotten since is known by what it holds.
  #stateOf(ref: RecordRef): "read" | "failed" | "unknown" {
    if (this.#read.has(recordKey(ref))) return "read";
    return this.#records.state(ref).status === "failed" ? "failed" : "unknown";
  }

  #take(ref: RecordRef): void {
    const key = recordKey(ref);
    const record = this.#read.has(key) ? null : this.#records.state(ref);
    if (record?.status !== "ready") return;
    const { tiles } = record;
    this.#read.add(key);
    this.#index.add(ref, tiles);
    this.#forgetAbsences();
    const own = pictureRange(extremesOf(tiles), tiles.header.dtype);
    const known = this.#ranges.get(ref.tag) ?? own;
    this.#ranges.set(ref.tag, {
      lo: Math.min(known.lo, own.lo),
      hi: Math.max(known.hi, own.hi),
    });
  }
}

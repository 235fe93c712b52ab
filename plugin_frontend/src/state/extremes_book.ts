/**
 * The extremes of records and of differences that have been seen, kept when the records themselves are forgotten: what
 * scales over all steps and over all runs are made of. Knows records and what is shown of them; must not know panels'
 * looks.
 */
import { type Extremes, extremesOf } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import type { AppState } from "./app_state.js";
import { paintedRecord } from "./comparison.js";
import type { Derived } from "./derived.js";
import { asMaps, awaitsSum } from "./map_records.js";
import { scaledPanels } from "./open_panels.js";
import { type RecordRef, type RecordState, recordKey } from "./record_store.js";
import { type Comparing, recordOf, whyRefused } from "./references.js";
import { type ScaledRecord, scaledByMember } from "./scaled_records.js";

/** A few milliseconds of comparing or summing. */
const CELLS_AT_ONCE = 500_000;

/**
 * Some 10 MB, with keys of a few hundred characters: all steps of a few panels of twenty runs, there and back. What the
 * panels in sight are made of is kept beyond it: what is forgotten is asked for again, which would have no end.
 */
const MOST = 20_000;

/** Two that have no difference have no say in the range. */
const NOTHING: Extremes = { min: NaN, max: NaN };
/** Nor has a record that could not be read; it is not asked for again before the user or another index does. */
const FAILED: Extremes = { ...NOTHING };

/** What was unread of some records when so much had been written down and forgotten. */
interface Unread {
  readonly records: readonly ScaledRecord[];
  readonly written: number;
  readonly forgotten: number;
}

export class ExtremesBook {
  /** By the records that they follow from alone, the longest known first. */
  readonly #known = new Map<string, Extremes>();
  readonly #most: number;
  readonly #unread = new WeakMap<readonly ScaledRecord[], Unread>();
  /** Of an export under way: its panels need not be in sight. */
  #held: readonly (readonly ScaledRecord[])[] = [];
  #written = 0;
  #forgotten = 0;
  #swept = 0;

  constructor(most = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Null where they are not known yet. */
  get(record: ScaledRecord): Extremes | null {
    // Not written down: the pinned run may come to have what it lacks.
    if (record.found?.status === "absent") return NOTHING;
    const { key } = record;
    return key === null ? null : (this.#known.get(key) ?? null);
  }

  /** True where they are known, and not only that they cannot be. */
  isRead(record: ScaledRecord): boolean {
    const known = this.get(record);
    return known !== null && known !== FAILED;
  }

  /** Those that are not read. Of the same list of records only what was left is looked at again. */
  unread(records: readonly ScaledRecord[]): readonly ScaledRecord[] {
    const last = this.#unread.get(records);
    const isOf = last?.forgotten === this.#forgotten;
    if (isOf && last.written === this.#written) return last.records;
    const left = (isOf ? last.records : records).filter((record) => !this.isRead(record));
    const [written, forgotten] = [this.#written, this.#forgotten];
    this.#unread.set(records, { records: left, written, forgotten });
    return left;
  }

  /** Takes down what is known of the values of a record without it; null for one that cannot be read. */
  take(ref: RecordRef, extremes: Extremes | null): void {
    const key = recordKey(ref);
    const known = this.#known.get(key);
    if (known === undefined || known === FAILED) this.#write(key, extremes ?? FAILED);
  }

  #write(key: string, extremes: Extremes): void {
    this.#known.set(key, extremes);
    this.#written++;
  }

  /** Forgets what could not be read, so that it is asked for again. */
  retryFailed(): void {
    for (const [key, extremes] of this.#known) if (extremes === FAILED) this.#known.delete(key);
  }

  /** Keeps what the panels of a screen need, whatever else is noted, until another screen is held or none. */
  hold(state: AppState, derived: Derived): void {
    this.#held = neededIn(state, derived);
  }

  letGo(): void {
    this.#held = [];
  }

  /**
   * Takes down what is here of the panels that are open, where several records share a scale. Differences take time: after
   * `CELLS_AT_ONCE` cells of them it stops and returns false, to be called again when the screen has had its turn.
   */
  note(state: AppState, derived: Derived, recordState: (ref: RecordRef) => RecordState): boolean {
    const comparing = comparingIn(state);
    const { show } = comparing;
    const records = neededIn(state, derived);
    let cells = 0;
    for (const record of records.flatMap((each) => this.unread(each))) {
      const { key, ref, run, found } = record;
      if (key === null) continue;
      const shown = recordState(ref);
      // What is written down stays: not what the high planes alone add up to.
      if (shown.status === "pending" || (show === "value" && awaitsSum(ref, shown))) continue;
      if (cells >= CELLS_AT_ONCE) return false;
      const reference = found && recordOf(found, recordState);
      const refused = found && whyRefused(comparing, run, shown, found, reference);
      const seen = asMaps(ref.tag, paintedRecord(show, shown, reference, refused));
      if (seen.status === "pending") continue;
      if (seen.status === "ready") {
        this.#write(key, extremesOf(seen.tiles));
        if (shown.status === "ready" && seen.tiles !== shown.tiles) cells += cellsOf(shown.tiles);
      } else if (seen.status === "refused") this.#write(key, NOTHING);
      else if (this.get(record) === null) this.#write(key, FAILED);
    }
    return true;
  }

  /**
   * Forgets the oldest beyond the room that there is, but nothing that the open panels of the screen need, nor what is held.
   * Only where it has grown: what is needed may be more than there is room for.
   */
  sweep(state: AppState, derived: Derived): void {
    if (this.#known.size <= this.#most || this.#swept === this.#written) return;
    this.#swept = this.#written;
    const needed = [...neededIn(state, derived), ...this.#held];
    const kept = new Set(needed.flatMap((records) => records.map(({ key }) => key)));
    for (const key of this.#known.keys()) {
      if (this.#known.size <= this.#most) return;
      if (kept.has(key)) continue;
      this.#known.delete(key);
      this.#forgotten++;
    }
  }
}

function comparingIn({ display: { show }, reference }: AppState): Comparing {
  return { show, reference };
}

function neededIn(state: AppState, derived: Derived): readonly (readonly ScaledRecord[])[] {
  const { scale } = state.display;
  return scaledPanels(state, derived).flatMap((panel) =>
    scaledByMember(panel, comparingIn(state), derived, scale),
  );
}

function cellsOf({ shape: { tiles, height, width, channels } }: Tiles): number {
  return tiles * height * width * channels;
}

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
import { asMaps } from "./map_records.js";
import { scaledPanels } from "./open_panels.js";
import { type RecordRef, type RecordState, recordKey } from "./record_store.js";
import { recordOf, refOfReference, whyRefused } from "./references.js";
import { type ScaledRecord, scaledRecords } from "./scaled_records.js";

/** A few milliseconds of comparing. */
const CELLS_AT_ONCE = 500_000;

/**
 * Some 10 MB, with keys of a few hundred characters: all steps of a few panels of twenty runs, there and back. What the
 * panels in sight are made of is kept beyond it: what is forgotten is asked for again, which would have no end.
 */
const MOST = 20_000;

/** Two that have no difference have no say in the range. */
const NOTHING: Extremes = { min: NaN, max: NaN };
/** Nor has a record that cannot be read; it is not asked for again before the index is. */
const FAILED: Extremes = { ...NOTHING };

export class ExtremesBook {
  /** By the records that they follow from alone, the longest known first. */
  readonly #known = new Map<string, Extremes>();
  readonly #most: number;

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
    const key = keyOf(record);
    return key === null ? null : (this.#known.get(key) ?? null);
  }

  /** Takes down what is known of the values of a record without it; null for one that cannot be read. */
  take(ref: RecordRef, extremes: Extremes | null): void {
    const key = recordKey(ref);
    if (!this.#known.has(key)) this.#known.set(key, extremes ?? FAILED);
  }

  /** Forgets what could not be read, so that it is asked for again. */
  retryFailed(): void {
    for (const [key, extremes] of this.#known) if (extremes === FAILED) this.#known.delete(key);
  }

  /**
   * Takes down what is here of the panels that are open, where several records share a scale. Differences take time: after
   * `CELLS_AT_ONCE` cells of them it stops and returns false, to be called again when the screen has had its turn.
   */
  note(state: AppState, derived: Derived, recordState: (ref: RecordRef) => RecordState): boolean {
    const { show, scale } = state.display;
    const comparing = { show, reference: state.reference };
    const records = scaledPanels(state, derived).flatMap((panel) =>
      scaledRecords(panel, comparing, derived, scale),
    );
    this.#forget(records);
    let cells = 0;
    for (const record of records) {
      const key = keyOf(record);
      if (key === null || this.#known.has(key)) continue;
      if (cells >= CELLS_AT_ONCE) return false;
      const { ref, run, found } = record;
      const shown = recordState(ref);
      const reference = found && recordOf(found, recordState);
      const refused = found && whyRefused(comparing, run, shown, found, reference);
      const seen = asMaps(ref.tag, paintedRecord(show, shown, reference, refused));
      if (seen.status === "pending") continue;
      if (seen.status === "ready") {
        this.#known.set(key, extremesOf(seen.tiles));
        if (show !== "value") cells += cellsOf(seen.tiles);
      } else this.#known.set(key, seen.status === "refused" ? NOTHING : FAILED);
    }
    return true;
  }

  #forget(needed: readonly ScaledRecord[]): void {
    if (this.#known.size <= this.#most) return;
    const kept = new Set(needed.map(keyOf));
    for (const key of this.#known.keys()) {
      if (this.#known.size <= this.#most) return;
      if (!kept.has(key)) this.#known.delete(key);
    }
  }
}

function cellsOf({ shape: { tiles, height, width, channels } }: Tiles): number {
  return tiles * height * width * channels;
}

// Null while it is not known what the record is compared with, and where it is nothing.
function keyOf({ ref, found }: ScaledRecord): string | null {
  if (found === null) return recordKey(ref);
  const reference = refOfReference(found);
  return reference === null ? null : `${recordKey(ref)} ${recordKey(reference)}`;
}

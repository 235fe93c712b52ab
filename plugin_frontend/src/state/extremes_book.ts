/**
 * The extremes of every record that has been seen, kept when the record itself is forgotten: what a scale that is fixed
 * over all steps is made of. Knows records and what is shown of them; must not know panels' looks.
 */
import { type Extremes, extremesOf } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import type { AppState } from "./app_state.js";
import { paintedRecord, refsOf } from "./comparison.js";
import type { Derived } from "./derived.js";
import { asMaps } from "./map_records.js";
import { scaledPanels } from "./open_panels.js";
import { type RecordRef, type RecordState, recordKey } from "./record_store.js";
import { type Comparing, comparingKey, comparison } from "./references.js";

/** A few milliseconds of comparing. */
const CELLS_AT_ONCE = 500_000;

export class ExtremesBook {
  readonly #known = new Map<string, Extremes>();

  /** Null where the record has not been seen under this show yet. */
  get(ref: RecordRef, comparing: Comparing): Extremes | null {
    return this.#known.get(keyOf(ref, comparing)) ?? null;
  }

  /** Forgets what could not be read, so that it is asked for again. */
  retryFailed(): void {
    for (const [key, extremes] of this.#known) if (extremes === NOTHING) this.#known.delete(key);
  }

  /**
   * Takes down what is here of the panels that are open, where the scale is fixed. Differences take time: after
   * `CELLS_AT_ONCE` cells of them it stops and returns false, to be called again when the screen has had its turn.
   */
  note(state: AppState, derived: Derived, recordState: (ref: RecordRef) => RecordState): boolean {
    const { show, scale } = state.display;
    const comparing = { show, reference: state.reference };
    if (scale !== "fixed") return true;
    let cells = 0;
    for (const { members } of scaledPanels(state, derived)) {
      for (const { run, entry } of members) {
        for (const [index, ref] of refsOf(run.run, entry).entries()) {
          if (this.#known.has(keyOf(ref, comparing))) continue;
          if (cells >= CELLS_AT_ONCE) return false;
          const point = derived.runPoints.get(run.run)?.get(ref.step);
          const record = recordState(ref);
          const member = { run, entry };
          const { reference, refused } = comparison(
            comparing,
            derived,
            member,
            index,
            record,
            recordState,
            point,
          );
          const seen = asMaps(ref.tag, paintedRecord(show, record, reference, refused));
          if (seen.status === "pending") continue;
          const extremes = seen.status === "ready" ? extremesOf(seen.tiles) : NOTHING;
          this.#known.set(keyOf(ref, comparing), extremes);
          if (show !== "value" && seen.status === "ready") cells += cellsOf(seen.tiles);
        }
      }
    }
    return true;
  }
}

/** A record that cannot be read has no say in the range, and is not asked for again. */
const NOTHING: Extremes = { min: NaN, max: NaN };

function cellsOf({ shape: { tiles, height, width, channels } }: Tiles): number {
  return tiles * height * width * channels;
}

function keyOf(ref: RecordRef, comparing: Comparing): string {
  return `${comparingKey(comparing)} ${recordKey(ref)}`;
}

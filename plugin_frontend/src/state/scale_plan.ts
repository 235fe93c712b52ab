/**
 * What the scales of the panels in sight still lack: the records of all steps where they are fixed over them, else what
 * the runs out of sight hold at the shown point. Of values the statistics will do, of differences it takes the records.
 * What is known is not asked for, so that it may be forgotten. Pure; sending is the stores' work.
 */
import { isMapTag } from "../model/attribution_cards.js";
import type { AppState } from "./app_state.js";
import { neededMembers } from "./columns_in_sight.js";
import type { Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import { scaledPanels } from "./open_panels.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { refOfReference } from "./references.js";
import { recordsAway, type ScaledRecord, scaledRecords } from "./scaled_records.js";

export interface ScalePlan {
  /** With all that they are compared with. */
  readonly records: readonly RecordRef[];
  readonly statistics: readonly RecordRef[];
}

const NOTHING: ScalePlan = { records: [], statistics: [] };

/** Steps whose statistics are fetched as well, being small: the shown one, and those that are likely to be next. */
const STEPS = [0, 1, -1];
const STEPS_PLAYING = [0, 1, 2, 3];

export function planScale(
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => RecordState,
  extremes: ExtremesBook,
): ScalePlan {
  const { scale, show } = state.display;
  const comparing = { show, reference: state.reference };
  const lacking = (records: readonly ScaledRecord[]): readonly ScaledRecord[] =>
    records.filter((record) => extremes.get(record) === null);
  if (!state.tabVisible) return NOTHING;
  const panels = scaledPanels(state, derived);
  if (scale === "fixed") {
    const records = panels.flatMap((panel) => scaledRecords(panel, comparing, derived, scale));
    return { ...NOTHING, records: lacking(records).flatMap(withReference) };
  }
  // Before columns are laid out none is in sight, and it is not known which will be.
  if (state.columnsInSight?.size === 0) return NOTHING;
  const away = (offset: number): readonly ScaledRecord[] => {
    const pointIndex = derived.pointIndex + offset;
    return panels.flatMap((panel) => {
      const needed = new Set(
        neededMembers(panel, state, derived, pointIndex).map(({ run }) => run.run),
      );
      return lacking(recordsAway(panel, comparing, derived, needed, pointIndex));
    });
  };
  // Whole records of all runs would come too late for a step that is shown for an instant.
  if (show !== "value")
    return { ...NOTHING, records: state.playing ? [] : away(0).flatMap(withReference) };
  // What is here is taken down when it is shown.
  const found = (state.playing ? STEPS_PLAYING : STEPS)
    .flatMap(away)
    .filter(({ ref }) => recordState(ref).status === "pending");
  // Maps are painted summed up, of which nothing is logged.
  return {
    records: found.filter(isMap).map(({ ref }) => ref),
    statistics: found.filter((record) => !isMap(record)).map(({ ref }) => ref),
  };
}

function isMap({ ref }: ScaledRecord): boolean {
  return isMapTag(ref.tag);
}

function withReference({ ref, found }: ScaledRecord): readonly RecordRef[] {
  const reference = refOfReference(found);
  return reference === null ? [ref] : [ref, reference];
}

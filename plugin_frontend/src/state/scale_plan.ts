/**
 * What the scales of the panels in sight still lack: the records of all steps where they are fixed over them, else what
 * the runs out of sight hold at the shown point. Of values the statistics will do, of differences it takes the records.
 * What is known is not asked for, so that it may be forgotten; of records only a few at a time, as what is wanted is
 * kept. Pure; sending is the stores' work.
 */
import { isMapTag } from "../model/attribution_cards.js";
import { lacksLowPlane } from "../model/dequantise.js";
import { NO_REFERENCE } from "../model/reference.js";
import type { PanelEntry } from "../model/runs.js";
import { payloadBytes } from "../model/tiles.js";
import type { AppState } from "./app_state.js";
import { neededMembers } from "./columns_in_sight.js";
import type { Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import { awaitsSum } from "./map_records.js";
import { scaledPanels } from "./open_panels.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { type Comparing, refOfReference } from "./references.js";
import { recordsAway, type ScaledRecord, scaledByMember, scaledRecords } from "./scaled_records.js";

export interface ScalePlan {
  /** With all that they are compared with; the first ones that are lacking. */
  readonly records: readonly RecordRef[];
  readonly statistics: readonly RecordRef[];
}

const NOTHING: ScalePlan = { records: [], statistics: [] };

/** Steps whose statistics are fetched as well, being small: the shown one, and those that are likely to be next. */
const STEPS = [0, 1, -1];
const STEPS_PLAYING = [0, 1, 2, 3];

/** Enough for all requests that go at a time, and a small part of the cache, which forgets nothing that is wanted. */
const RECORDS_AT_ONCE = 96;
const BYTES_AT_ONCE = 16 * 2 ** 20;

const VALUES: Comparing = { show: "value", reference: NO_REFERENCE };

type RecordStates = (ref: RecordRef) => RecordState;

export function planScale(
  state: AppState,
  derived: Derived,
  recordState: RecordStates,
  extremes: ExtremesBook,
): ScalePlan {
  const { scale, show } = state.display;
  const comparing = { show, reference: state.reference };
  // Before it is known what a record is compared with, nothing can be made of it.
  const isLacking = (record: ScaledRecord): boolean =>
    record.key !== null && extremes.get(record) === null;
  if (!state.tabVisible) return NOTHING;
  const panels = scaledPanels(state, derived);
  const first = (records: readonly ScaledRecord[]): ScalePlan => ({
    ...NOTHING,
    records: records.length === 0 ? [] : firstOf(records, sizesOf(panels, derived, recordState)),
  });
  if (scale === "fixed") {
    const unread = panels.flatMap((panel) =>
      scaledByMember(panel, comparing, derived, scale).flatMap((each) => extremes.unread(each)),
    );
    const lacking = unread.filter(isLacking);
    return first(show === "difference" ? lacking.toSorted(byReference) : lacking);
  }
  // Before columns are laid out none is in sight, and it is not known which will be.
  if (state.columnsInSight?.size === 0) return NOTHING;
  const away = (offset: number): readonly ScaledRecord[] => {
    const pointIndex = derived.pointIndex + offset;
    return panels.flatMap((panel) => {
      const needed = new Set(
        neededMembers(panel, state, derived, pointIndex).map(({ run }) => run.run),
      );
      return recordsAway(panel, comparing, derived, needed, pointIndex).filter(isLacking);
    });
  };
  // Whole records of all runs would come too late for a step that is shown for an instant.
  if (show !== "value") return state.playing ? NOTHING : first(away(0));
  // What is here is taken down when it is shown.
  const found = (state.playing ? STEPS_PLAYING : STEPS).flatMap(away).filter(({ ref }) => {
    const record = recordState(ref);
    return record.status === "pending" || awaitsSum(ref, record);
  });
  // Maps are painted summed up, of which nothing is logged.
  return {
    ...first(found.filter(isMap)),
    statistics: found.filter((record) => !isMap(record)).map(({ ref }) => ref),
  };
}

function isMap({ ref }: ScaledRecord): boolean {
  return isMapTag(ref.tag);
}

// So that a record of the pinned run is read once, not once for each run.
function byReference(a: ScaledRecord, b: ScaledRecord): number {
  return indexOfReference(a) - indexOfReference(b);
}

function indexOfReference({ found }: ScaledRecord): number {
  return found?.status === "found" ? found.index : 0;
}

/** `sizes`: of a record of a tag, where they are known. */
function firstOf(
  records: readonly ScaledRecord[],
  sizes: ReadonlyMap<string, number>,
): readonly RecordRef[] {
  const refs = new Set<RecordRef>();
  let bytes = 0;
  for (const record of records) {
    for (const ref of withReference(record)) {
      if (refs.has(ref)) continue;
      refs.add(ref);
      bytes += sizes.get(ref.tag) ?? 0;
    }
    if (refs.size >= RECORDS_AT_ONCE || bytes >= BYTES_AT_ONCE) break;
  }
  return [...refs];
}

// Bytes with all planes, as far as records are here: those that are shown come before any of these.
function sizesOf(
  panels: readonly PanelEntry[],
  derived: Derived,
  recordState: RecordStates,
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { ref } of panels.flatMap((panel) =>
    scaledRecords(panel, VALUES, derived, "shared"),
  )) {
    const record = recordState(ref);
    if (record.status !== "ready") continue;
    const { tiles } = record;
    const bytes = payloadBytes(tiles.payload) * (lacksLowPlane(tiles) ? 2 : 1);
    sizes.set(ref.tag, Math.max(bytes, sizes.get(ref.tag) ?? 0));
  }
  return sizes;
}

function withReference({ ref, found }: ScaledRecord): readonly RecordRef[] {
  const reference = refOfReference(found);
  return reference === null ? [ref] : [ref, reference];
}

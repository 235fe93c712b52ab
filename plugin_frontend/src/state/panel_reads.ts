/**
 * What a panel takes from the records, as a list to compare: while its members are the same objects, the panel looks
 * the same. Cheap: it does not look into records. Must not know what is made of them.
 */
import type { HistogramGroup } from "../model/histogram_groups.js";
import type { PanelEntry } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import { isColumnInSight } from "./columns_in_sight.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import type { HistogramState } from "./histogram_store.js";
import { drawnRefs, frameRefs, planGroup, showsDifferences } from "./histogram_wishes.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { recordOf, referenced } from "./references.js";
import { sampleRefsOf } from "./sample_records.js";
import { scaledRecords } from "./scaled_records.js";

/**
 * Of a panel of tiles: the shown records, what they are compared with, the first ones, which numbers name, and the
 * samples, whose pictures stand beside activations.
 */
export function panelReads(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => RecordState,
  extremes: ExtremesBook,
): readonly unknown[] {
  const { show, scale } = state.display;
  const { reference } = state;
  // A scale over all steps may move with any record.
  if (scale === "fixed") return [{}];
  const pictures = sampleRefsOf(panel, derived).map(recordState);
  const members = [...panel.members, ...(panel.weights?.members ?? [])];
  const shown = members.flatMap(({ run, entry }) => {
    const match = matchAt(derived, run.run, entry.series);
    if (match.match === "none") return [];
    const at = (index: number): RecordState | null => {
      const ref = refOf(run.run, entry, index);
      return ref && recordState(ref);
    };
    const found = referenced({ show, reference }, derived, run, entry, match.index);
    return [at(match.index), recordOf(found, recordState), at(0)];
  });
  const scaled = scale === "shared" ? members : (panel.weights?.members ?? []);
  return [...shown, ...pictures, ...readsAway(scaled, state, derived, extremes)];
}

// A scale over all runs may move with what comes to be known of those out of sight.
function readsAway(
  members: PanelEntry["members"],
  state: AppState,
  derived: Derived,
  extremes: ExtremesBook,
): readonly unknown[] {
  const { show, scale } = state.display;
  const comparing = { show, reference: state.reference };
  const isAway = ({ run }: PanelEntry["members"][number]): boolean =>
    !isColumnInSight(state, derived, run.run);
  const away = members.filter(isAway);
  return scaledRecords({ members: away }, comparing, derived, scale).map((record) =>
    extremes.get(record),
  );
}

/** Of a panel of histograms: every record that its plots, axes and sparklines are made of. */
export function histogramReads(
  group: HistogramGroup,
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => HistogramState,
): readonly unknown[] {
  const drawn = drawnRefs(showsDifferences(state));
  return planGroup(group, state, derived).flatMap((series) =>
    [...frameRefs(series), ...drawn(series)].map((ref) => ref && recordState(ref)),
  );
}

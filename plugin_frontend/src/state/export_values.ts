/**
 * The values of panels at a snapshot whose records are here: what is shown of tiles, exact to the last bit, and the counts
 * of histograms and confusions as they were logged. Pure functions of the state and the records; must not know files.
 */
import type { ExportedRecord, Since } from "../model/export_arrays.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { Slot } from "../model/sections.js";
import { displayOf } from "./activations_view.js";
import { paintedRecord, refOf } from "./comparison.js";
import { matchAt } from "./derived.js";
import type { Snapshot } from "./export_reader.js";
import { type Referenced, refOfReference } from "./references.js";
import { runColumns } from "./run_columns.js";
import type { Session } from "./session.js";

/** A record of a run, or why there is none. */
export interface RecordValue {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly show: string;
  readonly value:
    | ExportedRecord
    | { readonly kind: "none"; readonly step: number; readonly why: string };
}

/** Everything that a slot shows, one for each tag of each run that has a record so early. */
export function valuesOf(slot: Slot, snapshot: Snapshot, session: Session): readonly RecordValue[] {
  const panels = slot.panels.flatMap((panel) => [panel, ...(panel.weights ? [panel.weights] : [])]);
  return panels.flatMap((panel) => {
    const ofTiles = tileValues(panel, snapshot, session);
    const others = panel.members.flatMap((member) => countValues(member, snapshot, session));
    return [...ofTiles, ...others];
  });
}

function tileValues(
  panel: PanelEntry,
  { state, derived }: Snapshot,
  session: Session,
): readonly RecordValue[] {
  const { show } = displayOf(panel, state.display);
  const members = panel.members.filter(({ entry }) => entry.kind === "tiles");
  const comparing = { show, reference: state.reference };
  const columns = runColumns(
    { ...panel, members },
    derived,
    (ref) => session.records.state(ref),
    comparing,
  );
  return columns.flatMap(
    ({ run, entry, match, record, found, reference, refused }): readonly RecordValue[] => {
      if (match.match === "none" || record === null) return [];
      const { step } = match;
      const none = (why: string): RecordValue => ({
        run,
        entry,
        show,
        value: { kind: "none", step, why },
      });
      if (record.status === "ready" && record.fineError !== null)
        return [none(`exact values could not be had: ${record.fineError}`)];
      const painted = paintedRecord(show, record, reference, refused);
      if (painted.status === "pending") return [none("it could not be read")];
      if (painted.status !== "ready") return [none(painted.message)];
      const { tiles } = painted;
      const since = found === null ? null : sinceOf(found);
      const { moment } = tiles.header;
      return [{ run, entry, show, value: { kind: "tiles", step, moment, tiles, since } }];
    },
  );
}

function sinceOf(found: Referenced): Since | null {
  const ref = refOfReference(found);
  return found.status !== "found" || ref === null ? null : { run: found.run.name, step: ref.step };
}

// Of counts no changes are written: they are exact sums already.
function countValues(
  { run, entry }: PanelEntry["members"][number],
  { derived }: Snapshot,
  session: Session,
): readonly RecordValue[] {
  if (entry.kind !== "histogram" && entry.kind !== "confusion") return [];
  const match = matchAt(derived, run.run, entry.series);
  const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
  if (ref === null) return [];
  const of = (value: RecordValue["value"]): readonly RecordValue[] => [
    { run, entry, show: "value", value },
  ];
  const { step } = ref;
  if (entry.kind === "histogram") {
    const record = session.histograms.state(ref);
    if (record.status === "failed") return of({ kind: "none", step, why: record.message });
    if (record.status !== "ready") return of({ kind: "none", step, why: "it could not be read" });
    const { histogram } = record;
    return of({ kind: "histogram", step, moment: momentOf(histogram), histogram });
  }
  const record = session.confusions.records.state(ref);
  if (record.status === "failed") return of({ kind: "none", step, why: record.message });
  if (record.status !== "ready") return of({ kind: "none", step, why: "it could not be read" });
  return of({
    kind: "confusion",
    step,
    moment: momentOf(record.confusion),
    confusion: record.confusion,
  });
}

function momentOf({ header }: { readonly header: { readonly moment: Moment } }): Moment {
  return header.moment;
}

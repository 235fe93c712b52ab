/**
 * The runs of a panel with the records that they stand at, and what these are compared with. Cheap: it does not look into
 * records. Must not know what is painted of them.
 */
import { needsLowPlane } from "../model/dequantise.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { Source } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { StepMatch } from "../model/time_axis.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { type Comparing, type Comparison, comparison } from "./references.js";

/** One run of a panel with the records that it stands at. */
export interface RunColumn extends Comparison {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly match: StepMatch;
  /** Null where the run has no record so early. */
  readonly record: RecordState | null;
  /** The shown record's own; the index knows only that of the tag's first record. */
  readonly source: Source;
}

type RecordStates = (ref: RecordRef) => RecordState;

const ALONE = "This is what is pinned, and no other shown run has it: there is no difference.";
const NOT_COMPARED: Comparison = { found: null, reference: null, refused: null };

/** The runs of a panel with their records, without looking into these: cheap enough for every move of the pointer. */
export function runColumns(
  panel: PanelEntry,
  derived: Derived,
  recordState: RecordStates,
  comparing: Comparing,
): readonly RunColumn[] {
  return panel.members.map(({ run, entry }): RunColumn => {
    const match = matchAt(derived, run.run, entry.series);
    const at = (index: number): RecordState | null => {
      const ref = refOf(run.run, entry, index);
      return ref === null ? null : recordState(ref);
    };
    const record = match.match === "none" ? null : at(match.index);
    const compared =
      match.match === "none" || record === null
        ? NOT_COMPARED
        : comparison(comparing, derived, { run, entry }, match.index, record, recordState);
    return {
      run,
      entry,
      match,
      record: record && paintable(record),
      ...compared,
      refused: isAlone(panel, comparing) ? ALONE : compared.refused,
      source: record?.status === "ready" ? record.tiles.header.source : entry.source,
    };
  });
}

// Not so at a pinned point, which the timeline may leave: then the zeros there are one moment of many.
function isAlone({ members }: PanelEntry, { show, reference }: Comparing): boolean {
  const { run, point } = reference;
  return show === "difference" && point === null && members.every((each) => each.run.run === run);
}

// Until the sign of its infinities is here, a record cannot be painted truly.
function paintable(record: RecordState): RecordState {
  const waits =
    record.status === "ready" && record.fineError === null && needsLowPlane(record.tiles);
  return waits ? { status: "pending" } : record;
}

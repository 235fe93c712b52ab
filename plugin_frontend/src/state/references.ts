/**
 * Which record a shown one is compared with: an earlier one of its own series, or the one that is pinned; or in words
 * why there is none. Pure functions of the state and the index; must not know what is painted.
 */
import { whyIncomparable } from "../model/comparable.js";
import type { Show } from "../model/display.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { NO_REFERENCE, type Reference } from "../model/reference.js";
import { isOfAxis, type Point } from "../model/time_axis.js";
import { type Compared, referenceIndex, refOf } from "./comparison.js";
import { type Derived, matchAtPoint } from "./derived.js";
import type { RecordRef, RecordState } from "./record_store.js";

/** What of the state a comparison follows. */
export interface Comparing {
  readonly show: Show;
  readonly reference: Reference;
}

export type Referenced =
  /** The record at an index of an entry, which may be the shown one itself. */
  | {
      readonly status: "found";
      readonly run: RunEntry;
      readonly entry: TagEntry;
      readonly index: number;
      /** True where the run lacks what is pinned, and this is its nearest earlier record. */
      readonly isEarlier: boolean;
    }
  /** Nothing is known before the timelines are here. */
  | { readonly status: "pending" }
  | { readonly status: "absent"; readonly message: string };

/** What the record at an index of a run's series is compared with. `point`: where the timeline stands. */
export function referenced(
  { show, reference }: Comparing,
  derived: Derived,
  run: RunEntry,
  entry: TagEntry,
  index: number,
  point: Point | null = derived.point,
): Referenced {
  if (show !== "difference") {
    return { status: "found", run, entry, index: referenceIndex(index, show), isEarlier: false };
  }
  const other = reference.run === null ? run : derived.pinnedRun;
  if (other === null) return absent(`the pinned run ${derived.pinnedName} is not in this log`);
  const its = other === run ? entry : entryLike(entry, other);
  if (its === undefined) return absent(`${other.name} has not logged ${entry.tag}`);
  const at = reference.point ?? point;
  if (at !== null && !isOfAxis(at, derived.axis)) return { status: "pending" };
  const match = matchAtPoint(derived, other.run, its.series, at);
  if (match.match === "none") return absent(`${other.name} has nothing so early`);
  const isEarlier = match.match === "earlier";
  return { status: "found", run: other, entry: its, index: match.index, isEarlier };
}

/** What a record is compared with. `refused`: why it cannot be; both are null where values are shown. */
export interface Comparison {
  readonly found: Referenced | null;
  readonly reference: RecordState | null;
  readonly refused: string | null;
}

/** `referenced` with its record, as far as it is here; see there. `shown`: the record at the index. */
export function comparison(
  comparing: Comparing,
  derived: Derived,
  { run, entry }: { readonly run: RunEntry; readonly entry: TagEntry },
  index: number,
  shown: RecordState,
  recordState: (ref: RecordRef) => RecordState,
  point: Point | null = derived.point,
): Comparison {
  if (comparing.show === "value") return { found: null, reference: null, refused: null };
  const found = referenced(comparing, derived, run, entry, index, point);
  const reference = recordOf(found, recordState);
  return { found, reference, refused: whyRefused(comparing, run, shown, found, reference) };
}

/** Why a record has no difference to another, as far as both are here; null where it has one. */
export function whyRefused(
  { show }: Comparing,
  run: RunEntry,
  shown: Compared,
  found: Referenced,
  reference: Compared | null,
): string | null {
  if (found.status === "absent") return found.message;
  if (shown.status !== "ready" || reference?.status !== "ready") return null;
  const where =
    found.status === "found" && found.run !== run ? `in ${found.run.name}` : "at that step";
  const why = whyIncomparable(shown.tiles.header, reference.tiles.header, where);
  const nothing = show === "difference" ? "No difference" : "No change";
  return why && `${nothing}: ${why}.`;
}

/** The record that another is compared with, where there is one. */
export function recordOf(
  found: Referenced,
  recordState: (ref: RecordRef) => RecordState,
): RecordState | null {
  const ref = refOfReference(found);
  return ref === null ? null : recordState(ref);
}

export function refOfReference(found: Referenced | null): RecordRef | null {
  return found?.status === "found" ? refOf(found.run.run, found.entry, found.index) : null;
}

/** True where a record is its own reference. */
export function isOwnReference(found: Referenced, entry: TagEntry, index: number): boolean {
  return found.status === "found" && found.entry === entry && found.index === index;
}

/**
 * What is pinned where differences are asked for and nothing is: of several runs the first of those that have most panels
 * in common with others, since only these show differences; of one run the shown point.
 */
export function sensibleReference({ runs, point, panels }: Derived): Reference {
  if (runs.length < 2) return { ...NO_REFERENCE, point };
  const shared = new Map(runs.map((run) => [run, 0]));
  for (const { members } of panels)
    for (const { run } of members) shared.set(run, (shared.get(run) ?? 0) + members.length - 1);
  const [first] = [...shared].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { ...NO_REFERENCE, run: first.run };
}

const entries = new WeakMap<RunEntry, ReadonlyMap<string, TagEntry>>();

// Looked for in every record of a scale over all steps.
function entryLike({ tag, kind }: TagEntry, run: RunEntry): TagEntry | undefined {
  let known = entries.get(run);
  if (known === undefined) {
    known = new Map(run.tags.map((each) => [`${each.kind} ${each.tag}`, each]));
    entries.set(run, known);
  }
  return known.get(`${kind} ${tag}`);
}

function absent(why: string): Referenced {
  return { status: "absent", message: `No difference: ${why}.` };
}

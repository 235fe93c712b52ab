/**
 * Which records the scale of a panel is made of, and what each is compared with: those of all steps where it is fixed over
 * them, else those at the shown point. Pure functions of the state and the index, but for what is remembered; must not
 * know extremes.
 */
import type { Scale } from "../model/display.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import { comparePoints, type Point } from "../model/time_axis.js";
import { refOf, refsOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import { type RecordRef, recordKey } from "./record_store.js";
import { type Comparing, type Referenced, referenced, refOfReference } from "./references.js";

export interface ScaledRecord {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  /** In the entry's series. */
  readonly index: number;
  readonly ref: RecordRef;
  /** Null where values are shown. */
  readonly found: Referenced | null;
  /** Of the records that its extremes follow from; null while what it is compared with is not known, or is nothing. */
  readonly key: string | null;
}

type Members = Pick<PanelEntry, "members">;

/** The records of a panel that have a say in its scale; at the point of an index, unless the scale is fixed. */
export function scaledRecords(
  panel: Members,
  comparing: Comparing,
  derived: Derived,
  scale: Scale,
  pointIndex = derived.pointIndex,
): readonly ScaledRecord[] {
  return scaledByMember(panel, comparing, derived, scale, pointIndex).flat();
}

/** The same by member; where the scale is fixed they are the same objects until something makes them others. */
export function scaledByMember(
  { members }: Members,
  comparing: Comparing,
  derived: Derived,
  scale: Scale,
  pointIndex = derived.pointIndex,
): readonly (readonly ScaledRecord[])[] {
  return members.map(({ run, entry }) => {
    if (scale === "fixed") return ofAllSteps(run, entry, comparing, derived);
    const match = matchAt(derived, run.run, entry.series, pointIndex);
    const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
    return ref === null || match.match === "none"
      ? []
      : [scaled(run, entry, match.index, ref, comparing, derived, derived.points[pointIndex])];
  });
}

/** Those of runs out of sight, where all runs share a scale at the shown point. `needed`: the runs that are not. */
export function recordsAway(
  panel: Members,
  comparing: Comparing,
  derived: Derived,
  needed: ReadonlySet<string>,
  pointIndex = derived.pointIndex,
): readonly ScaledRecord[] {
  const members = panel.members.filter(({ run }) => !needed.has(run.run));
  return scaledRecords({ members }, comparing, derived, "shared", pointIndex);
}

function scaled(
  run: RunEntry,
  entry: TagEntry,
  index: number,
  ref: RecordRef,
  comparing: Comparing,
  derived: Derived,
  point: Point | null = null,
): ScaledRecord {
  if (comparing.show === "value")
    return { run, entry, index, ref, found: null, key: recordKey(ref) };
  const found = referenced(comparing, derived, run, entry, index, point);
  const reference = refOfReference(found);
  const key = reference && `${recordKey(ref)} ${recordKey(reference)}`;
  return { run, entry, index, ref, found, key };
}

interface Remembered {
  readonly of: readonly unknown[];
  readonly records: readonly ScaledRecord[];
}

/** Some thousands of a panel, looked through whenever anything moves or comes. */
const remembered = new WeakMap<TagEntry, Remembered>();

function ofAllSteps(
  run: RunEntry,
  entry: TagEntry,
  comparing: Comparing,
  derived: Derived,
): readonly ScaledRecord[] {
  const { show, reference } = comparing;
  const { pinnedRun, runPoints, points } = derived;
  const of =
    show === "difference" ? [show, reference, pinnedRun, runPoints, points] : ([show] as const);
  const known = remembered.get(entry);
  if (known?.of.every((each, place) => each === of[place])) return known.records;
  const shownAt = pointsShowing(run, entry, comparing, derived);
  const records = refsOf(run.run, entry).flatMap((ref, index) => {
    const pairs = (shownAt[index] ?? []).map((point) =>
      scaled(run, entry, index, ref, comparing, derived, point),
    );
    return pairs.filter(({ key }, place) => place === 0 || key !== pairs[place - 1]?.key);
  });
  remembered.set(entry, { of, records });
  return records;
}

/**
 * Of each record, the points at which it may be compared with something else: its own, and where the pinned run follows
 * the timeline, those at which the record still is shown, being the nearest earlier one.
 */
function pointsShowing(
  run: RunEntry,
  { series }: TagEntry,
  { show, reference }: Comparing,
  { runPoints, points }: Derived,
): readonly (readonly (Point | null)[])[] {
  const placed = runPoints.get(run.run);
  const own = series.steps.map((step) => placed?.get(step) ?? null);
  if (show !== "difference" || reference.point !== null) return own.map((point) => [point]);
  let at = 0;
  return own.map((point, index) => {
    if (point === null) return [point];
    const next = own[index + 1] ?? null;
    const shown: Point[] = [point];
    for (; at < points.length; at++) {
      const each = points[at] as Point;
      if (next !== null && comparePoints(each, next) >= 0) break;
      if (comparePoints(each, point) > 0) shown.push(each);
    }
    return shown;
  });
}

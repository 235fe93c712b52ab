/**
 * Which records the scale of a panel is made of, and what each is compared with: those of all steps where it is fixed over
 * them, else those at the shown point. Pure functions of the state and the index; must not know extremes.
 */
import type { Scale } from "../model/display.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { Point } from "../model/time_axis.js";
import { refOf, refsOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { RecordRef } from "./record_store.js";
import { type Comparing, type Referenced, referenced } from "./references.js";

export interface ScaledRecord {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  /** In the entry's series. */
  readonly index: number;
  readonly ref: RecordRef;
  /** Null where values are shown. */
  readonly found: Referenced | null;
}

/** The records of a panel that have a say in its scale; at the point of an index, unless the scale is fixed. */
export function scaledRecords(
  { members }: Pick<PanelEntry, "members">,
  comparing: Comparing,
  derived: Derived,
  scale: Scale,
  pointIndex = derived.pointIndex,
): readonly ScaledRecord[] {
  return members.flatMap(({ run, entry }) => {
    const record = (index: number, ref: RecordRef, point: Point | null): ScaledRecord => {
      const isValue = comparing.show === "value";
      const found = isValue ? null : referenced(comparing, derived, run, entry, index, point);
      return { run, entry, index, ref, found };
    };
    if (scale === "fixed") {
      const points = derived.runPoints.get(run.run);
      return refsOf(run.run, entry).map((ref, index) =>
        record(index, ref, points?.get(ref.step) ?? null),
      );
    }
    const match = matchAt(derived, run.run, entry.series, pointIndex);
    const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
    return ref === null || match.match === "none"
      ? []
      : [record(match.index, ref, derived.points[pointIndex] ?? null)];
  });
}

/** Those of runs out of sight, where all runs share a scale at the shown point. `needed`: the runs that are not. */
export function recordsAway(
  panel: Pick<PanelEntry, "members">,
  comparing: Comparing,
  derived: Derived,
  needed: ReadonlySet<string>,
  pointIndex = derived.pointIndex,
): readonly ScaledRecord[] {
  const members = panel.members.filter(({ run }) => !needed.has(run.run));
  return scaledRecords({ members }, comparing, derived, "shared", pointIndex);
}

/**
 * What is known of runs out of sight, so that a scale that all runs share is the same wherever one has scrolled. Knows
 * the book of extremes; must not know what is painted.
 */
import type { Extremes } from "../model/ranges.js";
import type { PanelEntry } from "../model/runs.js";
import type { Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import type { Comparing } from "./references.js";
import { recordsAway } from "./scaled_records.js";

/** The extremes at the shown point by run, of the runs that are out of sight. `needed`: those that are not. */
export function extremesAway(
  panel: PanelEntry,
  comparing: Comparing,
  derived: Derived,
  needed: ReadonlySet<string>,
  extremes: ExtremesBook,
): ReadonlyMap<string, Extremes> {
  return new Map(
    recordsAway(panel, comparing, derived, needed).flatMap((record) => {
      const known = extremes.get(record);
      return known === null ? [] : [[record.run.run, known] as const];
    }),
  );
}

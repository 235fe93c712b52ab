/**
 * A scale that is fixed over all steps: the extremes it is made of, and how many steps these are of. Knows the book of
 * extremes; must not know what is painted.
 */
import type { Extremes } from "../model/ranges.js";
import type { PanelEntry } from "../model/runs.js";
import type { Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import type { Comparing } from "./references.js";
import { scaledRecords } from "./scaled_records.js";

/** How much of a scale that is fixed over all steps is known. */
export interface ScaleProgress {
  readonly read: number;
  readonly of: number;
}

/** What is known of all records of a panel. A step is read once all is known that its records make. */
export function scaleOverSteps(
  panel: PanelEntry,
  comparing: Comparing,
  derived: Derived,
  extremes: ExtremesBook,
): { readonly known: readonly Extremes[]; readonly progress: ScaleProgress } {
  const known: Extremes[] = [];
  const steps = new Map<number, boolean>();
  for (const record of scaledRecords(panel, comparing, derived, "fixed")) {
    const { step } = record.ref;
    const found = extremes.get(record);
    if (found !== null) known.push(found);
    steps.set(step, (steps.get(step) ?? true) && extremes.isRead(record));
  }
  const read = [...steps.values()].filter((isRead) => isRead).length;
  return { known, progress: { read, of: steps.size } };
}

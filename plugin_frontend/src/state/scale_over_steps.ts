/**
 * A scale that is fixed over all steps: the extremes it is made of, and how many steps these are of. Knows the book of
 * extremes; must not know what is painted.
 */
import type { Extremes } from "../model/ranges.js";
import type { PanelEntry } from "../model/runs.js";
import { refsOf } from "./comparison.js";
import type { ExtremesBook } from "./extremes_book.js";
import type { Comparing } from "./references.js";

/** How much of a scale that is fixed over all steps is known. */
export interface ScaleProgress {
  readonly read: number;
  readonly of: number;
}

/** What is known of all records of a panel. A step counts as read once it is known of all runs that have it. */
export function scaleOverSteps(
  { members }: PanelEntry,
  comparing: Comparing,
  extremes: ExtremesBook,
): { readonly known: readonly Extremes[]; readonly progress: ScaleProgress } {
  const known: Extremes[] = [];
  const steps = new Map<number, boolean>();
  for (const { run, entry } of members) {
    for (const ref of refsOf(run.run, entry)) {
      const found = extremes.get(ref, comparing);
      if (found !== null) known.push(found);
      steps.set(ref.step, (steps.get(ref.step) ?? true) && found !== null);
    }
  }
  const read = [...steps.values()].filter((isRead) => isRead).length;
  return { known, progress: { read, of: steps.size } };
}

/**
 * Which panels are confusions, and where the pictures of their samples are. Knows tags and the index; must not know
 * records.
 */
import type { RunEntry, TagEntry } from "./parse_index.js";
import type { PanelEntry } from "./runs.js";

export const CONFUSION = "confusion";

/** True for a card of a confusion, whose members are the runs that have it. */
export function isConfusionCard({ kind }: Pick<PanelEntry, "kind">): boolean {
  return kind === CONFUSION;
}

/** The samples' pictures stand in the cards of confusions, never in a panel of their own. */
export function isConfusionPictures({ view, kind }: Pick<TagEntry, "view" | "kind">): boolean {
  return view === CONFUSION && kind === "tiles";
}

/** The pictures of the samples that a run's confusion names; null where there are none. */
export function picturesEntry(run: RunEntry, tag: string): TagEntry | null {
  return run.tags.find((entry) => entry.tag === `${tag}/samples` && entry.kind === "tiles") ?? null;
}

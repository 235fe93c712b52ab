/**
 * Runs that were shown the same samples: their pictures are shown once. Knows the index; must not know records.
 */
import type { RunEntry, TagEntry } from "./parse_index.js";
import { isSamplesPanel, type PanelEntry } from "./runs.js";

/** A run of a panel, and the later ones whose samples are the same. */
export interface SharedMember {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly sharedBy: readonly RunEntry[];
}

/** The members of a panel; of samples, one for all runs with the same. Samples that change in a run are its own. */
export function sharedMembers(panel: PanelEntry): readonly SharedMember[] {
  const found: { run: RunEntry; entry: TagEntry; sharedBy: RunEntry[] }[] = [];
  const byDigest = new Map<string, RunEntry[]>();
  for (const { run, entry } of panel.members) {
    const digest = entry.series.steps.length === 1 ? entry.source.samplesDigest : null;
    const known = digest === null ? undefined : byDigest.get(digest);
    if (known !== undefined && isSamplesPanel(panel)) {
      known.push(run);
      continue;
    }
    const sharedBy: RunEntry[] = [];
    found.push({ run, entry, sharedBy });
    if (digest !== null) byDigest.set(digest, sharedBy);
  }
  return found;
}

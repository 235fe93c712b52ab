/** What the log says of itself: notices and what could not be read. Knows the index only. */
import type { RunEntry, SkippedEntry } from "./parse_index.js";

export interface NoticeGroup {
  readonly view: string;
  readonly layer: string;
  readonly message: string;
  readonly runs: readonly string[];
}

/** The notices of the runs, equal ones told once with the runs that have them. */
export function groupNotices(runs: readonly RunEntry[]): readonly NoticeGroup[] {
  const groups = new Map<string, { notice: Omit<NoticeGroup, "runs">; runs: Set<string> }>();
  for (const { name, notices } of runs) {
    for (const { view, layer, message } of notices) {
      const key = JSON.stringify([view, layer, message]);
      const group = groups.get(key) ?? { notice: { view, layer, message }, runs: new Set() };
      group.runs.add(name);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ notice, runs: names }) => ({ ...notice, runs: [...names] }));
}

/** The notices by view, in the order in which views first say something. */
export function noticesByView(
  notices: readonly NoticeGroup[],
): readonly { readonly view: string; readonly notices: readonly NoticeGroup[] }[] {
  const views = new Map<string, NoticeGroup[]>();
  for (const notice of notices) {
    const ofView = views.get(notice.view);
    if (ofView === undefined) views.set(notice.view, [notice]);
    else ofView.push(notice);
  }
  return [...views].map(([view, ofView]) => ({ view, notices: ofView }));
}

export interface SkippedOfRun extends SkippedEntry {
  readonly run: string;
}

/** What could not be read, with the run it belongs to. */
export function skippedOf(runs: readonly RunEntry[]): readonly SkippedOfRun[] {
  return runs.flatMap(({ name, skipped }) => skipped.map((entry) => ({ ...entry, run: name })));
}

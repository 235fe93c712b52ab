/** What the log says of itself: notices and what could not be read. Knows the index only. */
import { formatCount } from "./format.js";
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

/**
 * What a user can do something about, told by the words that the log uses for it: views that were switched off, a budget
 * that cuts, a start of training that was missed, a disk that is full. The others only explain what is shown.
 */
const ASKS_FOR_ACTION =
  /switched off|budget|before training is not available|could not be (written|logged)/i;

export function asksForAction({ message }: Pick<NoticeGroup, "message">): boolean {
  return ASKS_FOR_ACTION.test(message);
}

/** The notices with those first that ask for something to be done, then those on the view that is shown. */
export function sortNotices(notices: readonly NoticeGroup[], view: string): readonly NoticeGroup[] {
  const rank = (notice: NoticeGroup): number =>
    2 * Number(asksForAction(notice)) + Number(notice.view === view);
  return notices.toSorted((a, b) => rank(b) - rank(a));
}

/** `3 notices`, and how many of them are on the view that is shown: `3 notices on templates`, `3 notices, 1 on weights`. */
export function noticesText(notices: readonly NoticeGroup[], view: string): string {
  const all = formatCount(notices.length, "notice");
  const ofView = notices.filter((notice) => notice.view === view).length;
  if (ofView === 0) return all;
  return ofView === notices.length ? `${all} on ${view}` : `${all}, ${ofView} on ${view}`;
}

export interface SkippedOfRun extends SkippedEntry {
  readonly run: string;
}

/** What could not be read, with the run it belongs to. */
export function skippedOf(runs: readonly RunEntry[]): readonly SkippedOfRun[] {
  return runs.flatMap(({ name, skipped }) => skipped.map((entry) => ({ ...entry, run: name })));
}

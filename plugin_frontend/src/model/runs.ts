/**
 * Which runs are shown, in what colour, and which panels they make together. Knows the index and the user's choices;
 * must not know records.
 */
import type { Index, RunEntry, Series, TagEntry } from "./parse_index.js";

/** Distinct for colour-blind readers; taken in the order in which runs were first seen. */
export const RUN_COLOURS = [
  "#0077bb",
  "#ff7043",
  "#33bbee",
  "#009988",
  "#ee3377",
  "#cc3311",
  "#bbbbbb",
] as const;

/** Runs that are ticked before the user has chosen: more than these side by side leave no room to see. */
const DEFAULT_SELECTED = 4;

export type RunFilter =
  | { readonly valid: true; readonly matches: (name: string) => boolean }
  | { readonly valid: false; readonly message: string };

/** A case-insensitive regular expression over run names; one that does not parse is a state to show. */
export function parseRunFilter(text: string): RunFilter {
  try {
    const pattern = new RegExp(text, "i");
    return { valid: true, matches: (name) => pattern.test(name) };
  } catch (error) {
    return { valid: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Colour numbers for all runs: those given before stay, new runs take the next ones. */
export function assignColours(
  before: ReadonlyMap<string, string>,
  runs: readonly RunEntry[],
): ReadonlyMap<string, string> {
  const colours = new Map(before);
  for (const { run } of runs) {
    const next = RUN_COLOURS[colours.size % RUN_COLOURS.length];
    if (!colours.has(run) && next !== undefined) colours.set(run, next);
  }
  return colours;
}

/** Whether a run is ticked: as the user said, else the first few are. */
export function isSelected(
  index: Index,
  choices: ReadonlyMap<string, boolean>,
  run: string,
): boolean {
  return choices.get(run) ?? index.runs.findIndex((entry) => entry.run === run) < DEFAULT_SELECTED;
}

/** Ticked runs whose names pass the filter; with an invalid filter, all ticked runs. */
export function shownRuns(
  index: Index,
  choices: ReadonlyMap<string, boolean>,
  filter: RunFilter,
): readonly RunEntry[] {
  return index.runs.filter(
    ({ run, name }) => isSelected(index, choices, run) && (!filter.valid || filter.matches(name)),
  );
}

/** The series that tells most of a run; one that TensorBoard has sampled before one that is whole. */
export function longestSeries(run: RunEntry): Series | null {
  const size = ({ steps, logged }: Series): number => Math.max(steps.length, logged ?? 0);
  return run.series.toSorted((a, b) => size(b) - size(a))[0] ?? null;
}

/** A panel: one tag and the shown runs that have it, in the order of the runs. */
export interface PanelEntry {
  readonly tag: string;
  readonly members: readonly { readonly run: RunEntry; readonly entry: TagEntry }[];
}

/**
 * The panels of a view in network order. Tags of later runs that the first run lacks stand after the tag that
 * precedes them in their own run, so that a deeper network's layers do not all end up at the bottom.
 */
export function panelsOf(runs: readonly RunEntry[], view: string): readonly PanelEntry[] {
  const order: string[] = [];
  const members = new Map<string, { run: RunEntry; entry: TagEntry }[]>();
  for (const run of runs) {
    let place = 0;
    for (const entry of run.tags) {
      if (entry.view !== view || entry.kind !== "tiles") continue;
      const known = members.get(entry.tag);
      if (known === undefined) {
        order.splice(place, 0, entry.tag);
        members.set(entry.tag, [{ run, entry }]);
        place += 1;
      } else {
        known.push({ run, entry });
        place = order.indexOf(entry.tag) + 1;
      }
    }
  }
  return order.map((tag) => ({ tag, members: members.get(tag) ?? [] }));
}

/** Views that exist in the data, with their number of distinct tags. */
export function viewCounts(runs: readonly RunEntry[]): ReadonlyMap<string, number> {
  const tags = new Map<string, Set<string>>();
  for (const { tags: entries } of runs) {
    for (const { view, tag, kind } of entries) {
      if (kind === "tiles") tags.set(view, (tags.get(view) ?? new Set()).add(tag));
    }
  }
  return new Map([...tags].map(([view, names]) => [view, names.size]));
}

/**
 * Which runs are shown, and which panels they make together. Knows the index and the user's choices;
 * must not know records.
 */
import { withAttributionCards } from "./attribution_cards.js";
import { withClassWeights } from "./class_weights.js";
import { CONFUSION, isConfusionPictures } from "./confusion_cards.js";
import type { Index, RunEntry, Series, TagEntry } from "./parse_index.js";

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

const LONG_NAME = 24;
const NAME_END = 12;

/** A long name in two parts, of which the second is always to be seen; empty for a name that is not long. */
export function splitName(name: string): readonly [head: string, tail: string] {
  const letters = [...name];
  if (letters.length <= LONG_NAME) return [name, ""];
  return [letters.slice(0, -NAME_END).join(""), letters.slice(-NAME_END).join("")];
}

/** What the user has ticked or unticked, and what holds for the other runs, each by run. */
export interface Ticks {
  readonly runChoices: ReadonlyMap<string, boolean>;
  readonly runDefaults: ReadonlyMap<string, boolean>;
}

/**
 * Defaults for all runs: those given before stay, so that a reload never unticks a run that is being looked at. New
 * runs are ticked while fewer than four of the index are.
 */
export function assignDefaults(
  before: Ticks,
  runs: readonly RunEntry[],
): ReadonlyMap<string, boolean> {
  const defaults = new Map(before.runDefaults);
  let free = DEFAULT_SELECTED - runs.filter(({ run }) => isSelected(before, run)).length;
  for (const { run } of runs) {
    if (defaults.has(run)) continue;
    defaults.set(run, free > 0);
    free -= 1;
  }
  return defaults;
}

/** Defaults as in a browser that knows nothing but these choices. */
export function firstDefaults(
  runChoices: Ticks["runChoices"],
  runs: readonly RunEntry[],
): ReadonlyMap<string, boolean> {
  return assignDefaults({ runChoices, runDefaults: new Map() }, runs);
}

/** Whether a run is ticked: as the user said, else by the default that it got when it was first seen. */
export function isSelected({ runChoices, runDefaults }: Ticks, run: string): boolean {
  return runChoices.get(run) ?? runDefaults.get(run) ?? false;
}

/**
 * Choices that tick the same runs where nothing else is known, as in a link: those of the user where they are enough,
 * else all ticked runs, else what holds for every run. Fewer are not enough where ticks have been added to four, or where
 * runs have come that would have been among the first four.
 */
export function choicesThatReopen(
  ticks: Ticks,
  runs: readonly RunEntry[],
): ReadonlyMap<string, boolean> {
  const here = runs.map(({ run }) => [run, isSelected(ticks, run)] as const);
  const reopens = (runChoices: ReadonlyMap<string, boolean>): boolean => {
    const runDefaults = firstDefaults(runChoices, runs);
    return here.every(([run, ticked]) => isSelected({ runChoices, runDefaults }, run) === ticked);
  };
  // Of runs that are not here, which may come back, what has been said of them is kept.
  const names = new Set(here.map(([run]) => run));
  const absent = [...ticks.runChoices].filter(([run]) => !names.has(run));
  const ticked = new Map([...absent, ...here.filter(([, isTicked]) => isTicked)]);
  return [ticks.runChoices, ticked].find(reopens) ?? new Map([...absent, ...here]);
}

/** Ticked runs whose names pass the filter; with an invalid filter, all ticked runs. */
export function shownRuns(index: Index, ticks: Ticks, filter: RunFilter): readonly RunEntry[] {
  return index.runs.filter(
    ({ run, name }) => isSelected(ticks, run) && (!filter.valid || filter.matches(name)),
  );
}

/** What a run is called on screen, also one that is not in the log any more: then as the server would call it. */
export function runName(runs: readonly RunEntry[], run: string): string {
  const short = run.replace(/(.)\/nnviz$/, "$1");
  const own = runs.find((each) => each.run === run);
  return own?.name ?? (runs.some(({ name }) => name === short) ? run : short);
}

/**
 * The series that tells most of a run; one that TensorBoard has sampled before one that is whole. Pictures of samples
 * are no steps of it: a file that opens without a server has them all, however few steps it has.
 */
export function longestSeries(run: RunEntry): Series | null {
  const told = new Set(run.series);
  for (const entry of run.tags) if (isConfusionPictures(entry)) told.delete(entry.series);
  for (const entry of run.tags) if (!isConfusionPictures(entry)) told.add(entry.series);
  const size = ({ steps, logged }: Series): number => Math.max(steps.length, logged ?? 0);
  return [...told].sort((a, b) => size(b) - size(a))[0] ?? null;
}

/** Kinds of records that a panel can show. */
const SHOWN_KINDS: ReadonlySet<string> = new Set(["tiles", "histogram", "graph", CONFUSION]);

function isShown(entry: TagEntry): boolean {
  return SHOWN_KINDS.has(entry.kind) && !isConfusionPictures(entry);
}

/** Views in the order of the rail; others follow, as they come. */
const VIEW_ORDER = [
  "weights",
  "histograms",
  "activations",
  "top_samples",
  "templates",
  "attributions",
  "confusion",
  "graph",
];

/** The view that shows a tag. The samples stand among the activations: they are what the first layer sees. */
export function viewOf({ view }: Pick<TagEntry, "view">): string {
  return view === "samples" ? "activations" : view;
}

/** A panel: one tag, or a card of several, and the shown runs that have it, in the order of the runs. */
export interface PanelEntry {
  readonly tag: string;
  /** Of the records: `tiles`, `histogram`, `graph`, `confusion`; `attributions` for a card, which joins several tags. */
  readonly kind: string;
  readonly members: readonly { readonly run: RunEntry; readonly entry: TagEntry }[];
  /** Of the templates of hidden units: the weights of classes onto these, which are shown below them. */
  readonly weights?: PanelEntry;
}

/** True for a panel of the samples themselves. */
export function isSamplesPanel({ members }: PanelEntry): boolean {
  return members.some(({ entry }) => entry.view === "samples");
}

/** True for a panel of what a layer makes of the samples. */
export function isActivationsPanel({ members }: PanelEntry): boolean {
  return members.some(({ entry }) => entry.view === "activations");
}

/**
 * The panels of a view in network order. Tags of later runs that the first run lacks stand after the tag that
 * precedes them in their own run, so that a deeper network's layers do not all end up at the bottom. Those that nothing
 * known precedes stand before the first tag that the runs have in common; without one, the run's tags come last. Samples
 * come before all layers.
 */
export function panelsOf(runs: readonly RunEntry[], view: string): readonly PanelEntry[] {
  const order: string[] = [];
  const members = new Map<string, { run: RunEntry; entry: TagEntry }[]>();
  for (const run of runs) {
    let place: number | null = null;
    const leading: string[] = [];
    for (const entry of run.tags) {
      if (viewOf(entry) !== view || !isShown(entry)) continue;
      const known = members.get(entry.tag);
      if (known !== undefined) {
        known.push({ run, entry });
        if (place === null) order.splice(order.indexOf(entry.tag), 0, ...leading);
        place = order.indexOf(entry.tag) + 1;
        continue;
      }
      members.set(entry.tag, [{ run, entry }]);
      if (place === null) {
        leading.push(entry.tag);
      } else {
        order.splice(place, 0, entry.tag);
        place += 1;
      }
    }
    if (place === null) order.push(...leading);
  }
  const panels = order.map((tag) => {
    const ofTag = members.get(tag) ?? [];
    return { tag, kind: ofTag[0]?.entry.kind ?? "", members: ofTag };
  });
  return withClassWeights(
    withAttributionCards([
      ...panels.filter((panel) => isSamplesPanel(panel)),
      ...panels.filter((panel) => !isSamplesPanel(panel)),
    ]),
  );
}

/**
 * Views that exist in the data, with the number of panels that the shown runs make in them. A view that only other
 * runs have stays in the list, at 0: what can be chosen does not depend on what is ticked.
 */
export function viewCounts(
  all: readonly RunEntry[],
  shown: readonly RunEntry[],
): ReadonlyMap<string, number> {
  const entries = all.flatMap(({ tags }) => tags.filter(isShown));
  const views = [...new Set(entries.map(viewOf))];
  const rank = (view: string): number => {
    const place = VIEW_ORDER.indexOf(view);
    return place < 0 ? VIEW_ORDER.length : place;
  };
  views.sort((a, b) => rank(a) - rank(b));
  return new Map(views.map((view) => [view, panelsOf(shown, view).length]));
}

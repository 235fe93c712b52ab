/**
 * Which records a file that opens without a server needs, so that some panels show the same in it at some points of the
 * timeline. Pure functions of the state and the index; must not know how they are read.
 */
import { ATTRIBUTIONS } from "../model/attribution_cards.js";
import { isConfusionPictures } from "../model/confusion_cards.js";
import { formatCount } from "../model/format.js";
import type { KeptSteps } from "../model/offline_contents.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { type PanelEntry, viewOf } from "../model/runs.js";
import type { Point } from "../model/time_axis.js";
import { relatedTags } from "../model/units.js";
import type { AppState } from "./app_state.js";
import { refsOf } from "./comparison.js";
import { type Derived, matchAtPoint } from "./derived.js";
import type { RecordRef } from "./record_cache.js";

export interface OfflineChoice {
  readonly panels: readonly PanelEntry[];
  /** The points to choose from. */
  readonly timeline: readonly Point[];
  /** Of these, ascending, without gaps. */
  readonly points: readonly Point[];
  /** All steps of all panels, and of what goes with them. */
  readonly isEveryStep: boolean;
}

export interface OfflineSelection {
  /** Those that have any of the panels. */
  readonly runs: readonly RunEntry[];
  readonly items: readonly RecordRef[];
  readonly kept: KeptSteps;
  readonly entries: readonly OfflineEntry[];
  /** What of the log is in the file, where that is not all. */
  readonly remarks: readonly string[];
}

/** A tag of a run, and how many of its records are kept. */
export interface OfflineEntry {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly records: number;
}

/** The shown runs, and the pinned one; of each the tags that the panels show, and their records at the points. */
export function selectOffline(
  choice: OfflineChoice,
  state: AppState,
  derived: Derived,
): OfflineSelection {
  const { pinnedRun } = derived;
  const runs = [...new Set([...derived.runs, ...(pinnedRun === null ? [] : [pinnedRun])])];
  const isShown = shownTags(choice.panels, state, derived);
  const steps = new Map<string, ReadonlySet<number>>();
  const entries: OfflineEntry[] = [];
  const items = runs.flatMap((run) =>
    run.tags.filter(isShown).flatMap((entry) => {
      const kept = keptSteps(run.run, entry, choice, state, derived);
      steps.set(keyOf(run.run, entry.tag), kept);
      entries.push({ run, entry, records: kept.size });
      return refsOf(run.run, entry).filter(({ step }) => kept.has(step));
    }),
  );
  const having = new Set(entries.map(({ run }) => run));
  return {
    runs: runs.filter((run) => having.has(run)),
    items,
    entries,
    kept: (run, tag) => steps.get(keyOf(run, tag)) ?? NONE,
    remarks: remarksOf(choice, derived, entries),
  };
}

const NONE: ReadonlySet<number> = new Set();

function keyOf(run: string, tag: string): string {
  return JSON.stringify([run, tag]);
}

// With a panel goes what it shows besides its own records: weights of classes, the samples, and pictures of samples.
function shownTags(
  panels: readonly PanelEntry[],
  { opened }: AppState,
  derived: Derived,
): (entry: TagEntry) => boolean {
  const own = panels.flatMap((panel) => [panel, ...(panel.weights ? [panel.weights] : [])]);
  const entries = own.flatMap(({ members }) => members.map(({ entry }) => entry));
  const tags = new Set(entries.map(({ tag }) => tag));
  // A tile in the large has beside it what its layer says of its unit elsewhere.
  if (opened !== null && tags.has(opened.tag))
    for (const tag of relatedTags(opened.tag, derived.runs).keys()) tags.add(tag);
  const hasSamples = entries.some(
    ({ view }) => view === ATTRIBUTIONS || view === "activations" || view === "confusion",
  );
  return (entry) =>
    tags.has(entry.tag) ||
    (hasSamples && entry.view === "samples") ||
    (isConfusionPictures(entry) && tags.has(entry.tag.replace(/\/samples$/, "")));
}

function keptSteps(
  run: string,
  entry: TagEntry,
  { points, isEveryStep }: OfflineChoice,
  { display, reference }: AppState,
  derived: Derived,
): ReadonlySet<number> {
  const { series } = entry;
  // A picture is logged once, at whichever step its sample was first needed.
  if (isEveryStep || isConfusionPictures(entry)) return new Set(series.steps);
  const indexAt = (point: Point | null | undefined): number | null => {
    const match = matchAtPoint(derived, run, series, point ?? null);
    return match.match === "none" ? null : match.index;
  };
  const last = indexAt(points.at(-1));
  // What changes are since, and what they were pinned to.
  const indices = new Set([0]);
  if (last !== null) {
    const first = indexAt(points[0]) ?? 0;
    const before = display.show === "change-since-previous" ? 1 : 0;
    for (let index = Math.max(0, first - before); index <= last; index++) indices.add(index);
  }
  const pinned = reference.point === null ? null : indexAt(reference.point);
  if (pinned !== null) indices.add(pinned);
  return new Set([...indices].sort((a, b) => a - b).flatMap((index) => series.steps[index] ?? []));
}

function remarksOf(
  { panels, timeline, points, isEveryStep }: OfflineChoice,
  { views, view, runs, allRuns }: Derived,
  entries: readonly OfflineEntry[],
): readonly string[] {
  const tags = new Set(panels.map(({ tag }) => tag));
  const having = new Set(entries.map(({ run }) => run));
  const shownViews = new Set(
    panels.flatMap(({ members }) => members.map(({ entry }) => viewOf(entry))),
  );
  const ofViews = [...views].filter(([each]) => shownViews.has(each));
  const allPanels = ofViews.reduce((sum, [, count]) => sum + count, 0);
  // The file has a panel for them, in a view that may not have been chosen.
  const hasSamples = entries.some(({ entry }) => entry.view === "samples" && !tags.has(entry.tag));
  const samples = hasSamples ? ", and the samples" : "";
  const isTheirs = shownViews.has("activations");
  const steps = points[0] === timeline[0] ? "" : ", and the first, which changes are since";
  return [
    ...share(
      tags.size,
      allPanels,
      "panel",
      `${shownViews.size === 1 ? ` of ${view.replaceAll("_", " ")}` : ""}${isTheirs ? samples : ""}`,
    ),
    ...share(shownViews.size, views.size, "view", isTheirs ? "" : samples),
    ...share(runs.filter((run) => having.has(run)).length, allRuns.length, "run"),
    ...(isEveryStep ? [] : share(points.length, timeline.length, "step", steps)),
  ];
}

function share(count: number, of: number, noun: string, more = ""): readonly string[] {
  return count < of ? [`${count} of ${formatCount(of, noun)}${more}`] : [];
}

/**
 * Which records a file that opens without a server needs, so that some panels show the same in it at some points of the
 * timeline. Pure functions of the state and the index; must not know how they are read.
 */
import { ATTRIBUTIONS } from "../model/attribution_cards.js";
import { isConfusionPictures } from "../model/confusion_cards.js";
import { formatCount } from "../model/format.js";
import type { KeptSteps, OfflineItem } from "../model/offline_contents.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { Point } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { type Derived, matchAt, matchAtPoint } from "./derived.js";

export interface OfflineChoice {
  readonly panels: readonly PanelEntry[];
  /** Of the timeline, ascending. */
  readonly points: readonly Point[];
}

export interface OfflineSelection {
  readonly runs: readonly RunEntry[];
  readonly items: readonly OfflineItem[];
  readonly kept: KeptSteps;
  /** What the file leaves out, in sentences. */
  readonly remarks: readonly string[];
}

/** The shown runs, and the pinned one; of each the tags that the panels show, and their records at the points. */
export function selectOffline(
  choice: OfflineChoice,
  state: AppState,
  derived: Derived,
): OfflineSelection {
  const { pinnedRun } = derived;
  const runs = [...new Set([...derived.runs, ...(pinnedRun === null ? [] : [pinnedRun])])];
  const isShown = shownTags(choice.panels);
  const steps = new Map<string, ReadonlySet<number>>();
  const items = runs.flatMap(({ run, tags }) =>
    tags.filter(isShown).flatMap((entry) => {
      const kept = keptSteps(run, entry, choice.points, state, derived);
      steps.set(keyOf(run, entry.tag), kept);
      return [...kept].map((step) => ({ run, tag: entry.tag, step }));
    }),
  );
  return {
    runs,
    items,
    kept: (run, tag) => steps.get(keyOf(run, tag)) ?? NONE,
    remarks: remarksOf(choice, derived),
  };
}

const NONE: ReadonlySet<number> = new Set();

function keyOf(run: string, tag: string): string {
  return JSON.stringify([run, tag]);
}

// With a panel goes what it shows besides its own records: weights of classes, the samples, and pictures of samples.
function shownTags(panels: readonly PanelEntry[]): (entry: TagEntry) => boolean {
  const own = panels.flatMap((panel) => [panel, ...(panel.weights ? [panel.weights] : [])]);
  const entries = own.flatMap(({ members }) => members.map(({ entry }) => entry));
  const tags = new Set(entries.map(({ tag }) => tag));
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
  points: readonly Point[],
  { display, reference }: AppState,
  derived: Derived,
): ReadonlySet<number> {
  const { series } = entry;
  // A picture is logged once, at whichever step its sample was first needed.
  if (isConfusionPictures(entry)) return new Set(series.steps);
  const matches = points.map((point) =>
    matchAt(derived, run, series, derived.points.indexOf(point)),
  );
  if (reference.point !== null) matches.push(matchAtPoint(derived, run, series, reference.point));
  const shown = matches.flatMap((match) => (match.match === "none" ? [] : [match.index]));
  const before =
    display.show === "change-since-previous" ? shown.map((index) => Math.max(0, index - 1)) : [];
  // The first record is what changes are since.
  const indices = [...new Set([0, ...before, ...shown])].sort((a, b) => a - b);
  return new Set(indices.flatMap((index) => series.steps[index] ?? []));
}

function remarksOf({ panels, points }: OfflineChoice, derived: Derived): readonly string[] {
  const { views, allPanels, view } = derived;
  const all = derived.points.length;
  return [
    ...(points.length < all
      ? [`${formatCount(points.length, "step")} of ${all}, and the first, which changes are since`]
      : []),
    ...(panels.length < allPanels.length
      ? [`${formatCount(panels.length, "panel")} of ${allPanels.length} of the view ${view}`]
      : []),
    ...(views.size > 1 ? [`the view ${view} of ${views.size}`] : []),
    ...(derived.runs.length < derived.allRuns.length
      ? [`${formatCount(derived.runs.length, "run")} of ${derived.allRuns.length}`]
      : []),
  ];
}

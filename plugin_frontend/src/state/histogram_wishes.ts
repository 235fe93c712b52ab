/**
 * Which histograms are wanted, most urgent first: of every panel in sight the shown ones, then those they are compared
 * with and the ends of the series, which fix the axis, then the neighbouring steps, then what ridges and sparklines
 * draw. Pure functions of the state; sending is the store's work.
 */
import { groupHistograms, type HistogramGroup } from "../model/histogram_groups.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { isPinned } from "../model/reference.js";
import { planSeries, type SeriesPlan } from "../model/series_plan.js";
import type { Point, StepMatch } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { HistogramState } from "./histogram_store.js";
import type { RecordRef, Wish } from "./record_cache.js";
import { type Comparing, type Referenced, referenced, refOfReference } from "./references.js";

/** A tag of a run in a histogram panel, and which of its records are drawn. */
export interface PlannedSeries {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  /** Place of the tag in its group. */
  readonly layer: number;
  readonly match: StepMatch;
  readonly plan: SeriesPlan;
  /** What the record at an index is laid over or compared with; null where it is shown alone. */
  readonly referenceAt: (index: number) => Referenced | null;
}

/** The groups of a view that shows histograms; none for panels of another kind. */
export function histogramGroups(state: AppState, derived: Derived): readonly HistogramGroup[] {
  const panels = derived.panels.filter(({ kind }) => kind === "histogram");
  return groupHistograms(panels, state.histogramDisplay.layersPerPlot);
}

/** Every tag of every run of a group: by run, then by layer. */
export function planGroup(
  { panels }: HistogramGroup,
  state: AppState,
  derived: Derived,
  pointIndex = derived.pointIndex,
): readonly PlannedSeries[] {
  const comparing = comparingOf(state);
  const point = derived.points[pointIndex] ?? null;
  const planned = panels.flatMap(({ members }, layer) =>
    members.map(({ run, entry }): PlannedSeries => {
      const { series } = entry;
      const match = matchAt(derived, run.run, series, pointIndex);
      const plan = planSeries(series.steps, match);
      // Other records than the shown one are compared at their own points.
      const pointAt = (index: number): Point | null =>
        index === plan.shown
          ? point
          : (derived.runPoints.get(run.run)?.get(series.steps[index] ?? NaN) ?? null);
      const referenceAt = (index: number): Referenced | null =>
        comparing && referenced(comparing, derived, run, entry, index, pointAt(index));
      return { run, entry, layer, match, plan, referenceAt };
    }),
  );
  const order = new Map(derived.runs.map(({ run }, index) => [run, index]));
  const place = ({ run }: PlannedSeries): number => order.get(run.run) ?? 0;
  return planned.toSorted((a, b) => place(a) - place(b) || a.layer - b.layer);
}

/** True where differences are shown. */
export function showsDifferences({ display }: AppState): boolean {
  return display.show !== "value";
}

// Values are laid over the start, or over what is pinned; in the other plots they are shown alone.
function comparingOf({ display, reference, histogramDisplay }: AppState): Comparing | null {
  if (display.show !== "value") return { show: display.show, reference };
  if (histogramDisplay.plot !== "overlay") return null;
  return { show: isPinned(reference) ? "difference" : "change-since-start", reference };
}

/** All wishes of a state. Nothing while the tab is hidden. */
export function planHistogramWishes(state: AppState, derived: Derived): readonly Wish[] {
  if (!state.tabVisible) return [];
  const groups = groupsInSight(state, derived);
  const here = groups.flatMap((group) => planGroup(group, state, derived));
  const near = [1, -1].flatMap((offset) =>
    groups.flatMap((group) => planGroup(group, state, derived, derived.pointIndex + offset)),
  );
  return distinct([
    ...wishes(here, ({ run, entry, plan }) => [indexRef(run, entry, plan.shown)], "now"),
    ...wishes(here, frameRefs, "now"),
    ...wishes(near, shownRefs, "soon"),
    ...wishes(here, drawnRefs(showsDifferences(state)), "soon"),
  ]);
}

/** True once no shown histogram is on its way: what playing waits for. */
export function areHistogramsSettled(
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => HistogramState,
): boolean {
  return groupsInSight(state, derived)
    .flatMap((group) => planGroup(group, state, derived))
    .every((series) =>
      shownRefs(series).every((ref) => ref === null || recordState(ref).status !== "pending"),
    );
}

/** What a plot waits for besides the shown record: what it is compared with, and the ends of the series. */
export function frameRefs(series: PlannedSeries): readonly (RecordRef | null)[] {
  const { run, entry, plan } = series;
  const ends = [plan.drawn[0], plan.drawn.at(-1)];
  return [
    ...shownRefs(series).slice(1),
    ...ends.map((index) => indexRef(run, entry, index ?? null)),
  ];
}

// The shown record, and what it is compared with.
function shownRefs({
  run,
  entry,
  plan,
  referenceAt,
}: PlannedSeries): readonly (RecordRef | null)[] {
  if (plan.shown === null) return [];
  return [refOf(run.run, entry, plan.shown), refOfReference(referenceAt(plan.shown))];
}

/** What ridges and sparklines are made of; of differences, also what each record is compared with. */
export function drawnRefs(
  areDifferences: boolean,
): (series: PlannedSeries) => readonly (RecordRef | null)[] {
  return ({ run, entry, plan, referenceAt }) =>
    plan.drawn.flatMap((index) => [
      refOf(run.run, entry, index),
      ...(areDifferences ? [refOfReference(referenceAt(index))] : []),
    ]);
}

function indexRef(run: RunEntry, entry: TagEntry, index: number | null): RecordRef | null {
  return index === null ? null : refOf(run.run, entry, index);
}

function groupsInSight(state: AppState, derived: Derived): readonly HistogramGroup[] {
  return histogramGroups(state, derived).filter(
    ({ tag }) => state.inSight.has(tag) && !state.collapsed.has(tag),
  );
}

function wishes(
  planned: readonly PlannedSeries[],
  refsOf: (series: PlannedSeries) => readonly (RecordRef | null)[],
  urgency: Wish["urgency"],
): readonly Wish[] {
  return planned.flatMap((series) =>
    refsOf(series).flatMap((ref): readonly Wish[] =>
      ref === null ? [] : [{ ref, part: "paint", urgency }],
    ),
  );
}

function distinct(all: readonly Wish[]): readonly Wish[] {
  const seen = new Set<RecordRef>();
  return all.filter(({ ref }) => !seen.has(ref) && seen.add(ref));
}

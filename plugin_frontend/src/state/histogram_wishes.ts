/**
 * Which histograms are wanted, most urgent first: of every panel in sight the shown ones, then those they are laid
 * over and the ends of the series, which fix the axis, then the neighbouring steps, then what ridges and sparklines
 * draw. Pure functions of the state; sending is the store's work.
 */
import { groupHistograms, type HistogramGroup } from "../model/histogram_groups.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { planSeries, type SeriesPlan } from "../model/series_plan.js";
import type { StepMatch } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { type Derived, matchAt } from "./derived.js";
import type { HistogramState } from "./histogram_store.js";
import type { RecordRef, Wish } from "./record_cache.js";

/** A tag of a run in a histogram panel, and which of its records are drawn. */
export interface PlannedSeries {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  /** Place of the tag in its group. */
  readonly layer: number;
  readonly match: StepMatch;
  readonly plan: SeriesPlan;
}

/** Refs by tag of a run: the same objects at every step, so that their keys are made once. */
const refs = new WeakMap<TagEntry, Map<number, RecordRef>>();

/** The record at an index of a tag's series. */
export function refOf(run: RunEntry, entry: TagEntry, index: number): RecordRef {
  const known = refs.get(entry) ?? new Map<number, RecordRef>();
  refs.set(entry, known);
  let ref = known.get(index);
  if (ref === undefined) {
    const { steps, wallTimes } = entry.series;
    ref = {
      run: run.run,
      tag: entry.tag,
      step: steps[index] ?? 0,
      wallTime: wallTimes[index] ?? 0,
    };
    known.set(index, ref);
  }
  return ref;
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
  const { pinnedStep } = state.histogramDisplay;
  const planned = panels.flatMap(({ members }, layer) =>
    members.map(({ run, entry }): PlannedSeries => {
      const { series } = entry;
      const match = matchAt(derived, run.run, series, pointIndex);
      return { run, entry, layer, match, plan: planSeries(series.steps, match, pinnedStep) };
    }),
  );
  const order = new Map(derived.runs.map(({ run }, index) => [run, index]));
  const place = ({ run }: PlannedSeries): number => order.get(run.run) ?? 0;
  return planned.toSorted((a, b) => place(a) - place(b) || a.layer - b.layer);
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
    ...wishes(here, ({ plan }) => [plan.shown], "now"),
    ...wishes(here, ({ plan }) => frameIndices(plan), "now"),
    ...wishes(near, ({ plan }) => [plan.shown], "soon"),
    ...wishes(here, ({ plan }) => plan.drawn, "soon"),
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
    .every(
      ({ run, entry, plan }) =>
        plan.shown === null || recordState(refOf(run, entry, plan.shown)).status !== "pending",
    );
}

/** The records besides the shown one that a plot waits for: the reference and the ends of the series. */
export function frameIndices(plan: SeriesPlan): readonly (number | null)[] {
  return [plan.reference, plan.drawn[0] ?? null, plan.drawn.at(-1) ?? null];
}

function groupsInSight(state: AppState, derived: Derived): readonly HistogramGroup[] {
  return histogramGroups(state, derived).filter(
    ({ tag }) => state.inSight.has(tag) && !state.collapsed.has(tag),
  );
}

function wishes(
  planned: readonly PlannedSeries[],
  indices: (series: PlannedSeries) => readonly (number | null)[],
  urgency: Wish["urgency"],
): readonly Wish[] {
  return planned.flatMap((series) =>
    indices(series).flatMap((index): readonly Wish[] =>
      index === null
        ? []
        : [{ ref: refOf(series.run, series.entry, index), part: "paint", urgency }],
    ),
  );
}

function distinct(all: readonly Wish[]): readonly Wish[] {
  const seen = new Set<RecordRef>();
  return all.filter(({ ref }) => !seen.has(ref) && seen.add(ref));
}

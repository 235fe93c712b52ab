/**
 * What follows from the state: the shown runs, their panels, the points of the timeline. Pure functions of one
 * snapshot; must not know records.
 */
import { isAttributionCard } from "../model/attribution_cards.js";
import { CONFUSION } from "../model/confusion_cards.js";
import { filterPanels, type LayerFilter, parseLayerFilter } from "../model/layer_filter.js";
import { type LayerGroup, layerGroups } from "../model/layer_groups.js";
import { fitStop, type LayerStop, layerStops, PLAYED_VIEW } from "../model/layer_player.js";
import { groupNotices, type NoticeGroup, type SkippedOfRun, skippedOf } from "../model/notices.js";
import type { RunEntry, Series } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import { orderedRuns } from "../model/run_order.js";
import {
  type PanelEntry,
  panelsOf,
  parseRunFilter,
  type RunFilter,
  runName,
  shownRuns,
  viewCounts,
} from "../model/runs.js";
import { sharedMembers } from "../model/shared_samples.js";
import {
  comparePoints,
  matchPoint,
  offeredAxes,
  onAxis,
  type Point,
  pointsOfRun,
  positionIndex,
  type RunPoints,
  type StepMatch,
  type TimeAxis,
  unionPoints,
} from "../model/time_axis.js";
import { type ViewColumns, viewColumns } from "../model/view_columns.js";
import type { AppState } from "./app_state.js";

/** What the index and the choice of runs and view make. */
interface Selection {
  readonly allRuns: readonly RunEntry[];
  readonly filter: RunFilter;
  readonly runs: readonly RunEntry[];
  readonly views: ReadonlyMap<string, number>;
  /** The chosen view; where no run has it, the first one that a run has. */
  readonly view: string;
  /** All panels of the view, whatever the layer filter. */
  readonly allPanels: readonly PanelEntry[];
  readonly notices: readonly NoticeGroup[];
  readonly skipped: readonly SkippedOfRun[];
}

interface Filtered {
  readonly layerFilter: LayerFilter;
  /** The panels that the layer filter lets through, in network order. */
  readonly panels: readonly PanelEntry[];
  /** The same panels by layer. */
  readonly groups: readonly LayerGroup[];
}

interface Timeline {
  /** The chosen axis, or the step where no shown run knows the chosen one; while no run is shown, the chosen one. */
  readonly axis: TimeAxis;
  readonly offeredAxes: readonly TimeAxis[];
  /** The points at which the view has data. */
  readonly points: readonly Point[];
  /** The last point at which a shown run has data in any view; null where there is none. */
  readonly latest: Point | null;
  /** Points of all steps by run: of the shown ones and the pinned one. */
  readonly runPoints: ReadonlyMap<string, RunPoints>;
}

const NO_STOPS: readonly LayerStop[] = [];

/** The walk through the layers that the filter lets through. */
interface Walk {
  /** None in views without layers' outputs. */
  readonly stops: readonly LayerStop[];
  /** Index of the chosen stop; −1 where there are none. */
  readonly stopIndex: number;
  /** The stop that is shown alone; null while all panels are shown. */
  readonly stage: LayerStop | null;
}

export interface Derived extends Selection, Filtered, Walk, Timeline {
  /** Index of the shown point in `points`; −1 where there are none. */
  readonly pointIndex: number;
  readonly point: Point | null;
  /** The run to which differences are taken, ticked or not; null where none is pinned, or it is not in the log. */
  readonly pinnedRun: RunEntry | null;
  /** What it is called on screen, also where it is not in the log; null where none is pinned. */
  readonly pinnedName: string | null;
  /** The runs that stand side by side. */
  readonly columns: ViewColumns;
}

/**
 * Makes the function from state to `Derived`. It keeps its last results: what depends on the runs alone stays the same
 * objects while only the point or the display changes, so that components need not look at it again.
 */
export function createDerive(): (state: AppState) => Derived {
  const selection = remember(select);
  const filtered = remember((allPanels: readonly PanelEntry[], text: string): Filtered => {
    const layerFilter = parseLayerFilter(text);
    const groups = layerGroups(filterPanels(layerFilter, allPanels));
    return { layerFilter, panels: groups.flatMap(({ panels }) => panels), groups };
  });
  const stopsOf = remember(layerStops);
  const timeline = remember(placeOnAxis);
  const columns = remember(viewColumns);
  const onStage = remember(({ panel }: LayerStop): readonly PanelEntry[] => [
    { ...panel, members: sharedMembers(panel) },
  ]);
  const all = remember((state: AppState): Derived => {
    const { index, runChoices, runDefaults, runOrder, runFilter, view, reference } = state;
    const selected = selection(index, runChoices, runDefaults, runOrder, runFilter, view);
    const { runs, allPanels } = selected;
    const pinnedRun = selected.allRuns.find(({ run }) => run === reference.run) ?? null;
    const shown = filtered(allPanels, state.layerFilter);
    const stops = selected.view === PLAYED_VIEW ? stopsOf(allPanels, shown.panels) : NO_STOPS;
    const order = allPanels.map(({ tag }) => tag);
    const stopIndex = fitStop(stops, state.layerStop, order);
    const placed = timeline(runs, pinnedRun, allPanels, state.timelines, state.timeAxis);
    const pointIndex = positionIndex(placed.points, onAxis(state.position, placed.axis));
    const stage = state.layerMode === "one" ? (stops[stopIndex] ?? null) : null;
    const isOnePlot = showsHistograms(selected) && state.histogramDisplay.plot === "runs";
    return {
      ...selected,
      ...shown,
      stops,
      stopIndex,
      stage,
      columns: columns(runs, stage === null ? shown.panels : onStage(stage), isOnePlot),
      ...placed,
      pinnedRun,
      pinnedName: reference.run === null ? null : runName(selected.allRuns, reference.run),
      pointIndex,
      point: placed.points[pointIndex] ?? null,
    };
  });
  return (state) => all(state);
}

/** Keeps the last result for as long as the arguments are the same objects. */
function remember<A extends readonly unknown[], R>(
  compute: (...inputs: A) => R,
): (...inputs: A) => R {
  let last: { readonly inputs: A; readonly result: R } | null = null;
  return (...inputs) => {
    const same = last?.inputs.every((input, index) => Object.is(input, inputs[index])) ?? false;
    if (last === null || !same) last = { inputs, result: compute(...inputs) };
    return last.result;
  };
}

function select(
  loadable: AppState["index"],
  runChoices: AppState["runChoices"],
  runDefaults: AppState["runDefaults"],
  runOrder: AppState["runOrder"],
  runFilter: string,
  chosenView: string,
): Selection {
  const filter = parseRunFilter(runFilter);
  const index = loadable.status === "ready" ? loadable.value : { runs: [] };
  const runs = orderedRuns(shownRuns(index, { runChoices, runDefaults }, filter), runOrder);
  const views = viewCounts(index.runs, runs);
  const [firstView = chosenView] = views.keys();
  const view = views.has(chosenView) ? chosenView : firstView;
  return {
    allRuns: index.runs,
    filter,
    runs,
    views,
    view,
    allPanels: panelsOf(runs, view),
    notices: groupNotices(runs),
    skipped: skippedOf(runs),
  };
}

// The layer filter is left out on purpose: the slider must not change its points while one looks for a layer.
function placeOnAxis(
  runs: readonly RunEntry[],
  pinned: RunEntry | null,
  panels: readonly PanelEntry[],
  timelines: AppState["timelines"],
  chosen: TimeAxis,
): Timeline {
  const shown = runs.flatMap(({ run }) => timelines.get(run) ?? []);
  const offered = runs.length === 0 ? [chosen] : offeredAxes(shown);
  const axis = offered.includes(chosen) ? chosen : "step";
  const placedRuns = pinned === null || runs.includes(pinned) ? runs : [...runs, pinned];
  const runPoints = new Map(
    placedRuns.map(({ run, series }) => [
      run,
      pointsOfRun(stepsOf(series), timelines.get(run), axis),
    ]),
  );
  const ends = runs.flatMap(({ run }) => [...(runPoints.get(run)?.values() ?? [])].slice(-1));
  const latest = ends.sort(comparePoints).at(-1) ?? null;
  return {
    axis,
    offeredAxes: offered,
    runPoints,
    points: pointsOfPanels(panels, runPoints),
    latest,
  };
}

/** The points at which some panels have data. */
export function pointsOfPanels(
  panels: readonly PanelEntry[],
  runPoints: Timeline["runPoints"],
): readonly Point[] {
  // Many tags share a series; each is united once.
  const used = new Map<Series, RunPoints>();
  for (const { members } of panels) {
    for (const { run, entry } of members) {
      used.set(entry.series, runPoints.get(run.run) ?? new Map());
    }
  }
  return unionPoints([...used].map(([{ steps }, points]) => ({ steps, points })));
}

function stepsOf(series: readonly Series[]): readonly number[] {
  return [...new Set(series.flatMap(({ steps }) => steps))].sort((a, b) => a - b);
}

/** What a run shows of a series at the timeline's point of an index; the shown one where none is given. */
export function matchAt(
  derived: Derived,
  run: string,
  series: Series,
  pointIndex = derived.pointIndex,
): StepMatch {
  return matchAtPoint(derived, run, series, derived.points[pointIndex] ?? null);
}

/** The same at a point, which need not be one of the timeline. */
export function matchAtPoint(
  { runPoints }: Derived,
  run: string,
  series: Series,
  point: Point | null,
): StepMatch {
  return matchPoint(series.steps, runPoints.get(run) ?? new Map(), point);
}

/** True where the view's panels are histograms. */
export function showsHistograms({ allPanels }: Pick<Derived, "allPanels">): boolean {
  return allPanels[0]?.kind === "histogram";
}

/** True where the view has the graphs of models. */
export function showsGraphs({ allPanels }: Derived): boolean {
  return allPanels[0]?.kind === "graph";
}

/** True where the view's panels are confusions. */
export function showsConfusions({ allPanels }: Derived): boolean {
  return allPanels[0]?.kind === CONFUSION;
}

/** True where the view has rows of samples with their attributions. */
export function showsAttributions({ allPanels }: Derived): boolean {
  return allPanels.some(isAttributionCard);
}

/** The moment of a step, from the first shown run that has it. */
export function momentAt(
  state: AppState,
  runs: readonly RunEntry[],
  step: number,
): Moment | undefined {
  for (const { run } of runs) {
    const moment = state.timelines.get(run)?.get(step);
    if (moment !== undefined) return moment;
  }
  return undefined;
}

/**
 * What a panel shows: a column for each run with its step, its record and what is painted of it, and the colouring,
 * ranges, placement and order of tiles they have in common. Pure functions of the state and the records; must not know
 * the DOM.
 */
import { type Colouring, changeColouring, chooseColouring } from "../model/colours.js";
import { isUnchanged } from "../model/difference.js";
import type { Display, Placement, Show } from "../model/display.js";
import { type Remarks, sharedRemarks } from "../model/facts.js";
import type { RunEntry } from "../model/parse_index.js";
import { type AxisOrder, defaultPlacement } from "../model/placement.js";
import { type Extremes, extremesOf, type Range, rangeOfExtremes } from "../model/ranges.js";
import type { Meaning, Moment, Source, TilesHeader } from "../model/record.js";
import { isActivationsPanel, isSamplesPanel, type PanelEntry } from "../model/runs.js";
import { activationsPlacement, atSample } from "../model/sample_axis.js";
import type { PictureSize } from "../model/sample_pictures.js";
import { sharedMembers } from "../model/shared_samples.js";
import { constantCount, deadCount, gridAxes, type Tiles } from "../model/tiles.js";
import {
  type Activity,
  activityOf,
  areOtherSamples,
  displayOf,
  panelPictures,
  showsPictures,
} from "./activations_view.js";
import type { AppState } from "./app_state.js";
import { type NonFinite, nonFiniteOf, unresolvedCount } from "./cell_counts.js";
import { type ClassBarsView, classBarsView, orderOfClass } from "./class_bars_view.js";
import { isColumnInSight, neededMembers } from "./columns_in_sight.js";
import { type Compared, paintedRecord } from "./comparison.js";
import type { Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import { asMaps } from "./map_records.js";
import { type OrderView, orderView } from "./order_view.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { type RunColumn, runColumns } from "./run_columns.js";
import { extremesAway } from "./scale_over_runs.js";
import { type ScaleProgress, scaleOverSteps } from "./scale_over_steps.js";
import { placementOnStage } from "./stage.js";

export interface PanelColumn extends RunColumn {
  /** Values or changes; null where the run has no record so early. */
  readonly painted: Compared | null;
  /** The weights of classes, or their changes; null where the run has none. */
  readonly bars: Compared | null;
  /** Pictures may be gray in one run and coloured in the other. */
  readonly colouring: Colouring | null;
  /** The one range of all tiles of the column; null for a range of its own for every tile. */
  readonly range: Range | null;
  /** Tiles whose cells are all alike, of the record's values. */
  readonly dead: number;
  /** How many of these hold another value than 0. */
  readonly constant: number;
  /** Of what is painted; null until it is here. */
  readonly nonFinite: NonFinite | null;
  /** How much of the layer responds; null where the record is not here, or is no layer's response. */
  readonly activity: Activity | null;
  /** The samples' pictures; null without any, or where none stand beside this panel. */
  readonly pictures: Tiles | null;
  /** Other runs whose samples are the same, where these are shown once. */
  readonly sharedBy: readonly RunEntry[];
  /** True where the samples are not those of the first run. */
  readonly hasOtherSamples: boolean;
  /** False for a column out of sight: nothing is drawn in it. */
  readonly isInSight: boolean;
  /** Whether its record is waited for: in sight, or to say how the others are sorted. */
  readonly isNeeded: boolean;
  /** True for a change or a difference of nothing: the two records hold the same values. */
  readonly isUnchanged: boolean;
}

export interface PanelView {
  /** The user's choices, as far as they are for this panel. */
  readonly display: Display;
  readonly columns: readonly PanelColumn[];
  /** What is painted, as far as it is here, in the order of the columns. */
  readonly loaded: readonly Tiles[];
  /** What the header speaks of: the first record that is here, before that the first run's tag. */
  readonly source: Source | null;
  /** The weights of classes below the tiles; null in panels without. */
  readonly classBars: ClassBarsView | null;
  /** What all loaded records say of themselves. */
  readonly remarks: Remarks;
  /** True once no column in sight waits for its record: only then is a shared range final. */
  readonly settled: boolean;
  /** True where a record is not to be painted before the others are here: its range or its place depends on them. */
  readonly waits: boolean;
  /** True for what is the same at every step. */
  readonly isTimeless: boolean;
  /** Null until a record is here. */
  readonly colouring: Colouring | null;
  /** The one range of all columns; null where they, or their tiles, have their own. */
  readonly shared: Range | null;
  /** Of the runs that have a record, how many have a say in the shared range; null where all have. */
  readonly sharedOver: { readonly runs: number; readonly of: number } | null;
  /** Null unless the scale is fixed over steps. */
  readonly scaleProgress: ScaleProgress | null;
  /** Of all columns together. `unresolved` is null where the records are exact, or values are shown. */
  readonly counts: NonFinite & { readonly unresolved: number | null };
  /** What all columns are compared with, where it is one moment in training. */
  readonly since: Moment | null;
  /** Where the grid axes are: as the user placed them, and one sample at a time as all panels show it. */
  readonly placement: Placement | null;
  /** The size that is kept free for a sample's picture; null without pictures. */
  readonly picture: PictureSize | null;
  /** The order of the outermost axis, from one run for all. */
  readonly axisOrder: AxisOrder | null;
  readonly order: OrderView;
}

type RecordStates = (ref: RecordRef) => RecordState;

const NO_RUNS: ReadonlyMap<string, Extremes> = new Map();

export function panelView(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  recordState: RecordStates,
  extremes: ExtremesBook,
): PanelView {
  const display = displayOf(panel, state.display);
  const { show, scale } = display;
  const members = sharedMembers(panel);
  const shownOnce = { ...panel, members };
  const needed = new Set(neededMembers(panel, state, derived).map(({ run }) => run.run));
  const comparing = { show, reference: state.reference };
  const choices = { comparing, derived, scale, sort: state.classSort, needed };
  const columnsOf = (each: PanelEntry) => runColumns(each, derived, recordState, comparing);
  const classBars = classBarsView(panel, choices, columnsOf, extremes);
  const columns = columnsOf(shownOnce).map((column, index) => ({
    ...column,
    bars: classBars?.runs.find(({ run }) => run === column.run.run)?.painted ?? null,
    sharedBy: members[index]?.sharedBy ?? [],
    isInSight: isColumnInSight(state, derived, column.run.run),
    isNeeded: needed.has(column.run.run),
    painted: paintedOf(panel, column, show, needed),
  }));
  const loaded = columns.flatMap(({ painted }) =>
    painted?.status === "ready" ? [painted.tiles] : [],
  );
  const first = loaded[0];
  const isPictures = showsPictures(panel);
  const over = scale === "fixed" ? scaleOverSteps(panel, comparing, derived, extremes) : null;
  const away =
    scale === "shared" && !isPictures
      ? extremesAway(shownOnce, comparing, derived, needed, extremes)
      : NO_RUNS;
  const known = over?.known ?? [...away.values()];
  const isSigned =
    loaded.some(({ header }) => header.meaning === "signed") || known.some(({ min }) => min < 0);
  const colour = ({ header, shape }: Tiles): Colouring =>
    display.show === "value"
      ? chooseColouring(display.colours, besides(header, isSigned), shape.channels, state.theme)
      : changeColouring(shape.channels, state.theme);
  const colouring = first === undefined ? null : colour(first);
  const rule = colouring?.rule ?? "symmetric";
  const shared =
    scale === "shared" || scale === "fixed"
      ? rangeOfExtremes([...loaded.map(extremesOf), ...known], rule)
      : null;
  const rangeOfRun = (painted: Compared | null): Range | null =>
    (scale === "per-run" || isPictures) && painted?.status === "ready"
      ? rangeOfExtremes([extremesOf(painted.tiles)], rule)
      : shared;
  const records = columns.flatMap(({ record }) =>
    record?.status === "ready" ? [record.tiles] : [],
  );
  const [sorted] = records;
  const placement = panelPlacement(panel, state, derived, sorted);
  const waited = columns.filter(({ isNeeded }) => isNeeded);
  const classOrder = sorted === undefined ? null : orderOfClass(sorted, classBars);
  const order = orderView(panel.tag, waited, placement, display, classOrder);
  const columnRanges = columns.map(({ painted }) => rangeOfRun(painted));
  const isActivations = isActivationsPanel(panel);
  const countsDead = !isActivations && !isPictures;
  const pictures = panelPictures(panel, needed, derived, recordState);
  const others = areOtherSamples(columns.map(({ source }) => source.samplesDigest));
  return {
    display,
    columns: columns.map((column, index) => ({
      ...column,
      colouring: column.painted?.status === "ready" ? colour(column.painted.tiles) : colouring,
      range: columnRanges[index] ?? null,
      dead: countsDead && column.record?.status === "ready" ? deadCount(column.record.tiles) : 0,
      constant:
        countsDead && column.record?.status === "ready" ? constantCount(column.record.tiles) : 0,
      activity: activityOf(panel, column.record),
      pictures: pictures.ofRuns[index] ?? null,
      hasOtherSamples: others[index] ?? false,
      isUnchanged:
        show !== "value" && column.painted?.status === "ready" && isUnchanged(column.painted.tiles),
      nonFinite: column.painted?.status === "ready" ? nonFiniteOf([column.painted.tiles]) : null,
    })),
    loaded,
    source: records[0]?.header.source ?? columns[0]?.source ?? null,
    classBars,
    remarks: sharedRemarks(loaded.map(({ header }) => header)),
    settled:
      pictures.settled &&
      (classBars?.settled ?? true) &&
      !order.isPending &&
      columns.every(({ painted, isNeeded }) => !isNeeded || painted?.status !== "pending"),
    waits: shared !== null || !pictures.settled || classBars?.settled === false || order.isPending,
    isTimeless: isSamplesPanel(panel),
    colouring,
    shared: colouring === null ? null : isPictures ? sameRange(columnRanges) : shared,
    sharedOver: scale === "shared" && !isPictures ? sharedOver(columns, away) : null,
    scaleProgress: over?.progress ?? null,
    counts: {
      ...nonFiniteOf(loaded),
      unresolved: show === "value" ? null : unresolvedCount(columns),
    },
    since: show === "value" ? null : sameMoment(columns.map(({ reference }) => reference)),
    placement,
    picture: pictures.size,
    axisOrder: order.axisOrder,
    order,
  };
}

/** Where the grid axes of a panel go; `record`: the first of those that are here. */
export function panelPlacement(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  record: Tiles | undefined,
): Placement | null {
  const onStage = record && placementOnStage(panel, state, derived, gridAxes(record.header));
  return onStage ?? placementOf(panel, state, record);
}

// Without a record it is not known what axes there are to place.
function placementOf(
  panel: PanelEntry,
  { placements, sample }: AppState,
  record: Tiles | undefined,
): Placement | null {
  const chosen = placements.get(panel.tag) ?? null;
  if (record === undefined) return chosen;
  const axes = gridAxes(record.header);
  return isActivationsPanel(panel)
    ? activationsPlacement(chosen, axes, sample)
    : atSample(chosen ?? defaultPlacement(axes), sample);
}

// Where the values of one run may be negative, as of tanh beside ReLU, zero has one colour in all of them. Of runs out of
// sight it is known that some are.
function besides({ meaning }: TilesHeader, isSigned: boolean): Meaning {
  return meaning === "non_negative" && isSigned ? "signed" : meaning;
}

// Changes of what is out of sight are computed for their extremes alone, a few at a time.
function paintedOf(
  { tag }: PanelEntry,
  { run, record, reference, refused }: RunColumn,
  show: Show,
  needed: ReadonlySet<string>,
): Compared | null {
  if (record === null) return null;
  if (show !== "value" && !needed.has(run.run)) return { status: "pending" };
  return asMaps(tag, paintedRecord(show, record, reference, refused));
}

// Said of runs out of sight that are still to be asked for, not while anything in sight is on its way.
function sharedOver(
  columns: readonly Pick<PanelColumn, "run" | "painted" | "isNeeded">[],
  away: ReadonlyMap<string, Extremes>,
): PanelView["sharedOver"] {
  const having = columns.filter(({ painted }) => painted !== null);
  const pending = having.filter(
    ({ run, painted }) => painted?.status === "pending" && !away.has(run.run),
  );
  if (pending.length === 0 || pending.some(({ isNeeded }) => isNeeded)) return null;
  return { runs: having.length - pending.length, of: having.length };
}

// Pictures keep the range that their run gave them; where all have the same, it can be said of all.
function sameRange(ranges: readonly (Range | null)[]): Range | null {
  const [first, ...others] = ranges.filter((range) => range !== null);
  const same = others.every(({ lo, hi }) => lo === first?.lo && hi === first.hi);
  return same ? (first ?? null) : null;
}

// The same moment in words is the same moment: a step alone may mean another epoch in another run.
function sameMoment(references: readonly (RecordState | null)[]): Moment | null {
  const moments = references.flatMap((reference) =>
    reference?.status === "ready" ? [reference.tiles.header.moment] : [],
  );
  const [first] = moments;
  const same = moments.every(
    ({ step, epoch }) => epoch === first?.epoch && (epoch !== null || step === first?.step),
  );
  return same ? (first ?? null) : null;
}

/**
 * What is shown of a tile in the large: of each run the tile itself, what it was at the start, its numbers, and the steps
 * of its curves and of its film strip. Pure reading of the session; must not know the DOM.
 */

import { isMapTag } from "../model/attribution_cards.js";
import type { Placement } from "../model/display.js";
import { describeTile } from "../model/format.js";
import type { PinnedTile } from "../model/link.js";
import type { RunEntry } from "../model/parse_index.js";
import { arrange, fitPlacement } from "../model/placement.js";
import type { Axis } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import { curveIndices, filmIndices } from "../model/tile_steps.js";
import { gridAxes, isZero } from "../model/tiles.js";
import { comparePoints, positionIndex, unionPoints } from "../model/time_axis.js";
import {
  placementOfTile,
  type Relation,
  relatedTags,
  type Subject,
  subjectOf,
} from "../model/units.js";
import { displayOf } from "./activations_view.js";
import type { AppState } from "./app_state.js";
import { type Compared, paintedRecord, refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import { panelOfTag } from "./open_panels.js";
import { type PanelColumn, type PanelView, panelView } from "./panel_view.js";
import type { RecordRef, RecordState, Wish } from "./record_store.js";
import { type Comparing, referenced, refOfReference, whyRefused } from "./references.js";
import type { Session } from "./session.js";
import type { TileBook, TileNeed, TileState } from "./tile_book.js";

/** One run of the tile; `isUnchanged` is of the tile alone. */
export interface TileColumn extends PanelColumn {
  /** The tile as it was logged; null where the run has nothing so early. */
  readonly now: TileState | null;
  readonly start: TileState | null;
  /** What is shown of it: values, or a change. */
  readonly shown: Compared | null;
}

/** A point of a curve: `at` is its place on the timeline, from 0 to 1. */
export interface TilePoint {
  readonly at: number;
  readonly pointIndex: number;
  readonly step: number;
  /** Of its series. */
  readonly isFirst: boolean;
  readonly tile: TileState;
}

export interface TileCurve {
  readonly run: RunEntry;
  readonly points: readonly TilePoint[];
}

/** A run of the film strip at one of its points; null where the run has nothing so early. */
export interface FilmCell {
  readonly step: number;
  readonly isEarlier: boolean;
  readonly shown: Compared;
}

export interface FilmStep {
  readonly pointIndex: number;
  readonly isShown: boolean;
  /** One for each run. */
  readonly cells: readonly (FilmCell | null)[];
}

export interface TileView {
  readonly opened: PinnedTile;
  readonly panel: PanelEntry;
  readonly view: PanelView;
  readonly columns: readonly TileColumn[];
  /** Of what is shown; null until a record is here. */
  readonly axes: readonly Axis[] | null;
  /** `unit 30`; empty for an array that is one tile. */
  readonly name: string;
  readonly subject: Subject;
  readonly placement: Placement | null;
  /** The tiles in the order in which the grids show them. */
  readonly order: readonly number[];
  readonly curves: readonly TileCurve[];
  readonly film: readonly FilmStep[];
  /** How many of the records that curves and film are made of are here. */
  readonly progress: { readonly read: number; readonly of: number };
  /** What else is logged of its unit or its sample. */
  readonly related: readonly { readonly panel: PanelEntry; readonly relation: Relation }[];
}

/** Of maps, whose records are kept whole, fewer. */
const FILM_STEPS = 12;

/** Null where nothing is opened, or no shown run has the tag. */
export function tileView(session: Session, book: TileBook): TileView | null {
  const { derived } = session;
  const state = session.state.value;
  const { opened } = state;
  const panel = opened && panelOfTag(derived, opened.tag);
  if (opened === null || panel === null) return null;
  const records = (ref: RecordRef): RecordState => session.records.state(ref);
  const view = panelView(panel, state, derived, records, session.extremes);
  const { tile } = opened;
  const read = (need: TileNeed): TileState => book.state(tile, need, records);
  const reading = { comparing: comparingOf(panel, state), derived, read };
  const columns = view.columns.map((column): TileColumn => {
    const { match, run, entry } = column;
    const index = match.match === "none" ? null : match.index;
    const ref = index === null ? null : refOf(run.run, entry, index);
    const first = index === null ? null : refOf(run.run, entry, 0);
    const shown = index === null ? null : shownAt(reading, column, index);
    const isCompared = reading.comparing.show !== "value" && shown?.status === "ready";
    return {
      ...column,
      isUnchanged: isCompared && isZero(shown.tiles.statistics, 0),
      now: ref && read({ ref, exact: true }),
      start: first && read({ ref: first, exact: true }),
      shown,
    };
  });
  const header = view.loaded[0]?.header;
  const axes = header === undefined ? null : gridAxes(header);
  const steps = drawnSteps(panel, derived);
  const all = tileNeeds(state, derived);
  return {
    opened,
    panel,
    view,
    columns,
    axes,
    name: axes === null ? "" : describeTile(axes, tile),
    subject: subjectOf(axes ?? [], tile),
    placement: axes === null ? null : placementOfTile(axes, tile),
    order:
      axes === null
        ? []
        : [...arrange(axes, fitPlacement(view.placement, axes), view.axisOrder).order],
    curves: steps.curves.map(({ run, points }) => ({
      run,
      points: points.map((point) => ({
        ...point,
        tile: read({ ref: point.ref, exact: isMapTag(point.ref.tag) }),
      })),
    })),
    film: steps.film.map((pointIndex) => ({
      pointIndex,
      isShown: pointIndex === shownPoint(steps.union, derived),
      cells: view.columns.map((column) => filmCell(reading, column, pointIndex)),
    })),
    progress: {
      read: all.filter((need) => read(need).status !== "pending").length,
      of: all.length,
    },
    related: [...relatedTags(opened.tag, derived.runs)].flatMap(([tag, relation]) => {
      const each = panelOfTag(derived, tag);
      return each === null ? [] : [{ panel: each, relation }];
    }),
  };
}

/** All wishes of the tile in the large besides those of its panel at the shown step. */
export function tileWishes(
  state: AppState,
  derived: Derived,
  book: TileBook,
  records: (ref: RecordRef) => RecordState,
): readonly Wish[] {
  const { opened } = state;
  const panel = opened && panelOfTag(derived, opened.tag);
  if (opened === null || panel === null) return [];
  const near = panel.members.flatMap(({ run, entry }): readonly TileNeed[] => {
    const match = matchAt(derived, run.run, entry.series);
    if (match.match === "none") return [];
    return [match.index, 0].flatMap((index) => {
      const ref = refOf(run.run, entry, index);
      return ref === null ? [] : [{ ref, exact: true }];
    });
  });
  const needs = tileNeeds(state, derived);
  book.want(opened.tile, [...near, ...needs]);
  return [
    ...book
      .wishes(opened.tile, near, records)
      .map((wish) => ({ ...wish, urgency: "now" as const })),
    ...book.wishes(opened.tile, needs, records),
  ];
}

/** The records that curves and film strip are made of, each once. */
function tileNeeds(state: AppState, derived: Derived): readonly TileNeed[] {
  const panel = state.opened && panelOfTag(derived, state.opened.tag);
  if (panel === null) return [];
  const comparing = comparingOf(panel, state);
  const { curves, film } = drawnSteps(panel, derived);
  const needs = new Map<RecordRef, TileNeed>();
  const add = (need: TileNeed): void => {
    if (need.exact || !needs.has(need.ref)) needs.set(need.ref, need);
  };
  for (const pointIndex of film) {
    for (const { run, entry } of panel.members) {
      const match = matchAt(derived, run.run, entry.series, pointIndex);
      if (match.match === "none") continue;
      for (const need of needsOf(comparing, derived, { run, entry }, match.index, pointIndex))
        add(need);
    }
  }
  for (const { points } of curves)
    for (const { ref } of points) add({ ref, exact: isMapTag(ref.tag) });
  return [...needs.values()];
}

// What pictures show is theirs: they are not compared.
function comparingOf(panel: PanelEntry, { display, reference }: AppState): Comparing {
  return { show: displayOf(panel, display).show, reference };
}

type Member = PanelEntry["members"][number];

function needsOf(
  comparing: Comparing,
  derived: Derived,
  { run, entry }: Member,
  index: number,
  pointIndex: number,
): readonly TileNeed[] {
  const ref = refOf(run.run, entry, index);
  if (ref === null) return [];
  // Of maps in colour sums are shown, and the errors of the high planes would add up.
  if (comparing.show === "value") return [{ ref, exact: isMapTag(ref.tag) }];
  const point = derived.points[pointIndex] ?? null;
  const other = refOfReference(referenced(comparing, derived, run, entry, index, point));
  return [{ ref, exact: true }, ...(other === null ? [] : [{ ref: other, exact: true }])];
}

interface Reading {
  readonly comparing: Comparing;
  readonly derived: Derived;
  readonly read: (need: TileNeed) => TileState;
}

function shownAt(
  { comparing, derived, read }: Reading,
  { run, entry }: Member,
  index: number,
  pointIndex = derived.pointIndex,
): Compared {
  const { show } = comparing;
  const [own] = needsOf(comparing, derived, { run, entry }, index, pointIndex);
  if (own === undefined) return { status: "pending" };
  const tile = read(own);
  if (show === "value") return tile;
  const point = derived.points[pointIndex] ?? null;
  const found = referenced(comparing, derived, run, entry, index, point);
  const ref = refOfReference(found);
  const other = ref && read({ ref, exact: true });
  return paintedRecord(show, tile, other, whyRefused(comparing, run, tile, found, other));
}

function filmCell(reading: Reading, member: Member, pointIndex: number): FilmCell | null {
  const { run, entry } = member;
  const match = matchAt(reading.derived, run.run, entry.series, pointIndex);
  if (match.match === "none") return null;
  return {
    step: match.step,
    isEarlier: match.match === "earlier",
    shown: shownAt(reading, member, match.index, pointIndex),
  };
}

interface DrawnSteps {
  /** Indices of the timeline's points at which a run of the panel has a record. */
  readonly union: readonly number[];
  readonly film: readonly number[];
  readonly curves: readonly {
    readonly run: RunEntry;
    readonly points: readonly (Omit<TilePoint, "tile"> & { readonly ref: RecordRef })[];
  }[];
}

function drawnSteps({ members }: PanelEntry, derived: Derived): DrawnSteps {
  const { points, runPoints, pointIndex } = derived;
  const placed = members.map(({ run, entry }) => ({
    steps: entry.series.steps,
    points: runPoints.get(run.run) ?? new Map(),
  }));
  const indexOf = new Map(points.map((point, index) => [point, index]));
  const union = unionPoints(placed).map(
    (point) => indexOf.get(point) ?? positionIndex(points, { at: "point", point }),
  );
  const shown = shownPoint(union, derived);
  const last = Math.max(1, points.length - 1);
  return {
    union,
    film: filmIndices(union.length, union.indexOf(shown), FILM_STEPS).flatMap(
      (at) => union[at] ?? [],
    ),
    curves: members.map(({ run, entry }) => {
      const { steps } = entry.series;
      const match = matchAt(derived, run.run, entry.series, pointIndex);
      const here = match.match === "none" ? null : match.index;
      const ofRun = runPoints.get(run.run);
      return {
        run,
        points: curveIndices(steps.length, here, members.length).flatMap((index) => {
          const step = steps[index];
          const point = step === undefined ? undefined : ofRun?.get(step);
          const ref = refOf(run.run, entry, index);
          if (step === undefined || point === undefined || ref === null) return [];
          const at = positionIndex(points, { at: "point", point });
          const isThere = points[at] !== undefined && comparePoints(points[at], point) === 0;
          return isThere
            ? [{ at: at / last, pointIndex: at, step, isFirst: index === 0, ref }]
            : [];
        }),
      };
    }),
  };
}

// The timeline may stand where no run of the panel has a record: then what is shown is the nearest earlier one.
function shownPoint(union: readonly number[], { pointIndex }: Derived): number {
  return union.findLast((index) => index <= pointIndex) ?? -1;
}

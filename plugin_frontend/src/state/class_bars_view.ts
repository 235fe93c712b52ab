/**
 * The weights of classes below the templates of hidden units: of each run what its bars show, on the scale that all have
 * in common. Pure functions of the state and the records; must not know the DOM.
 */
import { type BarClasses, barClasses, type ClassSort, orderByClass } from "../model/class_bars.js";
import type { Scale } from "../model/display.js";
import type { AxisOrder } from "../model/placement.js";
import { extremesOf, rangeOfExtremes } from "../model/ranges.js";
import type { PanelEntry } from "../model/runs.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { type Compared, paintedRecord } from "./comparison.js";
import type { Derived } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import type { Comparing } from "./references.js";
import type { RunColumn } from "./run_columns.js";
import { extremesAway } from "./scale_over_runs.js";
import { scaleOverSteps } from "./scale_over_steps.js";

/** What the bars of a run show: weights, or their changes. */
export interface RunBars {
  readonly run: string;
  readonly painted: Compared | null;
}

export interface ClassBarsView {
  /** Of the weights. */
  readonly tag: string;
  readonly classes: BarClasses;
  /** The value at either end of every bar's room. */
  readonly scale: number;
  readonly sort: ClassSort | null;
  readonly runs: readonly RunBars[];
  /** What the bars of the first run show that has any: units are sorted by it, in all runs alike. */
  readonly sorted: Tiles | null;
  /** What the records of weights say of themselves. */
  readonly notes: readonly string[];
  /** True once nothing is on its way. */
  readonly settled: boolean;
}

/** What of the state the bars follow. */
export interface BarChoices {
  readonly comparing: Comparing;
  readonly derived: Derived;
  readonly scale: Scale;
  readonly sort: ClassSort | null;
  /** The runs that are waited for. */
  readonly needed: ReadonlySet<string>;
}

/** `columnsOf`: the runs of a panel with their records. Null for panels without weights of classes. */
export function classBarsView(
  { tag, weights }: PanelEntry,
  { comparing, derived, scale, sort, needed }: BarChoices,
  columnsOf: (panel: PanelEntry) => readonly RunColumn[],
  book: ExtremesBook,
): ClassBarsView | null {
  if (weights === undefined) return null;
  const columns = columnsOf(weights);
  const runs = columns.map(({ run, record, reference, refused }) => ({
    run: run.run,
    painted: record && paintedRecord(comparing.show, record, reference, refused),
  }));
  const painted = runs.flatMap((each) =>
    each.painted?.status === "ready" ? [each.painted.tiles] : [],
  );
  const records = columns.flatMap(({ record }) =>
    record?.status === "ready" ? [record.tiles] : [],
  );
  const ownSort = sort?.tag === tag ? sort : null;
  const known =
    scale === "fixed"
      ? scaleOverSteps(weights, comparing, derived, book).known
      : [...extremesAway(weights, comparing, derived, needed, book).values()];
  return {
    tag: weights.tag,
    classes: barClasses(records, ownSort?.classIndex ?? null),
    scale: rangeOfExtremes([...painted.map(extremesOf), ...known], "symmetric").hi,
    sort: ownSort,
    runs,
    sorted: painted[0] ?? null,
    notes: [...new Set(records.flatMap(({ header }) => header.notes))],
    settled: runs.every(({ run, painted }) => !needed.has(run) || painted?.status !== "pending"),
  };
}

/** The order of units that a class gives; null where none is chosen, or it cannot be told. */
export function orderOfClass(templates: Tiles, bars: ClassBarsView | null): AxisOrder | null {
  if (bars === null || bars.sort === null || bars.sorted === null) return null;
  return fits(templates, bars.sorted) ? orderByClass(templates, bars.sorted, bars.sort) : null;
}

/** True where the weights are of the units whose templates these are: several tiles each, of inputs with channels. */
export function fits({ header }: Tiles, weights: Tiles): boolean {
  return gridAxes(header)[0]?.size === weights.shape.tiles;
}

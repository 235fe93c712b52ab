/**
 * Which records of a panel are drawn beside a tile in the large: the points of each run's curve and the columns of the film
 * strip, on the points of the timeline. Pure functions of the index; must not know records.
 */
import type { RunEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import { curveIndices, filmIndices } from "../model/tile_steps.js";
import { comparePoints, positionIndex, unionPoints } from "../model/time_axis.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { RecordRef } from "./record_store.js";

/** A point of a curve: `at` is its place on the timeline, from 0 to 1. */
export interface DrawnPoint {
  readonly at: number;
  readonly pointIndex: number;
  readonly step: number;
  /** Of its series. */
  readonly isFirst: boolean;
  readonly ref: RecordRef;
}

export interface DrawnSteps {
  /** Indices of the timeline's points that are columns of the film strip. */
  readonly film: readonly number[];
  /** The column that is shown now: the last at which a run of the panel has a record; −1 for none. */
  readonly shown: number;
  readonly curves: readonly { readonly run: RunEntry; readonly points: readonly DrawnPoint[] }[];
}

/** Of maps, whose records are kept whole, fewer. */
const FILM_STEPS = 12;

export function drawnSteps({ members }: PanelEntry, derived: Derived): DrawnSteps {
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
    shown,
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

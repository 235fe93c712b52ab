/**
 * The film strip of a tile in the large: what is shown of it at each step in every run, and the scale that its pictures
 * have in common, so that none is cut off at the ends of another's. Pure functions; must not know the screen.
 */
import { formatCount, formatRange } from "../model/format.js";
import { extremesOf, type Range, rangeOfExtremes } from "../model/ranges.js";
import type { PanelEntry } from "../model/runs.js";
import { showsPictures } from "./activations_view.js";
import type { Compared } from "./comparison.js";
import { matchAt } from "./derived.js";
import type { DrawnSteps } from "./drawn_steps.js";
import type { PanelColumn, PanelView } from "./panel_view.js";
import { type Member, shownAt, type TileReading } from "./tile_reading.js";

/** A run of the film strip at one of its points. */
export interface FilmCell {
  readonly step: number;
  readonly isEarlier: boolean;
  readonly shown: Compared;
}

export interface FilmStep {
  readonly pointIndex: number;
  readonly isShown: boolean;
  /** One for each run; null where it has nothing so early. */
  readonly cells: readonly (FilmCell | null)[];
}

export interface Film {
  readonly steps: readonly FilmStep[];
  /** Of each run; null where nothing of it is here. */
  readonly ranges: readonly (Range | null)[];
  /** True where each run has a range of its own. */
  readonly isPerRun: boolean;
  /** What the ranges span, in words. */
  readonly scale: string;
}

export function filmOf(
  reading: TileReading,
  panel: PanelEntry,
  view: PanelView,
  { film, shown }: DrawnSteps,
): Film {
  const steps = film.map((pointIndex) => ({
    pointIndex,
    isShown: pointIndex === shown,
    cells: view.columns.map((column) => filmCell(reading, column, pointIndex)),
  }));
  return { steps, ...filmScale(steps, view, showsPictures(panel)) };
}

function filmCell(reading: TileReading, member: Member, pointIndex: number): FilmCell | null {
  const { run, entry } = member;
  const match = matchAt(reading.derived, run.run, entry.series, pointIndex);
  if (match.match === "none") return null;
  return {
    step: match.step,
    isEarlier: match.match === "earlier",
    shown: shownAt(reading, member, match.index, pointIndex),
  };
}

/**
 * One scale of all pictures where all runs share one, else one of each run's own; where it is fixed over the steps, that of
 * the panels. Of a tile's own scale the steps are what it is looked at over, too.
 */
export function filmScale(
  steps: readonly FilmStep[],
  {
    columns,
    display,
  }: { columns: readonly Pick<PanelColumn, "colouring" | "range">[] } & Pick<PanelView, "display">,
  isPictures: boolean,
): Omit<Film, "steps"> {
  if (display.scale === "fixed" && !isPictures)
    return {
      ranges: columns.map(({ range }) => range),
      isPerRun: false,
      scale: "the scale above, fixed over the steps",
    };
  const extremes = columns.map((_, run) =>
    steps.flatMap(({ cells }) => {
      const shown = cells[run]?.shown;
      return shown?.status === "ready" ? [extremesOf(shown.tiles)] : [];
    }),
  );
  const isShared = display.scale === "shared" && !isPictures;
  const all = extremes.flat();
  const ranges = columns.map(({ colouring }, run) => {
    const own = isShared ? all : (extremes[run] ?? []);
    return colouring === null || own.length === 0 ? null : rangeOfExtremes(own, colouring.rule);
  });
  const span = `the ${formatCount(steps.length, "step")} shown here`;
  if (!isShared && columns.length > 1)
    return { ranges, isPerRun: true, scale: `a scale for each run, over ${span}` };
  const range = ranges.find((each) => each !== null);
  const ends = range ? `: ${formatRange(range)}` : "";
  return {
    ranges,
    isPerRun: false,
    scale: `one scale over ${span}${columns.length > 1 ? " and all runs" : ""}${ends}`,
  };
}

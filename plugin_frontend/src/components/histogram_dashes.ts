/**
 * How curves that lie over one another are told apart: the layers of a group, and runs once their colours repeat, by the
 * dashes of their lines; many, by lines alone. Must not know where lines are drawn.
 */

/** The areas of more runs than this would add up to one block, in no run's colour. */
const FILLED_RUNS = 6;

/** Whether the areas under the curves of a plot are filled. */
export function isFilled({ series }: { readonly series: readonly Dashed[] }): boolean {
  return new Set(series.map(({ run }) => run.run)).size <= FILLED_RUNS;
}

/** Solid, dashed, dotted, and what else can be told from them. */
const DASHES = ["", "7 3", "2 2.5", "9 3 2 3", "4 2", "1 3", "12 4", "6 2 1 2"] as const;

/** The dash of a layer of a group, whatever its run's colour; empty for a solid line. */
export function dashOf(layer: number): string {
  return DASHES[layer % DASHES.length] ?? "";
}

/** What a dash depends on. */
export interface Dashed {
  readonly run: { readonly run: string };
  readonly layer: number;
}

/** The dash of a curve of the plot that shows `series`: by its layer where there are several, else by its run. */
export function plotDash(
  { run, layer }: Dashed,
  series: readonly Dashed[],
  colours: ReadonlyMap<string, string>,
): string {
  if (layer > 0 || series.some((other) => other.layer !== layer)) return dashOf(layer);
  const runs = [...new Set(series.map((each) => each.run.run))];
  const before = runs.slice(0, Math.max(0, runs.indexOf(run.run)));
  // Runs before it that have its colour: the first of a colour is solid, the second dashed.
  return dashOf(before.filter((other) => colours.get(other) === colours.get(run.run)).length);
}

/** The dash of each run where all are drawn over one another, in this order; empty where no two have the same colour. */
export function runDashes(
  runs: readonly Dashed["run"][],
  colours: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const series = runs.map((run) => ({ run, layer: 0 }));
  const dashes = new Map(series.map((each) => [each.run.run, plotDash(each, series, colours)]));
  return [...dashes.values()].some((dash) => dash !== "") ? dashes : new Map();
}

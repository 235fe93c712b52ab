/** The index of a log with one tag of weights, as a server answers. */

/** `runs`: the steps of each, by its name. */
export function indexOfRuns(tag: string, runs: Readonly<Record<string, readonly number[]>>) {
  return {
    version: 1,
    runs: Object.entries(runs).map(([name, steps]) => ({
      run: `${name}/nnviz`,
      name,
      tags: [{ tag, kind: "tiles", view: "weights", series: 0, source: {} }],
      series: [{ steps, wall_times: steps, logged: steps.length }],
      notices: [],
      skipped: [],
    })),
  };
}

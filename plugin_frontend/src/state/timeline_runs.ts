/** Which of the runs shown have a record at a point of the timeline, in the view. Must not know the slider. */
import type { Series } from "../model/parse_index.js";
import type { Point } from "../model/time_axis.js";
import { stepPoint } from "../model/time_axis.js";
import { writePoint } from "../model/url_values.js";
import type { Derived } from "./derived.js";

/** Names of runs, in the order in which they are shown. */
export interface RunsAtPoint {
  readonly having: readonly string[];
  readonly lacking: readonly string[];
}

const known = new WeakMap<readonly Point[], ReadonlyMap<string, ReadonlySet<string>>>();

export function runsAtPoint(derived: Derived, index: number): RunsAtPoint {
  const point = derived.points[index];
  const written = point === undefined ? "" : writePoint(point);
  const has = ({ run }: { readonly run: string }): boolean =>
    pointsByRun(derived).get(run)?.has(written) ?? false;
  const { runs } = derived;
  return {
    having: runs.filter(has).map(({ name }) => name),
    lacking: runs.filter((run) => !has(run)).map(({ name }) => name),
  };
}

function pointsByRun({ points, allPanels, runPoints }: Derived) {
  const found = known.get(points);
  if (found !== undefined) return found;
  const series = new Map<string, Set<Series>>();
  for (const { run, entry } of allPanels.flatMap(({ members }) => members)) {
    const ofRun = series.get(run.run) ?? new Set();
    series.set(run.run, ofRun.add(entry.series));
  }
  const byRun = new Map(
    [...series].map(([run, all]) => {
      const placed = runPoints.get(run);
      const steps = new Set([...all].flatMap((each) => each.steps));
      return [
        run,
        new Set([...steps].map((step) => writePoint(placed?.get(step) ?? stepPoint(step)))),
      ];
    }),
  );
  known.set(points, byRun);
  return byRun;
}

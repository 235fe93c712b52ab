/** The order of runs that the user has chosen, by TensorBoard's names. Must not know what stands in it. */
import type { RunEntry } from "./parse_index.js";

/** Runs in the chosen order; those that it does not name come after it, as they were. */
export function orderedRuns(
  runs: readonly RunEntry[],
  order: readonly string[],
): readonly RunEntry[] {
  const places = new Map(order.map((run, place) => [run, place]));
  const place = ({ run }: RunEntry): number => places.get(run) ?? order.length;
  return order.length === 0 ? runs : runs.toSorted((a, b) => place(a) - place(b));
}

/** The order of `runs` after one of `movable` has changed places with the next or the previous one of these. */
export function movedRun(
  runs: readonly RunEntry[],
  movable: readonly RunEntry[],
  run: string,
  offset: 1 | -1,
): readonly string[] {
  const order = runs.map((each) => each.run);
  const from = movable.findIndex((each) => each.run === run);
  const other = from < 0 ? undefined : movable[from + offset];
  if (other === undefined) return order;
  const [here, there] = [order.indexOf(run), order.indexOf(other.run)];
  return order.with(here, other.run).with(there, run);
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunEntry } from "../src/model/parse_index.js";
import { movedRun, orderedRuns } from "../src/model/run_order.js";

const runOf = (run: string): RunEntry => ({
  run,
  name: run,
  tags: [],
  series: [],
  notices: [],
  skipped: [],
});
const [a, b, c, d] = ["a", "b", "c", "d"].map(runOf) as [RunEntry, RunEntry, RunEntry, RunEntry];
const names = (runs: readonly RunEntry[]): string => runs.map(({ run }) => run).join("");

describe("the order of runs", () => {
  test("is that of the list until one is moved; new runs come last", () => {
    expect(names(orderedRuns([a, b, c], []))).toBe("abc");
    expect(names(orderedRuns([a, b, c, d], ["c", "gone", "a"]))).toBe("cabd");
  });

  test("changes places of two columns, past runs that have none, and stops at the ends", () => {
    expect(movedRun([a, b, c], [a, b, c], "a", 1)).toEqual(["b", "a", "c"]);
    expect(movedRun([a, b, c], [a, c], "c", -1)).toEqual(["c", "b", "a"]);
    expect(movedRun([a, b, c], [a, b, c], "a", -1)).toEqual(["a", "b", "c"]);
    expect(movedRun([a, b, c], [a, b], "c", 1)).toEqual(["a", "b", "c"]);
  });

  test("is itself again after moving there and back, and loses no run", () => {
    const all = [a, b, c, d];
    fc.assert(
      fc.property(fc.nat(2), (at) => {
        const run = all[at]?.run ?? "";
        const there = orderedRuns(all, movedRun(all, all, run, 1));
        expect(there.toSorted((x, y) => x.run.localeCompare(y.run))).toEqual(all);
        expect(movedRun(there, there, run, -1)).toEqual(all.map((each) => each.run));
      }),
    );
  });
});

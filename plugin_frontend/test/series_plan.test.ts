import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupHistograms } from "../src/model/histogram_groups.js";
import type { RunEntry, TagEntry } from "../src/model/parse_index.js";
import type { PanelEntry } from "../src/model/runs.js";
import { drawnIndices, MOST_DRAWN, planSeries } from "../src/model/series_plan.js";

describe("the drawn steps of a series", () => {
  test("are at most 60, increasing, with the first, the last and the shown one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (length, pick) => {
        const shown = pick % length;
        const drawn = drawnIndices(length, shown);
        expect(drawn.length).toBeLessThanOrEqual(MOST_DRAWN);
        expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
        expect(drawn[0]).toBe(0);
        expect(drawn.at(-1)).toBe(length - 1);
        expect(drawn).toContain(shown);
        if (length <= MOST_DRAWN) expect(drawn).toHaveLength(length);
      }),
    );
  });

  test("are 60 of 1,000, and mostly the same ones while the log grows", () => {
    const before = drawnIndices(1000, 999);
    expect(before).toHaveLength(60);
    const after = new Set(drawnIndices(1003, 1002));
    expect(before.filter((index) => after.has(index)).length).toBeGreaterThanOrEqual(59);
  });

  test("are none of an empty series", () => {
    expect(drawnIndices(0, null)).toEqual([]);
  });
});

test("a run without a record so early shows none, but draws those that it has", () => {
  const plan = planSeries([2, 4, 8], { match: "none", first: 2 });
  expect(plan).toEqual({ shown: null, drawn: [0, 1, 2] });
});

describe("groups of layers", () => {
  const panel = (tag: string, role: string | null): PanelEntry => {
    const entry = { tag, source: { role } } as TagEntry;
    return { tag, kind: "histogram", members: [{ run: {} as RunEntry, entry }] };
  };
  const tags = (panels: readonly PanelEntry[], size: number) =>
    groupHistograms(panels, size).map((group) => group.panels.map(({ tag }) => tag).join(" "));
  const nine = Array.from({ length: 9 }, (_, layer) => [
    panel(`k${layer}`, "kernel"),
    panel(`b${layer}`, "bias"),
  ]).flat();

  test("put nine layers into three groups of three, kernels apart from biases", () => {
    expect(tags(nine, 3)).toEqual([
      "k0 k1 k2",
      "b0 b1 b2",
      "k3 k4 k5",
      "b3 b4 b5",
      "k6 k7 k8",
      "b6 b7 b8",
    ]);
  });

  test("leave no tag out: the last group of a role may be smaller", () => {
    expect(tags(nine.slice(0, 8), 3)).toEqual(["k0 k1 k2", "b0 b1 b2", "k3", "b3"]);
    expect(tags(nine, 1)).toHaveLength(18);
  });
});

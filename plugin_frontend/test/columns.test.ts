import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  COLUMN_GAP,
  columnBounds,
  columnLeft,
  columnsBetween,
  layoutColumns,
} from "../src/model/columns.js";
import type { RunEntry, Series, TagEntry } from "../src/model/parse_index.js";
import { viewColumns } from "../src/model/view_columns.js";

describe("the columns of runs", () => {
  test("fill the width as long as each has enough", () => {
    expect(layoutColumns(1000, 2)).toEqual({ count: 2, width: 486, whole: 1000 });
    expect(layoutColumns(948, 4)).toEqual({ count: 4, width: 216, whole: 948 });
    expect(layoutColumns(120, 1)).toEqual({ count: 1, width: 120, whole: 120 });
  });

  test("are wider than what is in sight where they would be too narrow, and then comfortable", () => {
    expect(layoutColumns(947, 4)).toEqual({
      count: 4,
      width: 264,
      whole: 4 * 264 + 3 * COLUMN_GAP,
    });
    expect(layoutColumns(948, 20).width).toBe(264);
    // One that is wider than the screen would be no use.
    expect(layoutColumns(200, 3).width).toBe(200);
  });

  test("of a matrix need more than those of grids, and plots no more than they can use", () => {
    expect(layoutColumns(948, 3, columnBounds("confusion")).whole).toBeGreaterThan(948);
    expect(layoutColumns(948, 3, columnBounds("tiles")).whole).toBeLessThanOrEqual(948);
    expect(layoutColumns(3700, 1, columnBounds("histogram")).width).toBe(1680);
  });

  test("are between two edges exactly where a part of them lies there", () => {
    const edges = fc.tuple(fc.integer({ min: -400, max: 8000 }), fc.integer({ min: 1, max: 4000 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), edges, (count, [left, length]) => {
        const columns = layoutColumns(900, count);
        const right = left + length;
        const [start, end] = columnsBetween(columns, left, right);
        for (let index = 0; index < count; index++) {
          const from = columnLeft(columns, index);
          const lies = from < right && from + columns.width > left;
          expect(index >= start && index < end).toBe(lies);
        }
      }),
    );
  });
});

describe("where a run stands, in the row of names,", () => {
  const once: Series = { steps: [0], wallTimes: [0], logged: 1 };
  const often: Series = { steps: [0, 8], wallTimes: [0, 8], logged: 2 };
  const runOf = (run: string) => ({ run, name: run }) as RunEntry;
  const entryOf = (tag: string, view: string, series: Series) =>
    ({ tag, view, kind: "tiles", series }) as TagEntry;
  const panelOf = (entry: TagEntry, ...runs: readonly RunEntry[]) => ({
    tag: entry.tag,
    kind: "tiles",
    members: runs.map((run) => ({ run, entry })),
  });

  test("is never told by the samples, which are logged once a fit", () => {
    const [a, b] = [runOf("a"), runOf("b")];
    const panels = [
      panelOf(entryOf("samples", "samples", once), a, b),
      panelOf(entryOf("activations/conv2d", "activations", often), a),
    ];
    const { runs, series } = viewColumns([a, b], panels, false);
    expect(runs).toEqual([a, b]);
    expect(series.get("a")).toBe(often);
    expect(series.has("b")).toBe(false);
  });
});

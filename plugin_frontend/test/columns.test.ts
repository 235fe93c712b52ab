import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  COLUMN_GAP,
  columnBounds,
  columnLeft,
  columnsBetween,
  layoutColumns,
} from "../src/model/columns.js";

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

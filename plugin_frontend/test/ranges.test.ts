import { describe, expect, test } from "vitest";
import {
  extremesOf,
  perTileRanges,
  positionIn,
  type RangeRule,
  rangeOfExtremes,
} from "../src/model/ranges.js";
import type { Tiles } from "../src/model/tiles.js";
import { paintTiles } from "./decode.js";

const sharedRange = (arrays: readonly Tiles[], rule: RangeRule) =>
  rangeOfExtremes(arrays.map(extremesOf), rule);

const tilesOf = (...values: number[]) =>
  paintTiles({
    axes: [
      { name: "unit", size: values.length / 2 },
      { name: "height", size: 1 },
      { name: "width", size: 2 },
    ],
    values: Float32Array.from(values),
    precision: "float32",
  });

describe("a range", () => {
  test("of each tile spans its finite values, symmetric where the colours diverge", () => {
    const tiles = tilesOf(-1, 3, 2, NaN, NaN, Infinity);
    expect(perTileRanges(tiles, "min-max")).toEqual([
      { lo: -1, hi: 3 },
      { lo: 2, hi: 2 },
      { lo: 0, hi: 0 },
    ]);
    expect(perTileRanges(tiles, "symmetric")[0]).toEqual({ lo: -3, hi: 3 });
  });

  test("that is shared spans all tiles of all runs, whatever their number", () => {
    expect(sharedRange([tilesOf(-1, 3), tilesOf(-5, 2, NaN, NaN)], "min-max")).toEqual({
      lo: -5,
      hi: 3,
    });
    expect(sharedRange([tilesOf(-1, 3), tilesOf(-5, 2)], "symmetric")).toEqual({ lo: -5, hi: 5 });
    expect(sharedRange([], "symmetric")).toEqual({ lo: 0, hi: 0 });
  });

  test("places values between 0 and 1, and in the middle where it has no width", () => {
    const range = { lo: -2, hi: 2 };
    expect([-3, -2, 0, 2, 9].map((value) => positionIn(range, value))).toEqual([0, 0, 0.5, 1, 1]);
    expect(positionIn({ lo: 4, hi: 4 }, 4)).toBe(0.5);
  });
});

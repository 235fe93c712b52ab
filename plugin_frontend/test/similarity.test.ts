import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultPlacement, fitPlacement } from "../src/model/placement.js";
import { similarities } from "../src/model/similarity.js";
import { orderBy } from "../src/model/sort.js";
import { gridAxes, type Tiles } from "../src/model/tiles.js";
import { exactTiles } from "./decode.js";

type Sizes = Record<string, number>;

function tilesOf(
  values: number[],
  sizes: Sizes,
  cell: Sizes = { height: 1, width: 3 },
  precision: "float32" | "uint16" | "uint8" = "float32",
): Tiles {
  const axes = Object.entries({ ...sizes, ...cell }).map(([name, size]) => ({ name, size }));
  return exactTiles({ axes, values: Float32Array.from(values), precision });
}

function cosines(tiles: Tiles, reference: Tiles, tile: number, axis = "unit"): number[] {
  const placement = defaultPlacement(gridAxes(tiles.header));
  const found = similarities(tiles, placement, axis, reference, tile);
  if (found.status === "refused") throw new Error(found.message);
  return [...found.cosines];
}

const UNITS = 5;
const value = fc.float({ min: -8, max: 8, noNaN: true }).map((each) => each + 0);
const units = fc.array(value, { minLength: 3 * UNITS, maxLength: 3 * UNITS });
const unit = fc.nat(UNITS - 1);
const isZero = (values: number[], tile: number): boolean =>
  values.slice(3 * tile, 3 * tile + 3).every((each) => each === 0);

describe("the similarity of tiles", () => {
  test("is the cosine of their values: 1, 0 and −1 for what points the same, across and against", () => {
    const tiles = tilesOf([1, 2, 2, 2, 4, 4, -2, 2, -1, -1, -2, -2, 0, 0, 0], { unit: UNITS });
    // (1, 2, 2)·(−2, 2, −1) = 0; the last is all zeros.
    expect(cosines(tiles, tiles, 0)).toEqual([1, 1, 0, -1, NaN]);
    // 3·1 + 4·2 of 5·√5 for pairs.
    const pair = tilesOf([3, 4, 1, 2], { unit: 2 }, { height: 1, width: 2 });
    expect(cosines(pair, pair, 0)[1]).toBeCloseTo(11 / (5 * Math.sqrt(5)), 15);
  });

  test("of a tile with itself is exactly 1, whatever it holds, unless it is all zeros", () => {
    fc.assert(
      fc.property(units, unit, (values, tile) => {
        const tiles = tilesOf(values, { unit: UNITS });
        expect(cosines(tiles, tiles, tile)[tile]).toBe(isZero(values, tile) ? NaN : 1);
      }),
    );
  });

  test("is the same from either side, and stays between −1 and 1", () => {
    fc.assert(
      fc.property(units, units, unit, unit, (one, other, a, b) => {
        const [first, second] = [one, other].map((each) => tilesOf(each, { unit: UNITS }));
        if (first === undefined || second === undefined) return;
        const there = cosines(first, second, b)[a] ?? NaN;
        const back = cosines(second, first, a)[b] ?? NaN;
        expect(there).toBe(back);
        expect(Number.isNaN(there) || Math.abs(there) <= 1).toBe(true);
      }),
    );
  });

  test("does not depend on how large a tile is, only on its sign", () => {
    // Powers of two leave every digit as it is, where float32 has a number so small.
    const plain = fc.array(fc.integer({ min: -512, max: 512 }), { minLength: 15, maxLength: 15 });
    const scale = fc.integer({ min: -8, max: 8 }).map((power) => 2 ** power);
    fc.assert(
      fc.property(plain, unit, scale, fc.boolean(), (values, tile, size, isNegative) => {
        const factor = isNegative ? -size : size;
        const tiles = tilesOf(values, { unit: UNITS });
        const scaled = tilesOf(
          values.map((each) => each * factor),
          { unit: UNITS },
        );
        const expected = cosines(tiles, tiles, tile).map((each) => (isNegative ? -each : each) + 0);
        const got = cosines(scaled, tiles, tile).map((each) => each + 0);
        expect(got).toEqual(expected);
      }),
    );
  });

  test("is over the cells that are finite in both, and tells how many these are", () => {
    const tiles = tilesOf([1, 2, 2, 1, NaN, 2, -Infinity, 2, -1], { unit: 3 });
    const placement = defaultPlacement(gridAxes(tiles.header));
    const found = (tile: number) => similarities(tiles, placement, "unit", tiles, tile);
    expect(found(0)).toEqual({
      status: "ready",
      // (1, 2) with itself; (2, 2)·(2, −1) = 2 of √8·√5.
      cosines: Float64Array.of(1, 1, 2 / Math.sqrt(40)),
      common: Float64Array.of(1, 2 / 3, 2 / 3),
    });
    // To itself a tile is alike, also where it is not finite throughout; of the last two one cell is left.
    expect(found(1)).toEqual({
      status: "ready",
      cosines: Float64Array.of(1, 1, -1),
      common: Float64Array.of(2 / 3, 2 / 3, 1 / 3),
    });
  });

  test("leaves out the same cells as if they were zeros in both", () => {
    const hole = fc.option(fc.constantFrom(NaN, Infinity, -Infinity), { nil: null });
    const holes = fc.array(hole, { minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(units, holes, unit, (values, gaps, tile) => {
        const withGaps = values.map((each, at) => gaps[at] ?? each);
        const tiles = tilesOf(withGaps, { unit: UNITS });
        const got = cosines(tiles, tiles, tile);
        for (let at = 0; at < UNITS; at++) {
          const isLeftOut = (cell: number): boolean =>
            [gaps[3 * at + cell], gaps[3 * tile + cell]].some((gap) => gap !== null);
          const zeroed = values.map((each, index) => (isLeftOut(index % 3) ? 0 : each));
          const plain = tilesOf(zeroed, { unit: UNITS });
          expect(got[at]).toBe(cosines(plain, plain, tile)[at]);
        }
      }),
    );
  });

  test("puts tiles of zeros and what holds no finite number last, both ways round", () => {
    const tiles = tilesOf([0, 0, 0, 1, 1, 1, -1, -1, -1, NaN, NaN, 0, NaN, Infinity, NaN], {
      unit: UNITS,
    });
    const found = cosines(tiles, tiles, 1);
    expect(found).toEqual([NaN, 1, -1, NaN, NaN]);
    const order = (isReversed: boolean) =>
      orderBy("unit", found.keys(), (at) => -(found[at] ?? NaN), isReversed)?.positions;
    expect(order(false)).toEqual([1, 2, 0, 3, 4]);
    expect(order(true)).toEqual([2, 1, 0, 3, 4]);
  });

  test("is over all channels of a colour", () => {
    const cell = { height: 1, width: 1, color: 3 };
    const tiles = tilesOf([1, 0, 0, 0, 1, 0, 1, 1, 0], { unit: 3 }, cell);
    expect(cosines(tiles, tiles, 0)).toEqual([1, 0, expect.closeTo(Math.SQRT1_2, 15)]);
  });

  test("is joined over the other axes of the grid, as far as they are shown", () => {
    const sizes = { filter: 2, in_channel: 2 };
    const cell = { height: 1, width: 1 };
    // Filters (3, 4) and (4, −3): across as a whole, alike in the first input channel alone.
    const tiles = tilesOf([3, 4, 4, -3], sizes, cell);
    expect(cosines(tiles, tiles, 0, "filter")).toEqual([1, 0]);
    expect(cosines(tiles, tiles, 1, "filter")).toEqual([1, 0]);
    const slid = { rows: ["filter"], columns: [], sliders: new Map([["in_channel", 0]]) };
    const fitted = fitPlacement(slid, gridAxes(tiles.header));
    expect(similarities(tiles, fitted, "filter", tiles, 0)).toMatchObject({
      cosines: Float64Array.of(1, 1),
    });
    // What was worked out for another placement is not taken for this one.
    expect(cosines(tiles, tiles, 0, "filter")).toEqual([1, 0]);
  });

  test("is of the stored values, in whichever precision", () => {
    fc.assert(
      fc.property(
        units,
        unit,
        fc.constantFrom("uint16" as const, "uint8" as const),
        (values, tile, precision) => {
          const codes = tilesOf(values, { unit: UNITS }, undefined, precision);
          const found = cosines(codes, codes, tile)[tile];
          expect(found).toBe(isZero(values, tile) ? NaN : 1);
        },
      ),
    );
  });

  test("is worked out once for two records", () => {
    const tiles = tilesOf([1, 2, 3, 4, 5, 6], { unit: 2 });
    const placement = defaultPlacement(gridAxes(tiles.header));
    const first = similarities(tiles, placement, "unit", tiles, 0);
    expect(similarities(tiles, placement, "unit", tiles, 0)).toBe(first);
    expect(similarities(tiles, placement, "unit", tiles, 1)).not.toBe(first);
  });

  test("cannot be told of other shapes, nor of a tile that the other record lacks", () => {
    const tiles = tilesOf([1, 2, 3, 4, 5, 6], { unit: 2 });
    const larger = tilesOf([1, 2, 3, 4, 5, 6, 7, 8, 9], { unit: 3 });
    const wide = tilesOf([1, 2, 3, 4], { unit: 2 }, { height: 1, width: 2 });
    const placement = defaultPlacement(gridAxes(tiles.header));
    // More units are no other shape: each is as large.
    expect(cosines(larger, tiles, 1)).toHaveLength(3);
    const refused = (reference: Tiles, tile: number) =>
      similarities(tiles, placement, "unit", reference, tile);
    expect(refused(wide, 0)).toEqual({ status: "refused", message: "the shapes differ" });
    expect(refused(tiles, 2)).toEqual({ status: "refused", message: "there is no such tile" });
  });
});

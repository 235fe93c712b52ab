import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findTiles } from "../src/model/find_tiles.js";
import { describeTile } from "../src/model/format.js";
import type { Axis } from "../src/model/record.js";

const axis = (name: string, size: number, labels: string[] | null = null): Axis => ({
  name,
  size,
  fullSize: size,
  labels,
  represents: null,
});
const UNITS = [axis("unit", 12)];
const KERNEL = [axis("filter", 4), axis("in_channel", 3)];
const MAPS = [axis("sample", 2, ["cat", "dog, wet"]), axis("channel", 3)];

describe("finding tiles", () => {
  test("by number means the one of that number, and nothing beyond the last", () => {
    expect(findTiles(UNITS, "7")).toEqual([7]);
    expect(findTiles(UNITS, " 11 ")).toEqual([11]);
    expect(findTiles(UNITS, "12")).toEqual([]);
    for (const text of ["", "  ", "-1", "1.5", "x", "1,2"])
      expect(findTiles(UNITS, text)).toEqual([]);
  });

  test("by label, whatever its case, goes before the number", () => {
    const classes = [axis("class", 3, ["7", "Dog", "2"])];
    expect(findTiles(classes, "dog")).toEqual([1]);
    expect(findTiles(classes, "7")).toEqual([0]);
    expect(findTiles(classes, "2")).toEqual([2]);
    expect(findTiles(classes, "1")).toEqual([1]);
  });

  test("by one number of several axes means all of that filter, or of that channel whatever the sample", () => {
    expect(findTiles(KERNEL, "2")).toEqual([6, 7, 8]);
    expect(findTiles(MAPS, "2")).toEqual([2, 5]);
    expect(findTiles(MAPS, "cat")).toEqual([0, 1, 2]);
    // A label with a comma is one label.
    expect(findTiles(MAPS, "Dog, wet")).toEqual([3, 4, 5]);
  });

  test("by a number for each axis, or by the names of axes, means one", () => {
    expect(findTiles(KERNEL, "2, 1")).toEqual([7]);
    expect(findTiles(KERNEL, "input channel 1")).toEqual([1, 4, 7, 10]);
    expect(findTiles(KERNEL, "input channel 1, filter 3")).toEqual([10]);
    expect(findTiles(KERNEL, "filter 3, 0")).toEqual([9]);
    expect(findTiles(MAPS, "1, 2")).toEqual([5]);
    expect(findTiles(MAPS, "sample 1 · channel 0")).toEqual([3]);
    for (const text of ["9, 0", "0, 9", "1, 1, 1", "filter 1, filter 2"])
      expect(findTiles(KERNEL, text)).toEqual([]);
  });

  test("passes over axes of size 1, and finds nothing where there are no tiles to choose from", () => {
    expect(findTiles([axis("call", 1), axis("unit", 3)], "2")).toEqual([2]);
    expect(findTiles([], "0")).toEqual([]);
    expect(findTiles([axis("unit", 1)], "0")).toEqual([]);
  });

  test("finds any tile by the words of the tooltip", () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, fc.nat(), (all, number) => {
        const names = ["filter", "in_channel", "gate"];
        const axes = all.map((size, place) => axis(names[place] ?? "", size));
        const tile = number % all.reduce((product, size) => product * size, 1);
        expect(findTiles(axes, describeTile(axes, tile))).toEqual([tile]);
      }),
    );
  });
});

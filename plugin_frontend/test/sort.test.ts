import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SORTS } from "../src/model/display.js";
import { arrange, defaultPlacement, positionOn } from "../src/model/placement.js";
import { sortPositions } from "../src/model/sort.js";
import { constantCount, deadCount, gridAxes, type Tiles } from "../src/model/tiles.js";
import { exactTiles } from "./decode.js";

/** Tiles of two cells; `changes` stands for the writer's statistic. */
function tilesOf(values: number[][], changes?: number[], sizes = { unit: values.length }): Tiles {
  const axes = [
    ...Object.entries(sizes).map(([name, size]) => ({ name, size })),
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ];
  const record = exactTiles({
    axes,
    values: Float32Array.from(values.flat()),
    precision: "float32",
  });
  if (changes === undefined) return record;
  const statistics = new Map(record.statistics);
  return {
    ...record,
    statistics: statistics.set("change_since_start", Float64Array.from(changes)),
  };
}

const sorted = (tiles: Tiles, sort: (typeof SORTS)[number]) =>
  sortPositions(tiles, defaultPlacement(gridAxes(tiles.header)), sort)?.positions ?? null;

// Norms √2, 5, 0, √8; variances 1, 1/4, 0, 0 — of 3 and 4 it is 12.5 − 3.5².
const VALUES = [
  [1, -1],
  [3, 4],
  [0, 0],
  [2, 2],
];

describe("sorted tiles", () => {
  test("stand by norm, change or variance, the largest first", () => {
    const tiles = tilesOf(VALUES, [0.1, 0.3, 0.2, 0.4]);
    expect(sorted(tiles, "index")).toBeNull();
    expect(sorted(tiles, "norm")).toEqual([1, 3, 0, 2]);
    expect(sorted(tiles, "change")).toEqual([3, 1, 2, 0]);
    expect(sorted(tiles, "variance")).toEqual([0, 1, 2, 3]);
  });

  test("have the dead ones first, then the least norm", () => {
    const tiles = tilesOf(VALUES);
    expect(sorted(tiles, "dead")).toEqual([2, 3, 0, 1]);
    expect(deadCount(tiles)).toBe(2);
    // Of (0, 0) and (2, 2) the second holds another value than 0.
    expect(constantCount(tiles)).toBe(1);
    expect(deadCount(tilesOf([[1, 1]]))).toBe(0);
    expect(
      deadCount(
        tilesOf([
          [1, NaN],
          [2, 2],
          [NaN, NaN],
        ]),
      ),
    ).toBe(1);
  });

  test("without a number come last, and where none has one the index decides", () => {
    expect(sorted(tilesOf(VALUES, [NaN, 0.3, NaN, 0.4]), "change")).toEqual([3, 1, 0, 2]);
    expect(sorted(tilesOf(VALUES, [NaN, NaN, NaN, NaN]), "change")).toBeNull();
    expect(sorted(tilesOf(VALUES), "change")).toBeNull();
    expect(sorted(tilesOf([[1, 1]], [], {} as never), "norm")).toBeNull();
  });

  test("of a grid are moved by whole rows, by what the rows hold together", () => {
    // Rows (1, −1 | 3, 4) and (0, 0 | 2, 2): 27 and 8 as squares; sorted by dead, the row that is all dead is first.
    const tiles = tilesOf(VALUES, undefined, { filter: 2, in_channel: 2 } as never);
    expect(sorted(tiles, "norm")).toEqual([0, 1]);
    expect(sorted(tiles, "dead")).toEqual([1, 0]);
    // Together: mean of squares 27/4, mean 7/4; and 8/4 with mean 1.
    expect(sorted(tiles, "variance")).toEqual([0, 1]);
  });

  test("are joined over the tiles that a slider lets through", () => {
    const tiles = tilesOf(VALUES, undefined, { filter: 2, in_channel: 2 } as never);
    const first = { rows: ["filter"], columns: [], sliders: new Map([["in_channel", 0]]) };
    const second = { ...first, sliders: new Map([["in_channel", 1]]) };
    expect(sortPositions(tiles, first, "norm")?.positions).toEqual([0, 1]);
    expect(sortPositions(tiles, second, "dead")?.positions).toEqual([1, 0]);
  });

  test("are all there once, and rows stay rows", () => {
    const value = fc.constantFrom(0, 1, -2, 3.5, NaN, Infinity);
    const cells = fc.array(value, { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(cells, fc.constantFrom(...SORTS), (values, sort) => {
        const pairs = Array.from({ length: 12 }, (_, tile) => values.slice(2 * tile, 2 * tile + 2));
        const tiles = tilesOf(pairs, values.slice(0, 12), { filter: 4, in_channel: 3 } as never);
        const axes = gridAxes(tiles.header);
        const placement = defaultPlacement(axes);
        const { order } = arrange(axes, placement, sortPositions(tiles, placement, sort));
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
        order.forEach((tile, place) => {
          expect(positionOn(axes, "in_channel", tile)).toBe(place % 3);
        });
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadPositions } from "../src/model/dead_tiles.js";
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

const sorted = (tiles: Tiles, sort: (typeof SORTS)[number], isReversed = false) =>
  sortPositions(tiles, defaultPlacement(gridAxes(tiles.header)), sort, isReversed)?.positions ??
  null;

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

  test("stand by their change since the step before as well, or by the norm of what is shown", () => {
    const tiles = tilesOf(VALUES, [0.1, 0.3, 0.2, 0.4]);
    expect(sorted(tiles, "previous")).toBeNull();
    const statistics = new Map(tiles.statistics).set(
      "change_since_previous",
      Float64Array.of(0.2, 0.1, 0.4, 0.3),
    );
    expect(sorted({ ...tiles, statistics }, "previous")).toEqual([2, 3, 0, 1]);
    expect(sorted(tiles, "difference")).toEqual(sorted(tiles, "norm"));
  });

  test("stand the other way round where that is asked for, what has no number still last", () => {
    const tiles = tilesOf(VALUES, [0.1, NaN, 0.2, 0.4]);
    expect(sorted(tiles, "index", true)).toEqual([3, 2, 1, 0]);
    expect(sorted(tiles, "norm", true)).toEqual([2, 0, 3, 1]);
    expect(sorted(tiles, "change", true)).toEqual([0, 2, 3, 1]);
    expect(sorted(tiles, "dead", true)).toEqual([1, 0, 2, 3]);
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
      fc.property(cells, fc.constantFrom(...SORTS), fc.boolean(), (values, sort, isReversed) => {
        const pairs = Array.from({ length: 12 }, (_, tile) => values.slice(2 * tile, 2 * tile + 2));
        const tiles = tilesOf(pairs, values.slice(0, 12), { filter: 4, in_channel: 3 } as never);
        const axes = gridAxes(tiles.header);
        const placement = defaultPlacement(axes);
        const axisOrder = sortPositions(tiles, placement, sort, isReversed);
        const { order } = arrange(axes, placement, axisOrder);
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
        order.forEach((tile, place) => {
          expect(positionOn(axes, "in_channel", tile)).toBe(place % 3);
        });
      }),
    );
  });
});

describe("tiles that are dead in every run", () => {
  const dead = (...records: number[][][]) =>
    deadPositions(
      records.map((values) => tilesOf(values)),
      "unit",
    );

  test("are those of zeros; one that is alive anywhere, or holds another value, is not among them", () => {
    expect(dead(VALUES)).toEqual([2]);
    const other = [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    expect(dead(VALUES, other)).toEqual([2]);
    expect(dead(VALUES, [...other.slice(0, 2), [0, 1], [0, 0]])).toEqual([]);
    expect(
      dead([
        [NaN, NaN],
        [0, 0],
        [1, 1],
      ]),
    ).toEqual([1]);
  });

  test("are those of all runs that have them, where runs are of other sizes", () => {
    expect(dead(VALUES, [...VALUES, [0, 0], [1, 0]])).toEqual([2, 4]);
  });

  test("are shown where that is all of them, and where a tile is a single weight", () => {
    expect(
      dead([
        [0, 0],
        [0, 0],
      ]),
    ).toEqual([]);
    const single = exactTiles({
      axes: [
        { name: "unit", size: 2 },
        { name: "height", size: 1 },
        { name: "width", size: 1 },
      ],
      values: Float32Array.of(0, 1),
      precision: "float32",
    });
    expect(deadPositions([single], "unit")).toEqual([]);
  });

  test("of a grid are whole rows, also where a slider shows but one of their tiles", () => {
    // Filters (0, 0 | 0, 0) and (0, 0 | 2, 2).
    const tiles = tilesOf([[0, 0], [0, 0], [0, 0], VALUES[3] ?? []], undefined, {
      filter: 2,
      in_channel: 2,
    } as never);
    expect(deadPositions([tiles], "filter")).toEqual([0]);
  });

  test("leave the others in their order, and no tile of another place", () => {
    const flags = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(flags, fc.constantFrom(...SORTS), fc.boolean(), (alive, sort, isReversed) => {
        const values = alive.map((isAlive, tile) => (isAlive ? [tile % 3, 1] : [0, 0]));
        const tiles = tilesOf(values);
        const axes = gridAxes(tiles.header);
        const placement = defaultPlacement(axes);
        const all = sortPositions(tiles, placement, sort, isReversed) ?? {
          axis: "unit",
          positions: [],
        };
        const hidden = deadPositions([tiles], "unit");
        const whole = [...arrange(axes, placement, all).order];
        const part = [...arrange(axes, placement, { ...all, hidden }).order];
        expect(part).toEqual(whole.filter((tile) => !hidden.includes(tile)));
        expect(hidden).toEqual(
          alive.includes(true) ? alive.flatMap((isAlive, tile) => (isAlive ? [] : [tile])) : [],
        );
      }),
    );
  });
});

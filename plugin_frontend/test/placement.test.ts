import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  arrange,
  defaultPlacement,
  fitPlacement,
  isIdentity,
  moveAxis,
  moveSlider,
  PLACES,
  placementKey,
  placeOf,
  positionOn,
  sortedAxis,
} from "../src/model/placement.js";
import type { Axis } from "../src/model/record.js";

const axis = (name: string, size: number, labels: string[] | null = null): Axis => ({
  name,
  size,
  fullSize: size,
  labels,
  represents: null,
});

const someAxes = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
  .map((sizes) => sizes.map((size, index) => axis(`axis_${index}`, size)));

const count = (axes: readonly Axis[]) => axes.reduce((product, { size }) => product * size, 1);

/** Any placement that can be reached by moving axes about. */
const placed = fc
  .tuple(someAxes, fc.array(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(...PLACES), fc.nat(9))))
  .map(([axes, moves]) => {
    let placement = defaultPlacement(axes);
    for (const [index, place, at] of moves) {
      const moved = axes[index];
      if (moved === undefined || moved.size === 1) continue;
      placement = moveAxis(placement, axes, moved.name, place);
      if (place === "slider") placement = moveSlider(placement, moved.name, at % moved.size);
    }
    return { axes, placement };
  });

describe("the placement of grid axes", () => {
  test("is by default the last axis along the columns and the others down the rows", () => {
    const axes = [axis("filter", 4), axis("group", 1), axis("in_channel", 3), axis("depth", 2)];
    expect(defaultPlacement(axes)).toEqual({
      rows: ["filter", "in_channel"],
      columns: ["depth"],
      sliders: new Map(),
    });
    expect(defaultPlacement([axis("unit", 9)])).toMatchObject({ rows: [], columns: ["unit"] });
    expect(defaultPlacement([])).toMatchObject({ rows: [], columns: [] });
  });

  test("by default shows every tile in its own place", () => {
    fc.assert(
      fc.property(someAxes, (axes) => {
        const { order } = arrange(axes, defaultPlacement(axes));
        expect(isIdentity(order, count(axes))).toBe(true);
      }),
    );
  });

  test("has every extended axis in exactly one place, wherever axes are moved", () => {
    fc.assert(
      fc.property(placed, ({ axes, placement }) => {
        const { rows, columns, sliders } = placement;
        const names = axes.filter(({ size }) => size > 1).map(({ name }) => name);
        expect([...rows, ...columns, ...sliders.keys()].sort()).toEqual(names.sort());
        for (const name of names) expect(PLACES).toContain(placeOf(placement, name));
        expect(fitPlacement(placement, axes)).toEqual(placement);
      }),
    );
  });

  test("shows just the tiles at the indices of the sliders, each once", () => {
    fc.assert(
      fc.property(placed, ({ axes, placement }) => {
        const { order } = arrange(axes, placement);
        const wanted = Array.from({ length: count(axes) }, (_, tile) => tile).filter((tile) =>
          [...placement.sliders].every(([name, index]) => positionOn(axes, name, tile) === index),
        );
        expect([...order].sort((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });

  test("keeps rows rows: along a row only what is along the columns changes", () => {
    fc.assert(
      fc.property(placed, ({ axes, placement }) => {
        const { order, rowLength } = arrange(axes, placement);
        if (rowLength === null) {
          expect(placement.rows).toEqual([]);
          return;
        }
        order.forEach((tile, place) => {
          const first = order[place - (place % rowLength)] ?? 0;
          for (const name of placement.rows) {
            expect(positionOn(axes, name, tile)).toBe(positionOn(axes, name, first));
          }
        });
      }),
    );
  });

  test("transposes two axes that change places", () => {
    const axes = [axis("filter", 2), axis("in_channel", 3)];
    const rows = moveAxis(defaultPlacement(axes), axes, "in_channel", "rows");
    const placement = moveAxis(rows, axes, "filter", "columns");
    expect(arrange(axes, placement)).toMatchObject({
      order: Int32Array.of(0, 3, 1, 4, 2, 5),
      rowLength: 2,
    });
  });

  test("of another array is made to fit", () => {
    const chosen = {
      rows: ["head"],
      columns: ["gate"],
      sliders: new Map([
        ["unit", 9],
        ["depth", -2],
      ]),
    };
    const axes = [axis("unit", 4), axis("gate", 4), axis("batch", 2), axis("depth", 3)];
    expect(fitPlacement(chosen, axes)).toEqual({
      rows: ["batch"],
      columns: ["gate"],
      sliders: new Map([
        ["unit", 3],
        ["depth", 0],
      ]),
    });
  });

  test("reorders the outermost axis down the rows, and puts positions that are not told of at the end", () => {
    const axes = [axis("filter", 4), axis("in_channel", 2)];
    const placement = defaultPlacement(axes);
    expect(sortedAxis(placement)).toBe("filter");
    const order = { axis: "filter", positions: [2, 7, 0] };
    expect([...arrange(axes, placement, order).order]).toEqual([4, 5, 0, 1, 2, 3, 6, 7]);
    expect(sortedAxis(defaultPlacement([axis("unit", 3)]))).toBe("unit");
    expect(sortedAxis(defaultPlacement([]))).toBeNull();
  });

  test("gives labels of rows and columns in the order in which they are shown", () => {
    const axes = [axis("gate", 3, ["input", "forget", "cell"]), axis("unit", 2)];
    const shown = arrange(axes, defaultPlacement(axes), { axis: "gate", positions: [1, 0, 2] });
    expect(shown.rowLabels).toEqual(["forget", "input", "cell"]);
    expect(shown.columnLabels).toBeNull();
    const lone = [axis("class", 2, ["cat", "dog"])];
    expect(arrange(lone, defaultPlacement(lone))).toMatchObject({
      rowLength: null,
      columnLabels: ["cat", "dog"],
    });
  });

  test("of an empty array shows nothing", () => {
    const axes = [axis("unit", 0), axis("in_channel", 3)];
    expect(arrange(axes, defaultPlacement(axes)).order).toHaveLength(0);
  });

  test("has a key of its own", () => {
    const base = defaultPlacement([axis("a", 2), axis("b", 2)]);
    const keys = [
      null,
      base,
      moveSlider(base, "a", 0),
      moveSlider(base, "a", 1),
      { ...base, rows: [] },
    ].map(placementKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

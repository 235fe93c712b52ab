import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellValue, decodeValues, needsLowPlane, valueOfCode } from "../src/model/dequantise.js";
import { exactTiles, paintTiles } from "./decode.js";

const float = fc.float({ noNaN: true, min: -1e6, max: 1e6 });
const anyFloat = fc.oneof(
  { weight: 8, arbitrary: float },
  fc.constantFrom(NaN, Infinity, -Infinity),
);
const someTiles = fc.record({
  tiles: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 4 }),
  pool: fc.array(anyFloat, { minLength: 48, maxLength: 48 }),
});

function spec(
  { tiles, height, width, pool }: { tiles: number; height: number; width: number; pool: number[] },
  precision: "uint16" | "uint8" | "float32",
) {
  return {
    axes: [
      { name: "unit", size: tiles },
      { name: "height", size: height },
      { name: "width", size: width },
    ],
    values: Float32Array.from(pool.slice(0, tiles * height * width)),
    precision,
  } as const;
}

describe("dequantised values", () => {
  for (const [precision, steps] of [
    ["uint16", 65023],
    ["uint8", 252],
  ] as const) {
    test(`${precision} is within half a code of what was logged, and non-finite cells are kept`, () => {
      fc.assert(
        fc.property(someTiles, (shape) => {
          const given = spec(shape, precision);
          const tiles = exactTiles(given);
          const decoded = decodeValues(tiles);
          const cells = shape.height * shape.width;
          given.values.forEach((value, index) => {
            if (!Number.isFinite(value)) {
              expect(decoded[index]).toBe(value);
              return;
            }
            const tile = Math.floor(index / cells);
            const min = tiles.statistics.get("min")?.[tile] ?? NaN;
            const max = tiles.statistics.get("max")?.[tile] ?? NaN;
            const rounding = 1e-6 * Math.max(Math.abs(min), Math.abs(max));
            const error = Math.abs((decoded[index] ?? NaN) - value);
            expect(error).toBeLessThanOrEqual((0.5 * (max - min)) / steps + rounding);
          });
        }),
      );
    });
  }

  test("float32 comes back bit for bit", () => {
    fc.assert(
      fc.property(someTiles, (shape) => {
        const given = spec(shape, "float32");
        expect(decodeValues(exactTiles(given))).toEqual(given.values);
      }),
    );
  });

  test("the high plane alone is within half a high byte and says that it is not exact", () => {
    fc.assert(
      fc.property(someTiles, (shape) => {
        const given = spec(shape, "uint16");
        const tiles = paintTiles(given);
        const cells = shape.height * shape.width;
        given.values.forEach((value, index) => {
          if (!Number.isFinite(value)) return;
          const tile = Math.floor(index / cells);
          const min = tiles.statistics.get("min")?.[tile] ?? NaN;
          const max = tiles.statistics.get("max")?.[tile] ?? NaN;
          const cell = cellValue(tiles, index);
          expect(cell.exact).toBe(min === max);
          const rounding = 1e-6 * Math.max(Math.abs(min), Math.abs(max));
          expect(Math.abs(cell.value - value)).toBeLessThanOrEqual(
            (128.5 * (max - min)) / 65023 + rounding,
          );
        });
      }),
    );
  });

  test("the formula is evaluated in float64 and rounded once", () => {
    // 0.1f = 0.100000001490116…, 0.7f = 0.699999988079071…; code 12345 of 65023.
    const min = Math.fround(0.1);
    const max = Math.fround(0.7);
    expect(valueOfCode(12345, 65023, min, max)).toBe(
      Math.fround(min + (12345 / 65023) * (max - min)),
    );
    expect(valueOfCode(65023, 65023, min, max)).toBe(max);
    expect(valueOfCode(7, 65023, 3, 3)).toBe(3);
  });

  test("the sign of an infinity needs the low plane only where a tile holds both", () => {
    const axes = [
      { name: "height", size: 1 },
      { name: "width", size: 4 },
    ];
    const one = paintTiles({
      axes,
      values: Float32Array.of(0, 1, -Infinity, NaN),
      precision: "uint16",
    });
    expect(needsLowPlane(one)).toBe(false);
    expect(cellValue(one, 2)).toEqual({ value: -Infinity, exact: true });
    const both = {
      axes,
      values: Float32Array.of(0, Infinity, -Infinity, 1),
      precision: "uint16",
    } as const;
    expect(needsLowPlane(paintTiles(both))).toBe(true);
    expect(cellValue(paintTiles(both), 1).exact).toBe(false);
    expect(needsLowPlane(exactTiles(both))).toBe(false);
    expect([...decodeValues(exactTiles(both))]).toEqual([0, Infinity, -Infinity, 1]);
  });

  test("arrays with an axis of size 0 have no values", () => {
    const axes = [
      { name: "unit", size: 3 },
      { name: "height", size: 0 },
      { name: "width", size: 4 },
    ];
    const tiles = exactTiles({ axes, values: new Float32Array(), precision: "uint16" });
    expect(tiles.shape.tiles).toBe(3);
    expect(decodeValues(tiles)).toHaveLength(0);
  });
});

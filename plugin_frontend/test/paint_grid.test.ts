import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseColouring } from "../src/model/colours.js";
import { difference } from "../src/model/difference.js";
import { layoutGrid } from "../src/model/layout.js";
import { extremesOf, perTileRanges, rangeOfExtremes } from "../src/model/ranges.js";
import { gridAxes } from "../src/model/tiles.js";
import { paintGrid } from "../src/render/paint_grid.js";
import {
  NAN_PIXEL,
  NEGINF_PIXEL,
  POSINF_PIXEL,
  pixelOf,
  tableIndex,
  tablePixels,
  unresolvedPixel,
} from "../src/render/palette.js";
import { exactTiles, paintTiles } from "./decode.js";
import type { TilesSpec } from "./encode.js";

const GRAY = { table: "gray", rule: "min-max" } as const;
const RED_BLUE = { table: "red_blue_light", rule: "symmetric" } as const;

const units = (tiles: number, height: number, width: number) => [
  { name: "unit", size: tiles },
  { name: "height", size: height },
  { name: "width", size: width },
];

function paint(
  spec: TilesSpec,
  colouring: Parameters<typeof paintGrid>[4],
  shared = false,
  exact = true,
) {
  const tiles = exact ? exactTiles(spec) : paintTiles(spec);
  const layout = layoutGrid(gridAxes(tiles.header), tiles.shape, 1000, 600);
  const pixels = new Uint32Array(layout.width * layout.height);
  const ranges = shared
    ? rangeOfExtremes([extremesOf(tiles)], colouring.rule)
    : perTileRanges(tiles, colouring.rule);
  const specials = paintGrid(pixels, layout, tiles, ranges, colouring);
  return { layout, pixels, specials };
}

describe("a painted grid", () => {
  for (const precision of ["uint16", "uint8", "float32"] as const) {
    test(`of ${precision} goes from one end of the table to the other within each tile`, () => {
      const { layout, pixels } = paint(
        { axes: units(2, 1, 2), values: Float32Array.of(-1, 3, 10, 20), precision },
        GRAY,
      );
      expect(layout).toMatchObject({ width: 5, height: 1, gap: 1 });
      const gray = tablePixels("gray");
      expect([...pixels]).toEqual([gray[0], gray[255], 0, gray[0], gray[255]]);
    });
  }

  test("under one shared range shows how little a tile holds", () => {
    const { pixels } = paint(
      { axes: units(2, 1, 2), values: Float32Array.of(-8, 8, -1, 1), precision: "float32" },
      RED_BLUE,
      true,
    );
    const table = tablePixels("red_blue_light");
    // ±1 of ±8: 256·(7/16) = 112 and 256·(9/16) = 144
    expect([...pixels]).toEqual([table[0], table[255], 0, table[112], table[144]]);
  });

  test("has zero in the middle of a diverging table whatever the other values are", () => {
    const { pixels } = paint(
      { axes: units(1, 1, 3), values: Float32Array.of(0, 1, 5), precision: "float32" },
      RED_BLUE,
    );
    expect(pixels[0]).toBe(tablePixels("red_blue_light")[128]);
  });

  test("gives NaN and the infinities colours of their own and reports where they are", () => {
    const spec = {
      axes: units(1, 1, 5),
      values: Float32Array.of(NaN, Infinity, -Infinity, 0, 1),
      precision: "uint16",
    } as const;
    const { pixels, specials } = paint(spec, GRAY);
    expect([...pixels.slice(0, 3)]).toEqual([NAN_PIXEL, POSINF_PIXEL, NEGINF_PIXEL]);
    expect(specials).toEqual([
      { x: 0, y: 0, special: "nan" },
      { x: 1, y: 0, special: "posinf" },
      { x: 2, y: 0, special: "neginf" },
    ]);
  });

  test("from the high plane alone differs from the exact one by one table entry at most", () => {
    const values = Float32Array.from({ length: 200 }, (_, index) => Math.sin(index));
    const spec = { axes: units(1, 10, 20), values, precision: "uint16" } as const;
    const gray = (pixel: number) => pixel & 255;
    const exact = paint({ ...spec, precision: "float32" }, GRAY).pixels;
    paint(spec, GRAY, false, false).pixels.forEach((pixel, index) => {
      expect(Math.abs(gray(pixel) - gray(exact[index] ?? 0))).toBeLessThanOrEqual(1);
    });
  });

  test("of constant, all-NaN and empty tiles is complete", () => {
    const constant = paint(
      { axes: units(2, 1, 2), values: Float32Array.of(7, 7, NaN, NaN), precision: "uint16" },
      GRAY,
    );
    const middle = tablePixels("gray")[128];
    expect([...constant.pixels]).toEqual([middle, middle, 0, NAN_PIXEL, NAN_PIXEL]);
    const empty = paint(
      { axes: units(0, 2, 2), values: new Float32Array(), precision: "uint8" },
      GRAY,
    );
    expect(empty.pixels).toHaveLength(0);
  });

  test("of signed colour tiles has zero at mid-gray and scales the channels together", () => {
    const spec: TilesSpec = {
      axes: [...units(1, 1, 2), { name: "color", size: 3 }],
      values: Float32Array.of(0, 0, 0, 1, -1, 0),
      precision: "float32",
    };
    const { pixels } = paint(spec, chooseColouring("auto", "signed", 3, "light"));
    expect([...pixels]).toEqual([pixelOf([128, 128, 128]), pixelOf([255, 0, 128])]);
  });

  test("marks a colour cell as soon as one channel is not a number", () => {
    const spec: TilesSpec = {
      axes: [...units(1, 1, 1), { name: "color", size: 3 }],
      values: Float32Array.of(Infinity, NaN, 0),
      precision: "float32",
    };
    expect([...paint(spec, chooseColouring("auto", "image", 3, "light")).pixels]).toEqual([
      NAN_PIXEL,
    ]);
  });

  test("shows the tiles of an order in its places, each under its own range", () => {
    const spec = {
      axes: units(3, 1, 2),
      values: Float32Array.of(0, 1, 10, 30, 5, 5),
      precision: "uint16",
    } as const;
    const { layout, pixels } = paint(spec, GRAY);
    expect(pixels).toHaveLength(8);
    const tiles = exactTiles(spec);
    const sorted = new Uint32Array(pixels.length);
    paintGrid(sorted, layout, tiles, perTileRanges(tiles, "min-max"), GRAY, Int32Array.of(2, 0, 1));
    const gray = tablePixels("gray");
    expect([...sorted]).toEqual([
      gray[128],
      gray[128],
      0,
      gray[0],
      gray[255],
      0,
      gray[0],
      gray[255],
    ]);
  });

  for (const precision of ["uint16", "uint8", "float32"] as const) {
    test(`of ${precision} fills the lines of a folded strip one after the other`, () => {
      const values = Float32Array.from({ length: 23 }, (_, index) => index);
      const tiles = exactTiles({ axes: units(1, 1, 23), values, precision });
      const layout = layoutGrid([], tiles.shape, 80, 600);
      expect(layout).toMatchObject({ folded: true, tileWidth: 10, tileHeight: 3 });
      const pixels = new Uint32Array(layout.width * layout.height);
      paintGrid(pixels, layout, tiles, { lo: 0, hi: 22 }, GRAY);
      const place = (pixel: number) => tablePixels("gray").indexOf(pixel);
      const painted = [...pixels.slice(0, 23)].map(place);
      expect(painted).toEqual([...painted].sort((a, b) => a - b));
      expect(new Set(painted).size).toBe(23);
      expect([...pixels.slice(23)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    });
  }

  test("shows changes that cannot be told from none in a colour of their own, NaN before it", () => {
    const axes = units(1, 1, 4);
    const before = exactTiles({ axes, values: Float32Array.of(0, 1, 2, NaN), precision: "uint8" });
    const after = exactTiles({ axes, values: Float32Array.of(0, 1, 0, 1), precision: "uint8" });
    const change = difference(after, before);
    if (change.status !== "ready") throw new Error(change.message);
    const layout = layoutGrid([], change.tiles.shape, 1000, 600);
    const pixels = new Uint32Array(layout.width);
    const specials = paintGrid(pixels, layout, change.tiles, { lo: -2, hi: 2 }, RED_BLUE);
    const unresolved = unresolvedPixel("red_blue_light");
    // −2 is the low end of the range.
    const low = tablePixels("red_blue_light")[0];
    expect([...pixels]).toEqual([unresolved, unresolved, low, NAN_PIXEL]);
    expect(specials).toEqual([{ x: 3, y: 0, special: "nan" }]);
  });

  test("of float32 is the table's entry of every value, also at and beyond the ends of the range", () => {
    const value = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(-1, 1, 0));
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), fc.boolean(), (values, flat) => {
        const tiles = exactTiles({
          axes: units(1, 1, 4),
          values: Float32Array.from(values),
          precision: "float32",
        });
        const range = flat ? { lo: 1, hi: 1 } : { lo: -1, hi: 1 };
        const layout = layoutGrid([], tiles.shape, 1000, 600);
        const pixels = new Uint32Array(layout.width);
        paintGrid(pixels, layout, tiles, range, GRAY);
        values.forEach((each, index) => {
          const entry = tableIndex(range, Math.fround(each));
          expect(pixels[index]).toBe(tablePixels("gray")[entry]);
        });
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layerGroups } from "../src/model/layer_groups.js";
import { type GridContent, layoutTiles, NO_WISHES, type Room } from "../src/model/layout.js";
import { guessLowHeight, isLow } from "../src/model/low_panels.js";
import type { PanelEntry } from "../src/model/runs.js";

const AMONG_OTHERS: Room = { width: 600, height: 520 };
const ALONE: Room = { ...AMONG_OTHERS, largestTile: 400 };

const maps = (tiles: number, side: number): GridContent => ({
  tiles,
  rowLength: null,
  tileHeight: side,
  tileWidth: side,
});
const strip = (cells: number): GridContent => ({
  tiles: 1,
  rowLength: null,
  tileHeight: 1,
  tileWidth: cells,
});

describe("slender tiles", () => {
  const slender: GridContent = { tiles: 16, rowLength: null, tileHeight: 100, tileWidth: 2 };

  test("grow until their shorter side can be seen, not beyond the height of the room", () => {
    // 520 pixels of height hold 100 cells at 5 pixels: 16 tiles of 10 with gaps of 15 between are 385 wide.
    expect(layoutTiles(slender, AMONG_OTHERS, NO_WISHES).zoom).toBe(5);
    // Of 12 cells of width a third of 112 pixels is for each 4 of them: 3 pixels a cell, and 5 would fit.
    const wider = { ...slender, tiles: 8, tileWidth: 12 };
    expect(layoutTiles(wider, AMONG_OTHERS, NO_WISHES).zoom).toBe(3);
  });
});

describe("rows that are too wide", () => {
  test("are shrunk by quarters, a single tile by a whole number", () => {
    // 16 tiles of 40 with gaps of 3 between are 685 wide: 600 pixels hold them at 4/5, not at 1.
    const rows = { ...maps(32, 40), rowLength: 16 };
    expect(layoutTiles(rows, AMONG_OTHERS, NO_WISHES).zoom).toBeCloseTo(4 / 5);
    expect(layoutTiles(maps(1, 685), AMONG_OTHERS, NO_WISHES).zoom).toBe(1 / 2);
  });

  test("never are wider than their room", () => {
    const sizes = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 40 }), sizes, (side, rowLength, gutter) => {
        const content = { ...maps(3 * rowLength, side), rowLength };
        const wishes = { ...NO_WISHES, besideBlocks: gutter, rowPitch: 22 };
        const { width, zoom } = layoutTiles(content, AMONG_OTHERS, wishes);
        expect(width * zoom).toBeLessThanOrEqual(AMONG_OTHERS.width);
      }),
    );
  });
});

describe("a grid that stands alone", () => {
  test("grows beyond the usual size of tiles", () => {
    // Eight maps of 7×7 with one cell between: 3 in a row of 23 cells at 26 pixels, 3 rows of 23 fit 598×598 but not 520
    // of height; at 22 pixels 506 do. Among others 112 pixels a tile are the most: 16 a cell.
    const alone = layoutTiles(maps(8, 7), ALONE, NO_WISHES);
    expect([alone.columns, alone.zoom]).toEqual([3, 22]);
    expect(layoutTiles(maps(8, 7), AMONG_OTHERS, NO_WISHES).zoom).toBe(16);
    expect(layoutTiles(maps(1, 7), ALONE, NO_WISHES).zoom).toBe(64);
  });

  test("keeps the size of tiles that was chosen", () => {
    const small = { ...NO_WISHES, tileSize: "small" as const };
    expect(layoutTiles(maps(8, 7), ALONE, small)).toEqual(
      layoutTiles(maps(8, 7), AMONG_OTHERS, small),
    );
  });

  test("never is smaller than among others, nor wider than its room", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 80 }),
        fc.boolean(),
        (tiles, side, isStrip) => {
          const content = isStrip ? strip(tiles * side) : maps(tiles, side);
          const alone = layoutTiles(content, ALONE, NO_WISHES);
          const other = layoutTiles(content, AMONG_OTHERS, NO_WISHES);
          expect(alone.zoom).toBeGreaterThanOrEqual(other.zoom);
          expect(alone.width * alone.zoom).toBeLessThanOrEqual(ALONE.width);
          if (isStrip) expect(alone.height * alone.zoom).toBeLessThanOrEqual(ALONE.height);
        },
      ),
    );
  });

  test("folds a vector into full lines of large cells where it can", () => {
    // Cells of 38 to 40 pixels stand 15 in a line, which leaves a rest; of 37 pixels 16, and 4 lines are full.
    expect(layoutTiles(strip(64), ALONE, NO_WISHES)).toMatchObject({
      tileHeight: 4,
      tileWidth: 16,
      zoom: 37,
    });
    // A prime number of units has no full lines: fifteen of 40 pixels each, and a rest.
    expect(layoutTiles(strip(67), ALONE, NO_WISHES)).toMatchObject({
      tileHeight: 5,
      tileWidth: 15,
      zoom: 40,
    });
  });
});

describe("the offset of a template", () => {
  const series = { steps: [0], wallTimes: [0], logged: 1 };
  const run = { run: "a", name: "a", tags: [], series: [series], notices: [], skipped: [] };
  const panel = (tag: string, role: string): PanelEntry => {
    const source = {
      variablePath: null,
      layerPath: "dense",
      layerIndex: 2,
      layerType: "Dense",
      role,
      variableShape: null,
      samplesDigest: null,
    };
    const entry = { tag, kind: "tiles", view: "templates", source, series };
    return { tag, kind: "tiles", members: [{ run, entry }] };
  };
  const template = panel("templates/dense", "template");
  const offset = panel("templates/dense/offset", "offset");

  test("is a low panel, though the index does not know its shape; the template is not", () => {
    expect([template, offset].map(isLow)).toEqual([false, true]);
    expect(guessLowHeight(offset, 1000, 600, [])).toBeLessThan(120);
  });

  test("follows the templates, in a layer that counts no parameters", () => {
    const [group] = layerGroups([offset, template]);
    expect(group?.panels).toEqual([template, offset]);
    expect(group?.parameters).toBeNull();
  });
});

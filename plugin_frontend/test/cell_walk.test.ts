import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Direction, nextCell, nextTile } from "../src/model/cell_walk.js";
import { hitTest, layoutGrid } from "../src/model/layout.js";

const DIRECTIONS: readonly Direction[] = ["left", "right", "up", "down"];

function grid(tiles: number, height: number, width: number) {
  const axes = [{ name: "unit", size: tiles, fullSize: tiles, labels: null, represents: null }];
  const shape = { tiles, height, width, channels: 1 };
  return layoutGrid(axes, shape, 400, 600);
}

describe("a walk from cell to cell", () => {
  test("reaches every cell of every tile from the first one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (tiles, height, width) => {
          const layout = grid(tiles, height, width);
          const seen = new Set<string>();
          const open = [{ x: 0, y: 0 }];
          for (let at = open.pop(); at !== undefined; at = open.pop()) {
            const cell = JSON.stringify(hitTest(layout, at.x, at.y));
            if (seen.has(cell)) continue;
            seen.add(cell);
            for (const direction of DIRECTIONS) open.push(nextCell(layout, at, direction));
          }
          expect(seen.has("null")).toBe(false);
          expect(seen.size).toBe(tiles * height * width);
        },
      ),
    );
  });

  test("stays where it is at the end", () => {
    const layout = grid(1, 3, 3);
    expect(nextCell(layout, { x: 0, y: 0 }, "left")).toEqual({ x: 0, y: 0 });
    expect(nextCell(layout, { x: 2, y: 2 }, "down")).toEqual({ x: 2, y: 2 });
    expect(nextTile(layout, { x: 1, y: 1 }, "right")).toEqual({ x: 1, y: 1 });
  });

  test("goes from tile to tile over the gap between them", () => {
    const layout = grid(2, 3, 3);
    const next = nextTile(layout, { x: 1, y: 1 }, "right");
    expect(hitTest(layout, next.x, next.y)).toEqual({ tile: 1, row: 1, column: 0 });
  });
});

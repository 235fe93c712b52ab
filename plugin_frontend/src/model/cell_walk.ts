/** From cell to cell by keys. Knows layouts, in data pixels; must not know the pointer or what a cell holds. */
import { type GridLayout, hitTest } from "./layout.js";

/** A cell by its place on the canvas, in data pixels. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
}

export type Direction = "left" | "right" | "up" | "down";

const STEPS: Readonly<Record<Direction, CanvasPoint>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** The next cell that way, over gaps between tiles and blocks; the same one at the end. */
export function nextCell(layout: GridLayout, from: CanvasPoint, direction: Direction): CanvasPoint {
  const step = STEPS[direction];
  let { x, y } = from;
  do {
    x += step.x;
    y += step.y;
    if (hitTest(layout, x, y) !== null) return { x, y };
  } while (x >= 0 && y >= 0 && x < layout.width && y < layout.height);
  return from;
}

/** The first cell of the next tile that way that the walk comes to; the same one at the end. */
export function nextTile(layout: GridLayout, from: CanvasPoint, direction: Direction): CanvasPoint {
  const start = hitTest(layout, from.x, from.y)?.tile;
  let at = from;
  for (;;) {
    const next = nextCell(layout, at, direction);
    if (next === at) return from;
    if (hitTest(layout, next.x, next.y)?.tile !== start) return next;
    at = next;
  }
}

/** The lines of a graph as paths of SVG. Knows points only. */
import type { GraphLine, Point } from "../model/graph_frames.js";

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** A smooth line near the points, from the first to the last; a loop is a curve along its four. */
export function linePath({ points, isLoop }: Pick<GraphLine, "points" | "isLoop">): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  const [a, b, c] = rest;
  if (isLoop && a !== undefined && b !== undefined && c !== undefined)
    return `M${at(first)}C${at(a)} ${at(b)} ${at(c)}`;
  // A quadratic curve around each point between, from the middle before it to the middle after it.
  let path = `M${at(first)}`;
  for (let place = 1; place < points.length - 1; place++) {
    const [point, next] = [points[place], points[place + 1]];
    if (point === undefined || next === undefined) break;
    const isNextLast = place + 1 === points.length - 1;
    path += `Q${at(point)} ${at(between(point, next, isNextLast ? 0.35 : 0.5))}`;
  }
  return `${path}L${at(last)}`;
}

/**
 * The lines of one level: between boxes, between the ports of what is unfolded, through the frame around them, and from a
 * node to itself. Knows where boxes and ports lie; must not know how they came to lie there.
 */
import type { Graph } from "@dagrejs/dagre";
import type { Bare, Direction, GraphBox, GraphLine, Point, Side } from "./graph_frames.js";
import { LOOP_ROOM, portKey } from "./graph_ranks.js";
import {
  type Bundle,
  callsThroughFrame,
  type GraphTree,
  inputsByEdge,
  type Level,
  outputsOf,
} from "./graph_tree.js";
import type { GraphEdge } from "./record.js";

/** Lines end no closer to the corner of a box. */
const CORNER = 10;

export interface Place {
  readonly graph: Graph;
  readonly level: Level;
  readonly boxes: ReadonlyMap<string, GraphBox>;
  /** What is inside the models that are unfolded. */
  readonly inner: ReadonlyMap<string, Bare>;
  readonly tree: GraphTree;
  readonly direction: Direction;
}

/** A line for each pair of ports that the edges of a bundle join; one between two boxes. */
export function linesOf(
  place: Place,
  { source, target, edges, label }: Bundle,
): readonly GraphLine[] {
  const { graph, level, inner, tree } = place;
  const { points = [], x, y } = graph.edge(source, target);
  const inputs = inputsByEdge(tree, level);
  const from = (edge: GraphEdge): readonly (Point | null)[] =>
    pointsOf(inner.get(source)?.ports.out, outputsOf(tree, edge));
  const to = (edge: GraphEdge): readonly (Point | null)[] =>
    pointsOf(inner.get(target)?.ports.in, inputs.get(edge) ?? []);
  const lines = new Map<string, GraphLine>();
  for (const edge of edges) {
    for (const start of from(edge)) {
      for (const end of to(edge)) {
        const key = JSON.stringify([start, end]);
        const isFirst = lines.size === 0;
        const labelAt =
          label === "" || !isFirst || x === undefined || y === undefined ? null : { x, y };
        if (lines.has(key)) continue;
        lines.set(key, {
          source,
          target,
          points: joined(place, points, start ?? source, end ?? target),
          label: isFirst ? label : "",
          labelAt,
          hasArrow: end === null,
          isLoop: false,
        });
      }
    }
  }
  return [...lines.values()];
}

function pointsOf(
  ports: ReadonlyMap<string, Point> | undefined,
  paths: readonly string[],
): readonly (Point | null)[] {
  return ports === undefined ? [null] : paths.flatMap((path) => ports.get(path) ?? []);
}

/** Points with others at their ends: a port, or where the line meets the box of that path. */
function joined(
  { boxes, direction }: Pick<Place, "boxes" | "direction">,
  points: readonly Point[],
  start: Point | string,
  end: Point | string,
): readonly Point[] {
  const at = (given: Point | string, point: Point | undefined): readonly Point[] => {
    if (typeof given !== "string") return [given];
    const box = boxes.get(given);
    if (point === undefined) return [];
    return [box === undefined ? point : onBox(point, box, direction)];
  };
  return [...at(start, points[0]), ...points.slice(1, -1), ...at(end, points.at(-1))];
}

// Boxes with room beside them are smaller than the layout has them.
function onBox({ x, y }: Point, box: GraphBox, direction: Direction): Point {
  const between = (value: number, least: number, size: number): number =>
    Math.max(least + CORNER, Math.min(least + size - CORNER, value));
  return direction === "right"
    ? { x, y: between(y, box.top, box.height) }
    : { x: between(x, box.left, box.width), y };
}

/** Between the frame around all of this and what takes its inputs, or gives its outputs. */
export function portLines(
  place: Place,
  side: Side,
  paths: readonly string[],
): readonly GraphLine[] {
  const { graph, inner, level, tree } = place;
  return paths.flatMap((path): readonly GraphLine[] => {
    const key = portKey(side, path);
    const {
      points = [],
      x: labelX,
      y: labelY,
    } = side === "in" ? graph.edge(key, path) : graph.edge(path, key);
    const label = callsThroughFrame(tree, level, path, side);
    const { x = 0, y = 0 } = graph.node(key);
    const nested = inner.get(path)?.ports[side];
    const others: readonly (Point | string)[] =
      nested === undefined ? [path] : [...nested.values()];
    return others.map((other, index) => ({
      source: path,
      target: path,
      points:
        side === "in"
          ? joined(place, points, { x, y }, other)
          : joined(place, points, other, { x, y }),
      label: index === 0 ? label : "",
      labelAt:
        index > 0 || labelX === undefined || labelY === undefined ? null : { x: labelX, y: labelY },
      hasArrow: side === "in" && nested === undefined,
      isLoop: false,
    }));
  });
}

export function loopLine(
  { node, left, top, width, height }: GraphBox,
  { label }: Bundle,
  direction: Direction,
): GraphLine {
  const line = { source: node.path, target: node.path, label, hasArrow: true, isLoop: true };
  const middle = { x: left + width / 2, y: top + height / 2 };
  if (direction === "right") {
    const far = top - LOOP_ROOM;
    const points = [
      { x: middle.x + LOOP_ROOM, y: top },
      { x: middle.x + LOOP_ROOM, y: far },
      { x: middle.x - LOOP_ROOM, y: far },
      { x: middle.x - LOOP_ROOM, y: top },
    ];
    return { ...line, points, labelAt: { x: middle.x, y: top - 0.75 * LOOP_ROOM } };
  }
  const right = left + width;
  const points = [
    { x: right, y: middle.y + LOOP_ROOM / 2 },
    { x: right + LOOP_ROOM, y: middle.y + LOOP_ROOM / 2 },
    { x: right + LOOP_ROOM, y: middle.y - LOOP_ROOM / 2 },
    { x: right, y: middle.y - LOOP_ROOM / 2 },
  ];
  return { ...line, points, labelAt: { x: right + 1.4 * LOOP_ROOM, y: middle.y } };
}

/**
 * Where the nodes of a graph and the lines between them lie. A model that is unfolded is laid out by itself, then stands
 * as one large box among the others; lines go through its frame to what is inside. Pure: the same graph always lies the
 * same. Sizes in pixels of the drawing; must not know the screen.
 */
import { Graph, layout } from "@dagrejs/dagre";
import { type BoxSize, boxSize, LABEL_HEIGHT, LABEL_LETTER } from "./graph_box.js";
import {
  atOrigin,
  type Direction,
  framed,
  type GraphBox,
  type GraphLine,
  movedPart,
  type Part,
  type Point,
  type Ports,
  type Side,
} from "./graph_frames.js";
import {
  type Bundle,
  bundlesOf,
  callsThroughFrame,
  type GraphTree,
  graphTree,
  innerEnds,
  inputsByEdge,
  isFoldable,
  type Level,
  outputsOf,
} from "./graph_tree.js";
import type { GraphEdge, GraphHeader, GraphNode } from "./record.js";

export interface GraphLayout extends BoxSize {
  /** A frame comes before what is inside it. */
  readonly boxes: readonly GraphBox[];
  readonly lines: readonly GraphLine[];
}

/** Room for the line from a node to itself. */
const LOOP_ROOM = 26;
/** Free pixels: between boxes of a rank, between lines, and between ranks. */
const BETWEEN_BOXES = 26;
const BETWEEN_LINES = 14;
const BETWEEN_RANKS = 42;
/** Lines that come in begin in the first rank, those that go out end in the last: a pull that no other line has. */
const PULL = 1000;
/** Lines end no closer to the corner of a box. */
const CORNER = 10;

// None of these can be a path.
const FIRST = "\u0000first";
const LAST = "\u0000last";
const portKey = (side: Side, path: string): string => `\u0000${side} ${path}`;

/** `open`: paths of the models that are unfolded. */
export function layoutGraph(
  graph: GraphHeader,
  open: ReadonlySet<string>,
  direction: Direction,
): GraphLayout {
  const { boxes, lines, width, height } = atOrigin(
    layoutLevel({ tree: graphTree(graph), open, direction }, null),
  );
  return { boxes, lines, width, height };
}

interface Drawing {
  readonly tree: GraphTree;
  readonly open: ReadonlySet<string>;
  readonly direction: Direction;
}

interface Member {
  readonly node: GraphNode;
  readonly size: BoxSize;
  /** What is inside; null for a box. */
  readonly inner: Part | null;
  readonly hasLoop: boolean;
}

type Bare = Omit<Part, "width" | "height">;

function layoutLevel(drawing: Drawing, parent: string | null): Bare {
  const { tree, open, direction } = drawing;
  const level = tree.levels.get(parent) ?? { nodes: [], edges: [] };
  const bundles = bundlesOf(tree, level);
  const loops = new Map(
    bundles.flatMap((bundle) => (bundle.source === bundle.target ? [[bundle.source, bundle]] : [])),
  );
  const members = level.nodes.map((node): Member => {
    const foldable = isFoldable(tree, node);
    const inner =
      foldable && open.has(node.path) ? framed(layoutLevel(drawing, node.path), direction) : null;
    return { node, size: inner ?? boxSize(node, foldable), inner, hasLoop: loops.has(node.path) };
  });
  const between = bundles.filter(({ source, target }) => source !== target);
  const ends = {
    in: parent === null ? [] : innerEnds(tree, parent, "inputs"),
    out: parent === null ? [] : innerEnds(tree, parent, "outputs"),
  };
  const graph = rankedGraph(members, between, ends, direction, (path, side) =>
    callsThroughFrame(tree, level, path, side),
  );
  layout(graph);
  const boxes = new Map(members.map((member) => [member.node.path, boxAt(graph, member, tree)]));
  const inner = new Map(
    members.flatMap((member) => {
      const { left = 0, top = 0 } = boxes.get(member.node.path) ?? {};
      return member.inner === null ? [] : [[member.node.path, movedPart(member.inner, left, top)]];
    }),
  );
  const place: Place = { graph, level, boxes, inner, drawing };
  const loopLines = [...loops].flatMap(([path, bundle]) => {
    const box = boxes.get(path);
    return box === undefined ? [] : [loopLine(box, bundle, direction)];
  });
  return {
    boxes: [...boxes].flatMap(([path, box]) => [box, ...(inner.get(path)?.boxes ?? [])]),
    lines: [
      ...between.flatMap((bundle) => linesOf(place, bundle)),
      ...loopLines,
      ...portLines(place, "in", ends.in),
      ...portLines(place, "out", ends.out),
      ...[...inner.values()].flatMap(({ lines }) => lines),
    ],
    ports: { in: portsOf(graph, "in", ends.in), out: portsOf(graph, "out", ends.out) },
  };
}

function rankedGraph(
  members: readonly Member[],
  bundles: readonly Bundle[],
  ends: Readonly<Record<Side, readonly string[]>>,
  direction: Direction,
  labelOf: (path: string, side: Side) => string,
): Graph {
  const graph = new Graph({ directed: true });
  graph.setGraph({
    rankdir: direction === "right" ? "LR" : "TB",
    nodesep: BETWEEN_BOXES,
    edgesep: BETWEEN_LINES,
    ranksep: BETWEEN_RANKS,
  });
  for (const member of members) graph.setNode(member.node.path, roomOf(member, direction));
  for (const { source, target, label } of bundles)
    graph.setEdge(source, target, label === "" ? { labelpos: "c" } : labelRoom(label));
  const portRoom = (side: Side, path: string): Readonly<Record<string, number | string>> => {
    const label = labelOf(path, side);
    return label === "" ? {} : labelRoom(label);
  };
  if (ends.in.length > 0) graph.setNode(FIRST, { width: 0, height: 0 });
  if (ends.out.length > 0) graph.setNode(LAST, { width: 0, height: 0 });
  for (const path of ends.in) {
    graph.setNode(portKey("in", path), { width: 1, height: 1 });
    graph.setEdge(FIRST, portKey("in", path), { weight: PULL });
    graph.setEdge(portKey("in", path), path, portRoom("in", path));
  }
  for (const path of ends.out) {
    graph.setNode(portKey("out", path), { width: 1, height: 1 });
    graph.setEdge(portKey("out", path), LAST, { weight: PULL });
    graph.setEdge(path, portKey("out", path), portRoom("out", path));
  }
  return graph;
}

function labelRoom(label: string): Readonly<Record<string, number | string>> {
  return { width: label.length * LABEL_LETTER + 6, height: LABEL_HEIGHT, labelpos: "c" };
}

// Of the line from a node to itself the layout knows nothing.
function roomOf({ size: { width, height }, hasLoop }: Member, direction: Direction): BoxSize {
  const beside = hasLoop ? 2 * LOOP_ROOM : 0;
  return direction === "right"
    ? { width, height: height + beside }
    : { width: width + 2 * beside, height };
}

function boxAt(graph: Graph, { node, size, inner }: Member, tree: GraphTree): GraphBox {
  const { x = 0, y = 0 } = graph.node(node.path);
  return {
    node,
    width: size.width,
    height: size.height,
    left: x - size.width / 2,
    top: y - size.height / 2,
    isOpen: inner !== null,
    isFoldable: isFoldable(tree, node),
  };
}

function portsOf(graph: Graph, side: Side, paths: readonly string[]): Ports[Side] {
  return new Map(
    paths.map((path) => {
      const { x = 0, y = 0 } = graph.node(portKey(side, path));
      return [path, { x, y }];
    }),
  );
}

interface Place {
  readonly graph: Graph;
  readonly level: Level;
  readonly boxes: ReadonlyMap<string, GraphBox>;
  /** What is inside the models that are unfolded. */
  readonly inner: ReadonlyMap<string, Bare>;
  readonly drawing: Drawing;
}

/** A line for each pair of ports that the edges of a bundle join; one between two boxes. */
function linesOf(place: Place, { source, target, edges, label }: Bundle): readonly GraphLine[] {
  const { graph, level, inner, drawing } = place;
  const { points = [], x, y } = graph.edge(source, target);
  const inputs = inputsByEdge(drawing.tree, level);
  const from = (edge: GraphEdge): readonly (Point | null)[] =>
    pointsOf(inner.get(source)?.ports.out, outputsOf(drawing.tree, edge));
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
  { boxes, drawing }: Pick<Place, "boxes" | "drawing">,
  points: readonly Point[],
  start: Point | string,
  end: Point | string,
): readonly Point[] {
  const at = (given: Point | string, point: Point | undefined): readonly Point[] => {
    if (typeof given !== "string") return [given];
    const box = boxes.get(given);
    if (point === undefined) return [];
    return [box === undefined ? point : onBox(point, box, drawing.direction)];
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
function portLines(place: Place, side: Side, paths: readonly string[]): readonly GraphLine[] {
  const { graph, inner, level, drawing } = place;
  return paths.flatMap((path): readonly GraphLine[] => {
    const key = portKey(side, path);
    const {
      points = [],
      x: labelX,
      y: labelY,
    } = side === "in" ? graph.edge(key, path) : graph.edge(path, key);
    const label = callsThroughFrame(drawing.tree, level, path, side);
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

function loopLine(
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

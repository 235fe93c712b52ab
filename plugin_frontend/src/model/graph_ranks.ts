/**
 * What the layout library is asked to lay out: the boxes of one level, the lines between them, and the ports on the frame
 * around them. Must not know how lines are drawn between the places that come back.
 */
import { Graph } from "@dagrejs/dagre";
import { type BoxSize, LABEL_HEIGHT, LABEL_LETTER } from "./graph_box.js";
import type { Direction, Part, Ports, Side } from "./graph_frames.js";
import type { Bundle } from "./graph_tree.js";
import type { GraphNode } from "./record.js";

/** Room for the line from a node to itself. */
export const LOOP_ROOM = 26;
/** Free pixels: between boxes of a rank, between lines, and between ranks. */
const BETWEEN_BOXES = 26;
const BETWEEN_LINES = 14;
const BETWEEN_RANKS = 42;
/** Lines that come in begin in the first rank, those that go out end in the last: a pull that no other line has. */
const PULL = 1000;

// None of these can be a path.
const FIRST = "\u0000first";
const LAST = "\u0000last";
export const portKey = (side: Side, path: string): string => `\u0000${side} ${path}`;

export interface Member {
  readonly node: GraphNode;
  readonly size: BoxSize;
  /** What is inside; null for a box. */
  readonly inner: Part | null;
  readonly hasLoop: boolean;
}

export function rankedGraph(
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

export function portsOf(graph: Graph, side: Side, paths: readonly string[]): Ports[Side] {
  return new Map(
    paths.map((path) => {
      const { x = 0, y = 0 } = graph.node(portKey(side, path));
      return [path, { x, y }];
    }),
  );
}

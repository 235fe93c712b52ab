/**
 * Where the nodes of a graph and the lines between them lie. A model that is unfolded is laid out by itself, then stands
 * as one large box among the others; lines go through its frame to what is inside. Pure: the same graph always lies the
 * same. Sizes in pixels of the drawing; must not know the screen.
 */
import { type Graph, layout } from "@dagrejs/dagre";
import { type BoxSize, boxSize } from "./graph_box.js";
import {
  atOrigin,
  type Bare,
  type Direction,
  framed,
  type GraphBox,
  type GraphLine,
  movedPart,
} from "./graph_frames.js";
import { linesOf, loopLine, type Place, portLines } from "./graph_lines.js";
import { type Member, portsOf, rankedGraph } from "./graph_ranks.js";
import {
  bundlesOf,
  callsThroughFrame,
  type GraphTree,
  graphTree,
  innerEnds,
  isFoldable,
} from "./graph_tree.js";
import type { GraphHeader } from "./record.js";

export interface GraphLayout extends BoxSize {
  /** A frame comes before what is inside it. */
  readonly boxes: readonly GraphBox[];
  readonly lines: readonly GraphLine[];
}

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
  const place: Place = { graph, level, boxes, inner, tree, direction };
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

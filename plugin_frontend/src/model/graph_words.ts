/** What is said of a graph and of its nodes, in words. Must not know how they are drawn. */
import { formatCount, formatWhole } from "./format.js";
import { graphTree } from "./graph_tree.js";
import type { Category, GraphHeader, GraphNode } from "./record.js";

/**
 * What a node is called: as in all views by its path, which is the same whenever such a model is built, while Keras
 * numbers the names that it makes up by process.
 */
export function nodeName({ path }: Pick<GraphNode, "path">): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `28×28×32`, without the axis over samples; of several outputs all. Empty where it is not known. */
export function shapeText({ outputShapes }: Pick<GraphNode, "outputShapes">): string {
  return outputShapes.map(oneShape).join(", ");
}

// The first axis is over samples, whose number is not the layer's.
function oneShape(shape: readonly (number | null)[]): string {
  const [first, ...rest] = shape;
  const lengths = first === null ? rest : shape;
  return lengths.length === 0 ? "1" : lengths.map((length) => length ?? "?").join("×");
}

const TRAINABLE = {
  all: "trainable",
  some: "partly trainable",
  none: "frozen",
} as const;

export function trainableText({ trainable }: Pick<GraphNode, "trainable">): string {
  return trainable === null ? "" : TRAINABLE[trainable];
}

/** All that a node's box says, in one line. */
export function nodeWords(node: GraphNode): string {
  const { path, layerType, activation, numParameters, numCalls, dtype } = node;
  const shape = shapeText(node);
  return [
    path,
    layerType,
    ...(activation === null ? [] : [activation]),
    ...(shape === "" ? [] : [`output ${shape}`]),
    ...(numParameters === 0 ? [] : [formatCount(numParameters, "parameter")]),
    ...(node.trainable === null || node.trainable === "all" ? [] : [trainableText(node)]),
    ...(numCalls === 1 ? [] : [callsText(node)]),
    ...(dtype === null || dtype === "float32" ? [] : [dtype]),
  ].join(", ");
}

export function callsText({ numCalls }: Pick<GraphNode, "numCalls">): string {
  return numCalls === 0 ? "not called" : formatCount(numCalls, "call");
}

/** A line of what is known of a node. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** Everything that the record says of a node. */
export function nodeFacts(graph: GraphHeader, node: GraphNode): readonly Fact[] {
  const { name, layerType, activation, dtype, layerIndex, parent } = node;
  const shapes = node.outputShapes.map(
    (shape) => `(${shape.map((length) => length ?? "any").join(", ")})`,
  );
  const names = (paths: readonly string[]): string =>
    [...new Set(paths)].map((path) => nodeName({ path })).join(", ");
  const sources = sourcesOf(graph, node);
  const targets = graph.edges.filter(({ source }) => source === node.path);
  const facts: readonly (readonly [string, string])[] = [
    ["name in Keras", name === nodeName(node) ? "" : name],
    ["type", layerType],
    ["activation", activation ?? ""],
    ["output", shapes.join(", ")],
    ["parameters", node.numParameters === 0 ? "" : formatWhole(node.numParameters)],
    ["trained", trainableText(node)],
    ["computes in", dtype ?? ""],
    ["calls", node.numCalls === 1 ? "" : callsText(node)],
    ["takes", names(sources)],
    ["gives to", names(targets.map(({ target }) => target))],
    ["inside", parent ?? ""],
    ["layer", layerIndex === null ? "" : String(layerIndex)],
  ];
  return facts.flatMap(([name, text]) => (text === "" ? [] : [{ name, text }]));
}

function sourcesOf({ edges }: GraphHeader, { path }: GraphNode): readonly string[] {
  return edges.filter(({ target }) => target === path).map(({ source }) => source);
}

/** Of a model; `layers` leaves out models inside it and operations. */
export interface GraphTotals {
  readonly layers: number;
  readonly parameters: number;
  readonly trainable: number;
  /** Weights of frozen layers, and statistics. */
  readonly notTrained: number;
  /** True where a layer is frozen, at least in part. */
  readonly hasFrozen: boolean;
}

export function graphTotals(graph: GraphHeader): GraphTotals {
  const { levels } = graphTree(graph);
  const outermost = levels.get(null)?.nodes ?? [];
  const leaves = graph.nodes.filter(({ path }) => !levels.has(path));
  const parameters = outermost.reduce((total, { numParameters }) => total + numParameters, 0);
  const trainable = outermost.reduce((total, { numTrainable }) => total + numTrainable, 0);
  return {
    layers: leaves.filter(({ category }) => category !== "operation").length,
    parameters,
    trainable,
    notTrained: parameters - trainable,
    hasFrozen: leaves.some((node) => node.trainable === "none" || node.trainable === "some"),
  };
}

/** The categories that occur, in an order of one's own, with how often. */
export function categoryCounts(
  { nodes }: Pick<GraphHeader, "nodes">,
  order: readonly Category[],
): readonly { readonly category: Category; readonly count: number }[] {
  return order.flatMap((category) => {
    const count = nodes.filter((node) => node.category === category).length;
    return count === 0 ? [] : [{ category, count }];
  });
}

/** A row of the table of layers. */
export interface LayerRow {
  readonly node: GraphNode;
  /** Models that it is inside of. */
  readonly depth: number;
  readonly shape: string;
  readonly inputs: string;
}

/** Every node, a model before what is inside it. */
export function layerRows(graph: GraphHeader): readonly LayerRow[] {
  const { levels } = graphTree(graph);
  const rows: LayerRow[] = [];
  const add = (parent: string | null, depth: number): void => {
    for (const node of levels.get(parent)?.nodes ?? []) {
      const sources = [...new Set(sourcesOf(graph, node))];
      const inputs = sources.map((path) => nodeName({ path })).join(", ");
      rows.push({ node, depth, shape: shapeText(node), inputs });
      add(node.path, depth + 1);
    }
  };
  add(null, 0);
  return rows;
}

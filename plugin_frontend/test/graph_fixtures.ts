/** Graphs written by hand, for tests. */
import type { GraphEdge, GraphHeader, GraphNode } from "../src/model/record.js";

export function node(path: string, fields: Partial<GraphNode> = {}): GraphNode {
  return {
    path,
    name: path.split("/").at(-1) ?? path,
    layerType: "Dense",
    category: "dense",
    outputShapes: [[null, 8]],
    numParameters: 72,
    numTrainable: 72,
    trainable: "all",
    dtype: "float32",
    activation: null,
    numCalls: 1,
    parent: null,
    layerIndex: 0,
    inputs: [],
    outputs: [],
    ...fields,
  };
}

export function edge(source: string, target: string, fields: Partial<GraphEdge> = {}): GraphEdge {
  return { source, target, sourceCall: 0, sourceOutput: 0, targetCall: 0, ...fields };
}

export function graph(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  fields: Partial<GraphHeader> = {},
): GraphHeader {
  return {
    kind: "graph",
    moment: { step: 0, epoch: 0, batch: 0, fit: 1, phase: "before", wallTime: 0 },
    ordinal: 1,
    blobs: [],
    nodes,
    edges,
    inputs: [],
    outputs: [],
    notes: [],
    source: {
      variablePath: null,
      layerPath: null,
      layerIndex: null,
      layerType: null,
      role: null,
      variableShape: null,
      samplesDigest: null,
    },
    ...fields,
  };
}

/** `a` → encoder(x → y → z, with a core inside of y's place) → `b`, and `a` → `b`; the encoder is called twice. */
export const NESTED = graph(
  [
    node("a", { category: "input" }),
    node("encoder", {
      category: "model",
      numCalls: 2,
      inputs: ["encoder/x"],
      outputs: ["encoder/core"],
    }),
    node("encoder/x", { parent: "encoder" }),
    node("encoder/core", {
      parent: "encoder",
      category: "model",
      inputs: ["encoder/core/p", "encoder/core/q"],
      outputs: ["encoder/core/r"],
    }),
    node("encoder/core/p", { parent: "encoder/core" }),
    node("encoder/core/q", { parent: "encoder/core" }),
    node("encoder/core/r", { parent: "encoder/core" }),
    node("b", { numCalls: 2 }),
  ],
  [
    edge("a", "encoder"),
    edge("a", "encoder", { targetCall: 1 }),
    edge("encoder/x", "encoder/core"),
    edge("encoder/core/p", "encoder/core/r"),
    edge("encoder/core/q", "encoder/core/r"),
    edge("encoder", "b"),
    edge("encoder", "b", { sourceCall: 1, targetCall: 1 }),
    edge("b", "b", { targetCall: 1 }),
    edge("a", "b"),
  ],
);

/** A residual network: `1 + 4 blocks` nodes. */
export function residual(blocks: number): GraphHeader {
  const nodes = [node("image", { category: "input" })];
  const edges: GraphEdge[] = [];
  let last = "image";
  for (let block = 0; block < blocks; block++) {
    const names = ["conv", "norm", "add", "relu"].map((name) => `${name}_${block}`);
    for (const name of names) nodes.push(node(name));
    for (const [place, name] of names.entries()) edges.push(edge(names[place - 1] ?? last, name));
    edges.push(edge(last, `add_${block}`));
    last = `relu_${block}`;
  }
  return graph(nodes, edges);
}

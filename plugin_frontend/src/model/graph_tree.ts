/**
 * A graph as models inside models: what is inside which, and which edges join what is inside one. Knows the record; must
 * not know where anything is drawn.
 */
import type { GraphEdge, GraphHeader, GraphNode } from "./record.js";

/** What is inside one model, or outermost. */
export interface Level {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphTree {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** By the path of the model; null for the outermost. */
  readonly levels: ReadonlyMap<string | null, Level>;
}

const trees = new WeakMap<GraphHeader, GraphTree>();

/** The same object for the same graph. */
export function graphTree(graph: GraphHeader): GraphTree {
  const tree = trees.get(graph) ?? makeTree(graph);
  trees.set(graph, tree);
  return tree;
}

function makeTree({ nodes, edges }: GraphHeader): GraphTree {
  const byPath = new Map(nodes.map((node) => [node.path, node]));
  const levels = new Map<string | null, { nodes: GraphNode[]; edges: GraphEdge[] }>();
  const levelOf = (parent: string | null) => {
    const level = levels.get(parent) ?? { nodes: [], edges: [] };
    levels.set(parent, level);
    return level;
  };
  for (const node of nodes) levelOf(node.parent).nodes.push(node);
  for (const edge of edges) {
    const parent = byPath.get(edge.source)?.parent ?? null;
    if (byPath.get(edge.target)?.parent === parent) levelOf(parent).edges.push(edge);
  }
  return { nodes: byPath, levels };
}

/** True for a model whose inside is known, so that it can be unfolded. */
export function isFoldable({ levels }: GraphTree, { path }: GraphNode): boolean {
  return levels.has(path);
}

/** All models of a graph whose inside is known. */
export function foldableModels(graph: GraphHeader): readonly string[] {
  const tree = graphTree(graph);
  return graph.nodes.filter((node) => isFoldable(tree, node)).map(({ path }) => path);
}

/** What unfolds a model, among what is unfolded. */
export function unfoldedKey(path: string): string {
  return `graph:${path}`;
}

/** The models of a graph that are unfolded. */
export function openModels(graph: GraphHeader, unfolded: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(foldableModels(graph).filter((path) => unfolded.has(unfoldedKey(path))));
}

/** The nodes inside a model through which something comes in, or goes out; where the record does not say, its ends. */
export function innerEnds(
  { nodes, levels }: GraphTree,
  path: string,
  which: "inputs" | "outputs",
): readonly string[] {
  const named = nodes.get(path)?.[which] ?? [];
  if (named.length > 0) return named;
  const level = levels.get(path) ?? { nodes: [], edges: [] };
  const inward = which === "inputs" ? "target" : "source";
  const joined = new Set(
    level.edges.filter(({ source, target }) => source !== target).map((edge) => edge[inward]),
  );
  const ends = level.nodes.filter((node) => !joined.has(node.path));
  return (ends.length > 0 ? ends : level.nodes.slice(0, 1)).map((node) => node.path);
}

/** The inner nodes of models that an edge gives something to; all that take anything, where it is not known which. */
export function inputsByEdge(
  tree: GraphTree,
  { edges }: Level,
): ReadonlyMap<GraphEdge, readonly string[]> {
  const calls = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.target, edge.targetCall]);
    const call = calls.get(key);
    if (call === undefined) calls.set(key, [edge]);
    else call.push(edge);
  }
  const inputs = new Map<GraphEdge, readonly string[]>();
  for (const call of calls.values()) {
    for (const [place, edge] of call.entries()) {
      const all = innerEnds(tree, edge.target, "inputs");
      const own = all[place];
      inputs.set(edge, call.length === all.length && own !== undefined ? [own] : all);
    }
  }
  return inputs;
}

/** Likewise the inner nodes that an edge takes something from. */
export function outputsOf(tree: GraphTree, edge: GraphEdge): readonly string[] {
  const all = innerEnds(tree, edge.source, "outputs");
  const own = all[edge.sourceOutput];
  return own === undefined ? all : [own];
}

/** Edges between the same two nodes, which are drawn as one line. */
export interface Bundle {
  readonly source: string;
  readonly target: string;
  readonly edges: readonly GraphEdge[];
  /** Of a node that is called several times, which calls: `#1`, `#1, #2`, `#1 → #2`; empty else. */
  readonly label: string;
}

export function bundlesOf({ nodes }: GraphTree, { edges }: Level): readonly Bundle[] {
  const bundles = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.source, edge.target]);
    const bundle = bundles.get(key);
    if (bundle === undefined) bundles.set(key, [edge]);
    else bundle.push(edge);
  }
  return [...bundles.values()].flatMap((bundle) => {
    const [first] = bundle;
    if (first === undefined) return [];
    const { source, target } = first;
    const isShared = (path: string): boolean => (nodes.get(path)?.numCalls ?? 1) > 1;
    const label = callsText(bundle, isShared(source), isShared(target));
    return [{ source, target, edges: bundle, label }];
  });
}

function callsText(
  edges: readonly GraphEdge[],
  isSourceShared: boolean,
  isTargetShared: boolean,
): string {
  const texts = edges.map(({ sourceCall, targetCall }) => {
    const from = isSourceShared ? `#${sourceCall + 1}` : "";
    const to = isTargetShared ? `#${targetCall + 1}` : "";
    return [from, to].filter((text) => text !== "").join(" → ");
  });
  return [...new Set(texts)].filter((text) => text !== "").join(", ");
}

/**
 * Of a node that is called several times, which calls take what comes into the model around it, or give what leaves it:
 * those that no edge inside is of. Empty for a node that is called once.
 */
export function callsThroughFrame(
  { nodes }: GraphTree,
  { edges }: Level,
  path: string,
  side: "in" | "out",
): string {
  const numCalls = nodes.get(path)?.numCalls ?? 1;
  if (numCalls < 2) return "";
  const inside = new Set(
    edges.flatMap(({ source, target, sourceCall, targetCall }) => {
      if (side === "in") return target === path ? [targetCall] : [];
      return source === path ? [sourceCall] : [];
    }),
  );
  return Array.from({ length: numCalls }, (_, call) => call)
    .filter((call) => !inside.has(call))
    .map((call) => `#${call + 1}`)
    .join(", ");
}

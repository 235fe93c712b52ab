/** Nodes and edges of a graph's header turned into types. Must not know how graphs are laid out or drawn. */
import {
  ParseError,
  parseCount,
  parseFields,
  parseList,
  parseNullable,
  parseString,
  parseWord,
} from "./parse.js";
import { CATEGORIES, type GraphEdge, type GraphHeader, type GraphNode } from "./record.js";

type GraphFields = Pick<GraphHeader, "nodes" | "edges" | "inputs" | "outputs">;

/** Throws a `ParseError` also where something is named that is no node. */
export function parseGraphFields(fields: Readonly<Record<string, unknown>>): GraphFields {
  const nodes = parseList(fields.nodes, "nodes", parseNode);
  const edges = parseList(fields.edges, "edges", parseEdge);
  const inputs = parseList(fields.inputs, "inputs", parseString);
  const outputs = parseList(fields.outputs, "outputs", parseString);
  const paths = new Set(nodes.map(({ path }) => path));
  if (paths.size < nodes.length) throw new ParseError("two nodes of the graph have one path");
  const named = [
    ...inputs,
    ...outputs,
    ...edges.flatMap(({ source, target }) => [source, target]),
    ...nodes.flatMap((node) => [...node.inputs, ...node.outputs, node.parent ?? node.path]),
  ];
  const unknown = named.find((path) => !paths.has(path));
  if (unknown !== undefined) throw new ParseError(`the graph names ${unknown}, which is no node`);
  return { nodes, edges, inputs, outputs };
}

function parseNode(value: unknown, name: string): GraphNode {
  const fields = parseFields(value, name);
  return {
    path: parseString(fields.path, `${name}.path`),
    name: parseString(fields.name, `${name}.name`),
    layerType: parseString(fields.layer_type, `${name}.layer_type`),
    category: parseWord(fields.category, `${name}.category`, CATEGORIES),
    outputShapes: parseList(fields.output_shapes, `${name}.output_shapes`, parseShape),
    numParameters: parseCount(fields.num_parameters, `${name}.num_parameters`),
    numTrainable: parseCount(fields.num_trainable, `${name}.num_trainable`),
    trainable: parseNullable(fields.trainable, `${name}.trainable`, (word, wordName) =>
      parseWord(word, wordName, ["all", "some", "none"]),
    ),
    dtype: parseNullable(fields.dtype, `${name}.dtype`, parseString),
    activation: parseNullable(fields.activation, `${name}.activation`, parseString),
    numCalls: parseCount(fields.num_calls, `${name}.num_calls`),
    parent: parseNullable(fields.parent, `${name}.parent`, parseString),
    layerIndex: parseNullable(fields.layer_index, `${name}.layer_index`, parseCount),
    inputs: parseList(fields.inputs, `${name}.inputs`, parseString),
    outputs: parseList(fields.outputs, `${name}.outputs`, parseString),
  };
}

function parseShape(value: unknown, name: string): readonly (number | null)[] {
  return parseList(value, name, (length, lengthName) =>
    parseNullable(length, lengthName, parseCount),
  );
}

function parseEdge(value: unknown, name: string): GraphEdge {
  const fields = parseFields(value, name);
  return {
    source: parseString(fields.source, `${name}.source`),
    target: parseString(fields.target, `${name}.target`),
    sourceCall: parseCount(fields.source_call, `${name}.source_call`),
    sourceOutput: parseCount(fields.source_output, `${name}.source_output`),
    targetCall: parseCount(fields.target_call, `${name}.target_call`),
  };
}

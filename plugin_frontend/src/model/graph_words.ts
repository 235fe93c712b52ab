/** What is said of the nodes of a graph: shapes, parameters, calls. Must not know how they are drawn. */
import { formatCount } from "./format.js";
import type { GraphHeader, GraphNode } from "./record.js";

/** `28×28×32`, without the axis of the samples; of several outputs all. Empty where it is not known. */
export function shapeText({ outputShapes }: Pick<GraphNode, "outputShapes">): string {
  return outputShapes.map(oneShape).join(", ");
}

// The first axis is that of the samples, whose length is not the layer's.
function oneShape(shape: readonly (number | null)[]): string {
  const [first, ...rest] = shape;
  const lengths = first === null ? rest : shape;
  return lengths.length === 0 ? "1" : lengths.map((length) => length ?? "any").join("×");
}

export function parameterText({ numParameters }: Pick<GraphNode, "numParameters">): string {
  return numParameters === 0 ? "" : formatCount(numParameters, "parameter");
}

/** What a whole model has. `layers` counts what is no model inside it and no operation. */
export interface GraphTotals {
  readonly parameters: number;
  readonly layers: number;
}

export function graphTotals({ nodes }: GraphHeader): GraphTotals {
  const outermost = nodes.filter(({ parent }) => parent === null);
  const layers = nodes.filter(({ category }) => category !== "model" && category !== "operation");
  return {
    parameters: outermost.reduce((sum, { numParameters }) => sum + numParameters, 0),
    layers: layers.length,
  };
}

/** The records of graphs. Queue and memory are in `record_cache.ts`. */
import type { GraphHeader } from "../model/record.js";
import { type FetchRecords, RecordCache } from "./record_cache.js";
import { loadGraph } from "./record_loading.js";
import { type Whole, type WholeState, wholeRecords } from "./whole_records.js";

export type GraphState = WholeState<"graph", GraphHeader>;

/** About what a node or an edge takes in memory. */
const BYTES_OF_NODE = 400;

const GRAPHS = wholeRecords(
  "graph",
  loadGraph,
  ({ nodes, edges }) => BYTES_OF_NODE * (nodes.length + edges.length),
);

export class GraphStore extends RecordCache<Whole<"graph", GraphHeader>> {
  /** `budget` in bytes; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(GRAPHS, fetch, budget);
  }
}

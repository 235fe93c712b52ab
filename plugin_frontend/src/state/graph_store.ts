/** The records of graphs: what one is once it is here. Queue and memory are in `record_cache.ts`. */
import type { GraphHeader } from "../model/record.js";
import {
  type Failed,
  type FetchRecords,
  type Pending,
  RecordCache,
  type RecordKind,
} from "./record_cache.js";
import { loadGraph } from "./record_loading.js";

interface ReadyGraph {
  readonly status: "ready";
  readonly graph: GraphHeader;
}

export type GraphState = Pending | Failed | ReadyGraph;

/** About what a node or an edge takes in memory. */
const BYTES_OF_NODE = 400;

// A graph comes whole: it is all in its header.
const GRAPHS: RecordKind<ReadyGraph> = {
  load: async (item) => {
    const loaded = await loadGraph(item);
    return loaded.ok ? { ok: true, value: { status: "ready", graph: loaded.value } } : loaded;
  },
  lacksFine: () => false,
  addFine: async (record) => record,
  withFineError: (record) => record,
  sizeOf: ({ graph }) => BYTES_OF_NODE * (graph.nodes.length + graph.edges.length),
};

export class GraphStore extends RecordCache<ReadyGraph> {
  /** `budget` in bytes; records that are wanted now are kept even beyond it. */
  constructor(fetch: FetchRecords, budget: number) {
    super(GRAPHS, fetch, budget);
  }
}

/**
 * What the view of graphs shows: for each model the graph and the runs that have it. Pure functions of the state and
 * the records; must not know the DOM.
 */
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { GraphHeader } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { GraphState } from "./graph_store.js";
import type { RecordRef, Wish } from "./record_cache.js";

/** A model, and all shown runs that train it. */
export interface GraphCard {
  readonly graph: GraphHeader;
  readonly runs: readonly RunEntry[];
}

export interface GraphView {
  /** Models in the order of their first runs. */
  readonly cards: readonly GraphCard[];
  /** Runs whose graphs are on their way. */
  readonly pending: readonly RunEntry[];
  readonly failed: readonly { readonly run: RunEntry; readonly message: string }[];
  /** Shown runs that have logged none. */
  readonly absent: readonly RunEntry[];
}

/** A graph is logged once a fit: before the first one, the first is the model's too. */
export function graphRef(
  { run, entry }: { readonly run: RunEntry; readonly entry: TagEntry },
  derived: Derived,
): RecordRef | null {
  const match = matchAt(derived, run.run, entry.series);
  return refOf(run.run, entry, match.match === "none" ? 0 : match.index);
}

/** The graphs of panels in sight. Nothing while the tab is hidden. */
export function planGraphWishes(state: AppState, derived: Derived): readonly Wish[] {
  if (!state.tabVisible) return [];
  const open = derived.panels.filter(
    ({ kind, tag }) => kind === "graph" && state.inSight.has(tag) && !state.collapsed.has(tag),
  );
  return open.flatMap(({ members }) =>
    members.flatMap((member): readonly Wish[] => {
      const ref = graphRef(member, derived);
      return ref === null ? [] : [{ ref, part: "paint", urgency: "now" }];
    }),
  );
}

export function graphView(
  { members }: PanelEntry,
  derived: Derived,
  recordState: (ref: RecordRef) => GraphState,
): GraphView {
  const cards = new Map<string, { graph: GraphHeader; runs: RunEntry[] }>();
  const pending: RunEntry[] = [];
  const failed: { run: RunEntry; message: string }[] = [];
  for (const member of members) {
    const { run } = member;
    const ref = graphRef(member, derived);
    const record = ref === null ? null : recordState(ref);
    if (record === null || record.status === "pending") pending.push(run);
    else if (record.status === "failed") failed.push({ run, message: record.message });
    else {
      const key = contentOf(record.graph);
      const card = cards.get(key);
      if (card === undefined) cards.set(key, { graph: record.graph, runs: [run] });
      else card.runs.push(run);
    }
  }
  const having = new Set(members.map(({ run }) => run.run));
  const absent = derived.runs.filter(({ run }) => !having.has(run));
  return { cards: [...cards.values()], pending, failed, absent };
}

const contents = new WeakMap<GraphHeader, string>();

// Equal for equal models: when and by whom it was logged is no part of it, nor are names, which Keras makes up anew.
function contentOf(graph: GraphHeader): string {
  const { nodes, edges, inputs, outputs, notes } = graph;
  const unnamed = nodes.map((node) => ({ ...node, name: "" }));
  const content = contents.get(graph) ?? JSON.stringify([unnamed, edges, inputs, outputs, notes]);
  contents.set(graph, content);
  return content;
}

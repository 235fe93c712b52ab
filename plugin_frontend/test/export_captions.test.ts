import { expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { ExportReader } from "../src/state/export_reader.js";
import { tilesContent } from "../src/state/export_tiles.js";
import { panelView } from "../src/state/panel_view.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

const TAG = "weights/digit/kernel";
/** Kernels of one name, of a convolution and of two dense layers. */
const LAYERS: Readonly<Record<string, readonly [string, readonly number[]]>> = {
  conv: ["Conv2D", [3, 3, 32, 10]],
  wide: ["Dense", [784, 10]],
  narrow: ["Dense", [64, 10]],
};

function answer({ run, step }: RecordItem, part: "paint" | "fine" | "statistics") {
  const [type, shape] = LAYERS[run.split("/")[0] ?? ""] ?? ["", []];
  const side = type === "Conv2D" ? 3 : Math.sqrt(shape[0] ?? 1);
  const axes = [
    { name: "unit", size: 10 },
    { name: "height", size: side },
    { name: "width", size: side },
  ];
  const values = new Float32Array(10 * side * side);
  const source = { layer_type: type, layer_path: "digit", variable_shape: shape };
  return itemOf(encodeTiles({ axes, values, precision: "uint16", step, source }), part);
}

async function captions(names: readonly string[]) {
  const session = new Session({
    fetchIndex: async () => indexOfRuns(TAG, Object.fromEntries(names.map((name) => [name, [0]]))),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: async (items, part) => items.map((item) => answer(item, part)),
  });
  session.setTabVisible(true);
  await vi.waitFor(() => expect(session.derived.panels).toHaveLength(1));
  session.runs.selectAll(true);
  const [panel] = session.derived.panels;
  const { point } = session.derived;
  if (panel === undefined || point === null) throw new Error("no panel");
  const slot = { tag: TAG, kind: panel.kind, panels: [panel] };
  const reader = new ExportReader(session, new AbortController().signal);
  const snapshot = reader.at(point, [slot]);
  await reader.read(snapshot, [slot]);
  const { state, derived } = snapshot;
  const { records, extremes } = session;
  const view = panelView(panel, state, derived, (ref) => records.state(ref), extremes);
  const { facts, columns } = tilesContent(panel, view, snapshot);
  return { facts, runs: columns.map((column) => column.facts.split(" · ")) };
}

test("a caption says of all runs what is true of all, and of each run what is its own", async () => {
  const { facts, runs } = await captions(["conv", "wide", "narrow"]);
  expect(facts).toBe("");
  expect(runs.map((texts) => texts.slice(0, -2))).toEqual([
    ["Conv2D", "3×3", "32 → 10"],
    ["Dense", "784 → 10", "28×28 tiles"],
    ["Dense", "64 → 10", "8×8 tiles"],
  ]);
});

test("a caption of runs that are alike says it once", async () => {
  const { facts, runs } = await captions(["wide", "wide/b"]);
  expect(facts).toBe("Dense · 784 → 10 · 28×28 tiles");
  for (const texts of runs) expect(texts).not.toContain("28×28 tiles");
});

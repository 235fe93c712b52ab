import { describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { runExport } from "../src/components/export_job.js";
import { CSV } from "../src/components/export_values.js";
import type { ExportChoice } from "../src/model/export_choice.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

const TAG = "weights/a/kernel";
const STEPS = { a: [0, 1, 2, 3], b: [0, 2] };

/** Run a holds `step`, run b ten times as much. */
function answer({ run, step }: RecordItem, part: "paint" | "fine" | "statistics") {
  const axes = ["unit", "height", "width"].map((name) => ({ name, size: 1 }));
  const values = Float32Array.of(step * (run.startsWith("b") ? 10 : 1));
  return itemOf(encodeTiles({ axes, values, precision: "float32", step }), part);
}

async function open() {
  const session = new Session({
    fetchIndex: async () => indexOfRuns(TAG, STEPS),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: async (items, part) => items.map((item) => answer(item, part)),
  });
  session.setTabVisible(true);
  await vi.waitFor(() => expect(session.derived.panels).toHaveLength(1));
  return session;
}

describe("the values of differences", () => {
  test("have each record once, compared with what is pinned at its own point", async () => {
    const session = await open();
    session.looks.setDisplay({ show: "difference" });
    session.pins.setRun("a/nnviz");
    const { panels, points } = session.derived;
    const slots = panels.map((panel) => ({ tag: panel.tag, kind: panel.kind, panels: [panel] }));
    const choice = { format: "csv" } as ExportChoice;
    const plan = { session, choice, slots, timeline: points, points };
    const { blob } = await runExport(CSV, plan, new AbortController().signal, () => undefined);
    const lines = (await blob.text()).trim().split("\n");
    // At point 3 the screen shows b's record of step 2 once more, then compared with a's of step 3: 17.
    const since = lines[0]?.split(",").indexOf("since") ?? 0;
    const ofB = lines.map((line) => line.split(",")).filter(([run]) => run === "b");
    expect(ofB.map((fields) => [fields[2], fields[since], fields.at(-1)])).toEqual([
      ["0", "a at step 0", "0"],
      ["2", "a at step 2", "18"],
    ]);
  });
});

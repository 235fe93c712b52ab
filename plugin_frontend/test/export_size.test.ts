import { unzipSync } from "fflate";
import { describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { runExport } from "../src/components/export_job.js";
import { NPZ } from "../src/components/export_values.js";
import type { ExportChoice } from "../src/model/export_choice.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

const TAG = "weights/a/kernel";
const UNITS = { bytes: 1, kB: 1e3, MB: 1e6 };
/** The last one has another shape, and no difference to the others. */
const UNITS_OF = { a: 40, b: 40, c: 30 } as const;

/** Noise, another in each record. */
function answer({ run, step }: RecordItem, part: "paint" | "fine" | "statistics") {
  const name = run.slice(0, 1) as keyof typeof UNITS_OF;
  const sizes = { unit: UNITS_OF[name], height: 20, width: 20 };
  const axes = Object.entries(sizes).map(([axis, size]) => ({ name: axis, size }));
  const seed = step * 7 + name.charCodeAt(0);
  const values = Float32Array.from(
    { length: UNITS_OF[name] * 400 },
    (_, at) => (Math.sin(seed + at * 12.9898) * 43758.5453) % 1,
  );
  return itemOf(encodeTiles({ axes, values, precision: "float32", step }), part);
}

async function open(steps: readonly number[]) {
  const session = new Session({
    fetchIndex: async () => indexOfRuns(TAG, { a: steps, b: steps, c: steps }),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: async (items, part) => items.map((item) => answer(item, part)),
  });
  session.setTabVisible(true);
  await vi.waitFor(() => expect(session.derived.panels).toHaveLength(1));
  session.looks.setDisplay({ show: "difference" });
  session.pins.setRun("a/nnviz");
  const { panels, points } = session.derived;
  const slots = panels.map((panel) => ({ tag: panel.tag, kind: panel.kind, panels: [panel] }));
  return { session, choice: { format: "npz" } as ExportChoice, slots, timeline: points, points };
}

describe("the size of an NPZ of differences", () => {
  test.each([[[0]], [[0, 1, 2]]])(
    "leaves out what has none, and takes the pinned run for zeros, at steps %j",
    async (steps) => {
      const plan = await open(steps);
      // Of records that are out of sight it is known once the server has been asked for their headers.
      while (await NPZ.prepare?.(plan, new AbortController().signal));
      const told = /^about ([\d.]+) (bytes|kB|MB), ([\d,]+) values$/.exec(NPZ.size(plan).text);
      const { blob } = await runExport(NPZ, plan, new AbortController().signal, () => undefined);
      const arrays = unzipSync(new Uint8Array(await blob.arrayBuffer()));
      expect(Object.keys(arrays).filter((name) => name.endsWith("/values.npy"))).toHaveLength(2);
      expect(told?.[3]).toBe((2 * 40 * 400 * steps.length).toLocaleString("en-US"));
      const bytes = Number(told?.[1]) * UNITS[told?.[2] as keyof typeof UNITS];
      expect(bytes / blob.size).toBeGreaterThan(1 / 1.5);
      expect(bytes / blob.size).toBeLessThan(1.5);
    },
  );

  test("counts every record where values are shown", async () => {
    const plan = await open([0, 1]);
    plan.session.looks.setDisplay({ show: "value" });
    while (await NPZ.prepare?.(plan, new AbortController().signal));
    const values = (2 * 40 + 30) * 400 * 2;
    expect(NPZ.size(plan).text).toContain(`${values.toLocaleString("en-US")} values`);
  });
});

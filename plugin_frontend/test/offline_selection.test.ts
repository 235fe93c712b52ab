import { describe, expect, test } from "vitest";
import type { Show } from "../src/model/display.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import { panelsOf } from "../src/model/runs.js";
import { stepPoint } from "../src/model/time_axis.js";
import { type OfflineChoice, selectOffline } from "../src/state/offline_selection.js";
import { Session } from "../src/state/session.js";

const DENSE = { layer_path: "dense" };

const TAGS: Record<string, { view: string; kind?: string; source?: object; steps: number[] }> = {
  "weights/dense/kernel": { view: "weights", source: DENSE, steps: [0, 1, 2, 3, 4, 5] },
  "activations/dense": { view: "activations", steps: [0, 2, 5] },
  samples: { view: "samples", steps: [0] },
  confusion: { view: "confusion", kind: "confusion", steps: [1, 3, 5] },
  "confusion/samples": { view: "confusion", steps: [1, 2, 5] },
  "top_samples/dense": { view: "top_samples", source: DENSE, steps: [4] },
};

function runOf(run: string, tags: readonly string[]) {
  return {
    run,
    name: run,
    tags: tags.map((tag, series) => ({
      tag,
      kind: TAGS[tag]?.kind ?? "tiles",
      view: TAGS[tag]?.view,
      series,
      source: TAGS[tag]?.source ?? {},
    })),
    series: tags.map((tag) => {
      const steps = TAGS[tag]?.steps ?? [];
      return { steps, wall_times: steps, logged: steps.length };
    }),
    notices: [],
    skipped: [],
  };
}

async function openLog(view: string) {
  const index = {
    version: 1,
    runs: [runOf("a", Object.keys(TAGS)), runOf("b", ["weights/dense/kernel"])],
  };
  const session = new Session({
    fetchIndex: async () => index,
    fetchTimeline: async (run) => ({ run, moments: [] }),
    fetchRecords: async (items) => items.map(() => ({ status: 404, blobs: [] })),
  });
  session.setView(view);
  session.reload();
  await new Promise((resolve) => setTimeout(resolve));
  return session;
}

/** What is kept of each tag of run a. */
function keptOf(session: Session, choice: Partial<OfflineChoice>) {
  const { state, derived } = session;
  const { panels, points } = derived;
  const all = { panels, timeline: points, points, isEveryStep: false, ...choice };
  const { items, remarks } = selectOffline(all, state.value, derived);
  const kept: Record<string, number[]> = {};
  for (const { run, tag, step } of items) if (run === "a") kept[tag] = [...(kept[tag] ?? []), step];
  return { kept, remarks };
}

const at = (...steps: number[]) => steps.map(stepPoint);

describe("what a file on its own holds", () => {
  test("is the shown record, the first one, and what is between the ends of a range", async () => {
    const session = await openLog("weights");
    const tag = "weights/dense/kernel";
    expect(keptOf(session, { points: at(3) }).kept).toEqual({ [tag]: [0, 3] });
    expect(keptOf(session, { points: at(2, 3, 4) }).kept).toEqual({ [tag]: [0, 2, 3, 4] });
    expect(keptOf(session, { points: at(3) }).remarks).toEqual([
      "1 of 4 views",
      "1 of 6 steps, and the first, which changes are since",
    ]);
  });

  test.each<[Show, number[]]>([
    ["change-since-start", [0, 4]],
    ["change-since-previous", [0, 3, 4]],
    ["value", [0, 4]],
  ])("is what %s is taken from", async (show, steps) => {
    const session = await openLog("weights");
    session.looks.setDisplay({ show });
    expect(keptOf(session, { points: at(4) }).kept["weights/dense/kernel"]).toEqual(steps);
  });

  test("is what differences are taken to", async () => {
    const session = await openLog("weights");
    session.pins.setPoint(stepPoint(2));
    expect(keptOf(session, { points: at(4) }).kept["weights/dense/kernel"]).toEqual([0, 2, 4]);
  });

  test("is the nearest earlier record where one lacks the step, and the samples beside it", async () => {
    const session = await openLog("activations");
    const { kept } = keptOf(session, { panels: session.derived.panels, points: at(4) });
    expect(kept).toEqual({ "activations/dense": [0, 2], samples: [0] });
  });

  test("is every picture of the samples of a confusion, whenever it was logged, and the samples", async () => {
    const session = await openLog("confusion");
    expect(keptOf(session, { points: at(3) }).kept).toEqual({
      confusion: [1, 3],
      "confusion/samples": [1, 2, 5],
      samples: [0],
    });
  });

  test("is everything, and leaves nothing to be said, with all views and every step", async () => {
    const session = await openLog("activations");
    const { derived } = session;
    const panels = [...derived.views.keys()].flatMap((view) => panelsOf(derived.runs, view));
    const { kept, remarks } = keptOf(session, { panels, isEveryStep: true });
    expect(kept).toEqual(
      Object.fromEntries(Object.entries(TAGS).map(([tag, { steps }]) => [tag, steps])),
    );
    expect(remarks).toEqual([]);
  });

  test("says how many panels and runs it leaves out", async () => {
    const session = await openLog("activations");
    session.runs.toggle("b");
    const { remarks } = keptOf(session, { panels: session.derived.panels.slice(0, 1) });
    expect(remarks).toEqual(["1 of 2 panels of activations", "1 of 4 views", "1 of 2 runs"]);
  });

  test("says that the samples come with what is of them", async () => {
    const confusions = await openLog("confusion");
    expect(keptOf(confusions, {}).remarks[0]).toBe("1 of 4 views, and the samples");
    const activations = await openLog("activations");
    const panels = activations.derived.panels.slice(1);
    expect(keptOf(activations, { panels }).remarks).toEqual([
      "1 of 2 panels of activations, and the samples",
      "1 of 4 views",
      "1 of 2 runs",
    ]);
  });

  test("is what stands beside a tile in the large", async () => {
    const session = await openLog("weights");
    const tag = "weights/dense/kernel";
    session.restore({ ...DEFAULT_LINK, pinned: { tag, tile: 0 }, opened: { tag, tile: 0 } });
    const { kept } = keptOf(session, { points: at(5) });
    expect(kept).toEqual({ [tag]: [0, 5], "top_samples/dense": [4] });
  });

  test("is of the runs alone that have any of it", async () => {
    const session = await openLog("activations");
    expect(session.derived.runs.map(({ run }) => run)).toEqual(["a", "b"]);
    const { panels, points } = session.derived;
    const choice = { panels, timeline: points, points, isEveryStep: false };
    const { runs, remarks } = selectOffline(choice, session.state.value, session.derived);
    expect(runs.map(({ run }) => run)).toEqual(["a"]);
    expect(remarks).toContain("1 of 2 runs");
  });
});

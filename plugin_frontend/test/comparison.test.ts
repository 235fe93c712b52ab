import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import { panelView } from "../src/state/panel_view.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

const TAG = "weights/dense/kernel";
const AXES = [
  { name: "unit", size: 2 },
  { name: "height", size: 1 },
  { name: "width", size: 2 },
];

/** At step s, run a holds −s, s | s/2, 1 and run b ten times as much; `precision` says how they are stored. */
function valuesAt({ run, step }: RecordItem): Float32Array {
  const times = run.startsWith("b") ? 10 : 1;
  return Float32Array.of(-step, step, step / 2, 1).map((value) => value * times);
}

function openSession(
  runs: Record<string, number[]>,
  precision: "uint16" | "float32" = "uint16",
  axes = AXES,
) {
  const index = indexOfRuns(TAG, runs);
  const fetchRecords = vi.fn(
    async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") =>
      items.map((item) => {
        const cells = axes.reduce((product, { size }) => product * size, 1);
        const values = valuesAt(item).slice(0, cells);
        return itemOf(encodeTiles({ axes, values, precision, step: item.step }), part);
      }),
  );
  const session = new Session({
    fetchIndex: async () => index,
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords,
  });
  const asked = (part: "paint" | "fine" | "statistics") =>
    fetchRecords.mock.calls
      .filter((call) => call[1] === part)
      .flatMap(([items]) => items.map(({ run, step }) => `${run.charAt(0)}${step}`));
  const view = () => {
    const [panel] = session.derived.panels;
    if (panel === undefined) throw new Error("no panel");
    const recordState = session.records.state.bind(session.records);
    return panelView(panel, session.state.value, session.derived, recordState, session.extremes);
  };
  return { session, fetchRecords, asked, view };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(1);

async function open(...args: Parameters<typeof openSession>) {
  const opened = openSession(...args);
  opened.session.setTabVisible(true);
  await settle();
  opened.session.setInSight(new Set([TAG]));
  await settle();
  return opened;
}

const painted = ({ view }: ReturnType<typeof openSession>) =>
  view().loaded.map(({ payload }) => (payload.precision === "float32" ? [...payload.values] : []));

describe("a change since the start", () => {
  test("asks for the first record and for exact values, and is the difference of the two", async () => {
    const opened = await open({ a: [0, 1, 2, 3] });
    expect(opened.asked("fine")).toEqual([]);
    opened.session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    expect(opened.asked("paint").slice(0, 3)).toEqual(["a3", "a2", "a0"]);
    expect(opened.asked("fine").slice(0, 2)).toEqual(["a3", "a0"]);
    expect(painted(opened)).toEqual([[-3, 3, 1.5, 0]]);
    expect(opened.view()).toMatchObject({
      colouring: { table: "red_blue_light", rule: "symmetric" },
      shared: { lo: -3, hi: 3 },
      since: { step: 0 },
      counts: { unresolved: 1 },
    });
  });

  test("is not painted before both records are here with every plane", async () => {
    const opened = await open({ a: [0, 1] });
    opened.session.looks.setDisplay({ show: "change-since-start" });
    expect(opened.view()).toMatchObject({
      settled: false,
      loaded: [],
      columns: [{ painted: { status: "pending" } }],
    });
    await settle();
    expect(opened.view().settled).toBe(true);
  });

  test("is zero at the first step, which needs nothing more than the record itself", async () => {
    const opened = await open({ a: [0, 1] });
    opened.session.timeline.goTo(0);
    opened.session.looks.setDisplay({ show: "change-since-start" });
    expect(painted(opened)).toEqual([[0, 0, 0, 0]]);
    expect(opened.view().counts.unresolved).toBe(0);
  });

  test("has no moment to name where the runs began at different ones", async () => {
    const opened = await open({ a: [0, 2], b: [1, 2] });
    opened.session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    expect(opened.view().since).toBeNull();
    expect(opened.view().loaded).toHaveLength(2);
  });

  test("that cannot be had says why, and is had once asked again", async () => {
    const opened = await open({ a: [0, 1] });
    opened.fetchRecords.mockRejectedValueOnce(new Error("gone"));
    opened.session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    expect(opened.view().columns[0]?.painted).toEqual({
      status: "failed",
      message: "No change without exact values: gone",
    });
    opened.session.records.retryFailed();
    await settle();
    expect(opened.view().columns[0]?.painted?.status).toBe("ready");
  });
});

describe("a change since the previous step", () => {
  test("is taken from the record before in the run's own series", async () => {
    const opened = await open({ a: [0, 1, 4] }, "float32");
    opened.session.looks.setDisplay({ show: "change-since-previous" });
    await settle();
    expect(painted(opened)).toEqual([[-3, 3, 1.5, 0]]);
    expect(opened.view().since).toMatchObject({ step: 1 });
    opened.session.timeline.goTo(1);
    await settle();
    expect(painted(opened)).toEqual([[-1, 1, 0.5, 0]]);
    expect(opened.asked("fine")).toEqual([]);
    expect(opened.view().counts.unresolved).toBeNull();
  });
});

describe("a difference to a pinned run", () => {
  test("asks for its record at the shown point, then at the neighbouring ones, and for exact values", async () => {
    const opened = await open({ a: [0, 1, 2, 3, 4], b: [0, 1, 2, 3, 4] });
    opened.session.runs.toggle("b/nnviz");
    await settle();
    opened.fetchRecords.mockClear();
    opened.session.timeline.goTo(1);
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    await settle();
    expect(new Set(opened.asked("paint"))).toEqual(new Set(["a1", "b1", "a2", "b2", "a0", "b0"]));
    expect(opened.asked("paint").indexOf("b1")).toBeLessThan(opened.asked("paint").indexOf("b0"));
    expect(new Set(opened.asked("fine"))).toEqual(new Set(opened.asked("paint")));
    expect(painted(opened)).toEqual([[9, -9, -4.5, -9]]);
    const before = opened.fetchRecords.mock.calls.flatMap(([items]) => items);
    opened.session.timeline.goTo(2);
    expect(painted(opened)).toEqual([[18, -18, -9, -9]]);
    await settle();
    const after = opened.fetchRecords.mock.calls.flatMap(([items]) => items);
    expect(after.slice(before.length).map(({ step }) => step)).not.toContain(2);
  });

  test("is nothing of itself, and said to be nothing of a run with the same values", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1], c: [0, 1] });
    opened.session.looks.setDisplay({ show: "difference" });
    await settle();
    expect(opened.session.state.value.reference.run).toBe("a/nnviz");
    expect(opened.view().columns.map(({ isUnchanged }) => isUnchanged)).toEqual([
      true,
      false,
      true,
    ]);
    expect(opened.view().shared).toEqual({ lo: -9, hi: 9 });
  });

  test("is said to be none at all where no other shown run has what is pinned", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    opened.session.pins.setRun("a/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    opened.session.runs.toggle("b/nnviz");
    await settle();
    const shown = () => opened.view().columns.map((column) => column.painted);
    const message =
      "This is what is pinned, and no other shown run has it: there is no difference.";
    expect(shown()).toEqual([{ status: "refused", message }]);
    expect(opened.view()).toMatchObject({ colouring: null, settled: true });
    // To a pinned moment of it there is one.
    opened.session.timeline.goTo(0);
    opened.session.pins.setPoint(opened.session.derived.point);
    opened.session.timeline.goTo(1);
    await settle();
    expect(shown()).toMatchObject([{ status: "ready" }]);
    opened.session.pins.setPoint(null);
    opened.session.runs.toggle("b/nnviz");
    await settle();
    expect(shown()).toMatchObject([{ status: "ready" }, { status: "ready" }]);
  });

  test("is told where the pinned run stands at an earlier step", async () => {
    const opened = await open({ a: [0, 1, 2], b: [0, 2] }, "float32");
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    opened.session.timeline.goTo(1);
    await settle();
    const [column] = opened.view().columns;
    expect(column?.found).toMatchObject({ status: "found", index: 0, isEarlier: true });
    // −1, 1, ½, 1 of run a at step 1, without 0, 0, 0, 10 of run b at step 0.
    expect(painted(opened)[0]).toEqual([-1, 1, 0.5, -9]);
  });

  test("is over all steps where the scale is: of each record at the points that show it", async () => {
    const opened = await open({ a: [0, 1, 2], b: [0, 2] }, "float32");
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    await settle();
    expect(opened.view()).toMatchObject({
      scaleProgress: { read: 3, of: 3 },
      shared: { lo: -18, hi: 18 },
    });
  });
});

describe("a link to a difference to nothing", () => {
  test("is to what would be pinned by default", async () => {
    const { session } = await open({ a: [0, 1], b: [0, 1] });
    session.looks.setDisplay({ show: "value" });
    session.restore({ ...DEFAULT_LINK, display: { ...DEFAULT_LINK.display, show: "difference" } });
    expect(session.state.value.reference).toEqual({ run: "a/nnviz", point: null });
  });
});

describe("a scale fixed over all steps", () => {
  test("is over what is known until every step is read, and says how many that are", async () => {
    const opened = openSession({ a: [0, 1, 2, 3, 4, 5, 6, 7], b: [0, 7] });
    opened.session.setTabVisible(true);
    await settle();
    opened.session.looks.setDisplay({ scale: "fixed" });
    expect(opened.view().scaleProgress).toEqual({ read: 0, of: 8 });
    opened.session.setInSight(new Set([TAG]));
    await settle();
    expect(opened.view()).toMatchObject({
      scaleProgress: { read: 8, of: 8 },
      shared: { lo: -70, hi: 70 },
    });
    const before = opened.fetchRecords.mock.calls.length;
    opened.session.timeline.goTo(1);
    await settle();
    expect(opened.view().shared).toEqual({ lo: -70, hi: 70 });
    expect(opened.fetchRecords.mock.calls).toHaveLength(before);
  });

  test("holds for changes as well: over the changes of all steps", async () => {
    const opened = await open({ a: [0, 3, 4, 5] });
    opened.session.looks.setDisplay({ scale: "fixed", show: "change-since-previous" });
    await settle();
    // From 0 to 3 is the largest step.
    expect(opened.view()).toMatchObject({
      scaleProgress: { read: 4, of: 4 },
      shared: { lo: -3, hi: 3 },
    });
  });

  test("does not wait for a record that cannot be read, nor counts it as read", async () => {
    const opened = openSession({ a: [0, 1, 2, 3, 4, 5] });
    opened.fetchRecords.mockImplementation(async (items, part) =>
      items.map((item) =>
        item.step === 2
          ? { status: 404, blobs: [] }
          : itemOf(encodeTiles({ axes: AXES, values: valuesAt(item), precision: "uint16" }), part),
      ),
    );
    opened.session.setTabVisible(true);
    opened.session.looks.setDisplay({ scale: "fixed" });
    await settle();
    opened.session.setInSight(new Set([TAG]));
    await settle();
    expect(opened.view()).toMatchObject({
      scaleProgress: { read: 5, of: 6 },
      shared: { lo: -5, hi: 5 },
    });
  });
});

describe("a panel", () => {
  test("gives every run its own range where the scale is per run", async () => {
    const opened = await open({ a: [0, 2], b: [0, 2] });
    opened.session.looks.setDisplay({ scale: "per-run" });
    expect(opened.view()).toMatchObject({
      shared: null,
      columns: [{ range: { lo: -2, hi: 2 } }, { range: { lo: -20, hi: 20 } }],
    });
    opened.session.looks.setDisplay({ scale: "per-tile" });
    expect(opened.view().columns.map(({ range }) => range)).toEqual([null, null]);
  });

  test("sorts all runs as the first one that has the step", async () => {
    const opened = await open({ a: [4], b: [0, 1] });
    opened.session.looks.setDisplay({ sort: "dead" });
    opened.session.timeline.goTo(0);
    await settle();
    // Run a begins later. Of b the first tile is constant, −0 and 0; the other is not.
    expect(opened.view().columns[0]?.record).toBeNull();
    expect(opened.view().axisOrder).toEqual({ axis: "unit", positions: [0, 1] });
    opened.session.looks.setDisplay({ sort: "norm" });
    expect(opened.view().axisOrder).toEqual({ axis: "unit", positions: [1, 0] });
    expect(opened.view().columns.map(({ dead }) => dead)).toEqual([0, 1]);
  });

  test("of a single number asks for the first one too, to say how it has changed", async () => {
    const axes = [
      { name: "height", size: 1 },
      { name: "width", size: 1 },
    ];
    const opened = await open({ a: [0, 1, 2, 3, 4] }, "float32", axes);
    expect(opened.asked("paint")).toContain("a0");
  });
});

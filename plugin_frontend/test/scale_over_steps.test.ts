import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Scale, Show } from "../src/model/display.js";
import { scaleNote } from "../src/state/export_tiles.js";
import { planScale } from "../src/state/scale_plan.js";
import { scaledByMember, scaledRecords } from "../src/state/scaled_records.js";
import { encodeTiles, itemOf } from "./encode.js";
import { open, openSession, settle, TAG } from "./scale_session.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
describe("a record that could not be read", () => {
  const SEVEN = { a: { steps: [0, 1, 2, 3, 4, 5, 6] } };

  /** Step 6 cannot be read as long as `isGone`. */
  async function openWithout(show: Show, scale: Scale = "fixed") {
    const opened = openSession(SEVEN);
    const answer = opened.server.fetchRecords.getMockImplementation();
    const gone = { isGone: true };
    opened.server.fetchRecords.mockImplementation(async (items, part) =>
      ((await answer?.(items, part)) ?? []).map((item, index) =>
        gone.isGone && items[index]?.step === 6 ? { status: 500, blobs: [] } : item,
      ),
    );
    opened.session.setTabVisible(true);
    await settle();
    opened.session.timeline.goTo(0);
    opened.session.looks.setDisplay({ show, scale });
    opened.session.setInSight(new Set([TAG]));
    await settle();
    return { ...opened, gone };
  }

  test.each<[Show, number]>([
    ["value", 6],
    ["change-since-start", 5],
  ])("is not counted as read in a fixed scale of %s", async (show, most) => {
    const { view } = await openWithout(show);
    expect(view()).toMatchObject({
      shared: { lo: -most, hi: most },
      scaleProgress: { read: 6, of: 7 },
    });
    expect(scaleNote("fixed", view().scaleProgress)).toBe("over 6 of 7 steps");
  });

  test.each<[Show, "reload" | "retryFailed"]>([
    ["value", "reload"],
    ["value", "retryFailed"],
    ["change-since-start", "reload"],
    ["change-since-start", "retryFailed"],
  ])("joins a fixed scale of %s after %s", async (show, again) => {
    const { session, view, gone } = await openWithout(show);
    gone.isGone = false;
    session[again]();
    await settle();
    const most = show === "value" ? 7 : 6;
    expect(view()).toMatchObject({
      shared: { lo: -most, hi: most },
      scaleProgress: { read: 7, of: 7 },
    });
  });

  test("joins a fixed scale once it is read for another reason", async () => {
    const { session, view, gone } = await openWithout("value");
    gone.isGone = false;
    session.records.retryFailed();
    session.timeline.goTo(6);
    await settle();
    session.timeline.goTo(0);
    await settle();
    expect(view()).toMatchObject({
      shared: { lo: -7, hi: 7 },
      scaleProgress: { read: 7, of: 7 },
    });
  });
});

describe("a scale over all steps", () => {
  test("of differences spans all that is shown where one run has fewer records than the pinned one", async () => {
    const opened = await open({ a: { steps: [0, 2] }, b: { steps: [0, 1, 2, 3] } });
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    opened.session.timeline.goTo(0);
    await settle();
    for (const point of [0, 1, 2, 3, 0]) {
      opened.session.timeline.goTo(point);
      await settle();
      // 3 of a at step 2, and 8 of b at step 3.
      expect(opened.view()).toMatchObject({
        shared: { lo: -5, hi: 5 },
        scaleProgress: { read: 4, of: 4 },
      });
    }
  });

  test("of differences to a pinned point is of one pair for each record", async () => {
    const opened = await open({ a: { steps: [0, 2] }, b: { steps: [0, 1, 2, 3] } });
    opened.session.pins.setRun("b/nnviz");
    opened.session.timeline.goTo(0);
    opened.session.pins.togglePoint();
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    await settle();
    const [panel] = opened.session.derived.panels;
    const { reference } = opened.session.state.value;
    const records = scaledRecords(
      panel ?? { members: [] },
      { show: "difference", reference },
      opened.session.derived,
      "fixed",
    );
    expect(records).toHaveLength(2 + 4);
    // 8 of b at step 3, and 2 of it at step 0.
    expect(opened.view().shared).toEqual({ lo: -6, hi: 6 });
  });

  test("is made of the same objects until what it is compared with changes", async () => {
    const opened = await open({ a: { steps: [0, 1] }, b: { steps: [0, 1] } });
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    await settle();
    const first = () => {
      const { state, derived } = opened.session;
      const comparing = { show: "difference", reference: state.value.reference } as const;
      return scaledByMember(derived.panels[0] ?? { members: [] }, comparing, derived, "fixed")[0];
    };
    const before = first();
    opened.session.timeline.goTo(0);
    expect(first()).toBe(before);
    opened.session.pins.setRun("a/nnviz");
    expect(first()).not.toBe(before);
  });

  test.each<[Show, Scale, readonly string[] | null]>([
    ["change-since-start", "fixed", null],
    ["difference", "fixed", null],
    ["change-since-start", "shared", ["a"]],
  ])(
    "of %s (%s) holds a few records at a time, and all are read in the end",
    async (show, scale, inSight) => {
      const runs = Object.fromEntries(
        [..."abcdefghijklmnopqrst"].map((name) => [name, { steps: [0, 1, 2, 3, 4, 5] }]),
      );
      const opened = openSession(runs);
      opened.session.setTabVisible(true);
      await settle();
      for (const run of opened.session.derived.allRuns)
        if (!opened.session.derived.runs.includes(run)) opened.session.runs.toggle(run.run);
      if (inSight !== null) opened.session.setColumnsInSight(new Set(["a/nnviz"]));
      opened.session.pins.setRun("a/nnviz");
      opened.session.looks.setDisplay({ show, scale });
      opened.session.setInSight(new Set([TAG]));
      let most = 0;
      const answer = opened.server.fetchRecords.getMockImplementation();
      opened.server.fetchRecords.mockImplementation(async (items, part) => {
        const { state, derived, records, extremes } = opened.session;
        const { records: wanted } = planScale(
          state.value,
          derived,
          records.state.bind(records),
          extremes,
        );
        most = Math.max(most, wanted.length);
        return (await answer?.(items, part)) ?? [];
      });
      await vi.advanceTimersByTimeAsync(200);
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(97);
      const whole =
        scale === "fixed" ? { scaleProgress: { read: 6, of: 6 } } : { sharedOver: null };
      expect(opened.view()).toMatchObject(whole);
      // One of each plane of each record: also the pinned run's are read once for all.
      expect(new Set(opened.asked()).size).toBe(opened.asked().length);
    },
  );
});

describe("a scale of changes of large records", () => {
  test("holds few of them, of whichever runs are out of sight", async () => {
    const steps = [0, 1];
    const runs = Object.fromEntries([..."abcdefghijklmnopqrst"].map((name) => [name, { steps }]));
    const opened = openSession(runs);
    const { session, server } = opened;
    // 2 MiB with both planes.
    const axes = [
      { name: "unit", size: 64 },
      { name: "height", size: 128 },
      { name: "width", size: 128 },
    ];
    const values = new Float32Array(2 ** 20).fill(1);
    const record = encodeTiles({ axes, values, precision: "uint16" });
    let most = 0;
    server.fetchRecords.mockImplementation(async (items, part) => {
      const { state, derived, records, extremes } = session;
      const recordState = records.state.bind(records);
      const { records: wanted } = planScale(state.value, derived, recordState, extremes);
      // Asked for when what is shown is here.
      if (items.some(({ run }) => run !== "a/nnviz")) most = Math.max(most, wanted.length);
      return items.map(() => itemOf(record, part));
    });
    session.setTabVisible(true);
    await settle();
    for (const run of session.derived.allRuns)
      if (!session.derived.runs.includes(run)) session.runs.toggle(run.run);
    session.setColumnsInSight(new Set(["a/nnviz"]));
    session.looks.setDisplay({ show: "change-since-start" });
    session.setInSight(new Set([TAG]));
    await vi.advanceTimersByTimeAsync(400);
    // Those of 38 that are 16 MiB.
    expect(most).toBe(8);
    expect(opened.view().sharedOver).toBeNull();
  });
});

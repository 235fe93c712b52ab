import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Show } from "../src/model/display.js";
import { ExtremesBook } from "../src/state/extremes_book.js";
import { scaledRecords } from "../src/state/scaled_records.js";
import { open, openSession, settle, TAG } from "./scale_session.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const FIVE = Object.fromEntries([..."abcde"].map((name) => [name, { steps: [0, 1, 2] }]));

describe("a scale that all runs share", () => {
  test.each<[Show, number]>([
    ["value", 5 * 3],
    ["change-since-start", 5 * 2],
    ["change-since-previous", 5],
    ["difference", 4 * 3],
  ])("of %s spans the runs that have never been in sight too", async (show, most) => {
    const opened = await open(FIVE, ["a", "b"]);
    opened.session.looks.setDisplay({ show });
    await settle();
    expect(opened.view()).toMatchObject({ shared: { lo: -most, hi: most }, sharedOver: null });
    // Whatever has been scrolled into sight before.
    opened.session.setColumnsInSight(new Set(["c/nnviz", "d/nnviz"]));
    await settle();
    expect(opened.view()).toMatchObject({ shared: { lo: -most, hi: most }, sharedOver: null });
    expect(new Set(opened.asked()).size).toBe(opened.asked().length);
  });

  test("asks for no more than the statistics of values out of sight, many in one request, and once", async () => {
    const opened = await open(FIVE, ["a", "b"]);
    const of = (part: string) => new Set(opened.asked(part).map((each) => each.charAt(0)));
    expect(of("paint")).toEqual(new Set("ab"));
    expect(of("statistics")).toEqual(new Set("cde"));
    const requests = opened.server.fetchRecords.mock.calls.filter(
      ([, part]) => part === "statistics",
    );
    expect(requests).toHaveLength(1);
    opened.server.fetchRecords.mockClear();
    opened.session.timeline.goTo(1);
    opened.session.timeline.goTo(2);
    opened.session.looks.setDisplay({ colours: "viridis" });
    await settle();
    expect(opened.asked("statistics").filter((each) => !each.endsWith("0"))).toEqual([]);
  });

  test("asks for nothing out of sight before it is known what is in sight", async () => {
    const opened = await open(FIVE, []);
    expect(opened.asked()).toEqual([]);
    opened.session.setColumnsInSight(new Set(["a/nnviz"]));
    await settle();
    expect(opened.asked("statistics").filter((each) => each.startsWith("a"))).toEqual([]);
  });

  test("says over how many runs it is while the others are on their way", async () => {
    const opened = openSession(FIVE);
    const answer = opened.server.fetchRecords.getMockImplementation();
    opened.server.fetchRecords.mockImplementation((items, part) =>
      part === "statistics"
        ? new Promise(() => undefined)
        : (answer?.(items, part) ?? Promise.reject(new Error("none"))),
    );
    opened.session.setTabVisible(true);
    await settle();
    opened.session.runs.toggle("e/nnviz");
    opened.session.setColumnsInSight(new Set(["a/nnviz", "b/nnviz"]));
    opened.session.setInSight(new Set([TAG]));
    await settle();
    expect(opened.view()).toMatchObject({
      shared: { lo: -6, hi: 6 },
      sharedOver: { runs: 2, of: 5 },
    });
  });

  test("asks for nothing of runs out of sight while the tab is hidden, nor while changes are played", async () => {
    const opened = await open(FIVE, ["a", "b"]);
    opened.session.setTabVisible(false);
    opened.server.fetchRecords.mockClear();
    opened.session.timeline.goTo(0);
    await settle();
    expect(opened.asked()).toEqual([]);
    opened.session.setTabVisible(true);
    opened.session.timeline.setLoop(true);
    opened.session.timeline.togglePlaying();
    opened.session.looks.setDisplay({ show: "change-since-start" });
    await vi.advanceTimersByTimeAsync(600);
    expect(opened.asked("paint").filter((each) => !/[ab]/.test(each))).toEqual([]);
    opened.session.timeline.togglePlaying();
    await settle();
    expect(opened.view().sharedOver).toBeNull();
  });

  test("does without what cannot be read, until it is asked for again", async () => {
    const opened = openSession(FIVE);
    const answer = opened.server.fetchRecords.getMockImplementation();
    opened.server.fetchRecords.mockImplementation(async (items, part) => {
      if (part === "statistics") throw new Error("gone");
      return answer?.(items, part) ?? [];
    });
    opened.session.setTabVisible(true);
    await settle();
    opened.session.setColumnsInSight(new Set(["a/nnviz", "b/nnviz"]));
    opened.session.setInSight(new Set([TAG]));
    await settle();
    expect(opened.view()).toMatchObject({ shared: { lo: -6, hi: 6 }, sharedOver: null });
    const before = opened.asked("statistics").length;
    opened.session.looks.setDisplay({ colours: "viridis" });
    await settle();
    expect(opened.asked("statistics")).toHaveLength(before);
    if (answer !== undefined) opened.server.fetchRecords.mockImplementation(answer);
    opened.session.reload();
    await settle();
    opened.server.runs = { ...FIVE, f: { steps: [0] } };
    opened.session.reload();
    await settle();
    expect(opened.view().shared).toEqual({ lo: -12, hi: 12 });
  });
});

describe("a scale over all steps of differences to a pinned run", () => {
  test("is of other pairs of records on another axis, and so another one", async () => {
    // Step 1 of a is epoch 10, where b has its step 0; by steps it has its step 1.
    const opened = await open({
      a: { steps: [0, 1], epochs: [0, 10] },
      b: { steps: [0, 1], epochs: [10, 20] },
    });
    opened.session.pins.setRun("b/nnviz");
    opened.session.runs.toggle("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    await settle();
    // 2 of a, 2 of b.
    expect(opened.view().shared?.hi).toBe(0);
    opened.session.timeline.goTo(0);
    opened.session.timeline.setTimeAxis("step");
    await settle();
    // 1 and 2 at step 0, 2 and 4 at step 1.
    expect(opened.view()).toMatchObject({
      scaleProgress: { read: 2, of: 2 },
      shared: { lo: -2, hi: 2 },
    });
  });

  test("follows the pinned run while it grows", async () => {
    const opened = await open({ a: { steps: [0, 1, 2] }, b: { steps: [0] } });
    opened.session.pins.setRun("b/nnviz");
    opened.session.runs.toggle("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    await settle();
    // 3 at step 2, and 2 of b at step 0.
    expect(opened.view().shared).toEqual({ lo: -1, hi: 1 });
    opened.server.runs = { a: { steps: [0, 1, 2] }, b: { steps: [0, 1] } };
    opened.session.reload();
    await settle();
    // Now 4 of b at step 1, with 2 of a.
    expect(opened.view()).toMatchObject({
      scaleProgress: { read: 3, of: 3 },
      shared: { lo: -2, hi: 2 },
    });
  });

  test("comes to have what the pinned run lacked", async () => {
    const opened = await open({ a: { steps: [0, 1] }, b: { steps: [9] } });
    opened.session.pins.setRun("b/nnviz");
    opened.session.runs.toggle("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference", scale: "fixed" });
    await settle();
    expect(opened.view().scaleProgress).toEqual({ read: 2, of: 2 });
    opened.server.runs = { a: { steps: [0, 1] }, b: { steps: [0, 9] } };
    opened.session.reload();
    await settle();
    expect(opened.view().shared).toEqual({ lo: -1, hi: 1 });
  });
});

describe("the book of extremes", () => {
  test("forgets the oldest beyond its room, never what is in sight", async () => {
    const steps = [0, 1, 2, 3, 4, 5];
    const opened = await open({ a: { steps } });
    const { session } = opened;
    const [panel] = session.derived.panels;
    if (panel === undefined) throw new Error("no panel");
    const book = new ExtremesBook(4);
    const own = { run: "a/nnviz", tag: TAG };
    for (const step of [7, 8, 9])
      book.take({ ...own, step, wallTime: step }, { min: 0, max: step });
    const note = (show: Show) => {
      session.looks.setDisplay({ show, scale: "fixed" });
      book.sweep(session.state.value, session.derived);
      book.note(session.state.value, session.derived, (ref) => session.records.state(ref));
    };
    session.looks.setDisplay({ scale: "fixed" });
    await settle();
    note("value");
    note("value");
    const values = { show: "value", reference: session.state.value.reference } as const;
    const all = scaledRecords(panel, values, session.derived, "fixed");
    expect(all.map((record) => book.get(record)?.max)).toEqual([1, 2, 3, 4, 5, 6]);
    // What is needed is more than there is room for, and nothing else is left.
    expect(book.size).toBe(6);
    session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    note("change-since-start");
    note("change-since-start");
    expect(book.size).toBe(6);
    expect(all.map((record) => book.get(record))).toEqual(all.map(() => null));
  });

  test("keeps what an export needs while the screen needs more than there is room for", async () => {
    const steps = [0, 1, 2, 3, 4, 5];
    const { session } = await open({ a: { steps } });
    session.looks.setDisplay({ scale: "fixed" });
    await settle();
    const [panel] = session.derived.panels;
    if (panel === undefined) throw new Error("no panel");
    const book = new ExtremesBook(4);
    const note = () => {
      book.sweep(session.state.value, session.derived);
      book.note(session.state.value, session.derived, (ref) => session.records.state(ref));
    };
    const { reference } = session.state.value;
    const all = scaledRecords(panel, { show: "value", reference }, session.derived, "fixed");
    const areKnown = () => all.map((record) => book.get(record) !== null);
    note();
    book.hold(session.state.value, session.derived);
    // Meanwhile the screen shows something else, of as many records.
    session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    for (let turn = 0; turn < 3; turn++) note();
    expect(book.size).toBe(12);
    expect(areKnown()).toEqual(all.map(() => true));
    book.letGo();
    session.looks.setDisplay({ show: "change-since-previous" });
    await settle();
    for (let turn = 0; turn < 3; turn++) note();
    expect(areKnown()).toEqual(all.map(() => false));
  });
});

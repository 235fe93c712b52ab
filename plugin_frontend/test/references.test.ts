import { describe, expect, test } from "vitest";
import type { Moment } from "../src/model/record.js";
import { pointText, referenceText } from "../src/model/reference.js";
import { type Point, stepPoint } from "../src/model/time_axis.js";
import { differenceWords, shownWords } from "../src/state/change_words.js";
import { referenced } from "../src/state/references.js";
import { Session } from "../src/state/session.js";

const TAG = "weights/dense/kernel";

interface Run {
  readonly steps: readonly number[];
  readonly tag?: string;
  /** Epochs by step; the step itself where not given. */
  readonly epochs?: readonly number[];
}

async function open(runs: Readonly<Record<string, Run>>) {
  const asked: string[] = [];
  const session = new Session({
    fetchIndex: async () => ({
      version: 1,
      runs: Object.entries(runs).map(([name, { steps, tag = TAG }]) => ({
        run: `${name}/nnviz`,
        name,
        tags: [{ tag, kind: "tiles", view: "weights", series: 0, source: {} }],
        series: [{ steps, wall_times: steps, logged: steps.length }],
        notices: [],
        skipped: [],
      })),
    }),
    fetchTimeline: async (run) => {
      asked.push(run);
      const { steps, epochs = steps } = runs[run.replace("/nnviz", "")] ?? { steps: [] };
      return {
        moments: steps.map((step, index) => ({
          step,
          epoch: epochs[index] ?? null,
          batch: null,
          fit: 1,
          phase: "during",
          wall_time: 0,
        })),
      };
    },
    fetchRecords: () => new Promise(() => undefined),
  });
  session.reload();
  await settle();
  return { session, asked };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** What the shown record of a run is compared with: `b 2`, or why there is nothing. */
function comparedWith({ state, derived }: Session, name = "a"): string {
  const run = derived.allRuns.find((each) => each.name === name);
  const entry = run?.tags[0];
  if (run === undefined || entry === undefined) throw new Error("there is no such run");
  const { display, reference } = state.value;
  const comparing = { show: display.show, reference };
  const found = referenced(comparing, derived, run, entry, entry.series.steps.length - 1);
  if (found.status !== "found") return found.status === "absent" ? found.message : found.status;
  return `${found.run.name} ${found.entry.series.steps[found.index]}`;
}

const epoch = (value: number): Point => ({ fit: 1, value, phase: "during", repeat: 0 });

describe("what a record is compared with", () => {
  test("is of its own series, unless something is pinned", async () => {
    const { session } = await open({ a: { steps: [0, 1, 2] } });
    expect(comparedWith(session)).toBe("a 2");
    session.looks.setDisplay({ show: "change-since-start" });
    expect(comparedWith(session)).toBe("a 0");
    session.looks.setDisplay({ show: "change-since-previous" });
    expect(comparedWith(session)).toBe("a 1");
    session.pins.setPoint(epoch(0));
    expect(comparedWith(session)).toBe("a 1");
    session.looks.setDisplay({ show: "difference" });
    expect(comparedWith(session)).toBe("a 0");
  });

  test("of a pinned run is at the shown point or at the pinned one, or the nearest earlier record", async () => {
    const { session } = await open({ a: { steps: [0, 1, 2, 3] }, b: { steps: [0, 2] } });
    session.pins.setRun("b/nnviz");
    session.looks.setDisplay({ show: "difference" });
    expect(comparedWith(session)).toBe("b 2");
    session.timeline.goTo(1);
    expect(comparedWith(session)).toBe("b 0");
    session.pins.setPoint(epoch(3));
    expect(comparedWith(session)).toBe("b 2");
    expect(comparedWith(session, "b")).toBe("b 2");
  });

  test("may be of a run that is not ticked, whose timeline is asked for", async () => {
    const { session, asked } = await open({ a: { steps: [5] }, b: { steps: [50], epochs: [5] } });
    session.runs.toggle("b/nnviz");
    session.reload();
    await settle();
    asked.length = 0;
    session.pins.setRun("b/nnviz");
    session.looks.setDisplay({ show: "difference" });
    await settle();
    expect(asked).toEqual(["b/nnviz"]);
    expect(comparedWith(session)).toBe("b 50");
    expect(session.derived.runs.map(({ name }) => name)).toEqual(["a"]);
  });

  test("is said to be missing where it is", async () => {
    const { session } = await open({
      a: { steps: [0] },
      b: { steps: [7] },
      c: { steps: [0], tag: "weights/other" },
    });
    session.looks.setDisplay({ show: "difference" });
    session.pins.setRun("c/nnviz");
    expect(comparedWith(session)).toBe(`No difference: c has not logged ${TAG}.`);
    session.pins.setRun("b/nnviz");
    session.timeline.goTo(0);
    expect(comparedWith(session)).toBe("No difference: b has nothing so early.");
    session.pins.setRun("z/nnviz");
    expect(comparedWith(session)).toBe("No difference: the pinned run z is not in this log.");
  });
});

describe("what is pinned", () => {
  test("is sensible where differences are asked for and nothing is: a run, or of one run the shown point", async () => {
    const two = await open({ a: { steps: [0, 1] }, b: { steps: [0, 1] } });
    two.session.looks.setDisplay({ show: "difference" });
    expect(two.session.state.value.reference).toEqual({ run: "a/nnviz", point: null });
    const one = await open({ a: { steps: [0, 1] } });
    one.session.looks.setDisplay({ show: "difference" });
    expect(one.session.state.value.reference).toEqual({ run: null, point: epoch(1) });
  });

  test("is the first of the runs that have most panels in common, where differences are asked for", async () => {
    const { session } = await open({
      a: { steps: [0], tag: "weights/conv2d/kernel" },
      b: { steps: [0] },
      c: { steps: [0] },
    });
    session.looks.setDisplay({ show: "difference" });
    expect(session.state.value.reference).toEqual({ run: "b/nnviz", point: null });
  });

  test("has the name of the screen also where it is not in the log any more", async () => {
    const { session } = await open({ a: { steps: [0] } });
    const name = (run: string): string | null => {
      session.pins.setRun(run);
      return session.derived.pinnedName;
    };
    expect(name("a/nnviz")).toBe("a");
    expect(name("b/nnviz")).toBe("b");
    expect(name("c")).toBe("c");
    expect(name("nnviz")).toBe("nnviz");
    session.looks.setDisplay({ show: "difference" });
    session.pins.setRun("b/nnviz");
    expect(shownWords(session.state.value, session.derived)).toBe("difference to b");
  });

  test("shows values again once all of it is let go of", async () => {
    const { session } = await open({ a: { steps: [0, 1] } });
    session.pins.setPoint(epoch(0));
    session.pins.setRun("a/nnviz");
    session.looks.setDisplay({ show: "difference" });
    session.pins.setRun(null);
    expect(session.state.value.display.show).toBe("difference");
    session.pins.setPoint(null);
    expect(session.state.value.display.show).toBe("value");
  });

  test("stays at its record on another axis", async () => {
    const { session } = await open({ a: { steps: [0, 10, 20], epochs: [0, 1, 2] } });
    session.pins.setPoint(epoch(1));
    session.timeline.setTimeAxis("step");
    expect(session.state.value.reference.point).toEqual(stepPoint(10));
    session.timeline.setTimeAxis("epoch");
    expect(session.state.value.reference.point).toEqual(epoch(1));
  });

  test("has a name", () => {
    const both = { run: "b/nnviz", point: epoch(3) };
    expect(referenceText(both, "b", "epoch")).toBe("b at epoch 3");
    expect(referenceText({ ...both, point: null }, "b", "epoch")).toBe("b");
    expect(referenceText({ run: null, point: epoch(3) }, null, "epoch")).toBe("epoch 3");
    expect(pointText({ fit: 2, value: 0, phase: "before", repeat: 0 }, "epoch")).toBe(
      "epoch 0, fit 2, before training",
    );
  });
});

describe("a difference in words", () => {
  const momentOf = (value: number): Moment => ({
    step: 10 * value,
    epoch: value,
    batch: null,
    fit: 1,
    phase: "during",
    wallTime: 0,
  });

  test("names the run that is compared, the pinned one and the moment of its record", async () => {
    const { session } = await open({ a: { steps: [0, 1, 2] }, b: { steps: [0, 1] } });
    const said = (names: readonly string[], since: number | null) => {
      const { state, derived } = session;
      const minuends = derived.runs.filter(({ name }) => names.includes(name));
      return differenceWords(
        state.value,
        derived,
        minuends,
        since === null ? null : momentOf(since),
      );
    };
    session.pins.setRun("b/nnviz");
    // Run b has nothing at epoch 2.
    expect(said(["a"], 1)).toBe("a − b at epoch 1");
    expect(said(["a", "b"], null)).toBe("each run − b at epoch 2");
    session.pins.setPoint(epoch(0));
    expect(said(["a"], 0)).toBe("a at epoch 2 − b at epoch 0");
    session.pins.setRun(null);
    expect(said(["a", "b"], 0)).toBe("epoch 2 − epoch 0");
  });

  test("says what is pinned also while values are shown", async () => {
    const { session } = await open({ a: { steps: [0, 1] } });
    const said = () => shownWords(session.state.value, session.derived);
    expect(said()).toBe("values, nothing is pinned");
    session.pins.togglePoint();
    expect(said()).toBe("values, pinned: epoch 1");
    session.looks.setDisplay({ show: "difference" });
    expect(said()).toBe("difference to epoch 1");
    session.timeline.goTo(0);
    session.pins.togglePoint();
    expect(said()).toBe("difference to epoch 0");
    session.pins.togglePoint();
    expect(said()).toBe("values, nothing is pinned");
  });
});

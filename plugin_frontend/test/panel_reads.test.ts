import { describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { NO_REFERENCE } from "../src/model/reference.js";
import { ExtremesBook } from "../src/state/extremes_book.js";
import { panelReads } from "../src/state/panel_reads.js";
import { scaledRecords } from "../src/state/scaled_records.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";

const TAG = "weights/dense/kernel";
const STEPS = [0, 1, 2];

/** A run whose cells all hold the number of the step. */
async function open(side: number) {
  const axes = [
    { name: "unit", size: side },
    { name: "height", size: 1 },
    { name: "width", size: side },
  ];
  const series = [{ steps: STEPS, wall_times: STEPS, logged: 3 }];
  const tags = [{ tag: TAG, kind: "tiles", view: "weights", series: 0, source: {} }];
  const run = { run: "a/nnviz", name: "a", tags, series, notices: [], skipped: [] };
  const recordOf = ({ step }: RecordItem) => {
    const values = new Float32Array(side * side).fill(step);
    return encodeTiles({ axes, values, precision: "float32", step });
  };
  const session = new Session({
    fetchIndex: async () => ({ version: 1, runs: [run] }),
    fetchTimeline: async (name: string) => ({ run: name, moments: [] }),
    fetchRecords: async (items, part) => items.map((item) => itemOf(recordOf(item), part)),
  });
  const reads = () => {
    const [panel] = session.derived.panels;
    if (panel === undefined) throw new Error("no panel");
    const recordState = session.records.state.bind(session.records);
    return panelReads(panel, session.state.value, session.derived, recordState, session.extremes);
  };
  session.setTabVisible(true);
  await turn();
  return { session, reads };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("what a panel takes from the records", () => {
  test("stays the same objects while its records are on their way and once they are here", async () => {
    const { session, reads } = await open(2);
    const pending = reads();
    reads().forEach((each, index) => {
      expect(each).toBe(pending[index]);
    });
    session.setInSight(new Set([TAG]));
    await turn();
    const here = reads();
    expect(here[0]).not.toBe(pending[0]);
    reads().forEach((each, index) => {
      expect(each).toBe(here[index]);
    });
  });

  test("has the record that changes are taken from", async () => {
    const { session, reads } = await open(2);
    session.setInSight(new Set([TAG]));
    session.looks.setDisplay({ show: "change-since-previous" });
    await turn();
    const steps = reads().map(
      (each) =>
        (each as { tiles: { header: { moment: { step: number } } } }).tiles.header.moment.step,
    );
    expect(steps).toEqual([2, 1, 0]);
  });
});

const SINCE_START = { show: "change-since-start", reference: NO_REFERENCE } as const;

describe("extremes of changes", () => {
  test("are taken down a few large records at a time, and all in the end", async () => {
    const { session } = await open(720);
    session.setInSight(new Set([TAG]));
    session.timeline.goTo(1);
    const here = (step: number) => {
      const ref = { run: "a/nnviz", tag: TAG, step, wallTime: step };
      return session.records.state(ref).status === "ready";
    };
    await vi.waitFor(() => expect(STEPS.every(here)).toBe(true));
    session.looks.setDisplay({ show: "change-since-start", scale: "fixed" });
    const { state, derived, records } = session;
    const book = new ExtremesBook();
    const note = () => book.note(state.value, derived, (ref) => records.state(ref));
    const all = () => {
      const [panel] = session.derived.panels;
      return panel === undefined ? [] : scaledRecords(panel, SINCE_START, session.derived, "fixed");
    };
    const known = () =>
      all()
        .filter((record) => book.get(record) !== null)
        .map(({ ref }) => ref.step);
    // 720 · 720 cells are more than are compared at once.
    expect(note()).toBe(false);
    expect(known()).toEqual([0]);
    expect(note()).toBe(false);
    expect(known()).toEqual([0, 1]);
    expect(note()).toBe(true);
    expect(known()).toEqual([0, 1, 2]);
    await turn();
    const own = all().map((record) => session.extremes.get(record));
    expect(own.map((each) => each?.max)).toEqual([0, 1, 2]);
  });
});

import { describe, expect, test, vi } from "vitest";
import type { BatchItem } from "../src/api/batch.js";
import type { RecordItem } from "../src/api/routes.js";
import { refOf } from "../src/state/comparison.js";
import { answerOf, type Member } from "../src/state/export_answers.js";
import { prepareWeights } from "../src/state/export_weights.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

const TAG = "weights/a/kernel";
/** More than are asked for at once. */
const RUNS = Array.from({ length: 40 }, (_, at) => `r${String(at).padStart(2, "0")}`);
const FIRST = 32;

const record = encodeTiles({
  axes: [
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ],
  values: Float32Array.of(0, 1),
  precision: "float32",
});

interface Call {
  readonly items: readonly RecordItem[];
  readonly answer: () => void;
  readonly fail: () => void;
}

/** A log of many runs, out of sight, and a server whose answers the test gives by hand. */
async function open(runs = RUNS) {
  const calls: Call[] = [];
  const session = new Session({
    fetchIndex: async () =>
      indexOfRuns(TAG, Object.fromEntries(runs.map((name) => [name, [0, 1]]))),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: (items, part) =>
      new Promise<readonly BatchItem[]>((resolve, reject) => {
        calls.push({
          items,
          answer: () => resolve(items.map(() => itemOf(record, part))),
          fail: () => reject(new Error("no connection")),
        });
      }),
  });
  session.setTabVisible(true);
  await vi.waitFor(() => expect(session.derived.allRuns).toHaveLength(runs.length));
  const members = session.derived.allRuns.flatMap((run): Member[] =>
    run.tags.map((entry) => ({ run, entry })),
  );
  const asked = () => calls.map(({ items }) => items.length);
  const known = () => members.filter(({ entry }) => answerOf(entry) !== null).length;
  const calledAgain = (count: number) => expect.poll(() => calls.length).toBe(count);
  return { session, members, calls, asked, known, calledAgain };
}

const on = () => new AbortController().signal;

describe("weighing an export", () => {
  test("asks of each record once, even where it is wanted several times", async () => {
    const { session, members, calls, asked } = await open();
    void prepareWeights([...members.slice(0, 3), ...members.slice(0, 3)], session, on());
    expect(asked()).toEqual([3]);
    expect(new Set(calls[0]?.items.map(({ run }) => run)).size).toBe(3);
  });

  test("waits for what is asked for already, and then says that it has come", async () => {
    const { session, members, calls, asked, known } = await open();
    const first = prepareWeights(members.slice(0, 3), session, on());
    const second = prepareWeights(members.slice(0, 3), session, on());
    await Promise.resolve();
    expect(asked()).toEqual([3]);
    calls[0]?.answer();
    expect([await first, await second]).toEqual([true, true]);
    expect(known()).toBe(3);
    expect(await prepareWeights(members.slice(0, 3), session, on())).toBe(false);
  });

  test.each(["called off", "hidden"])(
    "sends no more once it is %s, and goes on where it was another time",
    async (how) => {
      const { session, members, calls, asked, known, calledAgain } = await open();
      const abort = new AbortController();
      const first = prepareWeights(members, session, abort.signal);
      expect(asked()).toEqual([FIRST]);
      if (how === "hidden") session.setTabVisible(false);
      else abort.abort();
      calls[0]?.answer();
      expect(await first).toBe(true);
      expect(asked()).toEqual([FIRST]);
      expect(known()).toBe(FIRST);
      session.setTabVisible(true);
      const second = prepareWeights(members, session, on());
      await calledAgain(2);
      expect(asked()).toEqual([FIRST, RUNS.length - FIRST]);
      calls[1]?.answer();
      expect(await second).toBe(true);
      expect(known()).toBe(RUNS.length);
    },
  );

  test("asks again for what failed", async () => {
    const { session, members, calls, asked, known, calledAgain } = await open();
    const first = prepareWeights(members, session, on());
    calls[0]?.fail();
    await expect(first).rejects.toThrow("no connection");
    const second = prepareWeights(members, session, on());
    await calledAgain(2);
    calls[1]?.answer();
    await calledAgain(3);
    calls[2]?.answer();
    await second;
    expect(asked()).toEqual([FIRST, FIRST, RUNS.length - FIRST]);
    expect(known()).toBe(RUNS.length);
  });

  test("leaves to the screen what that has asked for, and takes it from there", async () => {
    const { session, calls, calledAgain } = await open(RUNS.slice(0, 3));
    session.setInSight(new Set([TAG]));
    await calledAgain(1);
    const shown = session.derived.panels.flatMap((panel) => panel.members);
    expect(calls[0]?.items).toHaveLength(shown.length);
    expect(await prepareWeights(shown, session, on())).toBe(false);
    expect(calls).toHaveLength(1);
    calls[0]?.answer();
    const refs = shown.map(({ run, entry }) => refOf(run.run, entry, 1));
    const states = () => refs.map((ref) => ref && session.records.state(ref).status);
    await vi.waitFor(() => expect(states()).toEqual(shown.map(() => "ready")));
    const before = calls.length;
    expect(await prepareWeights(shown, session, on())).toBe(false);
    expect(calls).toHaveLength(before);
  });
});

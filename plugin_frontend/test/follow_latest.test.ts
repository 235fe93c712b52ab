import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Screen } from "../src/components/key.js";
import { pressKey } from "../src/components/keys.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import { Session } from "../src/state/session.js";
import { timelineLabel } from "../src/state/timeline_label.js";

const settle = () => vi.advanceTimersByTimeAsync(1);

/** A training whose weights are logged after each epoch, its graph once, before it. */
function indexOf(epochs: number): unknown {
  const steps = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
  const series = [steps, [0]].map((logged) => ({
    steps: logged,
    wall_times: logged,
    logged: logged.length,
  }));
  const tags = [
    { tag: "weights/dense/kernel", kind: "tiles", view: "weights", series: 0, source: {} },
    { tag: "graph", kind: "graph", view: "graph", series: 1, source: {} },
  ];
  const run = { run: "a/nnviz", name: "a", tags, series, notices: [], skipped: [] };
  return { version: 1, runs: [run] };
}

async function open(epochs: number) {
  const server = {
    index: indexOf(epochs),
    fetchIndex: vi.fn(async () => server.index),
    fetchTimeline: async (run: string) => ({
      run,
      moments: Array.from({ length: 20 }, (_, step) => ({
        step,
        epoch: step,
        batch: step * 100,
        fit: 1,
        phase: step === 0 ? "before" : "during",
        wall_time: step,
      })),
    }),
    fetchRecords: () => new Promise<never>(() => undefined),
  };
  const session = new Session(server);
  session.setTabVisible(true);
  await settle();
  return { session, server };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("following the latest", () => {
  test("ends, in a view with one early record, at what all views show", async () => {
    const { session } = await open(8);
    session.setView("graph");
    session.timeline.setFollowing(false);
    expect(session.derived.point?.value).toBe(0);
    session.setView("weights");
    expect(session.derived.point?.value).toBe(8);
    expect(session.state.value.position).toMatchObject({ at: "point", point: { value: 8 } });
  });

  test("looks for new data at once where it is asked for", async () => {
    const { session, server } = await open(3);
    session.timeline.setFollowing(false);
    server.index = indexOf(7);
    await vi.advanceTimersByTimeAsync(27_000);
    expect(session.derived.point?.value).toBe(3);
    session.timeline.setFollowing(true);
    await settle();
    expect(session.derived.point?.value).toBe(7);
    expect(server.fetchIndex).toHaveBeenCalledTimes(2);
  });
});

describe("a point in time", () => {
  const label = ({ state, derived }: Session) => timelineLabel(state.value, derived);

  test("is not pinned by a graph, which has no differences", async () => {
    const { session } = await open(8);
    session.setView("graph");
    pressKey({ session } as Screen, "x");
    expect(session.state.value.reference.point).toBeNull();
    session.setView("weights");
    pressKey({ session } as Screen, "x");
    expect(session.state.value.reference.point?.value).toBe(8);
  });

  test("that no run has yet is told of, until it is there", async () => {
    const { session, server } = await open(9);
    const point = { fit: 1, value: 15, phase: "during", repeat: 0 } as const;
    session.restore({ ...DEFAULT_LINK, position: { at: "point", point } });
    expect(label(session)).toMatchObject({ value: "9", detail: "epoch 15 is not logged" });
    expect(label(session).words).toBe("epoch 9 of 9, epoch 15 is not logged");
    server.index = indexOf(16);
    session.reload();
    await settle();
    expect(label(session)).toMatchObject({ value: "15", detail: "" });
  });

  test("that is before the view's next record is that of another view: nothing is told", async () => {
    const { session } = await open(9);
    session.timeline.goTo(5);
    session.setView("graph");
    expect(label(session).detail).toBe("before training");
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/api/errors.js";
import { Session } from "../src/state/session.js";
import { indexOfRuns } from "./index_of_runs.js";

const settle = () => vi.advanceTimersByTimeAsync(1);
const TAG = "weights/dense/kernel";

/** Runs that log at every second step; their epochs are the numbers of their steps halved. */
function indexOf(epochs: Record<string, number>): unknown {
  const steps = Object.entries(epochs).map(
    ([name, last]) => [name, Array.from({ length: last + 1 }, (_, epoch) => epoch * 2)] as const,
  );
  return indexOfRuns(TAG, Object.fromEntries(steps));
}

/** A session at a server whose timelines can be held back, and what it shows in every state. */
function make(epochs: Record<string, number>) {
  let release = (): void => undefined;
  const server = {
    logged: epochs,
    held: Promise.resolve(),
    hold: () => {
      server.held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    fetchIndex: vi.fn(async () => indexOf(server.logged)),
    fetchTimeline: vi.fn(async (run: string): Promise<unknown> => {
      const last = server.logged[run.replace("/nnviz", "")] ?? 0;
      await server.held;
      const moments = Array.from({ length: last + 1 }, (_, epoch) => ({
        step: epoch * 2,
        epoch,
        batch: epoch * 100,
        fit: 1,
        phase: epoch === 0 ? "before" : "during",
        wall_time: epoch,
      }));
      return { run, moments };
    }),
    fetchRecords: () => new Promise<never>(() => undefined),
  };
  const session = new Session(server);
  const passed = shownBy(session);
  const timelines = () => server.fetchTimeline.mock.calls.map(([run]) => run.charAt(0)).join("");
  return { session, server, passed, timelines };
}

async function open(epochs: Record<string, number>) {
  const opened = make(epochs);
  opened.session.setTabVisible(true);
  await settle();
  opened.passed.length = 0;
  return opened;
}

/** The points and the one shown, in every state that the session is in from now on. */
function shownBy(session: Session): string[] {
  const passed: string[] = [];
  session.state.subscribe(() => {
    const { points, point, pointIndex } = session.derived;
    const shown = `${points.map(({ value }) => value).join(" ")}: ${point?.value} at ${pointIndex}`;
    if (shown !== passed.at(-1)) passed.push(shown);
  });
  return passed;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("new steps", () => {
  test("appear together with their moments, of all runs at once", async () => {
    const { session, server, passed, timelines } = await open({ a: 4, b: 1, c: 2 });
    expect(timelines()).toBe("abc");
    server.logged = { a: 5, b: 2, c: 3 };
    server.hold();
    await vi.advanceTimersByTimeAsync(10_100);
    expect(timelines()).toBe("abcabc");
    expect(passed).toEqual([]);
    server.release();
    await settle();
    expect(passed).toEqual(["0 1 2 3 4 5: 5 at 5"]);
    expect(session.state.value.timelines.get("c/nnviz")?.get(6)?.epoch).toBe(3);
    expect(timelines()).toBe("abcabc");
  });

  test("do not move a place of one's own for a moment while the page reloads", async () => {
    const { session, server, passed } = await open({ a: 4, b: 1 });
    session.timeline.goTo(3);
    passed.length = 0;
    server.logged = { a: 4, b: 2 };
    session.reload();
    await settle();
    expect(passed).toEqual(["0 1 2 3 4: 3 at 3"]);
  });

  test("of a run that is new appear with their moments too", async () => {
    const { session, server, passed, timelines } = await open({ a: 2 });
    server.logged = { a: 2, b: 3, c: 1, d: 1, e: 9 };
    session.reload();
    await settle();
    expect(passed).toEqual(["0 1 2 3: 3 at 3"]);
    // The fifth run is not ticked.
    expect(timelines()).toBe("aabcd");
  });

  test("have their moments asked for once where their run is shown and pinned, also where it is pinned alone", async () => {
    const { session, server, timelines } = await open({ a: 1, b: 1, c: 1, d: 1, e: 1 });
    session.pins.setRun("a/nnviz");
    session.reload();
    await settle();
    expect(timelines()).toBe("abcdabcd");
    session.pins.setRun("e/nnviz");
    await settle();
    expect(timelines()).toBe("abcdabcde");
    server.logged = { ...server.logged, e: 2 };
    session.reload();
    await settle();
    expect(timelines()).toBe("abcdabcdeabcde");
  });

  test("appear although a timeline cannot be had", async () => {
    const { session, server } = await open({ a: 2, b: 2 });
    server.fetchTimeline.mockRejectedValueOnce(new ApiError(0, "gone"));
    server.logged = { a: 3, b: 4 };
    session.reload();
    await settle();
    expect(session.derived).toMatchObject({ axis: "epoch", point: { value: 4 } });
    expect(session.derived.runPoints.get("a/nnviz")?.get(6)).toMatchObject({ value: 2, repeat: 1 });
  });

  test("wait for no timeline when the tab opens; all take effect at once", async () => {
    const { session, server, passed } = make({ a: 2, b: 3 });
    server.hold();
    session.setTabVisible(true);
    await settle();
    expect(passed.at(-1)).toBe("0 2 4 6: 6 at 3");
    passed.length = 0;
    server.release();
    await settle();
    expect(passed).toEqual(["0 1 2 3: 3 at 3"]);
    expect(session.derived.axis).toBe("epoch");
  });

  test("wait for no timeline while none has come, and come with their moments from then on", async () => {
    const { session, server, passed } = make({ a: 1 });
    server.hold();
    session.setTabVisible(true);
    await settle();
    server.logged = { a: 2 };
    session.reload();
    await settle();
    expect(passed.at(-1)).toBe("0 2 4: 4 at 2");
    server.release();
    await settle();
    expect(passed.at(-1)).toBe("0 1 2: 2 at 2");
  });

  test("are not asked about again for a run that is ticked or gone while they are waited for", async () => {
    const { session, server, timelines } = await open({ a: 1, b: 1, c: 1, d: 1, e: 1 });
    server.logged = { a: 2, b: 2, c: 2, e: 2 };
    server.hold();
    session.reload();
    await settle();
    expect(timelines()).toBe("abcdabc");
    session.runs.toggle("e/nnviz");
    server.release();
    await settle();
    expect(timelines()).toBe("abcdabce");
    expect(session.derived.points).toHaveLength(3);
  });
});

describe("what was logged while the screen was held", () => {
  test("is looked for at once when it is let go, where the latest is followed", async () => {
    const { session, server } = await open({ a: 2 });
    session.setHeld(true);
    server.logged = { a: 4 };
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.fetchIndex).toHaveBeenCalledTimes(1);
    session.setHeld(false);
    await settle();
    expect(server.fetchIndex).toHaveBeenCalledTimes(2);
    expect(session.derived.point?.value).toBe(4);
    session.setHeld(false);
    await settle();
    expect(server.fetchIndex).toHaveBeenCalledTimes(2);
  });

  test("is not looked for where one stays at a place of one's own", async () => {
    const { session, server } = await open({ a: 2 });
    session.timeline.goTo(1);
    session.setHeld(true);
    session.setHeld(false);
    await settle();
    expect(server.fetchIndex).toHaveBeenCalledTimes(1);
  });

  test("is asked for once where the page was reloaded meanwhile", async () => {
    const { session, server } = await open({ a: 2 });
    session.setHeld(true);
    session.reload();
    session.setHeld(false);
    await settle();
    expect(server.fetchIndex).toHaveBeenCalledTimes(2);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/api/errors.js";
import type { RecordItem } from "../src/api/routes.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import { tilePlace } from "../src/model/tile_place.js";
import type { Position } from "../src/model/time_axis.js";
import { expectFirstPanels, whenFirstSeen } from "../src/state/first_sight.js";
import { hoverView } from "../src/state/hover_view.js";
import { panelView } from "../src/state/panel_view.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

const TAG = "weights/dense/kernel";

const indexOf = (runs: Record<string, number[]>): unknown => indexOfRuns(TAG, runs);

/** Run a holds ±(step + 1), run b ten times as much. */
function answer({ run, step }: RecordItem, part: "paint" | "fine" | "statistics") {
  const size = (step + 1) * (run.startsWith("b") ? 10 : 1);
  const axes = [
    { name: "unit", size: 2 },
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ];
  const values = Float32Array.of(-size, size, -size / 2, size / 4);
  return itemOf(encodeTiles({ axes, values, precision: "uint16", step }), part);
}

function openSession(runs: Record<string, number[]>) {
  const server = {
    index: indexOf(runs),
    fetchIndex: vi.fn(async () => server.index),
    fetchTimeline: vi.fn(async (run: string) => ({
      run,
      moments: [0, 1, 2, 3, 4].map((step) => ({
        step,
        epoch: step,
        batch: step * 100,
        fit: 1,
        phase: step === 0 ? "before" : "during",
        wall_time: step,
      })),
    })),
    fetchRecords: vi.fn(
      async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") =>
        items.map((item) => answer(item, part)),
    ),
  };
  const session = new Session(server);
  return { server, session };
}

type Opened = ReturnType<typeof openSession>;

const asked = ({ server }: Opened, part: "paint" | "fine" | "statistics" = "paint") =>
  server.fetchRecords.mock.calls
    .filter((call) => call[1] === part)
    .flatMap(([items]) => items.map(({ run, step }) => `${run.charAt(0)}${step}`));

const view = ({ session }: Opened) => {
  const [panel] = session.derived.panels;
  if (panel === undefined) throw new Error("no panel");
  return panelView(
    panel,
    session.state.value,
    session.derived,
    (ref) => session.records.state(ref),
    session.extremes,
  );
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(1);

async function open(runs: Record<string, number[]>): Promise<Opened> {
  const opened = openSession(runs);
  opened.session.setTabVisible(true);
  await settle();
  opened.session.setInSight(new Set([TAG]));
  await settle();
  return opened;
}

describe("a session", () => {
  test("shows the first view that a run has where the chosen one is in none, and keeps the choice", async () => {
    const opened = openSession({ a: [0] });
    opened.session.setView("histograms");
    expect(opened.session.derived.view).toBe("histograms");
    opened.session.setTabVisible(true);
    await settle();
    expect(opened.session.derived.view).toBe("weights");
    expect(opened.session.derived.panels.map(({ tag }) => tag)).toEqual([TAG]);
    expect(opened.session.state.value.view).toBe("histograms");
  });

  test("fetches the shown step of the panels in sight first, then its neighbours", async () => {
    const opened = await open({ a: [0, 1, 2, 3], b: [0, 3] });
    expect(opened.server.fetchRecords.mock.calls.map(([items]) => items.length)).toEqual([2, 2]);
    expect(asked(opened)).toEqual(["a3", "b3", "a2", "b0"]);
  });

  test("asks for its first panel as soon as the index is here, before anything is laid out", async () => {
    const opened = openSession({ a: [0, 1] });
    expectFirstPanels(opened.session);
    opened.session.setTabVisible(true);
    await settle();
    expect(asked(opened)).toEqual(["a1", "a0"]);
    // What truly is in sight replaces the guess, once and for all.
    opened.session.setInSight(new Set());
    opened.session.reload();
    await settle();
    expect(opened.session.state.value.inSight.size).toBe(0);
  });

  test("is seen for the first time with the index, or after a moment without", async () => {
    const seen = vi.fn();
    const quick = openSession({ a: [0] });
    void whenFirstSeen(quick.session).then(seen);
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).not.toHaveBeenCalled();
    quick.session.setTabVisible(true);
    await settle();
    expect(seen).toHaveBeenCalledTimes(1);
    void whenFirstSeen(openSession({ a: [0] }).session).then(seen);
    await vi.advanceTimersByTimeAsync(49);
    expect(seen).toHaveBeenCalledTimes(1);
    await settle();
    expect(seen).toHaveBeenCalledTimes(2);
  });

  test("expects the first columns of many runs in sight, from that of the link on", async () => {
    const names = [..."abcdefgh"];
    const runs = Object.fromEntries(names.map((name) => [name, [0]]));
    const runChoices = new Map(names.map((name) => [`${name}/nnviz`, true]));
    const first = openSession(runs);
    first.session.restore({ ...DEFAULT_LINK, runChoices });
    expectFirstPanels(first.session);
    first.session.setTabVisible(true);
    await settle();
    expect(asked(first)).toEqual(["a0", "b0", "c0", "d0", "e0", "f0"]);
    const scrolled = openSession(runs);
    const left = { run: "f/nnviz", offset: 0 };
    scrolled.session.restore({ ...DEFAULT_LINK, runChoices, left });
    expectFirstPanels(scrolled.session);
    scrolled.session.setTabVisible(true);
    await settle();
    expect(asked(scrolled)).toEqual(["f0", "g0", "h0"]);
  });

  test("expects nothing more in sight once the screen has told what is", async () => {
    const opened = openSession({ a: [0, 1], b: [0, 1] });
    const point = { fit: 1, value: 1, phase: "during", repeat: 0 } as const;
    const position: Position = { at: "point", point };
    opened.session.restore({ ...DEFAULT_LINK, position });
    expectFirstPanels(opened.session);
    let answerTimelines = (): void => undefined;
    const timelines = new Promise<void>((resolve) => {
      answerTimelines = resolve;
    });
    const { fetchTimeline } = opened.server;
    const answerTimeline = fetchTimeline.getMockImplementation();
    fetchTimeline.mockImplementation(async (run) => {
      await timelines;
      if (answerTimeline === undefined) throw new Error("no timeline");
      return answerTimeline(run);
    });
    opened.session.setTabVisible(true);
    await settle();
    // Laid out before the timelines are here, which a place in epochs has to wait for.
    opened.session.setColumnsInSight(new Set(["b/nnviz"]));
    opened.session.setInSight(new Set([TAG, "weights/other"]));
    answerTimelines();
    await settle();
    expect(opened.session.state.value.inSight).toEqual(new Set([TAG, "weights/other"]));
    expect(opened.session.state.value.columnsInSight).toEqual(new Set(["b/nnviz"]));
    expect(asked(opened)[0]).toBe("b1");
  });

  test("asks for nothing while the tab is hidden, and for what changed when it is shown", async () => {
    const opened = openSession({ a: [0] });
    opened.session.setTabVisible(false);
    opened.session.reload();
    opened.session.setInSight(new Set([TAG]));
    await settle();
    expect(opened.server.fetchIndex).not.toHaveBeenCalled();
    opened.session.setTabVisible(true);
    await settle();
    expect(opened.server.fetchIndex).toHaveBeenCalledTimes(1);
    expect(asked(opened)).toEqual(["a0"]);
  });

  test("asks the server for nothing again when colours, scale or step change", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    const before = opened.server.fetchRecords.mock.calls.length;
    opened.session.looks.setDisplay({ colours: "viridis" });
    opened.session.looks.setDisplay({ scale: "per-tile" });
    opened.session.timeline.goTo(0);
    opened.session.timeline.goTo(1);
    opened.session.setTheme("dark");
    await settle();
    expect(opened.server.fetchRecords.mock.calls).toHaveLength(before);
  });

  test("shares one range over the shown runs, and waits for all of them", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    expect(view(opened)).toMatchObject({ settled: true, shared: { lo: -20, hi: 20 } });
    opened.session.runs.toggle("b/nnviz");
    expect(view(opened).shared).toEqual({ lo: -2, hi: 2 });
    opened.session.looks.setDisplay({ scale: "per-tile" });
    expect(view(opened).shared).toBeNull();
  });

  test("keeps its place over a reload, and follows the latest step if it was there", async () => {
    const opened = await open({ a: [0, 1, 2] });
    opened.server.index = indexOf({ a: [0, 1, 2, 3] });
    opened.session.reload();
    await settle();
    expect(opened.session.derived.point?.value).toBe(3);
    opened.session.timeline.goTo(1);
    opened.server.index = indexOf({ a: [0, 1, 2, 3, 4] });
    opened.session.reload();
    await settle();
    expect(opened.session.derived.point?.value).toBe(1);
    expect(asked(opened).filter((item) => item === "a1")).toHaveLength(1);
  });

  test("keeps the runs one is looking at ticked when a reload brings others before them", async () => {
    const opened = await open({ m: [0], n: [0], o: [0], p: [0] });
    opened.server.index = indexOf({ a: [0], m: [0], n: [0], o: [0], p: [0] });
    opened.session.reload();
    await settle();
    expect(opened.session.derived.runs.map(({ name }) => name).join("")).toBe("mnop");
    expect(opened.session.derived.allRuns).toHaveLength(5);
    opened.session.runs.toggle("a/nnviz");
    expect(opened.session.derived.runs.map(({ name }) => name).join("")).toBe("amnop");
  });

  test("counts in its views the panels of the shown runs", async () => {
    const { session } = await open({ a: [0] });
    expect(session.derived.views.get("weights")).toBe(1);
    session.runs.toggle("a/nnviz");
    expect(session.derived.views.get("weights")).toBe(0);
  });

  test("tells of a panel what its first loaded record says, not what the tag's first record said", async () => {
    const opened = openSession({ a: [0] });
    opened.session.setTabVisible(true);
    await settle();
    expect(view(opened).source).toMatchObject({ layerType: null });
    opened.session.setInSight(new Set([TAG]));
    await settle();
    expect(view(opened)).toMatchObject({
      source: { layerType: "Dense", variableShape: [784, 512] },
      columns: [{ source: { layerType: "Dense" } }],
    });
  });

  test("still shows the old index when a reload fails, and says so", async () => {
    const opened = await open({ a: [0] });
    opened.server.fetchIndex.mockRejectedValueOnce(new ApiError(0, "gone"));
    opened.session.reload();
    await settle();
    expect(opened.session.state.value).toMatchObject({
      reloadError: "gone",
      index: { status: "ready" },
    });
    opened.session.reload();
    await settle();
    expect(opened.session.state.value.reloadError).toBeNull();
  });

  test("has an error in words when the first index cannot be had", async () => {
    const { server, session } = openSession({});
    server.index = { version: 9 };
    session.setTabVisible(true);
    await settle();
    expect(session.state.value.index).toMatchObject({
      status: "error",
      message: expect.stringContaining("newer tb_nnviz"),
    });
  });

  test("plays to the last step and stops there; playing again starts over", async () => {
    const { session } = await open({ a: [0, 1, 2] });
    session.timeline.togglePlaying();
    expect(session.derived.point?.value).toBe(0);
    await vi.advanceTimersByTimeAsync(260);
    expect(session.derived.point?.value).toBe(1);
    await vi.advanceTimersByTimeAsync(260);
    expect(session.derived.point?.value).toBe(2);
    expect(session.state.value.playing).toBe(false);
    session.timeline.togglePlaying();
    session.timeline.goTo(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(session.derived.point?.value).toBe(1);
  });

  test("makes the hovered value exact, and shows the other runs' values beside it", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    expect(asked(opened, "fine")).toEqual([]);
    const cell = { tile: 1, row: 0, column: 1 };
    opened.session.hover.set({ tag: TAG, run: "a/nnviz", cell, x: 0, y: 0 });
    expect(hoverView(opened.session)?.own).toMatchObject({ exact: false });
    await settle();
    expect(asked(opened, "fine")).toEqual(["a1", "b1", "a0", "b0"]);
    // Tile 1 of run a holds −1 and 0.5, so half a code step is 1.5/65023/2 = 1.2e−5. At step 0 it held half as much.
    expect(hoverView(opened.session)).toMatchObject({
      own: {
        values: [0.5],
        exact: true,
        texts: ["+0.50000\u00a0±\u00a02e−5"],
        sinceStart: { values: [0.25], resolved: true, since: { step: 0 } },
        sincePrevious: { values: [0.25] },
      },
      others: [{ values: [5], exact: true, sinceStart: { values: [2.5] } }],
    });
  });

  test("asks for the timelines of the shown runs only", async () => {
    const opened = await open({ a: [0], b: [0], c: [0], d: [0], e: [0] });
    expect(opened.server.fetchTimeline.mock.calls.map(([run]) => run)).toHaveLength(4);
    opened.session.runs.toggle("e/nnviz");
    await settle();
    expect(opened.server.fetchTimeline.mock.calls.at(-1)?.[0]).toBe("e/nnviz");
    expect(opened.session.state.value.timelines.get("e/nnviz")?.get(0)?.phase).toBe("before");
  });

  test("keeps the panels the same objects while only step or display change", async () => {
    const { session } = await open({ a: [0, 1] });
    const { panels } = session.derived;
    session.timeline.goTo(0);
    session.looks.setDisplay({ colours: "gray" });
    expect(session.derived.panels).toBe(panels);
    session.setRunFilter("x");
    expect(session.derived.panels).toEqual([]);
  });

  test("shows one run alone, and all again; all and none mean those that pass the filter", async () => {
    const { session } = await open({ a: [0], b: [0], c: [0] });
    const shown = () => session.derived.runs.map(({ name }) => name).join("");
    session.runs.selectOnly("b/nnviz");
    expect(shown()).toBe("b");
    session.runs.selectOnly("c/nnviz");
    expect(shown()).toBe("c");
    session.runs.selectOnly("c/nnviz");
    expect(shown()).toBe("abc");
    session.setRunFilter("[ab]");
    session.runs.selectAll(false);
    session.setRunFilter("");
    expect(shown()).toBe("c");
    session.runs.selectAll(true);
    expect(shown()).toBe("abc");
  });

  test("gives a run the colour that is chosen, and its own one back", async () => {
    const { session } = await open({ a: [0], b: [0] });
    const colours = () => [...session.state.value.runColours.values()];
    const own = colours();
    session.runs.setColour("b/nnviz", "#123456");
    expect(colours()).toEqual([own[0], "#123456"]);
    session.runs.setColour("b/nnviz", null);
    expect(colours()).toEqual(own);
  });

  test("stays at the same record when another axis is chosen", async () => {
    const { session } = await open({ a: [0, 1, 2, 3] });
    expect(session.derived).toMatchObject({
      axis: "epoch",
      offeredAxes: ["step", "epoch", "batch"],
    });
    session.timeline.goTo(2);
    session.timeline.setTimeAxis("batch");
    expect(session.derived.point).toMatchObject({ value: 200 });
    session.timeline.setTimeAxis("step");
    expect(session.derived.point).toMatchObject({ value: 2, fit: 0 });
    session.timeline.setTimeAxis("epoch");
    expect(session.derived.point).toMatchObject({ value: 2, fit: 1 });
  });

  test("keeps the place that was chosen before the timelines came", async () => {
    const opened = openSession({ a: [0, 1, 2, 3] });
    const { fetchTimeline } = opened.server;
    const answered = fetchTimeline.getMockImplementation();
    let release = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      release = resolve;
    });
    fetchTimeline.mockImplementation(async (run) => {
      await wait;
      return answered?.(run) as ReturnType<NonNullable<typeof answered>>;
    });
    opened.session.setTabVisible(true);
    await settle();
    expect(opened.session.derived.axis).toBe("step");
    opened.session.timeline.goTo(1);
    release();
    await settle();
    expect(opened.session.derived).toMatchObject({ axis: "epoch", pointIndex: 1 });
  });

  test("goes to a number, or to the nearest earlier point", async () => {
    const { session } = await open({ a: [0, 1, 3] });
    session.timeline.goToNumber(2);
    expect(session.derived.point?.value).toBe(1);
    session.timeline.goToNumber(99);
    expect(session.state.value.position).toEqual({ at: "latest" });
  });

  test("follows the latest point until it is told to stay", async () => {
    const opened = await open({ a: [0, 1] });
    const { session, server } = opened;
    session.timeline.setFollowing(false);
    server.index = indexOf({ a: [0, 1, 2] });
    session.reload();
    await settle();
    expect(session.derived.point?.value).toBe(1);
    session.timeline.setFollowing(true);
    expect(session.derived.point?.value).toBe(2);
  });

  test("plays in a loop at the speed that is chosen", async () => {
    const { session } = await open({ a: [0, 1, 2] });
    session.timeline.setLoop(true);
    session.timeline.setSpeed(4);
    session.timeline.togglePlaying();
    const seen: (number | undefined)[] = [];
    for (let frame = 0; frame < 5; frame++) {
      // 250 ms at 1×, so 62.5 ms at 4×.
      await vi.advanceTimersByTimeAsync(63);
      seen.push(session.derived.point?.value);
    }
    expect(seen).toEqual([1, 2, 0, 1, 2]);
    expect(session.state.value.playing).toBe(true);
    session.timeline.togglePlaying();
  });

  test("shows the panels that the layer filter lets through, on the same points", async () => {
    const { session } = await open({ a: [0, 1] });
    const { points } = session.derived;
    session.setLayerFilter("conv");
    expect(session.derived).toMatchObject({ panels: [], groups: [] });
    expect(session.derived.points).toBe(points);
    session.setLayerFilter("kernel");
    expect(session.derived.panels).toHaveLength(1);
  });

  test("folds panels and keeps an eye on one tile", async () => {
    const { session } = await open({ a: [0, 1] });
    session.folding.toggleCollapsed(TAG);
    expect(session.state.value.collapsed.has(TAG)).toBe(true);
    session.folding.toggleCollapsed(TAG);
    expect(session.state.value.collapsed.has(TAG)).toBe(false);
    session.togglePinned(TAG, 3, "a");
    expect(session.pinned.value).toEqual({ tag: TAG, tile: 3, run: "a" });
    session.togglePinned(TAG, 3, "a");
    expect(session.pinned.value).toBeNull();
  });

  test("lets go of the outlined tile in any run, by where it stands there", async () => {
    const { session } = await open({ a: [0] });
    const axis = (name: string, size: number) => ({
      name,
      size,
      fullSize: size,
      labels: null,
      represents: null,
    });
    const [gray, colour] = [1, 3].map((size) => [axis("filter", 4), axis("in_channel", size)]);
    if (gray === undefined || colour === undefined) throw new Error("no axes");
    const toggle = (axes: typeof gray, tile: number) =>
      session.togglePinned(TAG, tile, "a", tilePlace(axes, tile));
    // Filter 3 of one channel; of three, tile 3 is filter 1 and filter 3 begins at tile 9.
    toggle(gray, 3);
    toggle(colour, 3);
    expect(session.pinned.value?.place?.axes).toBe(colour);
    toggle(gray, 3);
    toggle(colour, 9);
    expect(session.pinned.value).toBeNull();
  });
});

describe("in a view whose records are fewer", () => {
  async function openGraph() {
    const opened = openSession({ a: [0, 1, 2, 3] });
    const index = opened.server.index as { runs: { tags: object[]; series: object[] }[] };
    const [run] = index.runs;
    run?.tags.push({ tag: "graph", kind: "graph", view: "graph", series: 1, source: {} });
    run?.series.push({ steps: [0], wall_times: [0], logged: 1 });
    opened.session.reload();
    await settle();
    opened.session.timeline.goTo(2);
    opened.session.setView("graph");
    expect(opened.session.derived.points).toHaveLength(1);
    return opened.session;
  }

  test("keys that lead nowhere leave the time of the other views alone", async () => {
    const session = await openGraph();
    const { position } = session.state.value;
    expect(position.at).toBe("point");
    for (const index of [1, -1, 0]) {
      session.timeline.goTo(index);
      expect(session.state.value.position).toEqual(position);
    }
    session.setView("weights");
    expect(session.derived.point?.value).toBe(2);
  });
});

describe("while no run is shown", () => {
  test("axis and place in training stay, and are shown again with the runs", async () => {
    const { session } = await open({ a: [0, 1, 2, 3], b: [0, 1, 2, 3] });
    session.timeline.goTo(2);
    const { position } = session.state.value;
    const hide = [
      () => session.runs.selectAll(false),
      () => session.setRunFilter("nothing like it"),
    ];
    const show = [() => session.runs.selectAll(true), () => session.setRunFilter("")];
    for (const [index, away] of hide.entries()) {
      away();
      expect(session.derived).toMatchObject({ runs: [], points: [], axis: "epoch" });
      session.timeline.goTo(0);
      session.timeline.goTo(-1);
      session.timeline.setTimeAxis("batch");
      await vi.advanceTimersByTimeAsync(500);
      expect(session.state.value).toMatchObject({ position, timeAxis: "epoch" });
      show[index]?.();
      expect(session.derived).toMatchObject({ axis: "epoch", point: { fit: 1, value: 2 } });
    }
  });

  test("nothing plays", async () => {
    const { session } = await open({ a: [0, 1, 2] });
    session.timeline.setLoop(true);
    session.timeline.togglePlaying();
    expect(session.state.value.playing).toBe(true);
    session.runs.selectAll(false);
    expect(session.state.value.playing).toBe(false);
    session.timeline.togglePlaying();
    expect(session.state.value.playing).toBe(false);
  });
});

describe("a place that a link gives", () => {
  const link = (position: Position) => ({ ...DEFAULT_LINK, position });

  test("is the latest where it means nothing on the axis of the runs, once that is known", async () => {
    const { server, session } = openSession({ a: [0, 1, 2, 3] });
    server.fetchTimeline.mockImplementation(async (run) => ({ run, moments: [] }));
    const position: Position = {
      at: "point",
      point: { fit: 1, value: 2, phase: "during", repeat: 0 },
    };
    session.restore(link(position));
    expect(session.state.value.position).toEqual(position);
    session.setTabVisible(true);
    await settle();
    expect(session.derived).toMatchObject({ axis: "step", pointIndex: 3 });
    expect(session.state.value.position).toEqual({ at: "latest" });
  });

  test("stays until the timelines are here that give it its meaning", async () => {
    const { session } = openSession({ a: [0, 1, 2, 3] });
    session.restore(link({ at: "point", point: { fit: 1, value: 2, phase: "during", repeat: 0 } }));
    session.setTabVisible(true);
    await settle();
    expect(session.derived).toMatchObject({ axis: "epoch", pointIndex: 2 });
  });
});

describe("following the latest", () => {
  const looks = ({ server }: Opened) => server.fetchIndex.mock.calls.length;
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

  test("looks for new runs and steps every ten seconds, and goes along", async () => {
    const opened = await open({ a: [0, 1] });
    opened.server.index = indexOf({ a: [0, 1, 2], b: [0] });
    await seconds(9.9);
    expect(looks(opened)).toBe(1);
    await seconds(0.2);
    expect(looks(opened)).toBe(2);
    expect(opened.session.derived.point?.value).toBe(2);
    expect(opened.session.derived.allRuns.map(({ name }) => name)).toEqual(["a", "b"]);
    await seconds(10);
    expect(looks(opened)).toBe(3);
  });

  test("draws nothing anew and asks for no timeline where nothing has changed", async () => {
    const opened = await open({ a: [0, 1] });
    const { derived } = opened.session;
    const timelines = opened.server.fetchTimeline.mock.calls.length;
    opened.server.index = indexOf({ a: [0, 1] });
    await seconds(21);
    expect(looks(opened)).toBe(3);
    expect(opened.session.derived).toBe(derived);
    expect(opened.server.fetchTimeline.mock.calls).toHaveLength(timelines);
  });

  test("ends with a place of one's own, and rests while it plays or the tab is hidden", async () => {
    const opened = await open({ a: [0, 1, 2] });
    opened.session.timeline.goTo(1);
    await seconds(25);
    expect(looks(opened)).toBe(1);
    opened.session.timeline.setFollowing(true);
    opened.session.setTabVisible(false);
    await seconds(25);
    expect(looks(opened)).toBe(2);
    opened.session.setTabVisible(true);
    opened.session.timeline.setLoop(true);
    opened.session.timeline.togglePlaying();
    await seconds(25);
    expect(looks(opened)).toBe(2);
    opened.session.timeline.togglePlaying();
    opened.session.timeline.setFollowing(true);
    await seconds(10.1);
    expect(looks(opened)).toBe(4);
  });

  test("rests while what is shown is held, and goes along once it is let go", async () => {
    const opened = await open({ a: [0, 1] });
    const { session } = opened;
    session.timeline.setLoop(true);
    session.timeline.togglePlaying();
    session.setHeld(true);
    expect(session.state.value).toMatchObject({ playing: false, playingLayers: false });
    const { point } = session.derived;
    opened.server.index = indexOf({ a: [0, 1, 2] });
    await seconds(25);
    session.reload();
    session.setTabVisible(false);
    session.setTabVisible(true);
    await seconds(1);
    expect(looks(opened)).toBe(1);
    expect(session.derived.point).toEqual(point);
    session.setHeld(false);
    await seconds(1);
    expect(looks(opened)).toBe(2);
    expect(session.derived.points).toHaveLength(3);
  });

  test("does not take in an answer that comes while what is shown is held", async () => {
    const opened = await open({ a: [0, 1] });
    const { session } = opened;
    opened.server.index = indexOf({ a: [0, 1, 2] });
    session.reload();
    session.setHeld(true);
    await seconds(1);
    expect(session.derived.points).toHaveLength(2);
    session.setHeld(false);
    await seconds(1);
    expect(session.derived.points).toHaveLength(3);
  });

  test("does not ask again while an answer is awaited", async () => {
    const opened = await open({ a: [0, 1] });
    let answerLate = (): void => undefined;
    opened.server.fetchIndex.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => {
        answerLate = resolve;
      });
      return indexOf({ a: [0, 1, 2] });
    });
    await seconds(45);
    expect(looks(opened)).toBe(2);
    answerLate();
    await seconds(1);
    expect(opened.session.derived.point?.value).toBe(2);
    await seconds(10);
    expect(looks(opened)).toBe(3);
  });

  test("says that a look has failed, and takes it back with the next one", async () => {
    const opened = await open({ a: [0, 1] });
    opened.server.fetchIndex.mockRejectedValueOnce(new ApiError(0, "gone"));
    await seconds(10.1);
    expect(opened.session.state.value.reloadError).toBe("gone");
    expect(opened.session.derived.points).toHaveLength(2);
    await seconds(10);
    expect(looks(opened)).toBe(3);
    expect(opened.session.state.value.reloadError).toBeNull();
  });
});

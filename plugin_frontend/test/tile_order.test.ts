import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { hoverView } from "../src/state/hover_view.js";
import { orderWords } from "../src/state/order_words.js";
import { panelView } from "../src/state/panel_view.js";
import { Session } from "../src/state/session.js";
import { chooseTile, outlinedTile, sortTiles } from "../src/state/tile_choice.js";
import { encodeTiles, itemOf } from "./encode.js";

const TAG = "weights/dense/kernel";
const OTHER = "weights/wide/kernel";
const SMALL = "weights/small/kernel";
const UNITS: Record<string, number> = { [TAG]: 4, [OTHER]: 6, [SMALL]: 2 };

// Of run a the norms fall from unit 3 to unit 0, of run b from unit 0 to unit 2; unit 1 of a alone is dead, unit 3 of b.
const VALUES: Record<string, number[][]> = {
  a: [
    [1, 1],
    [0, 0],
    [3, -3],
    [4, 4.5],
  ],
  b: [
    [9, 8],
    [5, 5],
    [1, -1],
    [0, 0],
  ],
};

function valuesOf({ run, tag, step }: RecordItem): Float32Array {
  const name = run.charAt(0);
  const values = VALUES[name] ?? [];
  const units = Array.from({ length: UNITS[tag] ?? 0 }, (_, unit) => values[unit] ?? [unit, 1]);
  // Run a stands still, run b grows with every step.
  return Float32Array.from(
    units.flat().map((value) => (name === "b" ? value * (1 + step) : value)),
  );
}

interface Options {
  readonly runs?: Record<string, number[]>;
  readonly fails?: (item: RecordItem, part: "paint" | "fine" | "statistics") => boolean;
}

async function open({ runs = { a: [0, 1], b: [0, 1] }, fails = () => false }: Options = {}) {
  const index = {
    version: 1,
    runs: Object.entries(runs).map(([name, steps]) => ({
      run: `${name}/nnviz`,
      name,
      tags: Object.keys(UNITS).map((tag) => ({
        tag,
        kind: "tiles",
        view: "weights",
        series: 0,
        source: {},
      })),
      series: [{ steps, wall_times: steps, logged: steps.length }],
      notices: [],
      skipped: [],
    })),
  };
  const fetchRecords = vi.fn(
    async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") =>
      items.map((item) => {
        if (fails(item, part)) return { status: 404, blobs: [] };
        const axes = [
          { name: "unit", size: UNITS[item.tag] ?? 0 },
          { name: "height", size: 1 },
          { name: "width", size: 2 },
        ];
        const encoded = encodeTiles({
          axes,
          values: valuesOf(item),
          precision: "uint16",
          step: item.step,
        });
        return itemOf(encoded, part);
      }),
  );
  const session = new Session({
    fetchIndex: async () => index,
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords,
  });
  session.setTabVisible(true);
  await settle();
  session.setInSight(new Set([TAG]));
  await settle();
  const view = (tag = TAG) => {
    const panel = session.derived.panels.find((each) => each.tag === tag);
    if (panel === undefined) throw new Error("no panel");
    const recordState = session.records.state.bind(session.records);
    return panelView(panel, session.state.value, session.derived, recordState, session.extremes);
  };
  const asked = (part: "paint" | "fine" | "statistics", tag = TAG) =>
    fetchRecords.mock.calls
      .filter((call) => call[1] === part)
      .flatMap(([items]) => items.filter((item) => item.tag === tag))
      .map(({ run, step }) => `${run.charAt(0)}${step}`);
  return { session, view, asked };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(1);

describe("the order of tiles", () => {
  test("is that of the first shown run in all runs, or of the one that was chosen, and says whose", async () => {
    const { session, view } = await open();
    expect(view().order).toMatchObject({ axisOrder: null, given: null });
    session.looks.setDisplay({ sort: "norm" });
    expect(view().axisOrder).toEqual({ axis: "unit", positions: [3, 2, 0, 1] });
    expect(view().order.given?.run.name).toBe("a");
    session.looks.setDisplay({ orderRun: "b/nnviz" });
    expect(view().axisOrder?.positions).toEqual([0, 1, 2, 3]);
    expect(view().order.given?.run.name).toBe("b");
    session.looks.setDisplay({ reversed: true });
    expect(view().axisOrder?.positions).toEqual([3, 2, 1, 0]);
  });

  test("is that of another run while the chosen one is not shown, and says so", async () => {
    const { session, view } = await open();
    session.looks.setDisplay({ sort: "norm", orderRun: "b/nnviz" });
    session.runs.toggle("b/nnviz");
    expect(view().order.given?.run.name).toBe("a");
    expect(view().axisOrder?.positions).toEqual([3, 2, 0, 1]);
  });

  test("waits for the record of its run, and takes the next where that cannot be had", async () => {
    const { session, view } = await open({
      fails: ({ run, step }) => run.startsWith("a") && step === 0,
    });
    session.looks.setDisplay({ sort: "norm" });
    session.timeline.goTo(0);
    expect(view().order.isPending).toBe(false);
    await settle();
    expect(view().order.given?.run.name).toBe("b");
  });

  test("by what is shown is by the size of its change", async () => {
    const { session, view } = await open();
    session.looks.setDisplay({
      show: "change-since-start",
      sort: "difference",
      orderRun: "b/nnviz",
    });
    await settle();
    // From step 0 to 1 run b grows by its values of step 0.
    expect(view().axisOrder?.positions).toEqual([0, 1, 2, 3]);
    session.looks.setDisplay({ reversed: true });
    expect(view().axisOrder?.positions).toEqual([3, 2, 1, 0]);
    session.looks.setDisplay({ show: "value", orderRun: null, reversed: false });
    expect(view().axisOrder?.positions).toEqual([3, 2, 0, 1]);
  });

  test("by what is shown is not that of a run that is compared with itself, where another is not", async () => {
    const { session, view } = await open({ runs: { a: [1], b: [0, 1] } });
    session.looks.setDisplay({ show: "change-since-start", sort: "difference" });
    await settle();
    expect(view().order.given?.run.name).toBe("b");
    session.looks.setDisplay({ orderRun: "a/nnviz" });
    expect(view().order.given?.run.name).toBe("a");
  });

  test("by the difference to a pinned run is that of the first other run", async () => {
    const { session, view } = await open();
    session.pins.setRun("a/nnviz");
    session.looks.setDisplay({ show: "difference", sort: "difference" });
    await settle();
    await settle();
    expect(view().order.given?.run.name).toBe("b");
    // At step 1 run b holds twice its values: less those of a (17, 15), (10, 10), (−1, 1), (−4, −4.5).
    expect(view().axisOrder?.positions).toEqual([0, 1, 3, 2]);
  });

  test("says why it is that of the index where what was chosen is not logged", async () => {
    const { session, view } = await open();
    session.looks.setDisplay({ sort: "previous" });
    expect(view().order).toMatchObject({ axisOrder: null, problem: "not logged at this step" });
  });
});

describe("dead tiles", () => {
  test("are hidden where they are dead in every shown run, and come back with a run in which they live", async () => {
    const { session, view } = await open();
    session.looks.setDisplay({ hideDead: true });
    // Unit 1 is dead in run a, unit 3 in run b.
    expect(view().order.hidden).toBe(0);
    expect(view().axisOrder).toBeNull();
    session.runs.toggle("b/nnviz");
    expect(view().order.hidden).toBe(1);
    expect(view().axisOrder).toEqual({ axis: "unit", positions: [], hidden: [1] });
    session.looks.setDisplay({ sort: "norm" });
    expect(view().axisOrder).toEqual({ axis: "unit", positions: [3, 2, 0, 1], hidden: [1] });
  });

  test("are not told before every run's record is here", async () => {
    const { session, view } = await open({ runs: { a: [0, 1], b: [0, 1] } });
    session.looks.setDisplay({ hideDead: true });
    session.setInSight(new Set([OTHER]));
    expect(view(OTHER).order.isPending).toBe(true);
    expect(view(OTHER)).toMatchObject({ waits: true, settled: false });
    await settle();
    expect(view(OTHER).order.isPending).toBe(false);
  });
});

describe("similarity", () => {
  test("is to the tile that is clicked first, in its run, and needs the exact values of the two records", async () => {
    const { session, view, asked } = await open();
    sortTiles(session, "similar");
    await settle();
    expect(view().order).toMatchObject({ axisOrder: null, problem: null, given: null });
    expect(asked("fine")).toEqual([]);
    session.togglePinned(TAG, 2, "b/nnviz");
    expect(session.state.value.display.similarTo).toEqual({ run: "b/nnviz", tag: TAG, tile: 2 });
    expect(view().order.isPending).toBe(true);
    await settle();
    // The order is that of the tile's run; (1, −1) is across (5, 5), nearly so (9, 8), and like nothing of zeros.
    expect(view().axisOrder?.positions).toEqual([2, 0, 1, 3]);
    expect(view().order.given).toMatchObject({
      run: { name: "b" },
      chosen: { run: { name: "b" }, text: "unit 2" },
    });
    // The chosen one itself is not next to itself: (9 − 8) / √(2 · (9² + 8²)).
    expect(orderWords(view())?.whose).toBe(" · next: 0 (+0.0587)");
    // Of run a nothing was asked for but what a first step ahead needs: it gives no order, nor the tile.
    expect(asked("fine").filter((record) => record === "b1")).toHaveLength(1);
    session.looks.setDisplay({ orderRun: "a/nnviz" });
    await settle();
    expect(view().axisOrder?.positions).toEqual([2, 0, 3, 1]);
    expect(asked("fine").filter((record) => record === "a1")).toHaveLength(1);
    expect(view(SMALL).order.given).toBeNull();
  });

  test("stays to the same tile when another is outlined, until that one is taken", async () => {
    const { session } = await open();
    session.togglePinned(TAG, 0, "a/nnviz");
    sortTiles(session, "similar");
    session.togglePinned(TAG, 3, "a/nnviz");
    expect(session.state.value.display.similarTo?.tile).toBe(0);
    expect(outlinedTile(session)).toEqual({ run: "a/nnviz", tag: TAG, tile: 3 });
    chooseTile(session);
    expect(session.state.value.display.similarTo?.tile).toBe(3);
  });

  test("of the tile under the pointer is told, in whichever run it is", async () => {
    const { session } = await open();
    session.togglePinned(TAG, 0, "a/nnviz");
    sortTiles(session, "similar");
    await settle();
    const hover = (run: string, tile: number) => {
      session.hover.set({ tag: TAG, run, cell: { tile, row: 0, column: 0 }, x: 0, y: 0 });
      return hoverView(session)?.similarity;
    };
    expect(hover("a/nnviz", 3)).toMatchObject({ text: "unit 0", run: "a" });
    expect(hover("a/nnviz", 3)?.cosine).toBeCloseTo(8.5 / Math.sqrt(2 * (16 + 4.5 ** 2)), 4);
    expect(hover("a/nnviz", 1)?.cosine).toBeNaN();
    // The exact values of the other run come with the pointer.
    expect(hover("b/nnviz", 0)).toBeNull();
    await settle();
    expect(hover("b/nnviz", 0)?.cosine).toBeCloseTo(17 / Math.sqrt(2 * 145), 4);
    session.looks.setDisplay({ sort: "norm" });
    expect(hoverView(session)?.similarity).toBeNull();
  });

  test("says why there is none, where exact values cannot be had or the tile is all zeros", async () => {
    const failing = await open({ fails: (_, part) => part === "fine" });
    failing.session.togglePinned(TAG, 0, "a/nnviz");
    sortTiles(failing.session, "similar");
    await settle();
    expect(failing.view().order.problem).toBe("the exact values cannot be had");
    const { session, view } = await open();
    session.togglePinned(TAG, 1, "a/nnviz");
    sortTiles(session, "similar");
    await settle();
    expect(view().order.problem).toBe("unit 1 is all zeros, or holds no finite number");
  });

  test("asks ahead for the exact values that the neighbouring step is sorted by", async () => {
    const { session, asked } = await open();
    session.togglePinned(TAG, 0, "a/nnviz");
    sortTiles(session, "similar");
    await settle();
    await settle();
    expect(asked("fine")).toEqual(expect.arrayContaining(["a1", "a0"]));
  });
});

describe("finding tiles", () => {
  const status = (session: Session) => session.finder.found.value;

  test("goes from panel to panel that has them, and asks only for records that it needs to know", async () => {
    const { session, asked } = await open();
    session.finder.look("3");
    expect(status(session)).toEqual({ status: "none" });
    session.finder.next();
    expect(status(session)).toEqual({ status: "found", tag: TAG, isHidden: false });
    // With the run that it was found in: in one with other axes it may have another number.
    expect(session.soughtTile.value).toMatchObject({ tag: TAG, tile: 3, run: "a/nnviz" });
    expect(session.soughtTile.value?.place?.axes.map(({ name }) => name)).toContain("unit");
    expect(session.place.value?.tag).toBe(TAG);
    expect(asked("paint", OTHER)).toEqual([]);
    session.finder.next();
    expect(status(session)).toEqual({ status: "looking" });
    expect(session.place.value?.tag).toBe(TAG);
    await settle();
    expect(status(session)).toMatchObject({ status: "found", tag: OTHER });
    expect(session.place.value?.tag).toBe(OTHER);
    expect(session.state.value.findsIn).toBeNull();
    // The last panel has only two units: it is passed over, and the first comes again.
    session.finder.next();
    await settle();
    expect(status(session)).toMatchObject({ status: "found", tag: TAG });
  });

  test("says where nothing is found, after every panel was looked into", async () => {
    const { session, asked } = await open();
    session.finder.look("6");
    session.finder.next();
    for (let turn = 0; turn < 4; turn++) await settle();
    expect(status(session)).toEqual({ status: "nowhere" });
    expect(new Set(asked("paint", SMALL))).toEqual(new Set(["a1", "b1"]));
    session.finder.look("");
    expect(status(session)).toEqual({ status: "none" });
  });

  test("looks into a panel whose runs are all out of sight", async () => {
    const { session } = await open();
    session.setColumnsInSight(new Set());
    session.finder.look("5");
    session.finder.next();
    await settle();
    expect(status(session)).toMatchObject({ status: "found", tag: OTHER });
  });

  test("unfolds what is folded, and moves the slider that stands elsewhere", async () => {
    const { session } = await open();
    session.looks.setPlacement(TAG, { rows: [], columns: [], sliders: new Map([["unit", 0]]) });
    session.folding.toggleCollapsed(TAG);
    session.finder.look("2");
    session.finder.next();
    expect(session.state.value.collapsed.has(TAG)).toBe(false);
    expect(session.state.value.placements.get(TAG)?.sliders.get("unit")).toBe(2);
  });

  test("says where a tile is hidden among the dead ones", async () => {
    const { session } = await open({ runs: { a: [0, 1] } });
    session.looks.setDisplay({ hideDead: true });
    session.finder.look("1");
    session.finder.next();
    expect(status(session)).toEqual({ status: "found", tag: TAG, isHidden: true });
    expect(session.soughtTile.value).toBeNull();
  });

  test("says nothing of a tile that may be hidden before every run's record is here", async () => {
    const { session } = await open({ runs: { a: [0, 1], aa: [0, 1] } });
    session.setColumnsInSight(new Set(["a/nnviz"]));
    session.setInSight(new Set([OTHER]));
    await settle();
    session.looks.setDisplay({ hideDead: true });
    session.finder.look("1");
    session.finder.next();
    session.finder.next();
    // Of the second panel run a is here, in which the tile is dead, and run aa is not.
    expect(status(session)).toEqual({ status: "looking" });
    expect(session.soughtTile.value).toBeNull();
    for (let turn = 0; turn < 4; turn++) await settle();
    expect(status(session)).toEqual({ status: "found", tag: OTHER, isHidden: true });
    expect(session.soughtTile.value).toBeNull();
  });

  test("brings a run into sight that has the tile, where it is in none of those in sight", async () => {
    const { session } = await open({ fails: ({ run }) => run.startsWith("a") });
    session.setColumnsInSight(new Set(["a/nnviz"]));
    session.finder.look("2");
    session.finder.next();
    for (let turn = 0; turn < 4; turn++) await settle();
    expect(status(session)).toMatchObject({ status: "found" });
    expect(session.left.value).toEqual({ run: "b/nnviz", offset: 0 });
  });

  test.each<[string, (session: Session) => void]>([
    ["is looked for again", (session) => session.finder.look("9")],
    ["another view is shown", (session) => session.setView("histograms")],
    ["what is shown changes", (session) => session.looks.setDisplay({ hideDead: true })],
  ])("seeks no tile any more once %s", async (_, act) => {
    const { session } = await open();
    session.finder.look("3");
    session.finder.next();
    expect(session.soughtTile.value).not.toBeNull();
    act(session);
    expect(session.soughtTile.value).toBeNull();
  });

  test("passes over panels whose records cannot be had", async () => {
    const { session } = await open({ fails: ({ tag }) => tag === OTHER });
    session.finder.look("5");
    session.finder.next();
    for (let turn = 0; turn < 4; turn++) await settle();
    expect(status(session)).toEqual({ status: "nowhere" });
  });
});

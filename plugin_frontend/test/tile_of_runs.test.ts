import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { decodeValues } from "../src/model/dequantise.js";
import { arrange } from "../src/model/placement.js";
import { tileNumber } from "../src/model/tile_numbers.js";
import { gridAxes } from "../src/model/tiles.js";
import type { Compared } from "../src/state/comparison.js";
import { hoverView } from "../src/state/hover_view.js";
import { type TestRun, tileSession } from "./tile_session.js";

const TAG = "weights/conv/kernel";
const STEPS = [0, 1, 2, 3];

const kernel = (filters: number, channels: number) => [
  { name: "filter", size: filters },
  { name: "in_channel", size: channels },
  { name: "height", size: 2 },
  { name: "width", size: 2 },
];

/** The value says which cell of which tile it is, and of which run. */
function run(name: string, filters: number, channels: number, offset: number): TestRun {
  const value = (cell: number, step: number): number => {
    const tile = Math.floor(cell / 4);
    const [filter, channel] = [Math.floor(tile / channels), tile % channels];
    return offset + 100 * filter + 10 * channel + (cell % 4) + step / 4;
  };
  return { name, axes: kernel(filters, channels), value };
}

const RUNS = [run("a-colour", 4, 3, 0), run("b-gray", 4, 1, 1000), run("c-wide", 6, 5, 2000)];

const valuesOf = (shown: Compared | null | undefined): readonly number[] | string => {
  if (shown?.status === "refused") return shown.message;
  return shown?.status === "ready" ? [...decodeValues(shown.tiles)].map(Math.round) : "";
};

describe("a tile in the large of runs with other grid axes", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function opened(tile: number, of?: string) {
    const made = tileSession(TAG, RUNS, STEPS);
    made.session.reload();
    await made.settle();
    made.session.timeline.goTo(0);
    return { ...made, view: await made.open(tile, of) };
  }

  // Filter 2, input channel 0: tile 6 of 4 × 3, tile 2 of 4 × 1, tile 10 of 6 × 5.
  const FILTER = [200, 201, 202, 203];

  test("beyond the last one is said not to be there, and no other one is named", async () => {
    for (const [tile, name] of [
      [12, "there is no tile 12"],
      [99999, "there is no tile 99999"],
      [11, "filter 3 · input channel 2"],
    ] as const) {
      const { view } = await opened(tile, "a-colour");
      expect(view.name).toBe(name);
      if (tile === 11) continue;
      expect(view.columns.map(({ lacks }) => lacks)).toEqual(
        RUNS.map(() => "This run lacks the tile: there are 12 tiles"),
      );
      expect(view.subject).toEqual({ unit: null, sample: null });
    }
  });

  test("is the same filter and channel in all of them, in whichever it was opened", async () => {
    for (const [name, tile] of [
      ["a-colour", 6],
      ["b-gray", 2],
      ["c-wide", 10],
    ] as const) {
      const { view } = await opened(tile, name);
      expect(view.name).toBe("filter 2 · input channel 0");
      for (const [at, { shown, now, placement, painted }] of view.columns.entries()) {
        const own = FILTER.map((value) => value + 1000 * at);
        expect(valuesOf(shown)).toEqual(own);
        expect(valuesOf(now)).toEqual(own);
        if (painted?.status !== "ready" || placement === null) throw new Error("not here");
        const axes = gridAxes(painted.tiles.header);
        expect([...arrange(axes, placement).order]).toEqual([[6], [2], [10]][at]);
      }
      for (const { cells } of view.film.steps)
        expect(cells.map((cell) => Number(valuesOf(cell?.shown)[0]) % 1000)).toEqual(
          cells.map((cell) => 200 + Math.round((cell?.step ?? 0) / 4)),
        );
      for (const [at, { points }] of view.curves.entries()) {
        const [first] = points;
        if (first?.tile.status !== "ready") throw new Error("not here");
        const norm = tileNumber("l2_norm", first.tile.tiles.statistics, first.tile.tiles.shape);
        expect(norm).toBeCloseTo(Math.hypot(...FILTER.map((value) => value + 1000 * at)), 0);
      }
    }
  });

  test("is said to be lacking where a run has none, with why, and no other tile is shown", async () => {
    const { view, asked } = await opened(7, "a-colour");
    expect(view.name).toBe("filter 2 · input channel 1");
    const [colour, gray, wide] = view.columns;
    expect(valuesOf(colour?.shown)).toEqual([210, 211, 212, 213]);
    expect(valuesOf(wide?.shown)).toEqual([2210, 2211, 2212, 2213]);
    const why = "This run lacks the tile: it has 1 input channel";
    expect(gray?.lacks).toBe(why);
    expect(valuesOf(gray?.shown)).toBe(why);
    expect(gray?.placement).toBeNull();
    for (const { cells } of view.film.steps) expect(valuesOf(cells[1]?.shown)).toBe(why);
    expect(view.curves[1]?.points.every(({ tile }) => tile.status === "refused")).toBe(true);
    // What is known to be lacking is no more on its way, and is asked for once.
    expect(view.progress.read).toBe(view.progress.of);
    expect(new Set(asked()).size).toBe(asked().length);
  });

  test("costs a run that lacks it no records of other steps", async () => {
    const steps = Array.from({ length: 40 }, (_, step) => step);
    const { session, settle, open, asked } = tileSession(TAG, RUNS, steps);
    session.reload();
    await settle();
    const view = await open(7, "a-colour");
    expect(view.progress.read).toBe(view.progress.of);
    for (const { cells } of view.film.steps) expect(cells[1]?.shown.status).toBe("refused");
    const stepsOf = (name: string) =>
      new Set(asked().flatMap((each) => (each.includes(name) ? [each.split(" ").at(-1)] : [])));
    // The last step, the one before and the start are asked for to show its panel.
    expect([...stepsOf("b-gray")].toSorted()).toEqual(["0", "38", "39"]);
    expect(stepsOf("a-colour").size).toBe(40);
  });

  test("has the order of the run in which it was opened", async () => {
    expect((await opened(2, "b-gray")).view.order).toEqual([0, 1, 2, 3]);
    expect((await opened(10, "c-wide")).view.order).toHaveLength(30);
    // A link need not say which run; then it is the first.
    const { view } = await opened(11);
    expect(view.name).toBe("filter 3 · input channel 2");
    expect(view.opened.run).toBe("a-colour");
    expect(view.order).toHaveLength(12);
  });

  test("is the same tile where the run in which it was opened is not ticked", async () => {
    const { session, settle, open } = tileSession(TAG, RUNS, STEPS);
    session.reload();
    await settle();
    session.runs.toggle("c-wide");
    session.timeline.goTo(0);
    const view = await open(10, "c-wide");
    expect(view.columns).toHaveLength(2);
    expect(view.name).toBe("filter 2 · input channel 0");
    expect(view.columns.map(({ shown }) => valuesOf(shown))).toEqual([
      FILTER,
      FILTER.map((value) => value + 1000),
    ]);
  });

  test("has the values of the same filter and channel under the pointer", async () => {
    const { session, settle } = await opened(6, "a-colour");
    const cell = { tile: 6, row: 1, column: 0 };
    session.hover.set({ tag: TAG, run: "a-colour", cell, x: 0, y: 0 });
    await settle();
    const hover = hoverView(session);
    const told = [hover?.own, ...(hover?.others ?? [])].map((each) => each?.values[0]);
    expect(told.map((value) => Math.round(value ?? NaN))).toEqual([202, 1202, 2202]);
    session.hover.set({ tag: TAG, run: "a-colour", cell: { ...cell, tile: 7 }, x: 0, y: 0 });
    expect(hoverView(session)?.others.map(({ run: { name } }) => name)).toEqual(["c-wide"]);
  });

  test("is not there under a number beyond its array", async () => {
    const { view } = await opened(12, "a-colour");
    expect(view.columns[0]?.lacks).toBe("This run lacks the tile: there are 12 tiles");
  });
});

describe("a difference of a tile in the large", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is none where all that is finite is the same, as in its panel", async () => {
    const axes = kernel(1, 1);
    const value = (cell: number): number => (cell === 1 ? NaN : cell);
    const runs = ["a", "b"].map((name): TestRun => ({ name, axes, value }));
    const { session, settle, open } = tileSession(TAG, runs, STEPS);
    session.reload();
    await settle();
    session.pins.setRun("a");
    session.looks.setDisplay({ show: "difference" });
    const { view, columns } = await open(0, "a");
    expect(view.columns.map(({ isUnchanged }) => isUnchanged)).toEqual([true, true]);
    expect(columns.map(({ isUnchanged }) => isUnchanged)).toEqual([true, true]);
  });
});

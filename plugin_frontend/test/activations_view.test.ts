import { describe, expect, test } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { SAMPLE } from "../src/model/placement.js";
import { hoverView } from "../src/state/hover_view.js";
import { panelReads } from "../src/state/panel_reads.js";
import { panelView } from "../src/state/panel_view.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf, type TilesSpec } from "./encode.js";

const STEPS = [0, 1, 2];
const TAG = "activations/conv2d";
const CHANNELS = 17;

interface Run {
  readonly digest: string;
  readonly samples: number;
  /** Cells of a side; 0 where the samples are no pictures. */
  readonly side: number;
  /** True where activations may be negative, as of tanh. */
  readonly isSigned?: boolean;
}

function specOf(
  { tag, step }: RecordItem,
  { samples, side, digest, isSigned = false }: Run,
): TilesSpec {
  const axes = (grid: readonly number[], height: number, width: number) => [
    {
      name: SAMPLE,
      size: grid[0] ?? 1,
      labels: Array.from({ length: grid[0] ?? 1 }, (_, at) => `#${at}`),
    },
    ...grid.slice(1).map((size) => ({ name: "channel", size })),
    { name: "height", size: height },
    { name: "width", size: width },
  ];
  const spec = (
    shape: readonly number[],
    height: number,
    width: number,
    role: string,
    scale: number,
  ) => ({
    axes: axes(shape, height, width),
    // The first channel is dead.
    values: Float32Array.from(
      { length: shape.reduce((product, size) => product * size, height * width) },
      (_, index) =>
        tag === "samples" ? scale * index : (Math.floor(index / 4) % CHANNELS) - (isSigned ? 3 : 0),
    ),
    precision: "float32" as const,
    step,
    source: { role, samples_digest: digest },
  });
  if (tag !== "samples")
    return {
      ...spec([samples, CHANNELS], 2, 2, "output", 1),
      meaning: isSigned ? "signed" : "non_negative",
    };
  const shown =
    side === 0 ? spec([samples], 1, 5, "samples", 1) : spec([samples], side, side, "samples", 1);
  return { ...shown, meaning: side === 0 ? "signed" : "image" };
}

/** Runs with samples, logged once, and activations at three steps. */
async function open(runs: Readonly<Record<string, Run>>) {
  const asked: string[] = [];
  const runOf = ([name, { digest }]: [string, Run]) => ({
    run: `${name}/nnviz`,
    name,
    tags: [
      {
        tag: TAG,
        kind: "tiles",
        view: "activations",
        series: 0,
        source: { samples_digest: digest, role: "output" },
      },
      {
        tag: "samples",
        kind: "tiles",
        view: "samples",
        series: 1,
        source: { samples_digest: digest },
      },
    ],
    series: [STEPS, [0]].map((steps) => ({ steps, wall_times: steps, logged: steps.length })),
    notices: [],
    skipped: [],
  });
  const session = new Session({
    fetchIndex: async () => ({ version: 1, runs: Object.entries(runs).map(runOf) }),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: async (items, part) => {
      asked.push(...items.map(({ tag, step }) => `${tag} ${step}`));
      return items.map((item) => {
        const run = runs[item.run.replace("/nnviz", "")];
        if (run === undefined) throw new Error("no such run");
        return itemOf(encodeTiles(specOf(item, run)), part);
      });
    },
  });
  session.setView("activations");
  session.setTabVisible(true);
  await turn();
  const panel = (tag: string) => {
    const found = session.derived.panels.find((each) => each.tag === tag);
    if (found === undefined) throw new Error(`no panel ${tag}`);
    return found;
  };
  const view = (tag = TAG) =>
    panelView(
      panel(tag),
      session.state.value,
      session.derived,
      (ref) => session.records.state(ref),
      session.extremes,
    );
  const reads = () =>
    panelReads(
      panel(TAG),
      session.state.value,
      session.derived,
      (ref) => session.records.state(ref),
      session.extremes,
    );
  return { session, asked, view, reads };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const DIGITS: Run = { digest: "d1", samples: 4, side: 3 };

describe("the view of activations", () => {
  test("has the samples first, and no view of their own", async () => {
    const { session } = await open({ a: DIGITS });
    expect([...session.derived.views]).toEqual([["activations", 2]]);
    expect(session.derived.panels.map(({ tag }) => tag)).toEqual(["samples", TAG]);
  });

  test("asks for the samples of a panel in sight first, at whichever step, and only for those", async () => {
    const { session, asked, view } = await open({ a: DIGITS });
    expect(asked).toEqual([]);
    session.setInSight(new Set([TAG]));
    await turn();
    expect(asked.slice(0, 2)).toEqual(["samples 0", `${TAG} 2`]);
    expect(view().picture).toEqual({ height: 3, width: 3 });
    expect(view().columns[0]?.pictures?.header.source.role).toBe("samples");
  });

  test("lays nothing out before the samples are here: their pictures need room", async () => {
    const { session, view, reads } = await open({ a: DIGITS });
    const before = reads();
    expect(view()).toMatchObject({ settled: false, waits: true, picture: null });
    session.setInSight(new Set([TAG]));
    await turn();
    expect(view()).toMatchObject({ settled: true });
    expect(reads().length).toBe(before.length);
    expect(reads().at(-1)).not.toBe(before.at(-1));
  });

  test("has one colour for zero in all runs, also where only one may be negative", async () => {
    const { session, view } = await open({ relu: DIGITS, tanh: { ...DIGITS, isSigned: true } });
    session.setInSight(new Set([TAG, "samples"]));
    await turn();
    const both = view().columns.map(({ colouring }) => colouring?.rule);
    expect(both).toEqual(["symmetric", "symmetric"]);
    expect(view().colouring?.rule).toBe("symmetric");
    session.setRunFilter("relu");
    await turn();
    expect(view().colouring?.rule).not.toBe("symmetric");
    expect(view("samples").colouring?.rule).not.toBe("symmetric");
  });

  test("has that colour from the first when the run that may be negative is out of sight", async () => {
    const { session, view } = await open({ relu: DIGITS, tanh: { ...DIGITS, isSigned: true } });
    session.setColumnsInSight(new Set(["relu/nnviz"]));
    session.setInSight(new Set([TAG]));
    await turn();
    await turn();
    expect(view().columns.map(({ painted }) => painted?.status)).toEqual(["ready", "pending"]);
    expect(view().sharedOver).toBeNull();
    expect(view().colouring?.rule).toBe("symmetric");
  });

  test("keeps no room for pictures where samples are none", async () => {
    const { session, view } = await open({ a: { ...DIGITS, side: 0 } });
    session.setInSight(new Set([TAG]));
    await turn();
    expect(view()).toMatchObject({ settled: true, picture: null });
    expect(view().columns[0]?.pictures).toBeNull();
  });

  test("follows the sample that all panels show, without a placement of its own", async () => {
    const { session, view } = await open({ a: DIGITS });
    session.setInSight(new Set([TAG]));
    await turn();
    expect(view().placement?.sliders.get(SAMPLE)).toBe(0);
    session.looks.setSample(2);
    expect(view().placement?.sliders.get(SAMPLE)).toBe(2);
    // No placement of this panel's own: it goes on following the rule.
    expect(session.state.value.placements.size).toBe(0);
  });

  test("counts dead channels instead of dead tiles", async () => {
    const { session, view } = await open({ a: DIGITS });
    session.setInSight(new Set([TAG]));
    await turn();
    const [column] = view().columns;
    expect(column).toMatchObject({ dead: 0, constant: 0 });
    expect(column?.activity?.channels).toMatchObject({ dead: 1, of: CHANNELS });
    expect(column?.activity?.dead?.text).toBe("1 of 17 channels dead");
  });

  test("leaves the samples as they are, whatever is chosen for activations", async () => {
    const other = { digest: "d2", samples: 6, side: 3 };
    const { session, view } = await open({ a: DIGITS, b: other });
    session.setInSight(new Set(["samples", TAG]));
    session.looks.setDisplay({
      show: "change-since-start",
      scale: "per-tile",
      colours: "red_blue",
      sort: "norm",
    });
    await turn();
    const samples = view("samples");
    expect(samples).toMatchObject({ colouring: { table: "gray" }, axisOrder: null, since: null });
    expect(samples).toMatchObject({ isTimeless: true });
    // Each run's pictures span the whole range of gray: 4 · 9 and 6 · 9 cells count from 0.
    expect(samples.columns.map(({ range }) => range)).toEqual([
      { lo: 0, hi: 35 },
      { lo: 0, hi: 53 },
    ]);
    expect(view().display.show).toBe("change-since-start");
  });

  test("shows the samples of several runs once, on the stage as well", async () => {
    const { session, view } = await open({ a: DIGITS, b: { ...DIGITS, digest: "d2" }, c: DIGITS });
    const columns = () =>
      view("samples").columns.map(({ run, sharedBy }) =>
        [run, ...sharedBy].map(({ name }) => name).join("+"),
      );
    expect(columns()).toEqual(["a+c", "b"]);
    expect(view().columns).toHaveLength(3);
    session.layers.goTo(0);
    expect(session.derived.stage?.panel.tag).toBe("samples");
    expect(columns()).toEqual(["a+c", "b"]);
  });

  test("tells runs on other samples, and does not take one sample for the other", async () => {
    const { session, view } = await open({ a: DIGITS, b: { ...DIGITS, digest: "d2" }, c: DIGITS });
    session.setInSight(new Set(["samples", TAG]));
    await turn();
    const others = (tag: string) => view(tag).columns.map((column) => column.hasOtherSamples);
    expect(others(TAG)).toEqual([false, true, false]);
    expect(others("samples")).toEqual([false, true]);
    session.hover.set({
      tag: TAG,
      run: "a/nnviz",
      cell: { tile: 1, row: 0, column: 0 },
      x: 0,
      y: 0,
    });
    expect(hoverView(session)?.others.map(({ ofOtherSamples }) => ofOtherSamples)).toEqual([
      true,
      false,
    ]);
  });
});

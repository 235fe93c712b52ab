import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/api/errors.js";
import type { RecordItem } from "../src/api/routes.js";
import { curvesBody } from "../src/components/export_curves.js";
import type { HistogramDisplay } from "../src/model/histogram_display.js";
import { stepPoint } from "../src/model/time_axis.js";
import { LOOKS } from "../src/render/picture_look.js";
import { lookText, lookWords } from "../src/state/histogram_look.js";
import { plotMessage } from "../src/state/histogram_message.js";
import {
  emptyText,
  histogramPlots,
  isNoDifference,
  type Plots,
} from "../src/state/histogram_plots.js";
import { hasStatistics, histogramView, viewKey } from "../src/state/histogram_view.js";
import { histogramGroups } from "../src/state/histogram_wishes.js";
import { Session } from "../src/state/session.js";
import { encodeHistogram } from "./encode_histogram.js";

const KERNEL = "histograms/dense/kernel";
const NEXT = "histograms/dense_1/kernel";

function indexOf(runs: Record<string, number[]>): unknown {
  const tag = (name: string) => ({
    tag: name,
    kind: "histogram",
    view: "histograms",
    series: 0,
    source: { role: "kernel", layer_path: name.split("/")[1] },
  });
  return {
    version: 1,
    runs: Object.entries(runs).map(([name, steps]) => ({
      run: `${name}/nnviz`,
      name,
      tags: [tag(KERNEL), tag(NEXT)],
      series: [{ steps, wall_times: steps, logged: steps.length }],
      notices: [],
      skipped: [],
    })),
  };
}

/** At step s, one bin more on each side than at the step before; run b has ten times the counts. */
function answer({ run, step }: RecordItem) {
  const counts = Array.from({ length: 2 * step + 2 }, () => (run.startsWith("b") ? 1000 : 100));
  return encodeHistogram({ exponent: -4, first: -step - 1, counts, step });
}

function openSession(runs: Record<string, number[]>) {
  const server = {
    fetchIndex: vi.fn(async () => indexOf(runs)),
    fetchTimeline: vi.fn(async (run: string) => ({ run, moments: [] })),
    fetchRecords: vi.fn(async (items: readonly RecordItem[]) => items.map(answer)),
  };
  return { server, session: new Session(server) };
}

type Opened = ReturnType<typeof openSession>;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(1);

async function open(
  runs: Record<string, number[]>,
  display: Partial<HistogramDisplay> = {},
): Promise<Opened> {
  const opened = openSession(runs);
  opened.session.setTabVisible(true);
  await settle();
  opened.session.setView("histograms");
  opened.session.looks.setHistogramDisplay(display);
  opened.session.setInSight(new Set([KERNEL]));
  await settle();
  return opened;
}

const view = ({ session }: Opened) => {
  const [group] = histogramGroups(session.state.value, session.derived);
  if (group === undefined) throw new Error("no group");
  return histogramView(group, session.state.value, session.derived, (ref) =>
    session.histograms.state(ref),
  );
};
const plots = (opened: Opened): Plots =>
  histogramPlots(view(opened), opened.session.state.value.histogramDisplay);
const curves = (opened: Opened) =>
  plots(opened).plots.map((plot) => plot.curves.map(({ role, step }) => `${role} ${step}`));
const batches = ({ server }: Opened) =>
  server.fetchRecords.mock.calls.map(([items]) =>
    items.map(({ run, step }) => `${run.charAt(0)}${step}`),
  );

describe("histograms", () => {
  test("are asked for in order: the shown one, what fixes the axis, then the series", async () => {
    const opened = await open({ a: [0, 1, 2, 3, 4] });
    expect(batches(opened)).toEqual([
      ["a4", "a0"],
      ["a3", "a1", "a2"],
    ]);
    expect(view(opened)).toMatchObject({ settled: true, complete: true, thinned: null });
  });

  test("of panels out of sight, folded or in a hidden tab are not asked for", async () => {
    const opened = await open({ a: [0, 1] });
    const { session, server } = opened;
    expect(server.fetchRecords.mock.calls.flatMap(([items]) => items)).not.toContainEqual(
      expect.objectContaining({ tag: NEXT }),
    );
    session.folding.toggleCollapsed(NEXT);
    session.setInSight(new Set([KERNEL, NEXT]));
    await settle();
    expect(server.fetchRecords).toHaveBeenCalledTimes(1);
    session.setTabVisible(false);
    session.folding.toggleCollapsed(NEXT);
    await settle();
    expect(server.fetchRecords).toHaveBeenCalledTimes(1);
  });

  test("of a long series are drawn at 60 steps, and the panel says so", async () => {
    const steps = Array.from({ length: 1000 }, (_, step) => step);
    const opened = await open({ a: steps }, { plot: "ridge" });
    await settle();
    expect(view(opened).thinned).toBe("60 of 1,000 steps drawn");
    expect(curves(opened)[0]).toHaveLength(60);
  });

  test("lie over the first step, or over the pinned one; not over themselves", async () => {
    const opened = await open({ a: [0, 1, 2, 3] });
    expect(curves(opened)).toEqual([["reference 0", "current 3"]]);
    opened.session.pins.setPoint(stepPoint(2));
    await settle();
    expect(curves(opened)).toEqual([["reference 2", "current 3"]]);
    opened.session.timeline.goTo(2);
    await settle();
    expect(curves(opened)).toEqual([["current 2"]]);
  });

  test("lie over those of the pinned run, at the same point", async () => {
    const opened = await open({ a: [0, 1, 2], b: [0, 1] });
    opened.session.pins.setRun("b/nnviz");
    await settle();
    expect(curves(opened)).toEqual([["reference 1", "current 2"], ["current 1"]]);
    const [first] = plots(opened).plots;
    expect(first?.curves.map(({ run }) => run.name)).toEqual(["b", "a"]);
  });

  test("are differences of counts in shared bins, to the start, the step before or what is pinned", async () => {
    const opened = await open({ a: [0, 1, 2], b: [0, 1, 2] });
    const references = () =>
      plots(opened).plots.map((plot) =>
        plot.curves.map(({ reference }) => `${reference?.run.name} ${reference?.step}`).join(),
      );
    opened.session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    expect(references()).toEqual(["a 0", "b 0"]);
    const { isSigned, plots: both, scale } = plots(opened);
    expect(isSigned).toBe(true);
    const [curve] = both[0]?.curves ?? [];
    // Bins −3 to 2 now, −1 and 0 at the start, of 100 values each.
    const filled = [...(curve?.heights.heights ?? [])].filter((height) => height !== 0);
    expect(filled).toEqual([100, 100, 100, 100]);
    expect(scale.ticks.map(({ label }) => label.charAt(0))).toContain("−");
    opened.session.looks.setDisplay({ show: "change-since-previous" });
    await settle();
    expect(references()).toEqual(["a 1", "b 1"]);
    opened.session.pins.setRun("a/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    await settle();
    expect(references()).toEqual(["a 2", "a 2"]);
    const [own, other] = plots(opened).plots.map((plot) => plot.curves[0]);
    expect(own && isNoDifference(own)).toBe(true);
    expect([...(other?.heights.heights ?? [])].filter((height) => height !== 0)).toEqual(
      Array.from({ length: 6 }, () => 900),
    );
    // Of shares there is none: the shapes are the same.
    opened.session.looks.setHistogramDisplay({ height: "density" });
    expect(plots(opened).plots.flatMap((plot) => plot.curves.map(isNoDifference))).toEqual([
      true,
      true,
    ]);
    expect(plots(opened).countRatio).toBe(10);
  });

  test("of a ridge are differences step by step, each to its own reference", async () => {
    const opened = await open({ a: [0, 1, 2], b: [0, 2] }, { plot: "ridge" });
    const pairs = () =>
      plots(opened).plots.map((plot) =>
        plot.curves.map(
          ({ step, reference }) => `${step} − ${reference?.run.name} ${reference?.step}`,
        ),
      );
    opened.session.looks.setDisplay({ show: "change-since-previous" });
    await settle();
    expect(pairs()[0]).toEqual(["0 − a 0", "1 − a 0", "2 − a 1"]);
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    await settle();
    expect(pairs()).toEqual([
      ["0 − b 0", "1 − b 0", "2 − b 2"],
      ["0 − b 0", "2 − b 2"],
    ]);
  });

  test("without anything to compare with say why", async () => {
    const opened = await open({ a: [0, 1], b: [1] });
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    opened.session.timeline.goTo(0);
    await settle();
    expect(view(opened).series[0]?.shown?.against).toEqual({
      status: "absent",
      message: "No difference: b has nothing so early.",
    });
    expect(view(opened).settled).toBe(true);
    const all = plots(opened);
    expect(all.plots.map((plot) => plotMessage(plot, all, false))).toEqual([
      "No difference: b has nothing so early.",
      "",
    ]);
    // At the other step there is a difference, whose numbers the table has.
    expect(hasStatistics(view(opened))).toBe(true);
  });

  test("have no table where no record has a difference", async () => {
    const opened = await open({ a: [0, 1], b: [2] });
    opened.session.runs.toggle("b/nnviz");
    expect(hasStatistics(view(opened))).toBe(true);
    opened.session.pins.setRun("b/nnviz");
    opened.session.looks.setDisplay({ show: "difference" });
    expect(hasStatistics(view(opened))).toBe(false);
  });

  test("that are compared are asked for once each, those that are shown first", async () => {
    const opened = await open({ a: [0, 1, 2, 3], b: [0, 1, 2, 3] });
    opened.session.looks.setDisplay({ show: "difference" });
    opened.session.pins.setRun("b/nnviz");
    opened.session.runs.toggle("b/nnviz");
    opened.session.timeline.goTo(1);
    await settle();
    const asked = batches(opened).flat();
    expect(asked).toHaveLength(new Set(asked).size);
    expect(view(opened)).toMatchObject({ settled: true, complete: true });
  });

  test("of all runs of a panel have the same bins and one scale", async () => {
    const opened = await open({ a: [0, 1, 2], b: [0, 1, 2] });
    const { plots: both, frame, countRatio } = plots(opened);
    expect(both.map(({ series }) => series.map(({ run }) => run.name))).toEqual([["a"], ["b"]]);
    for (const { curves: drawn } of both) {
      for (const { counts } of drawn) expect(counts).toHaveLength(frame?.size ?? 0);
    }
    expect(countRatio).toBe(10);
    opened.session.looks.setHistogramDisplay({ plot: "runs" });
    expect(curves(opened)).toEqual([["current 2", "current 2"]]);
  });

  test("keep their axis while the step changes", async () => {
    const opened = await open({ a: [0, 1, 2, 3, 4] });
    const last = plots(opened).frame;
    opened.session.timeline.goTo(2);
    await settle();
    expect(plots(opened).frame).toEqual(last);
  });

  test("of a group share a plot, by layer; in a ridge each has its own", async () => {
    const opened = await open({ a: [0, 1] }, { layersPerPlot: 2 });
    const layers = () =>
      plots(opened).plots.map(({ series }) => series.map(({ layer }) => layer).join(" "));
    expect(layers()).toEqual(["0 1"]);
    expect(curves(opened)).toEqual([["reference 0", "reference 0", "current 1", "current 1"]]);
    opened.session.looks.setHistogramDisplay({ plot: "ridge" });
    expect(layers()).toEqual(["0", "1"]);
  });

  test("are told bin by bin, those under the pointer first", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    const shown = plots(opened);
    const key = shown.plots[1]?.key ?? "";
    const bin = 1 - (shown.frame?.first ?? 0);
    const look = { plot: key, bin, step: null, x: 0, y: 0 };
    const { histogramDisplay, runColours } = opened.session.state.value;
    const text = lookText(
      look,
      shown,
      histogramDisplay,
      (_, step) => `step ${step}`,
      runColours,
      () => "",
    );
    // Bin 1 holds [1/16, 2/16); at step 1 it has counts, at step 0 there are bins −1 and 0 only.
    expect(text?.heading).toBe("+0.0625 to +0.125");
    expect(text?.lines.map(({ run, what, value, own }) => [run, what, value, own])).toEqual([
      ["b", "step 1", "1,000", true],
      ["b", "step 0", "0", false],
      ["a", "step 1", "100", false],
      ["a", "step 0", "0", false],
    ]);
    expect(lookWords(text)).toBe("+0.0625 to +0.125; b, step 1: 1,000; b, step 0: 0");
  });

  test("that fail are a state with its message, and are asked for again on demand", async () => {
    const opened = openSession({ a: [0] });
    opened.server.fetchRecords.mockRejectedValueOnce(new ApiError(0, "TensorBoard is away"));
    opened.session.setTabVisible(true);
    await settle();
    opened.session.setView("histograms");
    opened.session.setInSight(new Set([KERNEL]));
    await settle();
    const record = () => view(opened).series[0]?.shown?.record;
    expect(record()).toEqual({ status: "failed", message: "TensorBoard is away" });
    opened.session.histograms.retryFailed();
    await settle();
    expect(record()).toMatchObject({ status: "ready" });
  });

  test("of other steps that fail are counted, and the shown one stays", async () => {
    const opened = openSession({ a: [0, 1, 2] });
    opened.server.fetchRecords.mockImplementation(async (items) =>
      items.map((item) => (item.step === 1 ? { status: 404, blobs: [] } : answer(item))),
    );
    opened.session.setTabVisible(true);
    await settle();
    opened.session.setView("histograms");
    opened.session.setInSight(new Set([KERNEL]));
    await settle();
    expect(view(opened)).toMatchObject({ settled: true, complete: true, unread: 1 });
    expect(curves(opened)).toEqual([["reference 0", "current 2"]]);
  });

  test("without a finite value say what they hold instead", async () => {
    const opened = openSession({ a: [0] });
    opened.server.fetchRecords.mockImplementation(async (items) =>
      items.map(() =>
        encodeHistogram({ exponent: 0, first: 0, counts: [], statistics: { nan_count: 1024 } }),
      ),
    );
    opened.session.setTabVisible(true);
    await settle();
    opened.session.setView("histograms");
    opened.session.setInSight(new Set([KERNEL]));
    await settle();
    const record = view(opened).series[0]?.shown?.record;
    if (record?.status !== "ready") throw new Error("not here");
    expect(emptyText(record.histogram)).toBe("no finite value: 1,024 NaN");
    expect(plots(opened)).toMatchObject({ frame: null, countRatio: 1 });
    expect(view(opened).nonFinite).toEqual({ nan: 1024, infinite: 0 });
  });

  test("are waited for while playing", async () => {
    const opened = await open({ a: [0, 1, 2] });
    const { session, server } = opened;
    session.timeline.goTo(0);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.fetchRecords.mockImplementation(async (items) => {
      await held;
      return items.map(answer);
    });
    session.setInSight(new Set([KERNEL, NEXT]));
    session.timeline.togglePlaying();
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.derived.pointIndex).toBe(0);
    release();
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.derived.pointIndex).toBe(2);
  });

  test("of more than six runs are exported as lines alone, of fewer with their areas", async () => {
    for (const count of [6, 7]) {
      const runs = Object.fromEntries([..."abcdefg"].slice(0, count).map((run) => [run, [0, 1]]));
      const opened = await open(runs, { plot: "runs" });
      opened.session.runs.selectAll(true);
      await settle();
      const drawn = plots(opened);
      const [plot] = drawn.plots;
      if (plot === undefined || drawn.frame === null) throw new Error("nothing is drawn");
      const body = curvesBody(plot, {
        plots: drawn,
        frame: drawn.frame,
        look: LOOKS.light,
        colours: opened.session.state.value.runColours,
        width: 400,
        nameOf: () => "",
        wrap: (text) => [text],
      });
      if (body.kind !== "drawing") throw new Error(body.kind);
      const areas = body.marks.filter((mark) => mark.mark === "path" && mark.fill !== undefined);
      expect(plot.curves).toHaveLength(count);
      expect(areas).toHaveLength(count > 6 ? 0 : count);
    }
  });

  test("are exported with what each curve is within their own width, under the name of the run", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    opened.session.runs.selectAll(true);
    opened.session.timeline.goTo(1);
    await settle();
    const drawn = plots(opened);
    const [plot] = drawn.plots;
    if (plot === undefined || drawn.frame === null) throw new Error("nothing is drawn");
    const letter = 7;
    const wrap = (text: string, width: number): string[] => {
      const lines = [""];
      for (const word of text.split(" ")) {
        const joined = `${lines.at(-1)} ${word}`.trim();
        if (joined.length * letter <= width) lines[lines.length - 1] = joined;
        else lines.push(word);
      }
      return lines;
    };
    const body = curvesBody(plot, {
      plots: drawn,
      frame: drawn.frame,
      look: LOOKS.light,
      colours: opened.session.state.value.runColours,
      width: 320,
      nameOf: (_, step) => `epoch ${step}`,
      wrap,
    });
    if (body.kind !== "drawing") throw new Error(body.kind);
    const texts = body.marks.flatMap((mark) =>
      mark.mark === "text" && mark.font === "small" ? [mark] : [],
    );
    for (const { text, x } of texts) expect(x + text.length * letter).toBeLessThanOrEqual(320);
    expect(new Set(texts.map(({ y }) => y)).size).toBe(texts.length);
    expect(texts.map(({ text }) => text).join(" ")).toBe(
      "epoch 0 · 200 values from −0.06250 to +0.03125, mean 0 " +
        "epoch 1 · 400 values from −0.1250 to +0.09375, mean 0",
    );
  });

  test("of other runs are another picture, those of another step the same", async () => {
    const opened = await open({ a: [0, 1], b: [0, 1] });
    const before = viewKey(view(opened));
    opened.session.timeline.goTo(0);
    expect(viewKey(view(opened))).toBe(before);
    opened.session.runs.toggle("b/nnviz");
    expect(viewKey(view(opened))).not.toBe(before);
  });
});

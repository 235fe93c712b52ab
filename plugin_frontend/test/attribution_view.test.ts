import { describe, expect, test } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { pinnedTileOf } from "../src/model/link.js";
import { moveAlpha } from "../src/state/alpha_steps.js";
import type { Part } from "../src/state/attribution_parts.js";
import { attributionView } from "../src/state/attribution_view.js";
import { hoverView } from "../src/state/hover_view.js";
import { panelReads } from "../src/state/panel_reads.js";
import { goToSample } from "../src/state/sample_links.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf, type TilesSpec } from "./encode.js";

const STEPS = [0, 1, 2];
const MAPS = "attributions/integrated_gradients";
const INTERIOR = "attributions/interior_gradients";
const PATH = "attributions/path_outputs";
const SAMPLES = 2;
const ALPHAS = ["0.25", "0.5", "1"];

interface Run {
  readonly digest: string;
  readonly tags?: readonly string[];
  readonly channels?: number;
  /** Steps of tags that have others than all. */
  readonly steps?: Readonly<Record<string, readonly number[]>>;
  readonly broken?: string;
  readonly skipped?: readonly { readonly tag: string; readonly reason: string }[];
}

const TAGS = [MAPS, INTERIOR, PATH];

function specOf({ tag, step }: RecordItem, { digest, channels = 1 }: Run): TilesSpec {
  const sample = { name: "sample", size: SAMPLES, labels: ["a", "b"] };
  const inner = [
    { name: "height", size: tag === PATH ? 1 : 2 },
    { name: "width", size: tag === PATH ? 17 : 2 },
    ...(channels === 3 && tag !== PATH ? [{ name: "color", size: 3 }] : []),
  ];
  const alpha = { name: "alpha", size: ALPHAS.length, labels: ALPHAS };
  const axes = tag === INTERIOR ? [sample, alpha, ...inner] : [sample, ...inner];
  const length = axes.reduce((product, { size }) => product * size, 1);
  return {
    axes,
    values: Float32Array.from({ length }, (_, at) => (step + 1) * (at % 2 === 0 ? at + 1 : -at)),
    precision: "float32",
    meaning: tag.startsWith("samples") ? "image" : "signed",
    step,
    source: { role: tag.split("/").at(-1), samples_digest: digest },
  };
}

async function open(runs: Readonly<Record<string, Run>>) {
  const asked = new Set<string>();
  const runOf = ([name, { digest, tags = TAGS, steps = {}, skipped = [] }]: [string, Run]) => ({
    run: `${name}/nnviz`,
    name,
    tags: [...tags, "samples"].map((tag, series) => ({
      tag,
      kind: "tiles",
      view: tag.split("/")[0],
      series,
      source: { samples_digest: digest, role: tag.split("/").at(-1) },
    })),
    series: [...tags, "samples"].map((tag) => {
      const own = tag === "samples" ? [0] : (steps[tag] ?? STEPS);
      return { steps: own, wall_times: own, logged: tag in steps ? 60 : own.length };
    }),
    notices: [],
    skipped,
  });
  const session = new Session({
    fetchIndex: () => Promise.resolve({ version: 1, runs: Object.entries(runs).map(runOf) }),
    fetchTimeline: () => Promise.resolve({ moments: [] }),
    fetchRecords: (items, part) => {
      for (const { run, tag, step } of items) asked.add(`${run} ${tag} ${step}`);
      return Promise.resolve(
        items.map((item) => {
          const run = runs[item.run.replace("/nnviz", "")];
          if (run === undefined || run.broken === item.tag) {
            const bytes = new TextEncoder().encode(JSON.stringify({ message: "checksum" }));
            return { status: 422, blobs: [bytes] };
          }
          return itemOf(encodeTiles(specOf(item, run)), part);
        }),
      );
    },
  });
  session.setView("attributions");
  session.reload();
  await settle();
  session.setInSight(new Set(session.derived.panels.map(({ tag }) => tag)));
  await settle();
  return { session, asked };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

function viewOf(session: Session, card = 0) {
  const panel = session.derived.panels[card];
  if (panel === undefined) throw new Error(`there is no card ${card}`);
  return attributionView(
    panel,
    session.state.value,
    session.derived,
    (ref) => session.records.state(ref),
    session.extremes,
  );
}

function wordsOf(part: Part | null | undefined): string {
  return part?.status === "told" ? part.message : (part?.status ?? "none");
}

describe("a card of attributions", () => {
  test("has all of its parts at the shown step, and the samples", async () => {
    const { session, asked } = await open({ a: { digest: "x" } });
    const view = viewOf(session);
    expect(view.settled).toBe(true);
    expect(view.samples).toBe(2);
    expect(view.labels).toEqual(["a", "b"]);
    expect(view.alphas).toEqual([0.25, 0.5, 1]);
    expect(view.pictures.status).toBe("ready");
    expect([...asked]).toContain("a/nnviz samples 0");
    expect([...asked]).toContain(`a/nnviz ${PATH} 2`);
  });

  test("has one scale for maps and interior gradients of all runs", async () => {
    const { session } = await open({ a: { digest: "x" }, b: { digest: "x" } });
    const view = viewOf(session);
    // Of 24 interior values the greatest is 3·23, and the least −3·23.
    expect(view.shared).toEqual({ lo: -69, hi: 69 });
    expect(view.runs.map(({ range }) => range)).toEqual([view.shared, view.shared]);
    session.looks.setDisplay({ scale: "per-tile" });
    expect(viewOf(session).shared).toBeNull();
    session.looks.setDisplay({ scale: "per-run" });
    expect(viewOf(session).runs[0]?.range).toEqual({ lo: -69, hi: 69 });
    session.looks.setDisplay({ scale: "fixed" });
    await settle();
    const fixed = viewOf(session);
    expect(fixed.scaleProgress).toEqual({ read: 3, of: 3 });
    expect(fixed.shared).toEqual({ lo: -69, hi: 69 });
  });

  test("shows changes of its maps and values of the rest", async () => {
    const { session, asked } = await open({ a: { digest: "x" } });
    session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    const [run] = viewOf(session).runs;
    const values = (part: Part | undefined): readonly number[] =>
      part?.status === "ready" && part.tiles.payload.precision === "float32"
        ? [...part.tiles.payload.values.subarray(0, 2)]
        : [];
    expect(values(run?.maps)).toEqual([2, -2]);
    expect(values(run?.interior)).toEqual([2, -2]);
    expect(values(run?.path)).toEqual([3, -3]);
    expect([...asked]).not.toContain(`a/nnviz ${PATH} 0`);
  });

  test("adds up colours, and says so", async () => {
    const { session } = await open({ a: { digest: "x", channels: 3 } });
    const view = viewOf(session);
    expect(view.summed).toEqual(["colour"]);
    expect(view.first?.shape.channels).toBe(1);
    // 3·(1 − 1 + 3).
    const first = view.first?.payload;
    expect(first?.precision === "float32" && first.values[0]).toBe(9);
  });

  test("snaps α to what is logged, and moves along it", async () => {
    const { session } = await open({ a: { digest: "x" } });
    session.looks.setAttributionDisplay({ alpha: 0.3 });
    expect(viewOf(session).alphaIndex).toBe(0);
    moveAlpha(session, 1);
    expect(session.state.value.attributionDisplay.alpha).toBe(0.5);
    moveAlpha(session, 1);
    moveAlpha(session, 1);
    expect(viewOf(session).alphaIndex).toBe(2);
  });

  test("is read again only when one of its records is another", async () => {
    const { session } = await open({ a: { digest: "x" } });
    const [card] = session.derived.panels;
    const read = () =>
      card === undefined
        ? []
        : panelReads(
            card,
            session.state.value,
            session.derived,
            (ref) => session.records.state(ref),
            session.extremes,
          );
    expect(read().length).toBeGreaterThan(9);
    expect(read().every((each, at) => each === read()[at])).toBe(true);
  });

  test("says what a run has not logged", async () => {
    const { session } = await open({ a: { digest: "x" }, b: { digest: "x", tags: [MAPS] } });
    const [, bare] = viewOf(session).runs;
    expect(wordsOf(bare?.interior)).toBe("not logged in this run");
    expect(wordsOf(bare?.path)).toBe("not logged in this run");
    expect([bare?.spread, bare?.baselines]).toEqual([null, null]);
  });

  test("says which run has no maps at all", async () => {
    const { session } = await open({ a: { digest: "x" }, b: { digest: "x", tags: [] } });
    expect(viewOf(session).absent.map(({ name }) => name)).toEqual(["b"]);
  });

  test("says why a tag of a run cannot be read", async () => {
    const reason =
      "written by a newer tb_nnviz (format 2; this one reads 1): pip install -U tb-nnviz";
    const run = { digest: "x", tags: [MAPS, PATH], skipped: [{ tag: INTERIOR, reason }] };
    const { session } = await open({ a: run });
    expect(viewOf(session).runs[0]?.interior).toEqual({
      status: "told",
      message: reason,
      isError: true,
    });
  });

  test("says what is wrong with a record, and shows the others", async () => {
    const { session } = await open({ a: { digest: "x", broken: INTERIOR } });
    const view = viewOf(session);
    expect(view.settled).toBe(true);
    expect(view.runs[0]?.interior).toEqual({ status: "told", message: "checksum", isError: true });
    expect(view.runs[0]?.maps.status).toBe("ready");
    expect(view.alphas).toEqual([]);
  });

  test("says of another step what a sampled log has of another step", async () => {
    const steps = { [MAPS]: [0, 2], [PATH]: [0, 1], [INTERIOR]: [2] };
    const { session } = await open({ a: { digest: "x", steps } });
    const [run] = viewOf(session).runs;
    expect(run?.path).toMatchObject({ status: "ready", other: { step: 1 } });
    expect(run?.maps).toMatchObject({ status: "ready", other: null });
    session.timeline.goTo(0);
    await settle();
    const [earlier] = viewOf(session).runs;
    expect(wordsOf(earlier?.interior)).toBe("not among the steps that TensorBoard kept");
  });

  test("has no pictures of samples that are others than its own", async () => {
    const { session } = await open({ a: { digest: "x" } });
    expect(viewOf(session).pictures.status).toBe("ready");
    const none = await open({ a: { digest: "x", broken: "samples" } });
    expect(viewOf(none.session).pictures).toMatchObject({ status: "told", message: "checksum" });
  });

  test("of other samples stands apart, and is not compared under the pointer", async () => {
    const { session } = await open({
      a: { digest: "x" },
      b: { digest: "x" },
      c: { digest: "y" },
    });
    expect(session.derived.views.get("attributions")).toBe(2);
    expect(viewOf(session).runs.map(({ run }) => run.name)).toEqual(["a", "b"]);
    expect(viewOf(session, 1).runs.map(({ run }) => run.name)).toEqual(["c"]);
    session.hover.set({
      tag: MAPS,
      run: "a/nnviz",
      cell: { tile: 1, row: 0, column: 1 },
      x: 0,
      y: 0,
    });
    const hovered = hoverView(session);
    expect(hovered?.own.values).toEqual([-15]);
    expect(hovered?.others.map(({ run }) => run.name)).toEqual(["b"]);
  });

  test("gives the colours of a cell under the pointer, whose sum is shown", async () => {
    const { session } = await open({ a: { digest: "x", channels: 3 } });
    const cell = { tile: 0, row: 0, column: 0 };
    session.hover.set({ tag: MAPS, run: "a/nnviz", cell, x: 0, y: 0 });
    expect(hoverView(session)).toMatchObject({ summed: true, own: { values: [3, -3, 9] } });
  });
});

describe("a sample of a confusion", () => {
  test.each([
    ["a", MAPS, "one"],
    ["b", `${MAPS}#samples other`, "other"],
  ])("of run %s is sought in the card %s", async (run, tag, samplesDigest) => {
    const { session } = await open({ a: { digest: "one" }, b: { digest: "other" } });
    goToSample(session, "attributions", {
      status: "ready",
      sample: 1,
      tag: "samples",
      run: `${run}/nnviz`,
      samplesDigest,
    });
    expect(session.soughtSample.value).toEqual({ tag, sample: 1 });
    expect(session.place.value).toEqual({ tag, offset: 0 });
    const { pinned } = session;
    const outlined = ["one", "other"].filter(
      (digest) => pinnedTileOf(pinned.value, "samples", digest, null) === 1,
    );
    expect(outlined).toEqual([samplesDigest]);
  });
});

import { describe, expect, test } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import {
  type ConfusionDisplay,
  DEFAULT_CONFUSION_DISPLAY,
} from "../src/model/confusion_display.js";
import { PictureIndex, pictureRange, searchOrder } from "../src/model/confusion_pictures.js";
import { panelsOf } from "../src/model/runs.js";
import {
  focusedCell,
  panelPlace,
  pictureWish,
  referenceWish,
} from "../src/state/confusion_focus.js";
import {
  areOfOtherSamples,
  type ConfusionView,
  confusionView,
  ordersOf,
} from "../src/state/confusion_view.js";
import { PictureShelf } from "../src/state/picture_shelf.js";
import { goToSample } from "../src/state/sample_links.js";
import { sampleRefs } from "../src/state/sample_records.js";
import { Session } from "../src/state/session.js";
import { paintTiles } from "./decode.js";
import { encodeTiles, itemOf } from "./encode.js";
import { type ConfusionSpec, confusionOf, encodeConfusion } from "./encode_confusion.js";

const TAG = "confusion";
const PICTURES = "confusion/samples";
const SAMPLES = "samples";
const STEPS = [0, 1, 2];
const NAMES = ["ant", "bee"];

interface Run {
  readonly confusions?: readonly ConfusionSpec[];
  /** The addresses of the pictures of each step. */
  readonly pictures?: readonly (readonly string[])[];
  /** How many records of pictures were logged, where TensorBoard kept fewer. */
  readonly logged?: number;
  readonly brokenStep?: number;
  /** The addresses of the samples of its activations, where it has them. */
  readonly samples?: readonly string[];
}

const address = (digit: string): string => digit.repeat(16);

/** Counts that get better: 2, 3, 4 of 4 ants. */
const BETTER: readonly ConfusionSpec[] = STEPS.map((step) => ({
  names: NAMES,
  counts: [2 + step, 2 - step, 1, 3],
  step,
  samples: {
    0: [[7, 0.9]],
    1: [
      [1, 0.8],
      [2, 0.6],
    ],
    2: [[5, NaN]],
    3: [[8, 0.7]],
  },
  mistakes: [[1, 1, 0.8]],
  addresses: {
    1: address("a"),
    2: address("b"),
    5: address("c"),
    7: address("d"),
    8: address("e"),
  },
}));

function pictureItem(addresses: readonly string[], step: number) {
  const record = encodeTiles({
    axes: [
      {
        name: "sample",
        size: addresses.length,
        labels: addresses.map((_, index) => String(index)),
      },
      { name: "height", size: 8 },
      { name: "width", size: 8 },
    ],
    values: Float32Array.from({ length: 64 * addresses.length }, (_, cell) => (cell % 64) / 63),
    precision: "uint8",
    meaning: "image",
    step,
  });
  const [sample] = record.header.axes as { addresses?: readonly string[] }[];
  if (sample !== undefined) sample.addresses = addresses;
  return itemOf(record, "paint");
}

function answer(run: Run | undefined, { tag, step }: RecordItem) {
  if (run === undefined || (tag === PICTURES && step === run.brokenStep)) {
    const bytes = new TextEncoder().encode(JSON.stringify({ message: "checksum" }));
    return { status: 422, blobs: [bytes] };
  }
  if (tag === SAMPLES) return pictureItem(run.samples ?? [], step);
  if (tag === PICTURES) return pictureItem(run.pictures?.[step] ?? [], step);
  const spec = (run.confusions ?? BETTER)[step];
  if (spec === undefined) throw new Error(`no confusion at step ${step}`);
  return encodeConfusion(spec);
}

async function open(runs: Readonly<Record<string, Run>>) {
  const asked: string[] = [];
  const session = new Session({
    fetchIndex: () =>
      Promise.resolve({
        version: 1,
        runs: Object.entries(runs).map(([name, run]) => {
          const { confusions = BETTER, pictures, logged, samples } = run;
          const all = [
            ...(samples === undefined ? [] : [{ tag: SAMPLES, kind: "tiles", steps: [0] }]),
            { tag: TAG, kind: "confusion", steps: confusions.map((_, step) => step) },
            ...(pictures === undefined
              ? []
              : [{ tag: PICTURES, kind: "tiles", steps: pictures.map((_, step) => step) }]),
          ];
          return {
            run: `${name}/nnviz`,
            name,
            tags: all.map(({ tag, kind }, series) => ({
              tag,
              kind,
              view: tag === SAMPLES ? SAMPLES : TAG,
              series,
              source: {},
            })),
            series: all.map(({ steps, tag }) => ({
              steps,
              wall_times: steps,
              logged: tag === PICTURES ? (logged ?? steps.length) : steps.length,
            })),
            notices: [],
            skipped: [],
          };
        }),
      }),
    fetchTimeline: () => Promise.resolve({ moments: [] }),
    fetchRecords: (items) => {
      for (const { run, tag, step } of items) asked.push(`${run} ${tag} ${step}`);
      return Promise.resolve(
        items.map((item) => answer(runs[item.run.replace("/nnviz", "")], item)),
      );
    },
  });
  session.setView(TAG);
  session.reload();
  await settle();
  session.setInSight(new Set([TAG]));
  await settle();
  return { session, asked };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

function viewOf({ state, derived, confusions }: Session): ConfusionView {
  const [card] = derived.panels;
  if (card === undefined) throw new Error("there is no card");
  return confusionView(card, state.value, derived, (ref) => confusions.records.state(ref));
}

function shownOf(view: ConfusionView, run = 0) {
  const shown = view.runs[run]?.shown;
  if (shown?.status !== "ready") throw new Error(`the run is ${shown?.status}`);
  return shown;
}

describe("a card of a confusion", () => {
  test("is one panel: the pictures of its samples are none", async () => {
    const { session } = await open({ a: { pictures: [[address("a")]] } });
    expect(session.derived.panels.map(({ tag, kind }) => [tag, kind])).toEqual([
      [TAG, "confusion"],
    ]);
    expect([...session.derived.views]).toEqual([["confusion", 1]]);
    expect(panelsOf(session.derived.allRuns, "confusion")).toHaveLength(1);
    // Its steps are those of the timeline, whatever those of the pictures are.
    expect(session.derived.points).toHaveLength(3);
  });

  test("has the records of the shown step, and fetches those beside it", async () => {
    const { session, asked } = await open({ a: {} });
    expect(shownOf(viewOf(session)).confusion.cells.get(0)?.count).toBe(4);
    expect(asked).toEqual(["a/nnviz confusion 2", "a/nnviz confusion 1"]);
    session.timeline.goTo(0);
    await settle();
    expect(shownOf(viewOf(session)).confusion.cells.get(0)?.count).toBe(2);
    session.setTabVisible(false);
    session.timeline.goTo(1);
    await settle();
    expect(asked).toHaveLength(3);
  });

  test("compares with the start or the step before", async () => {
    const { session } = await open({ a: {} });
    session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    const view = viewOf(session);
    expect(shownOf(view).reference?.header.moment.step).toBe(0);
    // 2 of 4 ants, then 4 of 4.
    expect(view.mostChange).toBe(0.5);
    session.looks.setDisplay({ show: "change-since-previous" });
    await settle();
    expect(shownOf(viewOf(session)).reference?.header.moment.step).toBe(1);
    expect(viewOf(session).mostChange).toBe(0.25);
  });

  test("says why there is no difference", async () => {
    const renamed = BETTER.map((spec, step) => ({
      ...spec,
      names: step === 0 ? ["ant", "b"] : NAMES,
    }));
    const { session } = await open({ a: { confusions: renamed } });
    session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    const { reference, refused } = shownOf(viewOf(session));
    expect(reference).toBeNull();
    expect(refused).toBe("No difference: Class 1 is “bee” now, and was “b”.");
  });

  test("shares the cells of a link among runs with the classes of the first, and tells other samples apart", async () => {
    const others = BETTER.map((spec) => ({ ...spec, names: ["cat", "dog"], digest: "y" }));
    const { session } = await open({ a: {}, b: {}, c: { confusions: others } });
    const view = viewOf(session);
    expect(view.runs.map(({ isLinked }) => isLinked)).toEqual([true, true, false]);
    expect(view.runs.map(({ hasOtherSamples }) => hasOtherSamples)).toEqual([false, false, true]);
    session.looks.setConfusionDisplay({
      pinned: { tag: TAG, row: 1, column: 0, sample: null, classes: null },
    });
    const pinned = viewOf(session);
    expect(pinned.runs.map((run) => focusedCell(run, null))).toEqual([
      { row: 1, column: 0, how: "pinned" },
      { row: 1, column: 0, how: "pinned" },
      // The one mistake that there is at this step.
      { row: 1, column: 0, how: "worst" },
    ]);
    const [run] = pinned.runs;
    const classes = run?.classes ?? "";
    const howAt = (row: number, column: number) =>
      run && focusedCell(run, { row, column, classes })?.how;
    expect(howAt(0, 1)).toBe("looked");
    expect(howAt(9, 1)).toBe("pinned");
    expect(howAt(1, 0)).toBe("pinned");
  });

  test("of other classes keeps its cells to itself, whether looked at or kept", async () => {
    const others = BETTER.map((spec) => ({ ...spec, names: ["cat", "dog"] }));
    const { session } = await open({ a: {}, b: { confusions: others }, c: { confusions: others } });
    const worst = { row: 1, column: 0, how: "worst" };
    const { runs } = viewOf(session);
    const { classes } = runs[1] ?? {};
    if (classes === undefined || classes === null) throw new Error("there are no classes");
    const cell = { row: 0, column: 1, classes };
    const looked = { row: 0, column: 1, how: "looked" };
    expect(runs.map((run) => focusedCell(run, cell))).toEqual([worst, looked, looked]);
    session.looks.setConfusionDisplay({ pinned: { tag: TAG, sample: null, ...cell } });
    const kept = { row: 0, column: 1, how: "pinned" };
    expect(viewOf(session).runs.map((run) => focusedCell(run, null))).toEqual([worst, kept, kept]);
    // Whichever run comes first: the cell stays that of its classes.
    session.runs.toggle("a/nnviz");
    expect(viewOf(session).runs.map((run) => focusedCell(run, null))).toEqual([kept, kept]);
    session.runs.toggle("a/nnviz");
    session.runs.toggle("b/nnviz");
    session.runs.toggle("c/nnviz");
    expect(viewOf(session).runs.map((run) => focusedCell(run, null))).toEqual([worst]);
  });

  test("tells of the most frequent mistake in the part that is shown", async () => {
    const names = ["ant", "bee", "cat"];
    const counts = [5, 4, 1, 0, 5, 2, 0, 0, 5];
    const { session } = await open({ a: { confusions: [{ names, counts }] } });
    const view = viewOf(session);
    const [run] = view.runs;
    if (run === undefined) throw new Error("there is no run");
    const worstOf = (rows: number[], columns: number[]): unknown =>
      focusedCell(run, null, { rows: new Set(rows), columns: new Set(columns) });
    expect(focusedCell(run, null)).toEqual({ row: 0, column: 1, how: "worst" });
    expect(worstOf([0, 1], [0, 2])).toEqual({ row: 1, column: 2, how: "worst" });
    expect(worstOf([2], [2])).toBeNull();
  });

  test("compared with other samples says so", async () => {
    const later = BETTER.map((spec, step) => ({ ...spec, digest: step === 0 ? "x" : "y" }));
    const { session } = await open({ a: { confusions: later } });
    session.looks.setDisplay({ show: "change-since-start" });
    await settle();
    const since = shownOf(viewOf(session));
    expect(areOfOtherSamples(since.confusion, since.reference)).toBe(true);
    session.looks.setDisplay({ show: "change-since-previous" });
    await settle();
    const previous = shownOf(viewOf(session));
    expect(areOfOtherSamples(previous.confusion, previous.reference)).toBe(false);
    expect(areOfOtherSamples(previous.confusion, null)).toBe(false);
  });

  test("is compared with the pinned run, whose samples are shown too, or says why it cannot be", async () => {
    const worse = BETTER.map((spec) => ({ ...spec, counts: [1, 3, 1, 3] }));
    const renamed = BETTER.map((spec) => ({ ...spec, names: ["ant", "fly"] }));
    const three = BETTER.map(({ samples: _, mistakes: __, ...spec }) => ({
      ...spec,
      names: ["ant", "bee", "cat"],
      counts: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    }));
    const { session } = await open({
      a: {},
      b: { confusions: worse, pictures: [[address("b")]] },
      c: { confusions: renamed },
      d: { confusions: three },
    });
    session.pins.setRun("b/nnviz");
    session.looks.setDisplay({ show: "difference" });
    await settle();
    const view = viewOf(session);
    expect(shownOf(view).other).toMatchObject({ run: { name: "b" }, index: 2 });
    expect(view.mostChange).toBe(0.75);
    expect(shownOf(view, 1).reference).toBe(shownOf(view, 1).confusion);
    expect([2, 3].map((run) => shownOf(view, run).refused)).toEqual([
      "No difference: Class 1 is “fly” here, and “bee” in b.",
      "No difference: The number of classes is 3 here, and 2 in b.",
    ]);
    const [first] = view.runs;
    const samples = [{ index: 2, cell: 1, confidence: 0.6 }];
    expect(first && referenceWish(first, samples)).toMatchObject({
      run: "b/nnviz",
      addresses: [address("b")],
    });
    expect(first && pictureWish(first, samples)).toBeNull();
  });

  test("of differences is sorted by them, and tells first of the mistake of which the most were gained", async () => {
    const names = ["ant", "bee", "cat"];
    // Recalls 1, ½, ½ at first; then ½, 1, ½ − ¼.
    const before = { names, counts: [4, 0, 0, 2, 2, 0, 0, 2, 2], step: 0 };
    const now = { names, counts: [2, 2, 0, 0, 4, 0, 0, 3, 1], step: 1 };
    const { session } = await open({ a: { confusions: [before, now] } });
    session.looks.setDisplay({ show: "change-since-start" });
    session.looks.setConfusionDisplay({ sort: "recall" });
    await settle();
    const view = viewOf(session);
    const [run] = view.runs;
    expect(run?.order).toEqual([0, 2, 1]);
    expect(run && focusedCell(run, null)).toEqual({ row: 0, column: 1, how: "gained" });
    const part = { rows: new Set([2]), columns: new Set([1]) };
    expect(run && focusedCell(run, null, part)).toEqual({ row: 2, column: 1, how: "gained" });
    session.timeline.goTo(0);
    await settle();
    const [own] = viewOf(session).runs;
    expect(own && focusedCell(own, null)?.how).toBe("worst");
  });

  test("of one tag keeps what another one has pinned to itself", async () => {
    const { session } = await open({ a: {} });
    session.looks.setConfusionDisplay({
      pinned: { tag: "confusion/other", row: 1, column: 0, sample: null, classes: null },
    });
    expect(viewOf(session).runs[0]?.pinned).toBeNull();
  });

  test("keeps one order over runs", async () => {
    const names = ["ant", "bee", "cat"];
    const one = STEPS.map((step) => ({ names, counts: [4, 0, 0, 1, 3, 0, 0, 2, 2], step }));
    const more = one.map((spec) => ({ ...spec, counts: [0, 9, 0, 0, 9, 0, 0, 0, 9] }));
    const { session } = await open({ a: { confusions: one }, b: { confusions: more } });
    session.looks.setConfusionDisplay({ sort: "recall" });
    // Of the first run: 4 of 4 ants, 3 of 4 bees, 2 of 4 cats.
    expect(viewOf(session).runs.map(({ order }) => order)).toEqual([
      [2, 1, 0],
      [2, 1, 0],
    ]);
  });

  test("of two classes, which have no such choices, has both as they were logged", async () => {
    const confusion = await confusionOf({ names: NAMES, counts: [4, 0, 0, 4] });
    const display = { ...DEFAULT_CONFUSION_DISPLAY, sort: "support", errorsOnly: true } as const;
    expect([...ordersOf([{ confusion, reference: null }], display, false).values()]).toEqual([
      [0, 1],
    ]);
  });

  test("of labels is sorted by its own headings, not as matrices are", async () => {
    // Supports 1, 3, 2; mistakes 0, 1, 0.
    const counts = [4, 0, 0, 1, 2, 0, 1, 2, 3, 0, 0, 2];
    const labels = await confusionOf({ names: ["a", "b", "c"], counts, task: "multi_label" });
    const matrix = await confusionOf({
      names: ["a", "b", "c"],
      counts: [1, 0, 0, 0, 3, 0, 0, 0, 2],
    });
    const orders = (display: Partial<ConfusionDisplay>) => {
      const all = { ...DEFAULT_CONFUSION_DISPLAY, ...display };
      const both = [labels, matrix].map((confusion) => ({ confusion, reference: null }));
      return [...ordersOf(both, all, false).values()];
    };
    const logged = [0, 1, 2];
    expect(orders({ labelSort: "support" })).toEqual([[1, 2, 0], logged]);
    expect(orders({ labelSort: "support", labelsReversed: true })).toEqual([[0, 2, 1], logged]);
    expect(orders({ sort: "support" })).toEqual([logged, [1, 2, 0]]);
    expect(orders({ errorsOnly: true })).toEqual([[1], []]);
  });

  test("is told what could not be read", async () => {
    const { session } = await open({ a: { confusions: [] }, b: {} });
    expect(viewOf(session).runs[0]?.shown).toMatchObject({ status: "told", isError: false });
  });
});

describe("pictures", () => {
  test("are looked for at the shown step, then back in time, then later", () => {
    expect(searchOrder(5, 2)).toEqual([2, 1, 0, 3, 4]);
    expect(searchOrder(3, -1)).toEqual([0, 1, 2]);
    expect(searchOrder(0, 4)).toEqual([]);
  });

  test("of several records are united; the middle channel stands for a sample", () => {
    const tiles = (addresses: readonly string[], channels: number) => {
      const size = addresses.length * channels * 64;
      const read = paintTiles({
        axes: [
          { name: "sample", size: addresses.length },
          { name: "channel", size: channels },
          { name: "height", size: 8 },
          { name: "width", size: 8 },
        ],
        values: new Float32Array(size),
        precision: "uint8",
      });
      const [sample, ...rest] = read.header.axes;
      if (sample === undefined) throw new Error("there is no axis");
      return { ...read, header: { ...read.header, axes: [{ ...sample, addresses }, ...rest] } };
    };
    const index = new PictureIndex<string>();
    index.add("first", tiles(["a", "b"], 3));
    index.add("second", tiles(["b", "c"], 1));
    expect(index.find("b")).toEqual([
      { ref: "first", tile: 4 },
      { ref: "second", tile: 0 },
    ]);
    expect(index.find("c")).toEqual([{ ref: "second", tile: 1 }]);
    expect(index.find("d")).toEqual([]);
    index.keepOnly((ref) => ref === "second");
    expect(index.find("a")).toEqual([]);
    expect(index.find("b")).toEqual([{ ref: "second", tile: 0 }]);
  });

  test("share a range, that of the data where it is plain", () => {
    expect(pictureRange({ min: 3, max: 200 }, "uint8")).toEqual({ lo: 0, hi: 255 });
    expect(pictureRange({ min: 0.1, max: 0.9 }, "float32")).toEqual({ lo: 0, hi: 1 });
    expect(pictureRange({ min: -0.3, max: 0.9 }, "float32")).toEqual({ lo: -1, hi: 1 });
    expect(pictureRange({ min: 0, max: 16 }, "float64")).toEqual({ lo: 0, hi: 16 });
    expect(pictureRange({ min: -2, max: 2.5 }, "float32")).toEqual({ lo: -2, hi: 2.5 });
  });

  const LOGGED = [["a", "b"], ["c"], ["d"], ["e"]].map((step) => step.map(address));

  async function shelved(run: Run, wanted: readonly string[], from: number) {
    const { session, asked } = await open({ a: run });
    asked.length = 0;
    const entry = session.derived.allRuns[0]?.tags.find(({ tag }) => tag === PICTURES);
    if (entry === undefined) throw new Error("there are no pictures");
    const { pictures } = session.confusions;
    pictures.want("card", [{ run: "a/nnviz", entry, from, addresses: wanted }]);
    await settle();
    const state = (of: string) => pictures.picture("a/nnviz", entry, of);
    return { pictures, asked, state, entry };
  }

  test("are read newest first, and no further than needed", async () => {
    const { asked, state } = await shelved({ pictures: LOGGED }, [address("d"), address("c")], 2);
    expect(asked).toEqual(["a/nnviz confusion/samples 2", "a/nnviz confusion/samples 1"]);
    expect(state(address("d"))).toMatchObject({ status: "ready", tile: 0 });
    expect(state(address("a")).status).toBe("pending");
  });

  test("are read one after the other until all are found", async () => {
    const { pictures, asked, state, entry } = await shelved(
      { pictures: LOGGED },
      [address("b")],
      3,
    );
    expect(asked).toHaveLength(4);
    expect(state(address("b"))).toMatchObject({ status: "ready", tile: 1 });
    expect(pictures.range(PICTURES)).toEqual({ lo: 0, hi: 1 });
    pictures.want("card", [
      { run: "a/nnviz", entry, from: 3, addresses: [address("e"), address("f")] },
    ]);
    await settle();
    // All have been read: there is nothing left to ask for.
    expect(asked).toHaveLength(4);
    expect(state(address("f"))).toEqual({ status: "missing", why: "not-logged" });
  });

  test("are missing for a reason", async () => {
    const sampled = await shelved({ pictures: LOGGED, logged: 60 }, [address("f")], 3);
    expect(sampled.state(address("f"))).toEqual({ status: "missing", why: "sampled" });
    const broken = await shelved({ pictures: LOGGED, brokenStep: 1 }, [address("c")], 3);
    expect(broken.state(address("c"))).toEqual({ status: "missing", why: "unread" });
    expect(broken.pictures.picture("a/nnviz", null, address("f"))).toEqual({
      status: "missing",
      why: "not-logged",
    });
  });

  test("are not asked for while the tab is hidden, nor once nobody wants them", async () => {
    const asked: number[] = [];
    const shelf = new PictureShelf((items) => {
      asked.push(...items.map(({ step }) => step));
      return Promise.resolve(items.map(({ step }) => pictureItem(LOGGED[step] ?? [], step)));
    }, 1e6);
    const { session } = await open({ a: { pictures: LOGGED } });
    const entry = session.derived.allRuns[0]?.tags.find(({ tag }) => tag === PICTURES);
    if (entry === undefined) throw new Error("there are no pictures");
    shelf.rest(true);
    shelf.want("card", [{ run: "a", entry, from: 3, addresses: [address("a")] }]);
    await settle();
    expect(asked).toEqual([]);
    shelf.rest(false);
    shelf.want("card", []);
    await settle();
    expect(asked).toEqual([]);
    shelf.want("card", [{ run: "a", entry, from: 3, addresses: [address("a")] }]);
    await settle();
    expect(asked).toEqual([3, 2, 1, 0]);
  });

  test("that are under way are asked for once, though the pointer leaves and comes back", async () => {
    const { session } = await open({ a: { pictures: LOGGED } });
    const entry = session.derived.allRuns[0]?.tags.find(({ tag }) => tag === PICTURES);
    if (entry === undefined) throw new Error("there are no pictures");
    const asked: number[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const shelf = new PictureShelf(async (items, _, signal) => {
      asked.push(...items.map(({ step }) => step));
      await held;
      signal.throwIfAborted();
      return items.map(({ step }) => pictureItem(LOGGED[step] ?? [], step));
    }, 1e6);
    const wish = { run: "a", entry, from: 3, addresses: [address("e")] };
    for (const wishes of [[wish], [], [wish], []]) {
      shelf.want("card", wishes);
      await settle();
    }
    shelf.rest(true);
    release();
    await settle();
    // Two are looked into at once.
    expect(asked).toEqual([3, 2]);
    shelf.rest(false);
    shelf.want("card", [wish]);
    await settle();
    expect(asked).toEqual([3, 2]);
    expect(shelf.picture("a", entry, address("e")).status).toBe("ready");
  });

  test("of a run that is gone come from another run that has them", async () => {
    const runs: Record<string, Run> = { a: { pictures: LOGGED }, b: { pictures: LOGGED } };
    const { session, asked } = await open(runs);
    const { pictures } = session.confusions;
    const entryOf = (run: string) =>
      session.derived.allRuns
        .find(({ name }) => name === run)
        ?.tags.find(({ tag }) => tag === PICTURES);
    const [first, second] = [entryOf("a"), entryOf("b")];
    if (first === undefined || second === undefined) throw new Error("there are no pictures");
    pictures.want("card", [{ run: "a/nnviz", entry: first, from: 3, addresses: [address("e")] }]);
    await settle();
    pictures.want("card", []);
    delete runs.a;
    session.reload();
    await settle();
    asked.length = 0;
    const left = entryOf("b") ?? second;
    expect(pictures.picture("b/nnviz", left, address("e")).status).toBe("pending");
    pictures.want("card", [{ run: "b/nnviz", entry: left, from: 3, addresses: [address("e")] }]);
    await settle();
    expect(asked).toEqual(["b/nnviz confusion/samples 3", "b/nnviz confusion/samples 2"]);
    expect(pictures.picture("b/nnviz", left, address("e"))).toMatchObject({ status: "ready" });
  });

  test("that are wanted are those of the samples with an address", async () => {
    const { session } = await open({ a: { pictures: LOGGED } });
    session.timeline.goTo(1);
    await settle();
    const view = viewOf(session);
    const [run] = view.runs;
    const { confusion } = shownOf(view);
    const samples = [1, 2, 99].map((index) => ({ index, cell: 0, confidence: 1 }));
    expect(run && pictureWish(run, samples)).toMatchObject({
      run: "a/nnviz",
      from: 1,
      addresses: [address("a"), address("b")],
    });
    expect(confusion.addresses.size).toBe(5);
  });
});

describe("the samples of other views", () => {
  const samplesOf = (session: Session) => {
    const [run] = session.derived.runs;
    if (run === undefined) throw new Error("there is no run");
    return sampleRefs(run, session.derived);
  };

  test("are asked for once, by whichever cards and however often, and not in a hidden tab", async () => {
    const { session, asked } = await open({ a: { samples: [address("a")] } });
    const { confusions } = session;
    const refs = samplesOf(session);
    asked.length = 0;
    session.setTabVisible(false);
    confusions.wantPanelSamples(TAG, refs);
    await settle();
    expect(asked).toEqual([]);
    session.setTabVisible(true);
    confusions.wantPanelSamples("other", refs);
    await settle();
    for (const wanted of [[], refs, [], refs]) {
      confusions.wantPanelSamples(TAG, wanted);
      await settle();
    }
    expect(asked.filter((each) => each.includes(SAMPLES))).toEqual(["a/nnviz samples 0"]);
    expect(refs.map((ref) => confusions.panelSample(ref).status)).toEqual(["ready"]);
  });

  test("are not asked for again where another view has them", async () => {
    const { session, asked } = await open({ a: { samples: [address("a")] } });
    const refs = samplesOf(session);
    session.confusions.wantPanelSamples(TAG, refs);
    await settle();
    session.confusions.wantPanelSamples(TAG, []);
    asked.length = 0;
    expect(refs.map((ref) => session.records.state(ref).status)).toEqual(["ready"]);
    session.confusions.wantPanelSamples(TAG, refs);
    await settle();
    expect(asked).toEqual([]);
  });
});

describe("a sample in other views", () => {
  test("is found by its address, and gone to", async () => {
    const { session } = await open({ a: {} });
    const tiles = paintTiles({
      axes: [
        { name: "sample", size: 2 },
        { name: "height", size: 8 },
        { name: "width", size: 8 },
      ],
      values: new Float32Array(128),
      precision: "uint8",
    });
    const [sample, ...rest] = tiles.header.axes;
    if (sample === undefined) throw new Error("there is no axis");
    const axes = [{ ...sample, addresses: [address("a"), address("b")] }, ...rest];
    const read = {
      status: "ready",
      tiles: { ...tiles, header: { ...tiles.header, axes } },
      fineError: null,
    } as const;
    const refs = [{ run: "a/nnviz", tag: "samples", step: 0, wallTime: 0 }];
    const place = panelPlace(refs, address("b"), () => read);
    expect(place).toMatchObject({ status: "ready", sample: 1, tag: "samples", run: refs[0]?.run });
    expect(panelPlace(refs, address("f"), () => read)).toEqual({ status: "none" });
    expect(panelPlace(refs, address("b"), () => ({ status: "pending" }))).toEqual({
      status: "pending",
    });
    goToSample(session, "activations", place);
    expect(session.state.value).toMatchObject({ view: "activations", sample: 1 });
    expect(session.pinned.value).toEqual({ tag: "samples", tile: 1 });
    expect(session.place.value).toEqual({ tag: "samples", offset: 0 });
    // This run has no card there that the sample could be in.
    goToSample(session, "attributions", place);
    expect([session.state.value.view, session.soughtSample.value]).toEqual(["attributions", null]);
  });
});

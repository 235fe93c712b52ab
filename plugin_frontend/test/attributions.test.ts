import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alphaFraction, alphasOf, alphaText, snapAlpha, stepAlpha } from "../src/model/alphas.js";
import {
  digestOfCard,
  entryOfCard,
  inputOfCard,
  readAttributionTag,
} from "../src/model/attribution_cards.js";
import {
  CARD_COLUMNS,
  type CardContent,
  layoutCard,
  widthOf,
} from "../src/model/attribution_layout.js";
import { orderSamples } from "../src/model/attribution_order.js";
import {
  classWords,
  errorText,
  flagWords,
  type Proof,
  probabilityText,
  proofOf,
  sumWords,
  verdictOf,
} from "../src/model/attribution_proof.js";
import type { RunEntry, Series, TagEntry } from "../src/model/parse_index.js";
import { curveLine, curveRange, curveX, curveY, valueAlong } from "../src/model/path_curve.js";
import type { Source } from "../src/model/record.js";
import { panelsOf, viewCounts } from "../src/model/runs.js";
import { sumMaps, summedOver, sumOverGrid, tileAt, tilesOfSum } from "../src/model/summed_tiles.js";
import type { Tiles } from "../src/model/tiles.js";
import type { Part } from "../src/state/attribution_parts.js";
import { proofLines } from "../src/state/export_attributions.js";
import { exactTiles } from "./decode.js";
import type { AxisSpec } from "./encode.js";

const ALPHAS = [0.0625, 0.125, 0.25, 0.5, 0.75, 1];
const text = (words: string): string => words.replaceAll("\u00a0", " ");

function tilesOf(axes: readonly AxisSpec[], values: readonly number[]): Tiles {
  return exactTiles({ axes, values: Float32Array.from(values), precision: "float32" });
}

function withStatistics(tiles: Tiles, rows: Readonly<Record<string, readonly number[]>>): Tiles {
  const statistics = new Map(tiles.statistics);
  for (const [name, row] of Object.entries(rows)) {
    statistics.set(name as Parameters<typeof statistics.set>[0], Float64Array.from(row));
  }
  return { ...tiles, statistics };
}

const PROOF: Proof = {
  target: 4,
  prediction: 4,
  probability: 0.984,
  outputAtInput: 8,
  outputAtBaseline: -0.24,
  sum: 8.22,
  completenessError: 0.002,
  refinementError: 0.011,
  evaluations: 17,
  converged: true,
  flags: 0,
};
const OUTPUTS = { label: "4", classNames: null, probabilities: null };

describe("α", () => {
  test("of an axis are its labels, or none where one is no place on the path", () => {
    const axis = (labels: readonly string[]) => ({
      name: "alpha",
      size: 2,
      fullSize: 2,
      labels,
      represents: null,
    });
    expect(alphasOf(axis(["0.25", "1"]))).toEqual([0.25, 1]);
    expect(alphasOf(axis(["0.25", "one"]))).toBeNull();
    expect(alphasOf(axis(["0.25", "1.5"]))).toBeNull();
    expect(alphasOf(axis(["0.25", ""]))).toBeNull();
    expect(alphasOf(axis(["0.25"]))).toBeNull();
    expect(alphasOf(undefined)).toBeNull();
  });

  test("snaps to the nearest that was logged, of two as near to the smaller", () => {
    expect(snapAlpha(ALPHAS, 0.3)).toBe(2);
    expect(snapAlpha(ALPHAS, 0.375)).toBe(2);
    expect(snapAlpha([0.5, 0.25], 0.375)).toBe(1);
    expect(snapAlpha(ALPHAS, 0)).toBe(0);
    expect(snapAlpha([], 0.5)).toBe(-1);
  });

  test("snaps to where no other is nearer, whatever was logged", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 1 }), share, (alphas, wanted) => {
        const found = Math.abs((alphas[snapAlpha(alphas, wanted)] ?? NaN) - wanted);
        expect(alphas.every((alpha) => Math.abs(alpha - wanted) >= found)).toBe(true);
      }),
    );
  });

  test("moves by one and stays at the ends", () => {
    expect(stepAlpha(ALPHAS, 0.5, 1)).toBe(0.75);
    expect(stepAlpha(ALPHAS, 0.5, -1)).toBe(0.25);
    expect(stepAlpha(ALPHAS, 1, 1)).toBe(1);
    expect(stepAlpha(ALPHAS, 0.0625, -1)).toBe(0.0625);
    expect(stepAlpha([], 0.5, 1)).toBe(0.5);
  });

  test("is written as a decimal, and as a fraction where it is one of sixteenths", () => {
    expect(ALPHAS.map(alphaText)).toEqual(["0.0625", "0.125", "0.25", "0.5", "0.75", "1"]);
    expect(ALPHAS.map(alphaFraction)).toEqual(["1/16", "1/8", "1/4", "1/2", "3/4", "1"]);
    expect([0, 0.1, 0.3125, 1 / 3].map(alphaFraction)).toEqual(["0", "0.1", "5/16", "0.3333"]);
  });
});

describe("what a map proves", () => {
  test("is read off the statistics of its sample, also where it has several tiles", () => {
    const rows = {
      target: [1, 1, 2, 2],
      converged: [1, 1, 0, 0],
      flags: [0, 0, 2, 2],
      attribution_sum: [3, 3, -5, -5],
    };
    const axes = [
      { name: "sample", size: 2 },
      { name: "channel", size: 2 },
      { name: "height", size: 1 },
      { name: "width", size: 2 },
    ];
    const tiles = withStatistics(tilesOf(axes, [0, 1, 2, 3, 4, 5, 6, 7]), rows);
    expect(proofOf(tiles, 1)).toMatchObject({ target: 2, converged: false, flags: 2, sum: -5 });
    expect(proofOf(tiles, 0)).toMatchObject({ target: 1, converged: true, refinementError: NaN });
    expect(proofOf(sumMaps(tiles), 1)).toEqual(proofOf(tiles, 1));
    expect(proofOf(tiles, 2)).toBeNull();
  });

  test("stands below an exported picture, a line a sample in the order of its rows", () => {
    const rows = {
      converged: [1, 0],
      flags: [0, 2],
      completeness_error: [0, 0.25],
      refinement_error: [0.045, 0.2],
      num_evaluations: [17, 512],
    };
    const axes = [
      { name: "sample", size: 2, labels: ["a", "b"] },
      { name: "height", size: 1 },
      { name: "width", size: 1 },
    ];
    const record = withStatistics(tilesOf(axes, [1, 2]), rows);
    const maps = { status: "ready", record, tiles: record, step: 0, other: null } as const;
    const lines = proofLines({ maps: maps as Part }, { order: [1, 0] });
    expect(lines.map((line) => line.replaceAll("\u00a0", " "))).toEqual([
      "b: not converged: map ≤ 20 %, completeness 25 % · 512 evaluations · cap on evaluations reached",
      "a: ✓ map ≤ 4.5 % · sum 0 % · 17 evaluations",
    ]);
    expect(proofLines({ maps: { status: "pending" } as Part }, { order: [0] })).toEqual([]);
  });

  test("is nothing where the record has none", () => {
    const axes = [
      { name: "sample", size: 1 },
      { name: "height", size: 1 },
      { name: "width", size: 1 },
    ];
    expect(proofOf(tilesOf(axes, [1]), 0)).toBeNull();
  });

  test("names label and prediction, and how probable what is explained is", () => {
    const words = (
      proof: Partial<Proof>,
      outputs: Partial<Parameters<typeof classWords>[1]> = {},
    ) =>
      classWords({ ...PROOF, ...proof }, { ...OUTPUTS, ...outputs }).map((each) => text(each.text));
    expect(words({})).toEqual(["label 4", "predicted 4 (98.4 %)"]);
    expect(words({ prediction: 9 })).toEqual(["label 4 (98.4 %)", "predicted 9"]);
    expect(words({ target: 7, prediction: 9 })).toEqual([
      "label 4",
      "predicted 9",
      "explained 7 (98.4 %)",
    ]);
    expect(words({ probability: NaN })).toEqual(["label 4", "predicted 4"]);
    expect(words({ target: NaN, probability: NaN })).toEqual([
      "label 4",
      "predicted 4",
      "explains a function",
    ]);
    // A regression has no classes: its output is what there is to say.
    expect(words({ target: NaN, prediction: NaN, probability: NaN, outputAtInput: 1.5 })).toEqual([
      "label 4",
      "output +1.500",
    ]);
    expect(words({}, { label: null })).toEqual(["predicted 4 (98.4 %)"]);
    // Nor has one of several values: the one that is explained is told by its place.
    const values = { target: 3, prediction: NaN, probability: NaN, outputAtInput: -1.5 };
    expect(words(values, { label: "0.13, −0.13" })).toEqual([
      "target 0.13, −0.13",
      "output 3: −1.500",
    ]);
    expect(words(values, { label: null, classNames: ["x", "y", "w", "h"] })).toEqual([
      "output h: −1.500",
    ]);
  });

  test("calls classes by their names and gives the prediction's own probability", () => {
    const outputs = {
      label: "cat",
      classNames: ["ant", "bee", "cat"],
      probabilities: (index: number) => [0.1, 0.7, 0.2][index] ?? NaN,
    };
    const proof = { ...PROOF, target: 2, prediction: 1, probability: 0.2 };
    const words = classWords(proof, outputs);
    expect(words.map((each) => text(each.text))).toEqual([
      "label cat (20.0 %)",
      "predicted bee (70.0 %)",
    ]);
    expect(words.map(({ isTarget }) => isTarget)).toEqual([true, false]);
  });

  test("sets the sum against the difference of the outputs, with signs", () => {
    expect(sumWords(PROOF)).toEqual(["Σ +8.220", "F(x) − F(x′) +8.240"]);
    expect(sumWords({ ...PROOF, sum: -14.678, outputAtInput: NaN })).toEqual([
      "Σ −14.68",
      "F(x) − F(x′) NaN",
    ]);
  });

  test("says both errors, then how many evaluations they took", () => {
    const converged = verdictOf(PROOF);
    expect(converged.kind).toBe("converged");
    expect(text(converged.text)).toBe("✓ map ≤ 1.1 % · sum 0.20 % · 17 evaluations");
    const proof = { ...PROOF, converged: false, refinementError: 0.07, completenessError: 0.04 };
    const not = verdictOf({ ...proof, evaluations: 129 });
    expect(not.kind).toBe("not-converged");
    expect(text(not.text)).toBe("not converged: map ≤ 7.0 %, completeness 4.0 % · 129 evaluations");
  });

  test("never bounds by an error that is no number", () => {
    const proof = { ...PROOF, converged: false, refinementError: NaN, completenessError: Infinity };
    const { text: words, title } = verdictOf({ ...proof, evaluations: 1 });
    expect(text(words)).toBe("not converged: map unknown, completeness ∞ · 1 evaluation");
    expect(title).toContain("an unknown share");
    expect(title).toContain("more than can be told");
    expect(verdictOf({ ...proof, refinementError: 0.00001 }).text).toContain("map < 0.01");
  });

  test.each([
    [0, "0 %"],
    [0.00001, "< 0.01 %"],
    [0.002, "0.20 %"],
    [0.011, "1.1 %"],
    [0.0999, "10 %"],
    [0.7, "70 %"],
    [2.5, "250 %"],
    [12345, "1.2e6 %"],
    [Infinity, "∞"],
    [NaN, "unknown"],
  ])("an error of %d is %s", (share, words) => {
    expect(text(errorText(share))).toBe(words);
  });

  test.each([
    [0, "0.0 %"],
    [0.0001, "< 0.1 %"],
    [0.984, "98.4 %"],
    [0.99999, "> 99.9 %"],
    [1, "100.0 %"],
  ])("a probability of %d is %s", (share, words) => {
    expect(text(probabilityText(share))).toBe(words);
  });

  test("tells the reason of each flag, and of those it does not know", () => {
    const words = (flags: number) => flagWords(flags).map((each) => each.text);
    expect(words(0)).toEqual([]);
    expect(words(NaN)).toEqual([]);
    expect(words(1)).toEqual(["F(x) ≈ F(x′)"]);
    expect(words(2)).toEqual(["cap on evaluations reached"]);
    expect(words(4)).toEqual(["no gradient path"]);
    expect(words(8)).toEqual(["NaN or ∞ met"]);
    expect(words(2 + 8)).toEqual(["cap on evaluations reached", "NaN or ∞ met"]);
    expect(words(1 + 64)).toEqual(["F(x) ≈ F(x′)", "flag 64"]);
    expect(flagWords(15).every(({ title }) => title.length > 40)).toBe(true);
  });
});

describe("sums", () => {
  const COLOUR = [
    { name: "sample", size: 2 },
    { name: "height", size: 1 },
    { name: "width", size: 2 },
    { name: "color", size: 3 },
  ];

  test("of colours are one number a place, with statistics of their own", () => {
    const tiles = tilesOf(COLOUR, [1, 2, 3, -1, -1, -1, 0, 0, 0, 4, -4, NaN]);
    const summed = sumMaps(tiles);
    expect(summed.shape).toEqual({ tiles: 2, height: 1, width: 2, channels: 1 });
    expect(summed.payload).toMatchObject({ values: Float32Array.of(6, -3, 0, NaN) });
    expect([...(summed.statistics.get("min") ?? [])]).toEqual([-3, 0]);
    expect([...(summed.statistics.get("max") ?? [])]).toEqual([6, 0]);
    expect([...(summed.statistics.get("nan_count") ?? [])]).toEqual([0, 1]);
    expect(summed.statistics.get("l2_norm")?.[0]).toBeCloseTo(Math.sqrt(45));
    expect(summedOver(tiles.header)).toEqual(["colour"]);
    expect(sumMaps(tiles)).toBe(summed);
    expect(sumOverGrid(tiles)).toBe(tiles);
  });

  test("of channels keep sample and α apart, wherever the axis stands", () => {
    const axes = [
      { name: "sample", size: 2 },
      { name: "alpha", size: 2 },
      { name: "channel", size: 2 },
      { name: "height", size: 1 },
      { name: "width", size: 1 },
    ];
    const tiles = tilesOf(axes, [1, 2, 10, 20, 100, 200, 1000, 2000]);
    expect(sumMaps(tiles).payload).toMatchObject({ values: Float32Array.of(3, 30, 300, 3000) });
    expect(tilesOfSum(tiles, 2)).toEqual([4, 5]);
    expect(summedOver(tiles.header)).toEqual(["channel"]);
    const kept = sumMaps(tiles).header.axes.slice(0, 2);
    expect(tileAt(kept, { sample: 1, alpha: 0 })).toBe(2);
  });

  test("are the record itself where there is nothing to add", () => {
    const tiles = tilesOf(
      [
        { name: "sample", size: 1 },
        { name: "height", size: 1 },
        { name: "width", size: 2 },
      ],
      [1, 2],
    );
    expect(sumMaps(tiles)).toBe(tiles);
  });

  test("are told from zero as soon as one of their parts is", () => {
    const axes = [
      { name: "sample", size: 1 },
      { name: "channel", size: 2 },
      { name: "height", size: 1 },
      { name: "width", size: 2 },
    ];
    const change = tilesOf(axes, [0, 0, 0, 1]);
    const unresolved = { mask: Uint8Array.of(1, 1, 1, 0), count: 3 };
    expect(sumMaps({ ...change, unresolved }).unresolved).toEqual({
      mask: Uint8Array.of(1, 0),
      count: 1,
    });
  });
});

describe("the order of samples", () => {
  const maps = withStatistics(
    tilesOf(
      [
        { name: "sample", size: 4 },
        { name: "height", size: 1 },
        { name: "width", size: 2 },
      ],
      [1, 1, 3, -3, 0, 0, 2, 2],
    ),
    { refinement_error: [0.01, 0.2, NaN, 0.01], change_since_start: [3, 1, 2, 2] },
  );

  test.each([
    ["index", [0, 1, 2, 3]],
    ["norm", [1, 3, 0, 2]],
    ["change", [0, 2, 3, 1]],
    ["variance", [1, 0, 2, 3]],
    ["dead", [2, 0, 3, 1]],
    ["error", [2, 1, 0, 3]],
  ] as const)("by %s is %j", (sort, order) => {
    expect(orderSamples(maps, 4, sort)).toEqual(order);
  });

  test("is that of the index until the maps are here, and for those they lack", () => {
    expect(orderSamples(null, 3, "norm")).toEqual([0, 1, 2]);
    expect(orderSamples(maps, 5, "error")).toEqual([2, 1, 0, 3, 4]);
  });
});

describe("the curve", () => {
  const room = { width: 110, height: 60, margin: 5 };

  test("spans what all runs reach, and something where nothing changes", () => {
    const curve = (...values: number[]) => ({ alphas: [0, 1], values });
    expect(curveRange([curve(1, 3), curve(-2, 2)])).toEqual({ lo: -2, hi: 3 });
    expect(curveRange([curve(2, 2)])).toEqual({ lo: 1, hi: 3 });
    expect(curveRange([curve(NaN, Infinity)])).toBeNull();
    expect(curveRange([])).toBeNull();
  });

  test("runs from left to right, the greatest value on top", () => {
    const range = { lo: 0, hi: 2 };
    expect([curveX(0, room), curveX(1, room)]).toEqual([5, 105]);
    expect([curveY(0, range, room), curveY(2, range, room)]).toEqual([55, 5]);
    expect(curveLine({ alphas: [0, 0.5, 1], values: [0, 1, 2] }, range, room)).toBe(
      "M5 55L55 30L105 5",
    );
  });

  test("is parted where a value is none", () => {
    const curve = { alphas: [0, 0.25, 0.5, 1], values: [0, NaN, 1, 2] };
    expect(curveLine(curve, { lo: 0, hi: 2 }, room)).toBe("M5 55M55 30L105 5");
  });

  test("has the logged values, and between them what lies on the line", () => {
    const curve = { alphas: [0, 0.5, 1], values: [0, 4, 2] };
    expect([0, 0.25, 0.5, 0.75, 1].map((alpha) => valueAlong(curve, alpha))).toEqual([
      0, 2, 4, 3, 2,
    ]);
    expect(valueAlong(curve, 1.5)).toBeNaN();
    expect(valueAlong({ alphas: [0.5, 1], values: [1, 2] }, 0.25)).toBeNaN();
  });
});

describe("the rows of a card", () => {
  const content: CardContent = {
    map: { height: 28, width: 28 },
    input: { height: 28, width: 28 },
    hasOverlay: true,
    alphas: 1,
    hasSpread: false,
    baselines: 0,
    runs: 1,
  };

  test("fill the width and no more, from a small screen to a very large one", () => {
    for (const alphas of [1, 6]) {
      for (const available of [963, 1280, 1600, 2200, 3400]) {
        const layout = layoutCard({ ...content, alphas }, available, "auto");
        expect(widthOf(layout)).toBe(available);
        expect(layout.map.zoom % 1).toBe(0);
        expect(layout.interior?.zoom).toBeGreaterThanOrEqual(1);
      }
    }
  });

  test("have larger maps where there is more room", () => {
    const zooms = [963, 2200, 3400].map(
      (available) => layoutCard(content, available, "auto").map.zoom,
    );
    expect(zooms).toEqual([4, 5, 6]);
    expect(layoutCard(content, 1600, "small").map.zoom).toBe(2);
    expect(layoutCard(content, 1600, "large").map.zoom).toBe(6);
  });

  test("hold a line for each run, as high for all of them", () => {
    const one = layoutCard(content, 1280, "auto");
    const three = layoutCard({ ...content, runs: 3 }, 1280, "auto");
    expect(three.line).toBeGreaterThan(one.line);
    expect(three.row - one.row).toBeGreaterThan(2 * one.line);
    expect(three.columns).toEqual(one.columns);
  });

  test("have a column for what is there and none for the rest", () => {
    const bare = layoutCard({ ...content, hasOverlay: false }, 1280, "auto");
    expect(CARD_COLUMNS.filter((name) => bare.columns[name] > 0)).toEqual([
      "input",
      "map",
      "interior",
      "curve",
      "proof",
    ]);
    const whole = layoutCard({ ...content, hasSpread: true, baselines: 2 }, 1600, "auto");
    expect(CARD_COLUMNS.every((name) => whole.columns[name] > 0)).toBe(true);
    expect(whole.baselines?.tiles).toBe(2);
  });

  test("keep a column that says that there is no input, or no interior gradient", () => {
    const layout = layoutCard({ ...content, input: null, alphas: 0 }, 1280, "auto");
    expect([layout.input, layout.interior]).toEqual([null, null]);
    expect(Math.min(layout.columns.input, layout.columns.interior)).toBeGreaterThan(80);
  });

  test("put strips of several α below one another", () => {
    const strip = { height: 1, width: 24 };
    const layout = layoutCard(
      { ...content, map: strip, input: strip, hasOverlay: false, alphas: 6 },
      1280,
      "auto",
    );
    expect(layout.interior?.columns).toBe(1);
    expect(layout.interior?.rows).toBe(6);
  });

  test("have their proof, then their curve below the maps where it does not fit beside them", () => {
    const twoRuns = { ...content, runs: 2 };
    expect(layoutCard(twoRuns, 963, "auto").below).toEqual([]);
    for (const [available, below] of [
      [594, ["proof"]],
      [334, ["curve", "proof"]],
    ] as const) {
      const layout = layoutCard(twoRuns, available, "auto");
      expect(layout.below).toEqual(below);
      expect(widthOf(layout)).toBe(available);
      const { columns, lines, line } = layout;
      // All that stands beside the input.
      expect(columns.proof).toBe(available - columns.input - 14);
      expect(line).toBe(lines.reduce((sum, each) => sum + each, 10 * (lines.length - 1)));
      expect(layout.row).toBe(2 * line + 10 + 20);
    }
  });

  test("have room for the titles of their columns, however small the maps are", () => {
    for (const available of [334, 594, 700, 900]) {
      const { columns } = layoutCard(content, available, "auto");
      // ATTRIBUTION, 74 pixels wide.
      expect(columns.map).toBeGreaterThan(74);
    }
  });

  test("are wider than a screen that is too small, rather than left out", () => {
    const layout = layoutCard({ ...content, alphas: 6 }, 334, "auto");
    expect(widthOf(layout)).toBeGreaterThan(334);
  });
});

describe("cards", () => {
  const SERIES: Series = { steps: [0], wallTimes: [1], logged: 1 };
  const entry = (tag: string, samplesDigest: string | null): TagEntry => ({
    tag,
    kind: "tiles",
    view: "attributions",
    source: {
      variablePath: null,
      layerPath: null,
      layerIndex: null,
      layerType: null,
      role: null,
      variableShape: null,
      samplesDigest,
    } satisfies Source,
    series: SERIES,
  });
  const run = (name: string, digest: string | null, tags: readonly string[]): RunEntry => ({
    run: `${name}/nnviz`,
    name,
    tags: tags.map((tag) => entry(`attributions/${tag}`, digest)),
    series: [SERIES],
    notices: [],
    skipped: [],
  });
  const ALL = ["integrated_gradients", "interior_gradients", "path_outputs", "scores"];

  test("read the parts of a tag, and the input after it", () => {
    expect(readAttributionTag("attributions/spread")).toEqual({ part: "spread", input: "" });
    expect(readAttributionTag("attributions/spread/a/b")).toEqual({ part: "spread", input: "a/b" });
    expect(readAttributionTag("attributions/other")).toBeNull();
    expect(readAttributionTag("weights/spread")).toBeNull();
  });

  test("join all tags of the runs on the same samples", () => {
    const runs = [
      run("a", "gray", ALL),
      run("b", "gray", ALL.slice(0, 1)),
      run("c", "colour", ALL),
    ];
    const cards = panelsOf(runs, "attributions");
    expect(cards.map(({ kind }) => kind)).toEqual(["attributions", "attributions"]);
    expect(cards.map(digestOfCard)).toEqual(["gray", "colour"]);
    const names = (card: number): readonly string[] => [
      ...new Set(cards[card]?.members.map((member) => member.run.name)),
    ];
    expect([names(0), names(1)]).toEqual([["a", "b"], ["c"]]);
    const [first] = cards;
    expect(first && entryOfCard(first, "a/nnviz", "scores")?.tag).toBe("attributions/scores");
    expect(first && entryOfCard(first, "b/nnviz", "scores")).toBeNull();
    expect(new Set(cards.map(({ tag }) => tag)).size).toBe(2);
    expect(viewCounts(runs, runs).get("attributions")).toBe(2);
  });

  test("are one for each input, which share what is of the whole model", () => {
    const tags = ["image", "numbers"].flatMap((input) => [
      `integrated_gradients/${input}`,
      `interior_gradients/${input}`,
    ]);
    const cards = panelsOf([run("a", "x", [...tags, "path_outputs"])], "attributions");
    expect(cards.map(inputOfCard)).toEqual(["image", "numbers"]);
    expect(cards.map(({ members }) => members.length)).toEqual([3, 3]);
  });

  test("of runs whose samples are not known are apart", () => {
    const runs = [run("a", null, ALL), run("b", null, ALL)];
    expect(panelsOf(runs, "attributions")).toHaveLength(2);
  });

  test("leave what belongs to none as panels of their own", () => {
    const runs = [run("a", "gray", ALL), run("b", "gray", ["interior_gradients", "later"])];
    const panels = panelsOf(runs, "attributions");
    expect(panels.map(({ kind, members }) => [kind, members.length])).toEqual([
      ["attributions", 4],
      ["tiles", 1],
      ["tiles", 1],
    ]);
  });
});

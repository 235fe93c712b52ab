import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accuracyOf,
  changedCells,
  changeOf,
  comparable,
  countAt,
  errorsOf,
  f1Of,
  hasWeights,
  largestChange,
  matrixOf,
  precisionOf,
  recallOf,
  shareAt,
} from "../src/model/confusion_counts.js";
import {
  binaryScores,
  labelAccuracy,
  labelScores,
  microScores,
} from "../src/model/confusion_labels.js";
import { changedPairs, confusedPairs } from "../src/model/confusion_pairs.js";
import { confusionOf } from "./encode_confusion.js";

const NAMES = ["ant", "bee", "cat"];
// Rows: 6 ants of which 4 are seen as such; 5 bees, all; 9 cats, 3 as such, 5 as ants, 1 as bee.
const COUNTS = [4, 0, 2, 0, 5, 0, 5, 1, 3];

describe("a matrix of classes", () => {
  test("has shares of the true class, recall, precision and accuracy", async () => {
    const matrix = matrixOf(await confusionOf({ names: NAMES, counts: COUNTS }), false);
    expect(countAt(matrix, 2, 0)).toBe(5);
    expect(countAt(matrix, 0, 1)).toBe(0);
    // 5 of 9 cats.
    expect(shareAt(matrix, 2, 0)).toBeCloseTo(5 / 9, 12);
    expect([0, 1, 2].map((row) => recallOf(matrix, row))).toEqual([4 / 6, 1, 3 / 9]);
    // 9 are taken for ants, 6 for bees, 5 for cats.
    expect([0, 1, 2].map((column) => precisionOf(matrix, column))).toEqual([4 / 9, 5 / 6, 3 / 5]);
    // 12 of 20.
    expect(accuracyOf(matrix)).toBe(0.6);
    // Ants: 2 seen as others, 5 others seen as ants.
    expect([0, 1, 2].map((index) => errorsOf(matrix, index))).toEqual([7, 1, 8]);
  });

  test("has no recall of a class without samples, and no precision of one never predicted", async () => {
    const matrix = matrixOf(await confusionOf({ names: ["a", "b"], counts: [3, 0, 0, 0] }), false);
    expect(recallOf(matrix, 1)).toBeNaN();
    expect(precisionOf(matrix, 1)).toBeNaN();
    expect(shareAt(matrix, 1, 0)).toBeNaN();
    const empty = matrixOf(await confusionOf({ names: ["a", "b"], counts: [0, 0, 0, 0] }), false);
    expect(accuracyOf(empty)).toBeNaN();
  });

  test("adds up weights where these are asked for", async () => {
    const weights = [2, 0, 1, 0, 10, 0, 0.5, 0.5, 6];
    const confusion = await confusionOf({ names: NAMES, counts: COUNTS, weights });
    expect(hasWeights(confusion)).toBe(true);
    const matrix = matrixOf(confusion, true);
    expect(matrix.total).toBe(20);
    // (2 + 10 + 6) of 20.
    expect(accuracyOf(matrix)).toBe(0.9);
    expect(recallOf(matrix, 2)).toBeCloseTo(6 / 7, 12);
    expect(matrixOf(confusion, false).total).toBe(20);
    expect(accuracyOf(matrixOf(confusion, false))).toBe(0.6);
    expect(matrixOf(confusion, true)).toBe(matrix);
    expect(hasWeights(await confusionOf({ names: NAMES, counts: COUNTS }))).toBe(false);
  });

  test("keeps only cells with samples: a thousand classes make no million numbers", async () => {
    const size = 1000;
    const counts = new Array<number>(size * size).fill(0);
    for (let index = 0; index < size; index++) counts[index * size + index] = 1;
    const names = Array.from({ length: size }, (_, index) => String(index));
    const matrix = matrixOf(await confusionOf({ names, counts }), false);
    expect(matrix.counts.size).toBe(size);
    expect(accuracyOf(matrix)).toBe(1);
  });

  test("lists pairs of different classes, the most first, of as many the larger share", async () => {
    // 2 of 6 ants are cats; 2 of 4 cats are bees.
    const counts = [4, 0, 2, 1, 5, 0, 0, 2, 2];
    const pairs = confusedPairs(matrixOf(await confusionOf({ names: NAMES, counts }), false));
    expect(pairs.map(({ row, column, count }) => [row, column, count])).toEqual([
      [2, 1, 2],
      [0, 2, 2],
      [1, 0, 1],
    ]);
    expect(pairs[0]?.share).toBe(0.5);
  });
});

describe("a difference of matrices", () => {
  test("is of counts and of shares, whose largest the colours span", async () => {
    const before = await confusionOf({ names: NAMES, counts: COUNTS });
    const now = await confusionOf({ names: NAMES, counts: [6, 0, 0, 0, 5, 0, 2, 1, 6] });
    const [shown, reference] = [matrixOf(now, false), matrixOf(before, false)];
    expect([...changedCells(shown, reference)].sort((a, b) => a - b)).toEqual([0, 2, 6, 8]);
    // Ants: 4 of 6 to 6 of 6. Cats: 3 of 9 to 6 of 9, 5 of 9 to 2 of 9.
    expect(largestChange(shown, reference)).toBeCloseTo(1 / 3, 12);
    expect(changedCells(shown, shown)).toEqual([]);
    expect(largestChange(shown, shown)).toBe(0);
  });

  test("is also of cells whose numbers stay while others of their class come or go", async () => {
    const before = await confusionOf({ names: ["ant", "bee"], counts: [2, 2, 0, 1] });
    const now = await confusionOf({ names: ["ant", "bee"], counts: [2, 0, 0, 1] });
    const [shown, reference] = [matrixOf(now, false), matrixOf(before, false)];
    // Of two ants in four are two in two.
    expect([...changedCells(shown, reference)].sort((a, b) => a - b)).toEqual([0, 1]);
    const three = await confusionOf({ names: NAMES, counts: [2, 1, 1, 0, 1, 0, 0, 0, 1] });
    const less = await confusionOf({ names: NAMES, counts: [2, 0, 0, 0, 1, 0, 0, 0, 1] });
    // Half of the ants, then all of them; of the others a quarter, then none.
    expect(largestChange(matrixOf(less, false), matrixOf(three, false))).toBe(0.5);
  });

  test("counts what was not known as nothing, and knows nothing where neither is", () => {
    expect(changeOf(0.5, NaN)).toBe(0.5);
    expect(changeOf(NaN, 0.25)).toBe(-0.25);
    expect(changeOf(NaN, NaN)).toBeNaN();
  });

  test("is refused where the classes are others, with the reason", async () => {
    const three = await confusionOf({ names: NAMES, counts: COUNTS });
    const two = await confusionOf({ names: ["ant", "bee"], counts: [1, 0, 0, 1] });
    const renamed = await confusionOf({ names: ["ant", "bee", "cow"], counts: COUNTS });
    const labels = await confusionOf({ names: NAMES, counts: COUNTS, task: "multi_label" });
    expect(comparable(three, three)).toEqual({ status: "ready" });
    const why = (other: typeof two): string => {
      const found = comparable(other, three);
      return found.status === "refused" ? found.message : "none";
    };
    expect(why(two)).toBe("No difference: The number of classes is 2 now, and was 3.");
    expect(why(renamed)).toBe("No difference: Class 2 is “cow” now, and was “cat”.");
    expect(why(labels)).toContain("several labels a sample now");
  });
});

describe("labels", () => {
  // True and predicted: neither, only predicted, only true, both.
  const counts = [50, 10, 5, 35, 90, 0, 10, 0];

  test("have precision, recall and F1 of their own", async () => {
    const confusion = await confusionOf({ names: ["sky", "car"], counts, task: "multi_label" });
    const [sky, car] = labelScores(confusion, false);
    expect(sky).toMatchObject({ tn: 50, fp: 10, fn: 5, tp: 35, support: 40, errors: 15 });
    // 35 of 45 predicted, 35 of 40 true, 2·35 / (2·35 + 10 + 5) = 70/85.
    expect([sky?.precision, sky?.recall, sky?.f1]).toEqual([35 / 45, 35 / 40, 70 / 85]);
    // Never predicted: no precision; F1 is 0.
    expect([car?.precision, car?.recall, car?.f1]).toEqual([NaN, 0, 0]);
    const micro = microScores([sky, car].flatMap((each) => each ?? []));
    expect([micro.tp, micro.fp, micro.fn, micro.tn]).toEqual([35, 10, 15, 140]);
    // (140 + 35) of 200 pairs.
    expect(labelAccuracy(micro)).toBe(0.875);
    expect(labelScores(confusion, false)[0]).toBe(sky);
  });

  test("of two classes the second is the one that is looked for", async () => {
    const confusion = await confusionOf({
      names: ["ham", "spam"],
      counts: [80, 5, 3, 12],
      task: "binary",
      threshold: 0.5,
    });
    const scores = binaryScores(confusion, false);
    expect(scores).toMatchObject({ name: "spam", tn: 80, fp: 5, fn: 3, tp: 12 });
    expect([scores.precision, scores.recall]).toEqual([12 / 17, 12 / 15]);
  });

  test("F1 of nothing at all is not known", () => {
    expect(f1Of(0, 0, 0)).toBeNaN();
    expect(f1Of(1, 0, 1)).toBeCloseTo(2 / 3, 12);
  });
});

describe("mistakes gained and lost", () => {
  const countsOf = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });

  test("are the pairs of which there are more or fewer, the most first, and none of a confusion itself", async () => {
    const matrix = async (counts: readonly number[]) =>
      matrixOf(await confusionOf({ names: ["a", "b", "c"], counts }), false);
    const then = await matrix([5, 1, 4, 0, 9, 1, 3, 3, 4]);
    const now = await matrix([5, 3, 2, 1, 9, 0, 3, 0, 7]);
    const { gained, lost } = changedPairs(now, then);
    expect(gained.map(({ row, column, change }) => [row, column, change])).toEqual([
      [0, 1, 2],
      [1, 0, 1],
    ]);
    expect(lost.map(({ row, column, change }) => [row, column, change])).toEqual([
      [2, 1, -3],
      [0, 2, -2],
      [1, 2, -1],
    ]);
    expect(gained[0]?.changeOfShare).toBeCloseTo(0.2);
    expect(changedPairs(now, now)).toEqual({ gained: [], lost: [] });
  });

  test("are each other, seen from the other side", async () => {
    await fc.assert(
      fc.asyncProperty(countsOf, countsOf, async (one, other) => {
        const [a, b] = await Promise.all(
          [one, other].map(async (counts) =>
            matrixOf(await confusionOf({ names: ["a", "b", "c"], counts }), false),
          ),
        );
        if (a === undefined || b === undefined) throw new Error("there is no matrix");
        const there = changedPairs(a, b);
        const back = changedPairs(b, a);
        const cells = (pairs: readonly { row: number; column: number }[]) =>
          pairs.map(({ row, column }) => 3 * row + column).sort();
        expect(cells(there.gained)).toEqual(cells(back.lost));
        expect(cells(there.lost)).toEqual(cells(back.gained));
      }),
    );
  });

  test("of unequally many samples are compared by their share of the true class", async () => {
    const one = await confusionOf({
      names: ["a", "b", "c"],
      counts: [8, 2, 0, 0, 10, 0, 0, 0, 10],
    });
    const more = await confusionOf({
      names: ["a", "b", "c"],
      counts: [90, 10, 0, 0, 99, 1, 0, 0, 100],
    });
    const { gained, lost } = changedPairs(matrixOf(one, false), matrixOf(more, false));
    expect(gained.map(({ row, column }) => [row, column])).toEqual([[0, 1]]);
    expect(lost.map(({ row, column }) => [row, column])).toEqual([[1, 2]]);
  });
});

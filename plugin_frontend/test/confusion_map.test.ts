import { describe, expect, test } from "vitest";
import { mapColour } from "../src/model/confusion_colours.js";
import { matrixOf } from "../src/model/confusion_counts.js";
import { paintedCells } from "../src/render/confusion_map.js";
import { confusionOf } from "./encode_confusion.js";

const NAMES = ["ant", "bee"];
const LOOK = { mostChange: 1, theme: "light" } as const;

describe("the cells of a map", () => {
  test("have the colours of its legend, the strongest last", async () => {
    const matrix = matrixOf(await confusionOf({ names: NAMES, counts: [3, 1, 0, 2] }), false);
    const painted = paintedCells({ ...LOOK, matrix, reference: null });
    expect(painted).toEqual([
      { row: 0, column: 1, strength: 0.25, colour: mapColour(0.25, false, "light") },
      { row: 0, column: 0, strength: 0.75, colour: mapColour(0.75, true, "light") },
      { row: 1, column: 1, strength: 1, colour: mapColour(1, true, "light") },
    ]);
  });

  test("are none where all that samples weigh is nothing", async () => {
    const spec = { names: NAMES, counts: [3, 1, 1, 2], weights: [0, 0, 0, 2] };
    const matrix = matrixOf(await confusionOf(spec), true);
    const painted = paintedCells({ ...LOOK, matrix, reference: null });
    expect(painted.map(({ row, column }) => [row, column])).toEqual([[1, 1]]);
  });

  test("that have changed in their share are painted with it", async () => {
    const [before, now] = await Promise.all(
      [
        [2, 2, 0, 1],
        [2, 0, 0, 1],
      ].map((counts) => confusionOf({ names: NAMES, counts })),
    );
    if (before === undefined || now === undefined) throw new Error("there is no confusion");
    const [matrix, reference] = [matrixOf(now, false), matrixOf(before, false)];
    const painted = paintedCells({ ...LOOK, matrix, reference });
    expect(painted.map(({ row, column, strength }) => [row, column, strength])).toEqual([
      [0, 0, 0.5],
      [0, 1, 0.5],
    ]);
  });
});

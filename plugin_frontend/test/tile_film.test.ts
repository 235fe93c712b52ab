import { describe, expect, test } from "vitest";
import { DEFAULT_DISPLAY, type Scale } from "../src/model/display.js";
import { type FilmStep, filmScale } from "../src/state/tile_film.js";
import { exactTiles } from "./decode.js";

/** A picture of two cells. */
const picture = (low: number, high: number) => ({
  step: 0,
  isEarlier: false,
  shown: {
    status: "ready" as const,
    tiles: exactTiles({
      axes: [
        { name: "unit", size: 1 },
        { name: "height", size: 1 },
        { name: "width", size: 2 },
      ],
      values: Float32Array.of(low, high),
      precision: "float32",
    }),
  },
});
const waiting = { step: 1, isEarlier: false, shown: { status: "pending" as const } };
const lacking = { step: 1, isEarlier: false, shown: { status: "refused" as const, message: "" } };

/** Two runs; the panels' range is that of the shown step, the first. */
const STEPS: readonly FilmStep[] = [
  [picture(-1, 2), picture(0, 1)],
  [picture(-3, 1), picture(-5, 0)],
  [waiting, lacking],
  [null, picture(0, 4)],
].map((cells, pointIndex) => ({ pointIndex, isShown: pointIndex === 0, cells }));
const column = (rule: "symmetric" | "min-max") => ({
  colouring: { table: "viridis" as const, rule },
  range: { lo: -2, hi: 2 },
});

function scaleOf(scale: Scale, rule: "symmetric" | "min-max" = "min-max", isPictures = false) {
  const view = { columns: [column(rule), column(rule)], display: { ...DEFAULT_DISPLAY, scale } };
  return filmScale(STEPS, view, isPictures);
}

describe("the scale of a film strip", () => {
  test("holds the values of all its pictures in all runs where runs share one", () => {
    const { ranges, scale } = scaleOf("shared");
    expect(ranges).toEqual([
      { lo: -5, hi: 4 },
      { lo: -5, hi: 4 },
    ]);
    expect(scale).toBe("one scale over the 4 steps shown here and all runs: −5 … +4");
    expect(scaleOf("shared", "symmetric").ranges[0]).toEqual({ lo: -5, hi: 5 });
  });

  test.each(["per-run", "per-tile"] as const)("is each run’s over all its steps, %s", (name) => {
    const { ranges, scale } = scaleOf(name);
    expect(ranges).toEqual([
      { lo: -3, hi: 2 },
      { lo: -5, hi: 4 },
    ]);
    expect(scale).toBe("a scale for each run, over the 4 steps shown here");
  });

  test("is that of the panels where these have one over all steps", () => {
    expect(scaleOf("fixed").ranges).toEqual([
      { lo: -2, hi: 2 },
      { lo: -2, hi: 2 },
    ]);
  });

  test("is each run’s own for pictures, whatever is chosen for values", () => {
    expect(scaleOf("shared", "min-max", true).ranges[0]).toEqual({ lo: -3, hi: 2 });
    expect(scaleOf("fixed", "min-max", true).ranges[0]).toEqual({ lo: -3, hi: 2 });
  });
});

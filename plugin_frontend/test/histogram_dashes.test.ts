import { describe, expect, test } from "vitest";
import { dashOf, plotDash } from "../src/components/histogram_dashes.js";

const series = (run: string, layer = 0) => ({ run: { run }, layer });

describe("dashes", () => {
  test("tell runs of the same colour apart, and leave the first of each colour solid", () => {
    const colours = new Map(["a", "b", "c", "d", "e"].map((run, at) => [run, at % 2 ? "x" : "y"]));
    const all = [...colours.keys()].map((run) => series(run));
    // Colours y x y x y: their first, first, second, second and third run.
    expect(all.map((each) => plotDash(each, all, colours))).toEqual(
      [0, 0, 1, 1, 2].map((round) => dashOf(round)),
    );
    expect(new Set([0, 1, 2].map((round) => dashOf(round))).size).toBe(3);
  });

  test("tell layers apart where a plot has several, whatever the runs' colours", () => {
    const colours = new Map([
      ["a", "x"],
      ["b", "x"],
    ]);
    const all = [series("a"), series("a", 1), series("b"), series("b", 1)];
    expect(all.map((each) => plotDash(each, all, colours))).toEqual(
      [0, 1, 0, 1].map((layer) => dashOf(layer)),
    );
  });
});

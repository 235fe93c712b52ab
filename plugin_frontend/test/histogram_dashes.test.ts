import { describe, expect, test } from "vitest";
import { dashOf, isFilled, plotDash, runDashes } from "../src/components/histogram_dashes.js";

const series = (run: string, layer = 0) => ({ run: { run }, layer });

describe("areas", () => {
  test("of more than six runs are not filled, of however many layers", () => {
    const runs = (count: number) =>
      Array.from({ length: count }, (_, at) => [series(`${at}`), series(`${at}`, 1)]).flat();
    expect(isFilled({ series: runs(6) })).toBe(true);
    expect(isFilled({ series: runs(7) })).toBe(false);
  });
});

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

  test("are of no run where no two of those drawn have the same colour", () => {
    const runs = ["a", "b", "c"].map((run) => ({ run }));
    const own = new Map(runs.map(({ run }) => [run, `colour of ${run}`]));
    expect(runDashes(runs, own).size).toBe(0);
    const shared = runDashes(runs, new Map([...own, ["c", "colour of a"]]));
    expect([...shared]).toEqual([
      ["a", ""],
      ["b", ""],
      ["c", dashOf(1)],
    ]);
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

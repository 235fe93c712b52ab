import { describe, expect, test } from "vitest";
import { groupNotices, skippedOf } from "../src/model/notices.js";
import type { RunEntry, TagEntry } from "../src/model/parse_index.js";
import {
  assignColours,
  isSelected,
  longestSeries,
  panelsOf,
  parseRunFilter,
  RUN_COLOURS,
  shownRuns,
  viewCounts,
} from "../src/model/runs.js";

const series = { steps: [0, 1], wallTimes: [5, 6], logged: 2 };
const source = {
  variablePath: null,
  layerPath: null,
  layerIndex: null,
  layerType: null,
  role: null,
  variableShape: null,
};

function run(name: string, ...tags: string[]): RunEntry {
  const entries = tags.map(
    (tag): TagEntry => ({ tag, kind: "tiles", view: tag.split("/")[0] ?? "", source, series }),
  );
  return { run: `${name}/nnviz`, name, tags: entries, series: [series], notices: [], skipped: [] };
}

describe("the filter of runs", () => {
  test("is a regular expression, and one that does not parse is a state", () => {
    const filter = parseRunFilter("mlp-(500|4000)$");
    expect(filter.valid && filter.matches("MLP-500")).toBe(true);
    expect(filter.valid && filter.matches("mlp-5000")).toBe(false);
    expect(parseRunFilter("(")).toMatchObject({ valid: false });
  });
});

describe("runs", () => {
  const index = { runs: ["a", "b", "c", "d", "e"].map((name) => run(name, "weights/k")) };

  test("are shown where ticked and matching; the first four are ticked until the user says otherwise", () => {
    const all = parseRunFilter("");
    const names = (choices: [string, boolean][], filter = all) =>
      shownRuns(index, new Map(choices), filter).map(({ name }) => name);
    expect(names([])).toEqual(["a", "b", "c", "d"]);
    expect(
      names([
        ["a/nnviz", false],
        ["e/nnviz", true],
      ]),
    ).toEqual(["b", "c", "d", "e"]);
    expect(names([], parseRunFilter("[ab]"))).toEqual(["a", "b"]);
    expect(names([], parseRunFilter("["))).toEqual(["a", "b", "c", "d"]);
    expect(isSelected(index, new Map(), "unknown")).toBe(true);
  });

  test("keep their colours when others come", () => {
    const before = assignColours(new Map(), [run("b"), run("c")]);
    const after = assignColours(before, [run("a"), run("b"), run("c")]);
    expect([after.get("b/nnviz"), after.get("c/nnviz"), after.get("a/nnviz")]).toEqual(
      RUN_COLOURS.slice(0, 3),
    );
  });

  test("are told by the series that counts most records", () => {
    const sampled = { steps: [1], wallTimes: [1], logged: 60 };
    expect(longestSeries({ ...run("a"), series: [series, sampled] })).toBe(sampled);
    expect(longestSeries({ ...run("a"), series: [] })).toBeNull();
  });
});

describe("panels", () => {
  test("follow the network's order, tags of deeper runs where they belong", () => {
    const panels = panelsOf(
      [
        run("a", "weights/1", "weights/3", "histograms/1"),
        run("b", "weights/1", "weights/2", "weights/3", "weights/4"),
      ],
      "weights",
    );
    expect(panels.map(({ tag }) => tag)).toEqual([
      "weights/1",
      "weights/2",
      "weights/3",
      "weights/4",
    ]);
    expect(panels.map(({ members }) => members.map(({ run: { name } }) => name).join())).toEqual([
      "a,b",
      "b",
      "a,b",
      "b",
    ]);
  });

  test("are counted by view, equal tags once", () => {
    const counts = viewCounts([
      run("a", "weights/1", "samples/x"),
      run("b", "weights/1", "weights/2"),
    ]);
    expect([...counts]).toEqual([
      ["weights", 2],
      ["samples", 1],
    ]);
  });
});

describe("what the log says of itself", () => {
  test("is told once with all runs that say it", () => {
    const notice = { view: "templates", layer: "lstm", message: "m", step: 0 };
    const runs = [
      { ...run("a"), notices: [notice, { ...notice, step: 4 }] },
      { ...run("b"), notices: [notice] },
    ];
    expect(groupNotices(runs)).toEqual([
      { view: "templates", layer: "lstm", message: "m", runs: ["a", "b"] },
    ]);
  });

  test("names the run of what cannot be read", () => {
    const skipped = [{ tag: "weights/x", reason: "corrupt" }];
    expect(skippedOf([{ ...run("a"), skipped }])).toEqual([{ ...skipped[0], run: "a" }]);
  });
});

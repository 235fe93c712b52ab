import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asksForAction, groupNotices, skippedOf, sortNotices } from "../src/model/notices.js";
import type { RunEntry, Series, TagEntry } from "../src/model/parse_index.js";
import {
  assignDefaults,
  choicesThatReopen,
  isActivationsPanel,
  isSamplesPanel,
  isSelected,
  longestSeries,
  panelsOf,
  parseRunFilter,
  shownRuns,
  splitName,
  type Ticks,
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
  samplesDigest: null,
};

const NO_TICKS: Ticks = { runChoices: new Map(), runDefaults: new Map() };

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
    const runDefaults = assignDefaults(NO_TICKS, index.runs);
    const names = (choices: [string, boolean][], filter = all) =>
      shownRuns(index, { runChoices: new Map(choices), runDefaults }, filter).map(
        ({ name }) => name,
      );
    expect(names([])).toEqual(["a", "b", "c", "d"]);
    expect(
      names([
        ["a/nnviz", false],
        ["e/nnviz", true],
      ]),
    ).toEqual(["b", "c", "d", "e"]);
    expect(names([], parseRunFilter("[ab]"))).toEqual(["a", "b"]);
    expect(names([], parseRunFilter("["))).toEqual(["a", "b", "c", "d"]);
  });

  test("keep their tick over a reload, and new ones are ticked only while fewer than four are", () => {
    const runs = (names: string) => [...names].map((name) => run(name));
    const ticked = (names: string, ticks: Ticks) =>
      [...names].filter((name) => isSelected(ticks, `${name}/nnviz`)).join("");
    const runDefaults = assignDefaults(NO_TICKS, runs("mnop"));
    const after = assignDefaults({ ...NO_TICKS, runDefaults }, runs("abmnop"));
    expect(ticked("abmnop", { ...NO_TICKS, runDefaults: after })).toBe("mnop");
    // Where the user has unticked two of the four, two more have room; a run that is gone takes none.
    const runChoices = new Map([
      ["m/nnviz", false],
      ["n/nnviz", false],
    ]);
    const filled = assignDefaults({ runChoices, runDefaults }, runs("abcmno"));
    expect(ticked("abcmno", { runChoices, runDefaults: filled })).toBe("abco");
    expect(isSelected(NO_TICKS, "unknown")).toBe(false);
  });

  test("reopen the same by the choices of a link, whatever has been chosen and whatever runs have come", () => {
    const letters = "abcdefghij";
    const move = fc.oneof(
      fc.record({ toggle: fc.constantFrom(...letters) }),
      fc.record({ come: fc.subarray([...letters], { minLength: 1 }) }),
    );
    fc.assert(
      fc.property(fc.subarray([...letters], { minLength: 1 }), fc.array(move), (first, moves) => {
        let here = first.map((name) => run(name));
        let ticks: Ticks = { ...NO_TICKS, runDefaults: assignDefaults(NO_TICKS, here) };
        for (const each of moves) {
          if ("come" in each) {
            here = each.come.map((name) => run(name));
            ticks = { ...ticks, runDefaults: assignDefaults(ticks, here) };
          } else {
            const toggled = `${each.toggle}/nnviz`;
            const runChoices = new Map(ticks.runChoices).set(toggled, !isSelected(ticks, toggled));
            ticks = { ...ticks, runChoices };
          }
          const runChoices = choicesThatReopen(ticks, here);
          const runDefaults = assignDefaults({ ...NO_TICKS, runChoices }, here);
          for (const { run } of here)
            expect(isSelected({ runChoices, runDefaults }, run)).toBe(isSelected(ticks, run));
        }
      }),
    );
  });

  test("are told by the series that counts most records", () => {
    const sampled = { steps: [1], wallTimes: [1], logged: 60 };
    expect(longestSeries({ ...run("a"), series: [series, sampled] })).toBe(sampled);
    expect(longestSeries({ ...run("a"), series: [] })).toBeNull();
  });

  test("are not told by the pictures of samples, of which a file has more than of what they belong to", () => {
    const few: Series = { steps: [0], wallTimes: [5], logged: 1 };
    const many: Series = series;
    const tags = (pictures: Series): TagEntry[] => [
      { tag: "confusion/samples", kind: "tiles", view: "confusion", source, series: pictures },
      { tag: "confusion", kind: "confusion", view: "confusion", source, series: few },
    ];
    const told = (pictures: Series) =>
      longestSeries({ ...run("a"), tags: tags(pictures), series: [many, few] });
    expect(told(many)).toBe(few);
    expect(longestSeries({ ...run("a"), tags: tags(few), series: [few] })).toBe(few);
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

  test("come in the order of the runs where architectures have nothing in common", () => {
    const order = (...runs: RunEntry[]) => panelsOf(runs, "weights").map(({ tag }) => tag.slice(8));
    const [a, b] = [run("a", "weights/a1", "weights/a2"), run("b", "weights/b1", "weights/b2")];
    expect(order(a, b, run("c", "weights/c1"))).toEqual(["a1", "a2", "b1", "b2", "c1"]);
  });

  test("that lead in a later run stand before the first tag it has in common", () => {
    const order = (...runs: RunEntry[]) => panelsOf(runs, "weights").map(({ tag }) => tag.slice(8));
    const first = run("a", "weights/a1", "weights/out");
    const later = run("b", "weights/b1", "weights/b2", "weights/out", "weights/b3");
    expect(order(first, later)).toEqual(["a1", "b1", "b2", "out", "b3"]);
  });

  test("are counted by view for the shown runs, equal tags once; other runs' views stay, at 0", () => {
    const [a, b] = [
      run("a", "weights/1", "samples/x"),
      run("b", "weights/1", "weights/2", "weights/3"),
    ];
    const counts = (...shown: RunEntry[]) => Object.fromEntries(viewCounts([a, b], shown));
    // Samples are among the activations.
    expect(counts(a, b)).toEqual({ weights: 3, activations: 1 });
    expect(counts(a)).toEqual({ weights: 1, activations: 1 });
    expect(counts(b)).toEqual({ weights: 3, activations: 0 });
  });

  test("of samples come before those of layers, whichever run has them", () => {
    const panels = panelsOf(
      [
        run("a", "activations/conv2d", "activations/dense"),
        run("b", "activations/conv2d", "samples/left", "samples/right"),
      ],
      "activations",
    );
    expect(panels.map(({ tag }) => tag)).toEqual([
      "samples/left",
      "samples/right",
      "activations/conv2d",
      "activations/dense",
    ]);
    expect(panels.map(isSamplesPanel)).toEqual([true, true, false, false]);
    expect(panels.map(isActivationsPanel)).toEqual([false, false, true, true]);
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

describe("notices", () => {
  const noticeOf = (message: string) => ({ view: "weights", layer: "", message, runs: ["a"] });
  const random = noticeOf("States of random generators are not shown, since they say nothing.");
  const budget = noticeOf("The log has reached budget_bytes=9: only the last step follows.");

  test("ask for action where something is missing that need not be", () => {
    const asks = (message: string): boolean => asksForAction({ message });
    expect(
      [
        budget.message,
        "The view 'weights' is switched off, because it failed: ValueError",
        "Before training is not available: the model had no weights yet.",
        "A record could not be written, and none follows: no space left",
      ].map(asks),
    ).toEqual([true, true, true, true]);
    expect(asks(random.message)).toBe(false);
  });

  test("stand first where they ask for action, else as they came", () => {
    const layers = noticeOf("Layers that the model never called have no weights to show (x).");
    expect(sortNotices([random, layers, budget], "weights")).toEqual([budget, random, layers]);
  });
});

describe("the name of a run", () => {
  test("is parted before its end where it is long, and loses nothing", () => {
    expect(splitName("mlp-4000")).toEqual(["mlp-4000", ""]);
    expect(splitName("learning_rate_0.001_batch_128")).toEqual([
      "learning_rate_0.0",
      "01_batch_128",
    ]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (name) => {
        expect(splitName(name).join("")).toBe(name);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesLayer, parseLayerFilter } from "../src/model/layer_filter.js";
import { layerGroups } from "../src/model/layer_groups.js";
import type { RunEntry } from "../src/model/parse_index.js";
import type { PanelEntry } from "../src/model/runs.js";
import { sectionsOf } from "../src/model/sections.js";

const series = { steps: [0], wallTimes: [0], logged: 1 };
const run: RunEntry = {
  run: "a/nnviz",
  name: "a",
  tags: [],
  series: [series],
  notices: [],
  skipped: [],
};

function panel(
  tag: string,
  layerPath: string | null,
  {
    role = null as string | null,
    shape = [2, 3] as number[] | null,
    kind = "tiles",
    layerType = "Dense",
  } = {},
): PanelEntry {
  const source = {
    variablePath: `model/${tag.split("/").slice(1).join("/")}`,
    layerPath,
    layerIndex: 4,
    layerType,
    role,
    variableShape: shape,
    samplesDigest: null,
  };
  return { tag, kind, members: [{ run, entry: { tag, kind, view: "weights", source, series } }] };
}

describe("the layer filter", () => {
  const kernel = panel("weights/block_1/dense/kernel", "block_1/dense");
  const matches = (text: string) => matchesLayer(parseLayerFilter(text), kernel);

  test("looks for text in tag, path and type, whatever the case", () => {
    expect(["", "  ", "KERNEL", "block_1/dense", "dEnSe", " kernel "].map(matches)).toEqual(
      Array(6).fill(true),
    );
    expect(["bias", "conv", "weights/", "model/"].map(matches)).toEqual(Array(4).fill(false));
  });

  test("takes a regular expression, and one that does not parse as it stands", () => {
    expect([
      matches("^block_\\d+/.*kernel$"),
      matches("(bias|kernel)"),
      matches("^kernel"),
    ]).toEqual([true, true, false]);
    const odd = panel("weights/f(x)/kernel", "f(x)");
    expect(matchesLayer(parseLayerFilter("f(x"), odd)).toBe(true);
    expect(matchesLayer(parseLayerFilter("f(x)"), odd)).toBe(true);
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof matches(text)).toBe("boolean");
      }),
    );
  });
});

describe("layers", () => {
  test("stand in the order of their first panels, with kernels before biases before what is counted along", () => {
    const groups = layerGroups([
      panel("weights/a/bias", "a", { role: "bias", shape: [3] }),
      panel("weights/b/moving_mean", "b", { role: "moving_mean", shape: [5] }),
      panel("weights/a/kernel", "a", { role: "kernel" }),
      panel("weights/b/beta", "b", { role: "beta", shape: [5] }),
      panel("weights/b/gamma", "b", { role: "gamma", shape: [5] }),
    ]);
    expect(
      groups.map(({ path, panels }) => [path, ...panels.map(({ tag }) => tag.slice(8))]),
    ).toEqual([
      ["a", "a/kernel", "a/bias"],
      ["b", "b/gamma", "b/beta", "b/moving_mean"],
    ]);
    // 2·3 + 3 and 3·5.
    expect(groups.map(({ parameters }) => parameters)).toEqual([9, 15]);
    expect(groups[0]).toMatchObject({ key: "layer:a", layerType: "Dense", layerIndex: 4 });
  });

  test("count a variable once however many panels show it, and nothing where a shape is not known", () => {
    const kernel = panel("weights/a/kernel", "a");
    const again = { ...kernel, tag: "weights/a/kernel/norm" };
    expect(layerGroups([kernel, again])[0]?.parameters).toBe(6);
    expect(
      layerGroups([kernel, panel("weights/a/x", "a", { shape: null })])[0]?.parameters,
    ).toBeNull();
  });

  test("have the parameters of all their variables, whatever is shown of them or is in a file", () => {
    const [kernel, bias] = [
      panel("weights/a/kernel", "a"),
      panel("weights/a/bias", "a", { shape: [3] }),
    ];
    const entries = [kernel, bias].flatMap(({ members }) => members.map(({ entry }) => entry));
    const shownOf = (of: RunEntry) => {
      const [member] = kernel.members;
      const members = member === undefined ? [] : [{ ...member, run: of }];
      return layerGroups([{ ...kernel, members }])[0]?.parameters;
    };
    expect(shownOf({ ...run, tags: entries })).toBe(9);
    expect(shownOf({ ...run, tags: entries.slice(0, 1) })).toBe(6);
    const layerParameters = new Map([["a", 9]]);
    expect(shownOf({ ...run, tags: entries.slice(0, 1), layerParameters })).toBe(9);
  });

  test("hold every panel exactly once", () => {
    const panels = fc
      .uniqueArray(fc.nat(30), { maxLength: 20 })
      .map((all) =>
        all.map((number) => panel(`weights/${number}`, number % 4 === 0 ? null : `l${number % 4}`)),
      );
    fc.assert(
      fc.property(panels, (all) => {
        const grouped = layerGroups(all).flatMap((group) => group.panels);
        expect(new Set(grouped)).toEqual(new Set(all));
        expect(grouped).toHaveLength(all.length);
      }),
    );
  });
});

describe("sections", () => {
  const histograms = ["a", "b", "c"].map((name) =>
    panel(`histograms/${name}/kernel`, name, { kind: "histogram", role: "kernel" }),
  );

  test("have a heading for each layer, and none for panels without one", () => {
    const groups = layerGroups([panel("weights/a/kernel", "a"), panel("weights/x", null)]);
    expect(
      sectionsOf(groups, 1).map(({ layer, slots }) => [
        layer?.path ?? null,
        slots.map(({ tag }) => tag),
      ]),
    ).toEqual([
      ["a", ["weights/a/kernel"]],
      [null, ["weights/x"]],
    ]);
  });

  test("put histograms of several layers into one slot where these share plots; grids stay by layer", () => {
    const groups = layerGroups([...histograms, panel("weights/a/kernel", "a")]);
    const [shared, ...layers] = sectionsOf(groups, 2);
    expect(shared?.layer).toBeNull();
    expect(shared?.slots.map(({ panels }) => panels.map(({ tag }) => tag.slice(11, 12)))).toEqual([
      ["a", "b"],
      ["c"],
    ]);
    expect(layers.map(({ layer, slots }) => [layer?.path, slots.length])).toEqual([["a", 1]]);
    expect(sectionsOf(groups, 1)).toHaveLength(3);
  });
});

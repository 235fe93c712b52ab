import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutMiddle } from "../src/model/cut_text.js";
import { boxSize, boxTexts } from "../src/model/graph_box.js";
import { readViewports, writeViewports } from "../src/model/graph_display.js";
import {
  betterDirection,
  fittedViewport,
  movedBy,
  openingViewport,
  showing,
  toRoom,
  zoomedBy,
} from "../src/model/graph_viewport.js";
import {
  categoryCounts,
  graphTotals,
  layerRows,
  nodeFacts,
  nodeWords,
  shapeText,
} from "../src/model/graph_words.js";
import {
  filterOfLayer,
  filterPanels,
  matchesNode,
  parseLayerFilter,
} from "../src/model/layer_filter.js";
import type { TagEntry } from "../src/model/parse_index.js";
import { CATEGORIES, type Category } from "../src/model/record.js";
import type { PanelEntry } from "../src/model/runs.js";
import { linePath } from "../src/render/graph_paths.js";
import { CATEGORY_SIGNS } from "../src/render/graph_signs.js";
import { edge, graph, NESTED, node } from "./graph_fixtures.js";

const ROOM = { width: 1000, height: 600 };
const size = fc.record({
  width: fc.integer({ min: 100, max: 20_000 }),
  height: fc.integer({ min: 50, max: 20_000 }),
});
const point = fc.record({
  x: fc.integer({ min: 0, max: 1000 }),
  y: fc.integer({ min: 0, max: 600 }),
});

describe("what of a graph is looked at", () => {
  it("is all of it where it fits", () => {
    fc.assert(
      fc.property(size, (drawing) => {
        const fitted = fittedViewport(drawing, ROOM);
        const start = toRoom(fitted, ROOM, { x: 0, y: 0 });
        const end = toRoom(fitted, ROOM, { x: drawing.width, y: drawing.height });
        // Beyond 300 times the room it would be less than a line.
        if (fitted.zoom <= 0.02) return;
        expect(start.x).toBeGreaterThanOrEqual(0);
        expect(start.y).toBeGreaterThanOrEqual(0);
        expect(end.x).toBeLessThanOrEqual(ROOM.width + 1e-6);
        expect(end.y).toBeLessThanOrEqual(ROOM.height + 1e-6);
      }),
    );
  });

  it("is the beginning of a graph that would be too small to read", () => {
    const deep = { width: 300, height: 30_000 };
    const opened = openingViewport(deep, ROOM, "down");
    expect(opened.zoom).toBeGreaterThan(0.5);
    expect(toRoom(opened, ROOM, { x: 150, y: 0 }).y).toBeCloseTo(22, 6);
    const small = { width: 300, height: 300 };
    expect(openingViewport(small, ROOM, "right")).toEqual(fittedViewport(small, ROOM));
  });

  it("keeps the point under the pointer where it is while zooming", () => {
    fc.assert(
      fc.property(size, point, fc.constantFrom(0.5, 0.8, 1.25, 3), (drawing, at, factor) => {
        const before = fittedViewport(drawing, ROOM);
        const zoomed = zoomedBy(before, factor, ROOM, at);
        const under = {
          x: before.x + (at.x - ROOM.width / 2) / before.zoom,
          y: before.y + (at.y - ROOM.height / 2) / before.zoom,
        };
        const after = toRoom(zoomed, ROOM, under);
        expect(after.x).toBeCloseTo(at.x, 5);
        expect(after.y).toBeCloseTo(at.y, 5);
      }),
    );
  });

  it("moves by pixels of the screen, and never loses the graph", () => {
    const drawing = { width: 2000, height: 1000 };
    const before = { zoom: 2, x: 1000, y: 500 };
    expect(movedBy(before, 100, -50, drawing)).toEqual({ zoom: 2, x: 950, y: 525 });
    expect(movedBy(before, -1e9, 1e9, drawing)).toEqual({ zoom: 2, x: 2000, y: 0 });
  });

  it("moves no further than it takes to see a box", () => {
    const before = { zoom: 1, x: 500, y: 300 };
    const inside = { left: 400, top: 200, width: 100, height: 60 };
    expect(showing(before, ROOM, inside)).toEqual(before);
    const beyond = { ...inside, left: 2000 };
    const after = showing(before, ROOM, beyond);
    expect(toRoom(after, ROOM, { x: 2100, y: 0 }).x).toBeCloseTo(ROOM.width - 22, 6);
    expect(after.y).toBe(before.y);
  });

  it("is shown in the direction in which more of it is seen", () => {
    const flat = { width: 1500, height: 100 };
    const high = { width: 100, height: 1500 };
    expect(betterDirection({ right: flat, down: high }, ROOM)).toBe("right");
    expect(betterDirection({ right: flat, down: high }, { width: 500, height: 1500 })).toBe("down");
  });

  it("is written into links and read back, and what cannot be read is passed over", () => {
    const viewports = new Map([["a/b:c", { zoom: 0.25, x: 10, y: 2000 }]]);
    expect(readViewports(writeViewports(viewports))).toEqual(viewports);
    for (const text of ["a:1;2", "a:x;1;2", "a:99;1;2", "a:1;2;3;4", "a"])
      expect(readViewports(text).size, text).toBe(0);
  });
});

describe("a chosen layer", () => {
  const panel = (tag: string, layerPath: string | null, kind = "tiles"): PanelEntry => {
    const source = { ...graph([], []).source, layerPath, layerType: "Dense" };
    const series = { steps: [0], wallTimes: [0], logged: 1 };
    const entry: TagEntry = { tag, kind, view: "weights", source, series };
    const run = { run: "a", name: "a", tags: [entry], series: [], notices: [], skipped: [] };
    return { tag, kind, members: [{ run, entry }] };
  };
  const panels = [
    panel("weights/dense/kernel", "dense"),
    panel("weights/dense_1/kernel", "dense_1"),
    panel("weights/encoder/dense/kernel", "encoder/dense"),
    panel("weights/encoder_2/dense/kernel", "encoder_2/dense"),
  ];
  const passing = (path: string, all: readonly PanelEntry[] = panels) =>
    filterPanels(parseLayerFilter(filterOfLayer(path)), all).map(({ tag }) => tag);

  it("lets its own panels through alone, whatever other layers are called", () => {
    expect(passing("dense")).toEqual(["weights/dense/kernel"]);
    expect(passing("dense_1")).toEqual(["weights/dense_1/kernel"]);
  });

  it("lets what is inside a model through with it", () => {
    expect(passing("encoder")).toEqual(["weights/encoder/dense/kernel"]);
  });

  it("hides nothing of views that are not of layers, nor the graph", () => {
    expect(passing("dense", [panel("attributions/x", null)])).toEqual(["attributions/x"]);
    const both = [panel("graph", null, "graph"), ...panels];
    expect(passing("dense", both)).toEqual(["graph", "weights/dense/kernel"]);
  });

  it("is the node of its path, and a text is those that hold it", () => {
    const dense = node("encoder/dense");
    expect(matchesNode(parseLayerFilter("=encoder/dense"), dense)).toBe(true);
    expect(matchesNode(parseLayerFilter("=encoder"), dense)).toBe(false);
    expect(matchesNode(parseLayerFilter("enc.*se$"), dense)).toBe(true);
    expect(matchesNode(parseLayerFilter(""), dense)).toBe(false);
  });
});

describe("what is said of nodes", () => {
  const shared = node("encoder/dense", {
    outputShapes: [[null, 28, null, 32]],
    numParameters: 1234,
    trainable: "none",
    dtype: "mixed_bfloat16",
    activation: "relu",
    numCalls: 2,
    parent: "encoder",
  });

  it("are shapes without the samples", () => {
    expect(shapeText(shared)).toBe("28×?×32");
    expect(shapeText(node("a", { outputShapes: [[null]] }))).toBe("1");
    expect(shapeText(node("a", { outputShapes: [] }))).toBe("");
    expect(
      shapeText(
        node("a", {
          outputShapes: [
            [null, 3],
            [3, 4],
          ],
        }),
      ),
    ).toBe("3, 3×4");
  });

  it("are chips for what is easily overlooked", () => {
    const { chips, type } = boxTexts(shared);
    expect(type).toBe("Dense · relu");
    expect(chips.map(({ text }) => text)).toEqual(["frozen", "2 calls", "mixed_bfloat16"]);
    expect(boxTexts(node("a")).chips).toEqual([]);
    expect(boxTexts(node("a", { numCalls: 0 })).chips[0]?.text).toBe("not called");
    expect(boxSize(shared, false).height).toBeGreaterThan(boxSize(node("a"), false).height);
  });

  it("are all of it for those who hear it", () => {
    for (const part of ["encoder/dense", "Dense", "relu", "1,234 parameters", "frozen", "2 calls"])
      expect(nodeWords(shared)).toContain(part);
  });

  it("call a node as all views do, and say what Keras calls it where that differs", () => {
    const named = node("encoder/dense", { name: "dense_17" });
    expect(boxTexts(named).name).toBe("dense");
    const facts = nodeFacts(graph([node("encoder", { category: "model" }), named], []), named);
    expect(facts).toContainEqual({ name: "name in Keras", text: "dense_17" });
    expect(nodeFacts(graph([node("a")], []), node("a")).map(({ name }) => name)).not.toContain(
      "name in Keras",
    );
  });

  it("are cut in the middle where they are long", () => {
    expect(cutMiddle("transformer_block_7_attention", 12)).toBe("transf…ntion");
    expect([...cutMiddle("transformer_block_7_attention", 12)]).toHaveLength(12);
  });

  it("name where data comes from and goes to", () => {
    const facts = new Map(
      nodeFacts(NESTED, NESTED.nodes.find(({ path }) => path === "encoder") ?? node("")).map(
        ({ name, text }) => [name, text],
      ),
    );
    expect(facts.get("takes")).toBe("a");
    expect(facts.get("gives to")).toBe("b");
    expect(facts.get("calls")).toBe("2 calls");
  });
});

describe("what is said of a whole graph", () => {
  const model = graph(
    [
      node("a", { category: "input", numParameters: 0, numTrainable: 0, trainable: null }),
      node("inner", { category: "model", numParameters: 30, numTrainable: 8, trainable: "some" }),
      node("inner/x", { parent: "inner", numParameters: 10, numTrainable: 8 }),
      node("inner/y", { parent: "inner", numParameters: 20, numTrainable: 0, trainable: "none" }),
      node("+", { category: "operation", numParameters: 0, numTrainable: 0, trainable: null }),
    ],
    [edge("a", "inner"), edge("inner", "+"), edge("inner/x", "inner/y")],
  );

  it("counts layers, not models and operations, and every parameter once", () => {
    expect(graphTotals(model)).toEqual({
      layers: 3,
      parameters: 30,
      trainable: 8,
      notTrained: 22,
      hasFrozen: true,
    });
  });

  it("is a table of all nodes, a model before what is inside it", () => {
    const rows = layerRows(model).map(({ node: { path }, depth, inputs }) => [path, depth, inputs]);
    expect(rows).toEqual([
      ["a", 0, ""],
      ["inner", 0, "a"],
      ["inner/x", 1, ""],
      ["inner/y", 1, "x"],
      ["+", 0, "inner"],
    ]);
  });

  it("has a legend of the kinds that occur, each with a sign and a colour of its own", () => {
    const order = Object.keys(CATEGORY_SIGNS) as Category[];
    expect([...order].sort()).toEqual([...CATEGORIES].sort());
    expect(categoryCounts(model, order)).toEqual([
      { category: "input", count: 1 },
      { category: "dense", count: 2 },
      { category: "operation", count: 1 },
      { category: "model", count: 1 },
    ]);
    const signs = Object.values(CATEGORY_SIGNS);
    expect(new Set(signs.map(({ sign }) => sign)).size).toBe(signs.length);
    expect(new Set(signs.map(({ colour }) => colour)).size).toBe(signs.length);
  });

  it("has colours that stand out from cards of both themes and below white signs", () => {
    for (const { colour, words } of Object.values(CATEGORY_SIGNS)) {
      for (const other of ["#ffffff", "#2a2c30"])
        expect(contrast(colour, other), `${words} on ${other}`).toBeGreaterThanOrEqual(3);
    }
  });
});

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

describe("a line", () => {
  it("goes from its first point to its last", () => {
    const points = [0, 10, 20, 30].map((x) => ({ x, y: x }));
    const path = linePath({ points, isLoop: false });
    expect(path).toMatch(/^M0 0/);
    expect(path).toMatch(/L30 30$/);
    expect(linePath({ points: points.slice(0, 1), isLoop: false })).toBe("");
    expect(linePath({ points, isLoop: true })).toBe("M0 0C10 10 20 20 30 30");
  });
});

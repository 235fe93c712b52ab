import { describe, expect, test, vi } from "vitest";
import type { GraphNode } from "../src/model/record.js";
import { graph, node } from "./graph_fixtures.js";

const layoutGraph = vi.hoisted(() => vi.fn((..._: readonly unknown[]) => ({ boxes: [] })));
vi.mock("../src/model/graph_layout.js", () => ({ layoutGraph }));
const { drawingInPicture, drawingOnScreen, graphDrawing } = await import(
  "../src/state/graph_card.js"
);

const ROOM = { width: 1000, height: 600 };
const MODELS = Array.from({ length: 20 }, (_, index) => `model_${index}`);

/** Twenty models, each with a layer inside. */
function models(): readonly GraphNode[] {
  return MODELS.flatMap((path) => [
    node(path, { category: "model" }),
    node(`${path}/dense`, { parent: path }),
  ]);
}

describe("a picture of a graph", () => {
  test("goes the way that it goes on the screen, whatever room a page has", () => {
    // A layout has the size that its direction gives it.
    layoutGraph.mockImplementation((_, __, direction) =>
      direction === "right"
        ? { boxes: [], width: 1500, height: 60 }
        : { boxes: [], width: 150, height: 700 },
    );
    const header = graph([node("dense")], []);
    const [flat, high] = [
      { width: 2000, height: 100 },
      { width: 300, height: 900 },
    ];
    const auto = { direction: "auto" } as const;
    const none = new Set<string>();
    const onScreen = drawingOnScreen(header, none, auto, flat).direction;
    expect(graphDrawing(header, none, auto, high).direction).not.toBe(onScreen);
    expect(drawingInPicture(header, none, auto, high).direction).toBe(onScreen);
    expect(drawingInPicture(header, none, { direction: "down" }, flat).direction).toBe("down");
    layoutGraph.mockImplementation(() => ({ boxes: [] }));
  });
});

describe("layouts of a graph", () => {
  test("are kept while one unfolds and folds, and not for ever", () => {
    const header = graph(models(), []);
    const draw = (path: string): void => {
      graphDrawing(header, new Set([`graph:${path}`]), { direction: "right" }, ROOM);
    };
    const [first = "", second = ""] = MODELS;
    for (const path of [first, second, first, second]) draw(path);
    expect(layoutGraph).toHaveBeenCalledTimes(2);
    for (const path of MODELS) draw(path);
    expect(layoutGraph).toHaveBeenCalledTimes(MODELS.length);
    // The first ones have given way to the last.
    draw(first);
    expect(layoutGraph).toHaveBeenCalledTimes(MODELS.length + 1);
    draw(MODELS.at(-1) ?? "");
    expect(layoutGraph).toHaveBeenCalledTimes(MODELS.length + 1);
  });
});

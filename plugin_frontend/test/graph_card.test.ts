import { describe, expect, test, vi } from "vitest";
import type { GraphNode } from "../src/model/record.js";
import { graph, node } from "./graph_fixtures.js";

const layoutGraph = vi.hoisted(() => vi.fn((..._: readonly unknown[]) => ({ boxes: [] })));
vi.mock("../src/model/graph_layout.js", () => ({ layoutGraph }));
const { graphDrawing } = await import("../src/state/graph_card.js");

const ROOM = { width: 1000, height: 600 };
const MODELS = Array.from({ length: 20 }, (_, index) => `model_${index}`);

/** Twenty models, each with a layer inside. */
function models(): readonly GraphNode[] {
  return MODELS.flatMap((path) => [
    node(path, { category: "model" }),
    node(`${path}/dense`, { parent: path }),
  ]);
}

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

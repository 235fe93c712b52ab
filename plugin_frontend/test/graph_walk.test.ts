import { describe, expect, test } from "vitest";
import type { Direction } from "../src/model/graph_frames.js";
import { layoutGraph } from "../src/model/graph_layout.js";
import { nextBox, type Way } from "../src/model/graph_walk.js";
import { edge, graph, NESTED, node, residual } from "./graph_fixtures.js";

const NONE: ReadonlySet<string> = new Set();
const fork = graph(
  ["in", "a", "b", "out"].map((name) => node(name)),
  [edge("in", "a"), edge("in", "b"), edge("a", "out"), edge("b", "out")],
);

function walk(direction: Direction) {
  const { boxes } = layoutGraph(fork, NONE, direction);
  return (path: string, ...ways: Way[]) =>
    ways.reduce<string | null>((at, way) => (at === null ? null : nextBox(boxes, at, way)), path);
}

describe("walking through a graph by keys", () => {
  test("leads along the flow, whichever way it is drawn, and back", () => {
    const right = walk("right");
    expect(["a", "b"]).toContain(right("in", "right"));
    expect(right("in", "right", "right")).toBe("out");
    expect(["a", "b"]).toContain(right("out", "left"));
    const down = walk("down");
    expect(["a", "b"]).toContain(down("in", "down"));
    expect(down("in", "down", "down")).toBe("out");
    expect(down("out", "up", "up")).toBe("in");
  });

  test("leads from one branch to the other, and there and back again", () => {
    const go = walk("right");
    const { boxes } = layoutGraph(fork, NONE, "right");
    const topOf = (path: string) => boxes.find((box) => box.node.path === path)?.top ?? 0;
    const upper = topOf("a") < topOf("b") ? "a" : "b";
    const lower = upper === "a" ? "b" : "a";
    expect(go(upper, "down")).toBe(lower);
    expect(go(lower, "up")).toBe(upper);
  });

  test("ends where nothing is that way", () => {
    const go = walk("right");
    expect(go("out", "right")).toBeNull();
    expect(go("in", "left")).toBeNull();
  });

  test("reaches every box, those of unfolded models too, by the one after", () => {
    for (const [drawn, unfolded] of [
      [fork, NONE],
      [residual(12), NONE],
      [NESTED, new Set(NESTED.nodes.map(({ path }) => path))],
    ] as const) {
      const { boxes } = layoutGraph(drawn, unfolded, "right");
      const reached: string[] = [];
      const first = nextBox(boxes, boxes.at(-1)?.node.path ?? "", "first");
      for (let at = first; at !== null; at = nextBox(boxes, at, "after")) reached.push(at);
      expect(reached).toEqual(boxes.map((box) => box.node.path));
      expect(nextBox(boxes, reached[1] ?? "", "before")).toBe(first);
      expect(nextBox(boxes, first ?? "", "last")).toBe(reached.at(-1));
      expect(nextBox(boxes, "gone", "right")).toBe(first);
    }
  });
});

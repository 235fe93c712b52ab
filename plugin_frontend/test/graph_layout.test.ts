import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Direction, GraphBox } from "../src/model/graph_frames.js";
import { type GraphLayout, layoutGraph } from "../src/model/graph_layout.js";
import { bundlesOf, foldableModels, graphTree } from "../src/model/graph_tree.js";
import type { GraphHeader } from "../src/model/record.js";
import { edge, graph, NESTED, node, residual } from "./graph_fixtures.js";

const DIRECTIONS: readonly Direction[] = ["right", "down"];
const NONE: ReadonlySet<string> = new Set();

function boxOf({ boxes }: GraphLayout, path: string): GraphBox {
  const found = boxes.find((box) => box.node.path === path);
  if (found === undefined) throw new Error(`no box of ${path}`);
  return found;
}

const overlap = (a: GraphBox, b: GraphBox): boolean =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

const holds = (outer: GraphBox, inner: GraphBox): boolean =>
  outer.left < inner.left &&
  outer.top < inner.top &&
  outer.left + outer.width > inner.left + inner.width &&
  outer.top + outer.height > inner.top + inner.height;

function isInside(graphOf: GraphHeader, path: string, model: string): boolean {
  const { nodes } = graphTree(graphOf);
  let parent = nodes.get(path)?.parent ?? null;
  while (parent !== null && parent !== model) parent = nodes.get(parent)?.parent ?? null;
  return parent === model;
}

function expectApart(graphOf: GraphHeader, layout: GraphLayout): void {
  for (const [place, a] of layout.boxes.entries()) {
    for (const b of layout.boxes.slice(place + 1)) {
      if (isInside(graphOf, b.node.path, a.node.path)) expect(holds(a, b)).toBe(true);
      else if (isInside(graphOf, a.node.path, b.node.path)) expect(holds(b, a)).toBe(true);
      else expect(overlap(a, b), `${a.node.path} and ${b.node.path}`).toBe(false);
    }
    expect(a.left).toBeGreaterThanOrEqual(0);
    expect(a.top).toBeGreaterThanOrEqual(0);
    expect(a.left + a.width).toBeLessThanOrEqual(layout.width + 1e-6);
    expect(a.top + a.height).toBeLessThanOrEqual(layout.height + 1e-6);
  }
}

const acyclic = fc.integer({ min: 1, max: 14 }).chain((count) =>
  fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 30 }).map((pairs) =>
    graph(
      Array.from({ length: count }, (_, place) => node(`n${place}`)),
      pairs
        .filter(([a, b]) => a !== b)
        .map(([a, b]) => edge(`n${Math.min(a, b)}`, `n${Math.max(a, b)}`)),
    ),
  ),
);

describe("the layout of a graph", () => {
  it("keeps boxes apart and lets every edge of a graph without cycles go forward", () => {
    fc.assert(
      fc.property(acyclic, fc.constantFrom(...DIRECTIONS), (random, direction) => {
        const layout = layoutGraph(random, NONE, direction);
        expectApart(random, layout);
        for (const { source, target } of layout.lines) {
          const [a, b] = [boxOf(layout, source), boxOf(layout, target)];
          if (direction === "right") expect(b.left).toBeGreaterThan(a.left + a.width);
          else expect(b.top).toBeGreaterThan(a.top + a.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("begins and ends every line at the boxes that it joins", () => {
    fc.assert(
      fc.property(acyclic, fc.constantFrom(...DIRECTIONS), (random, direction) => {
        const layout = layoutGraph(random, NONE, direction);
        for (const { source, target, points } of layout.lines) {
          for (const [path, point] of [
            [source, points[0]],
            [target, points.at(-1)],
          ] as const) {
            const { left, top, width, height } = boxOf(layout, path);
            expect(point?.x).toBeGreaterThanOrEqual(left - 0.5);
            expect(point?.x).toBeLessThanOrEqual(left + width + 0.5);
            expect(point?.y).toBeGreaterThanOrEqual(top - 0.5);
            expect(point?.y).toBeLessThanOrEqual(top + height + 0.5);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is the same for the same graph", () => {
    for (const direction of DIRECTIONS) {
      const open = new Set(foldableModels(NESTED));
      const again = JSON.parse(JSON.stringify(NESTED)) as GraphHeader;
      expect(layoutGraph(again, open, direction)).toEqual(layoutGraph(NESTED, open, direction));
    }
  });

  it("draws cycles too", () => {
    const cyclic = graph([node("a"), node("b")], [edge("a", "b"), edge("b", "a")]);
    const layout = layoutGraph(cyclic, NONE, "right");
    expectApart(cyclic, layout);
    expect(layout.lines).toHaveLength(2);
  });

  it("draws nodes without edges and graphs without nodes", () => {
    const apart = graph([node("a"), node("b"), node("c")], []);
    for (const direction of DIRECTIONS) expectApart(apart, layoutGraph(apart, NONE, direction));
    expect(layoutGraph(graph([], []), NONE, "down")).toMatchObject({ boxes: [], width: 0 });
  });

  it("takes less than the square: no 16 times as long for four times as many layers", () => {
    const seconds = (blocks: number): number => {
      const made = residual(blocks);
      const started = performance.now();
      layoutGraph(made, NONE, "down");
      return performance.now() - started;
    };
    expect(layoutGraph(residual(75), NONE, "down").boxes).toHaveLength(301);
    const best = (blocks: number): number =>
      Math.min(...[1, 2, 3, 4, 5].map(() => seconds(blocks)));
    // Measured: about five times. Both in one run, the best of five, so that the machine cancels out.
    expect(best(75) / best(19)).toBeLessThan(16);
  });
});

describe("models inside models", () => {
  it("are one box each at first", () => {
    const layout = layoutGraph(NESTED, NONE, "right");
    expect(layout.boxes.map((box) => box.node.path)).toEqual(["a", "encoder", "b"]);
    expect(boxOf(layout, "encoder")).toMatchObject({ isFoldable: true, isOpen: false });
  });

  it.each(DIRECTIONS)("unfolded are frames around what is inside (%s)", (direction) => {
    for (const open of [["encoder"], ["encoder", "encoder/core"]]) {
      const layout = layoutGraph(NESTED, new Set(open), direction);
      expectApart(NESTED, layout);
      const frame = boxOf(layout, "encoder");
      expect(frame.isOpen).toBe(true);
      expect(holds(frame, boxOf(layout, "encoder/x"))).toBe(true);
    }
  });

  it("let lines go on from their frames to what takes the inputs and gives the outputs", () => {
    const open = new Set(foldableModels(NESTED));
    const { lines, boxes } = layoutGraph(NESTED, open, "right");
    // Every line that ends at a frame has another that begins there, until one ends with an arrow at a box.
    const starts = lines.map(({ points }) => JSON.stringify(points[0]));
    for (const { points, hasArrow, target } of lines) {
      const end = JSON.stringify(points.at(-1));
      const leaves = boxes.some(({ node: { path, outputs } }) => outputs.includes(target) && path);
      if (!hasArrow && !leaves) expect(starts).toContain(end);
    }
    const arrows = lines.filter(({ hasArrow }) => hasArrow).map(({ target }) => target);
    expect(new Set(arrows)).toEqual(
      new Set(["encoder/x", "encoder/core/p", "encoder/core/q", "encoder/core/r", "b"]),
    );
  });

  it("stay shut when what is unfolded is inside one that is shut", () => {
    const layout = layoutGraph(NESTED, new Set(["encoder/core"]), "right");
    expect(layout.boxes).toHaveLength(3);
  });
});

describe("the calls of shared layers", () => {
  it("are written at the lines, several calls between two nodes at one", () => {
    const tree = graphTree(NESTED);
    const level = tree.levels.get(null);
    const labels = bundlesOf(tree, level ?? { nodes: [], edges: [] }).map(
      ({ source, target, label }) => [source, target, label],
    );
    expect(labels).toEqual([
      ["a", "encoder", "#1, #2"],
      ["encoder", "b", "#1 → #1, #2 → #2"],
      ["b", "b", "#1 → #2"],
      ["a", "b", "#1"],
    ]);
  });

  it.each(["right", "down"] as const)(
    "are written at the lines from a frame, too (%s)",
    (direction) => {
      const shared = node("m/shared", { parent: "m", numCalls: 2 });
      const inner = [node("m/first", { parent: "m" }), shared];
      const model = node("m", {
        category: "model",
        inputs: ["m/first", "m/shared"],
        outputs: ["m/shared"],
      });
      const header = graph(
        [node("x"), model, ...inner],
        [
          edge("x", "m"),
          edge("m/first", "m/shared"),
          edge("m/shared", "m/first", { sourceCall: 1 }),
        ],
      );
      const { lines, boxes } = layoutGraph(header, new Set(["m"]), direction);
      const labelled = lines.filter(({ labelAt, label }) => labelAt !== null && label !== "");
      expect(labelled.map(({ source, target, label }) => [source, target, label])).toEqual([
        ["m/first", "m/shared", "#1"],
        ["m/shared", "m/first", "#2"],
        ["m/shared", "m/shared", "#2"],
        ["m/shared", "m/shared", "#1"],
      ]);
      const frame = boxes.find(({ isOpen }) => isOpen);
      for (const { labelAt } of labelled) {
        expect(labelAt?.x).toBeGreaterThan(frame?.left ?? Number.NaN);
        expect(labelAt?.y).toBeGreaterThan(frame?.top ?? Number.NaN);
      }
    },
  );
});

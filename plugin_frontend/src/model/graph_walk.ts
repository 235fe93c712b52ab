/** Which box of a graph a key leads to from another one. Knows where boxes lie; must not know keys' names nor focus. */
import { FRAME_TITLE, type GraphBox } from "./graph_frames.js";

export type Way = "left" | "right" | "up" | "down" | "first" | "last" | "before" | "after";

/** What lies aside counts this much more than what lies ahead. */
const ASIDE = 2;
/** Between boxes that are as near as each other, the one straight ahead. */
const ASTRAY = 0.01;

const AHEAD: Readonly<Partial<Record<Way, readonly ["x" | "y", 1 | -1]>>> = {
  left: ["x", -1],
  right: ["x", 1],
  up: ["y", -1],
  down: ["y", 1],
};

/** The path of the box that is next; null where there is none that way. `before` and `after` go through all of them. */
export function nextBox(boxes: readonly GraphBox[], path: string, way: Way): string | null {
  const at = boxes.findIndex(({ node }) => node.path === path);
  const from = boxes[at];
  if (from === undefined) return boxes[0]?.node.path ?? null;
  const ahead = AHEAD[way];
  if (ahead === undefined) {
    const steps: Readonly<Record<string, number>> = { first: 0, before: at - 1, after: at + 1 };
    return boxes[steps[way] ?? boxes.length - 1]?.node.path ?? null;
  }
  const distances = boxes.map((box) => distance(from, box, ...ahead));
  const least = Math.min(...distances);
  return Number.isFinite(least) ? (boxes[distances.indexOf(least)]?.node.path ?? null) : null;
}

/** From edge to edge; infinite where it is not ahead. */
function distance(from: GraphBox, to: GraphBox, axis: "x" | "y", sign: 1 | -1): number {
  const [start, end] = [spanOf(from, axis), spanOf(to, axis)];
  const forward = sign > 0 ? end.from - start.to : start.from - end.to;
  if (from === to || forward < 0) return Number.POSITIVE_INFINITY;
  const across = axis === "x" ? "y" : "x";
  const [here, there] = [spanOf(from, across), spanOf(to, across)];
  const aside = Math.max(0, there.from - here.to, here.from - there.to);
  const astray = Math.abs(there.from + there.to - here.from - here.to) / 2;
  return forward + ASIDE * aside + ASTRAY * astray;
}

// Of a frame its title stands for all of it.
function spanOf({ left, top, width, height, isOpen }: GraphBox, axis: "x" | "y") {
  return axis === "x"
    ? { from: left, to: left + width }
    : { from: top, to: top + (isOpen ? FRAME_TITLE : height) };
}

/**
 * What a card of one model draws: its layout, which way it goes, and what is looked at. Layouts are made once. Pure
 * functions of the state; must not know the DOM.
 */
import type { BoxSize } from "../model/graph_box.js";
import type { GraphDisplay } from "../model/graph_display.js";
import type { Direction } from "../model/graph_frames.js";
import { type GraphLayout, layoutGraph } from "../model/graph_layout.js";
import { openModels } from "../model/graph_tree.js";
import {
  betterDirection,
  openingViewport,
  showing,
  type Viewport,
} from "../model/graph_viewport.js";
import type { GraphHeader } from "../model/record.js";

export interface GraphDrawing {
  readonly layout: GraphLayout;
  readonly direction: Direction;
  readonly open: ReadonlySet<string>;
}

/** Larger graphs are laid out once, not to see which direction is better: they go down. */
const TRIED = 120;

/** Of a graph so many layouts are kept: both directions folded, and what was unfolded last. */
const MOST_KEPT = 8;

const drawings = new WeakMap<GraphHeader, Map<string, GraphLayout>>();

function layoutOf(
  graph: GraphHeader,
  open: ReadonlySet<string>,
  direction: Direction,
): GraphLayout {
  const known = drawings.get(graph) ?? new Map<string, GraphLayout>();
  drawings.set(graph, known);
  const key = JSON.stringify([direction, ...open]);
  const layout = known.get(key) ?? layoutGraph(graph, open, direction);
  // The one that was asked for last stays longest.
  known.delete(key);
  known.set(key, layout);
  for (const oldest of [...known.keys()].slice(0, -MOST_KEPT)) known.delete(oldest);
  return layout;
}

/** `room` in CSS pixels. */
export function graphDrawing(
  graph: GraphHeader,
  unfolded: ReadonlySet<string>,
  { direction: chosen }: Pick<GraphDisplay, "direction">,
  room: BoxSize,
): GraphDrawing {
  const open = openModels(graph, unfolded);
  const direction = chosen === "auto" ? bestDirection(graph, room) : chosen;
  return { layout: layoutOf(graph, open, direction), direction, open };
}

const shownDirections = new WeakMap<GraphHeader, Direction>();

/** As on the screen, whose direction an exported picture has too. */
export function drawingOnScreen(...given: Parameters<typeof graphDrawing>): GraphDrawing {
  const drawing = graphDrawing(...given);
  shownDirections.set(given[0], drawing.direction);
  return drawing;
}

/** As a picture has it; `room` matters for what the screen has not drawn. */
export function drawingInPicture(
  graph: GraphHeader,
  unfolded: ReadonlySet<string>,
  { direction: chosen }: Pick<GraphDisplay, "direction">,
  room: BoxSize,
): GraphDrawing {
  const direction = chosen === "auto" ? (shownDirections.get(graph) ?? chosen) : chosen;
  return graphDrawing(graph, unfolded, { direction }, room);
}

// Of the graph with all models folded: unfolding one must not turn everything round.
function bestDirection(graph: GraphHeader, room: BoxSize): Direction {
  if (graph.nodes.length > TRIED) return "down";
  const none = new Set<string>();
  const sizes = { right: layoutOf(graph, none, "right"), down: layoutOf(graph, none, "down") };
  return betterDirection(sizes, room);
}

/** What is looked at: as the user left it, else as a graph opens, with the layer of that path in sight. */
export function viewportOf(
  { layout, direction }: GraphDrawing,
  chosen: Viewport | undefined,
  room: BoxSize,
  path: string | null,
): Viewport {
  if (chosen !== undefined) return chosen;
  const opening = openingViewport(layout, room, direction);
  const box = layout.boxes.find(({ node }) => node.path === path);
  return box === undefined ? opening : showing(opening, room, box);
}

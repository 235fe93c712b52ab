/**
 * What of a drawing is seen: how large, and around which point. Moving and zooming are pure functions of it. Knows sizes
 * only; must not know what is drawn.
 */
import type { BoxSize } from "./graph_box.js";
import type { Direction, Point } from "./graph_frames.js";
import { readNumber } from "./url_text.js";

/** `zoom` is CSS pixels a pixel of the drawing; `x` and `y` are the point of the drawing in the middle of the room. */
export interface Viewport {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const LEAST_ZOOM = 0.02;
export const MOST_ZOOM = 4;
/** Small graphs are not blown up beyond this. */
const LARGEST_FIT = 1.4;
/** Names can be read from this on. */
const LEGIBLE = 0.55;
/** A graph that would be illegible as a whole is shown from its beginning, at most this large. */
const OPENING = 0.85;
/** Free around the drawing, in CSS pixels. */
const MARGIN = 22;

function limited(zoom: number): number {
  return Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
}

function ratios(size: BoxSize, room: BoxSize): { across: number; along: number } {
  return {
    across: Math.max(1, room.width - 2 * MARGIN) / Math.max(1, size.width),
    along: Math.max(1, room.height - 2 * MARGIN) / Math.max(1, size.height),
  };
}

/** All of the drawing. */
export function fittedViewport(size: BoxSize, room: BoxSize): Viewport {
  const { across, along } = ratios(size, room);
  return {
    zoom: limited(Math.min(LARGEST_FIT, across, along)),
    x: size.width / 2,
    y: size.height / 2,
  };
}

/** All of the drawing where it can be read then, else its beginning. */
export function openingViewport(size: BoxSize, room: BoxSize, direction: Direction): Viewport {
  const fitted = fittedViewport(size, room);
  if (fitted.zoom >= LEGIBLE) return fitted;
  const { across, along } = ratios(size, room);
  const breadth = direction === "right" ? along : across;
  const zoom = Math.min(OPENING, Math.max(LEGIBLE, breadth));
  const start = (extent: number): number => (extent / 2 - MARGIN) / zoom;
  return direction === "right"
    ? { zoom, x: start(room.width), y: size.height / 2 }
    : { zoom, x: size.width / 2, y: start(room.height) };
}

/** The direction in which more of a drawing of these sizes is seen at once; to the right where that is all the same. */
export function betterDirection(
  sizes: Readonly<Record<Direction, BoxSize>>,
  room: BoxSize,
): Direction {
  const { right, down } = sizes;
  return fittedViewport(right, room).zoom >= fittedViewport(down, room).zoom ? "right" : "down";
}

/** Where a point of the drawing is, in CSS pixels of the room. */
export function toRoom({ zoom, x, y }: Viewport, room: BoxSize, point: Point): Point {
  return {
    x: room.width / 2 + (point.x - x) * zoom,
    y: room.height / 2 + (point.y - y) * zoom,
  };
}

/** Larger by a factor; the point of the drawing at `at`, in CSS pixels of the room, stays where it is. */
export function zoomedBy(
  viewport: Viewport,
  factor: number,
  room: BoxSize,
  at: Point = { x: room.width / 2, y: room.height / 2 },
): Viewport {
  const zoom = limited(viewport.zoom * factor);
  const moved = (middle: number, offset: number): number =>
    middle + offset / viewport.zoom - offset / zoom;
  return {
    zoom,
    x: moved(viewport.x, at.x - room.width / 2),
    y: moved(viewport.y, at.y - room.height / 2),
  };
}

/** Moved by CSS pixels, as far as something of the drawing stays in the middle. */
export function movedBy(viewport: Viewport, dx: number, dy: number, size: BoxSize): Viewport {
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    ...viewport,
    x: within(viewport.x - dx / viewport.zoom, size.width),
    y: within(viewport.y - dy / viewport.zoom, size.height),
  };
}

/** Moved no further than it takes to see a box whole; what is too large, at its upper left corner. */
export function showing(
  viewport: Viewport,
  room: BoxSize,
  box: BoxSize & { readonly left: number; readonly top: number },
): Viewport {
  const shift = (middle: number, extent: number, from: number, length: number): number => {
    const half = Math.max(0, extent / 2 - MARGIN) / viewport.zoom;
    if (from < middle - half || length > 2 * half) return from + half;
    return from + length > middle + half ? from + length - half : middle;
  };
  return {
    ...viewport,
    x: shift(viewport.x, room.width, box.left, box.width),
    y: shift(viewport.y, room.height, box.top, box.height),
  };
}

/** `zoom;x;y`, as exact as a screen is. */
export function writeViewport({ zoom, x, y }: Viewport): string {
  return [Number(zoom.toPrecision(4)), Math.round(x), Math.round(y)].join(";");
}

export function readViewport(text: string): Viewport | null {
  const [zoom, x, y, ...others] = text.split(";").map(readNumber);
  if (zoom == null || x == null || y == null || others.length > 0) return null;
  return zoom >= LEAST_ZOOM && zoom <= MOST_ZOOM ? { zoom, x, y } : null;
}

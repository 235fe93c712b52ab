/**
 * Parts of a drawing moved to where they belong, and the frames of unfolded models with the ports through which lines
 * pass. Must not know how boxes find their places.
 */
import type { BoxSize } from "./graph_box.js";
import type { GraphNode } from "./record.js";

export type Direction = "right" | "down";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphBox extends BoxSize {
  readonly node: GraphNode;
  readonly left: number;
  readonly top: number;
  /** True for a model that is unfolded: a frame around others. */
  readonly isOpen: boolean;
  readonly isFoldable: boolean;
}

export interface GraphLine {
  readonly source: string;
  readonly target: string;
  readonly points: readonly Point[];
  readonly label: string;
  readonly labelAt: Point | null;
  /** False where it ends at a frame, and goes on beyond it. */
  readonly hasArrow: boolean;
  /** True from a node to itself. */
  readonly isLoop: boolean;
}

export type Side = "in" | "out";

/** Where lines pass through a frame, by the path of the inner node. */
export type Ports = Readonly<Record<Side, ReadonlyMap<string, Point>>>;

/** What is drawn of one model; `width` and `height` from the origin. */
export interface Part extends BoxSize {
  /** A frame comes before what is inside it. */
  readonly boxes: readonly GraphBox[];
  readonly lines: readonly GraphLine[];
  readonly ports: Ports;
}

/** A part without its size. */
export type Bare = Omit<Part, "width" | "height">;

/** The height of the title of an unfolded model. */
export const FRAME_TITLE = 34;
const FRAME_PADDING = 18;
const LEAST_FRAME = 220;

export function movedPoint({ x, y }: Point, left: number, top: number): Point {
  return { x: x + left, y: y + top };
}

export function movedPart(part: Bare, left: number, top: number) {
  const moved = (point: Point): Point => movedPoint(point, left, top);
  const movedSide = (side: Side): ReadonlyMap<string, Point> =>
    new Map([...part.ports[side]].map(([path, point]) => [path, moved(point)]));
  return {
    boxes: part.boxes.map((box) => ({ ...box, left: box.left + left, top: box.top + top })),
    lines: part.lines.map((line) => ({
      ...line,
      points: line.points.map(moved),
      labelAt: line.labelAt && moved(line.labelAt),
    })),
    ports: { in: movedSide("in"), out: movedSide("out") },
  };
}

interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function extentOf({ boxes, lines }: Pick<Part, "boxes" | "lines">): Extent {
  const points = lines.flatMap((line) => line.points);
  const xs = [
    ...boxes.flatMap(({ left, width }) => [left, left + width]),
    ...points.map(({ x }) => x),
  ];
  const ys = [
    ...boxes.flatMap(({ top, height }) => [top, top + height]),
    ...points.map(({ y }) => y),
  ];
  if (xs.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  const least = (all: readonly number[]): number => all.reduce((a, b) => Math.min(a, b));
  const most = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b));
  return { left: least(xs), top: least(ys), right: most(xs), bottom: most(ys) };
}

/** The same with its upper left corner at the origin. */
export function atOrigin(part: Bare): Part {
  const { left, top, right, bottom } = extentOf(part);
  return { ...movedPart(part, -left, -top), width: right - left, height: bottom - top };
}

/** The same with room for a frame and its title around it; lines that come in or go out reach the frame. */
export function framed(part: Bare, direction: Direction): Part {
  const extent = extentOf(part);
  const frame = {
    left: extent.left - FRAME_PADDING,
    top: extent.top - FRAME_TITLE - FRAME_PADDING / 2,
    right: Math.max(extent.right, extent.left + LEAST_FRAME - 2 * FRAME_PADDING) + FRAME_PADDING,
    bottom: extent.bottom + FRAME_PADDING,
  };
  const atFrame =
    (side: Side) =>
    (point: Point): Point =>
      direction === "right"
        ? { ...point, x: side === "in" ? frame.left : frame.right }
        : { ...point, y: side === "in" ? frame.top : frame.bottom };
  const sideAtFrame = (side: Side) =>
    new Map([...part.ports[side]].map(([path, point]) => [path, atFrame(side)(point)]));
  const ports = { in: sideAtFrame("in"), out: sideAtFrame("out") };
  const lead = (side: Side): readonly GraphLine[] =>
    [...part.ports[side]].flatMap(([path, point]) => {
      const edge = atFrame(side)(point);
      const points = side === "in" ? [edge, point] : [point, edge];
      const line = { source: path, target: path, points, label: "", labelAt: null };
      return [{ ...line, hasArrow: false, isLoop: false }];
    });
  const whole = { boxes: part.boxes, lines: [...part.lines, ...lead("in"), ...lead("out")], ports };
  return {
    ...movedPart(whole, -frame.left, -frame.top),
    width: frame.right - frame.left,
    height: frame.bottom - frame.top,
  };
}

/**
 * Moving and zooming a drawing by pointer, wheel and keys. While it moves, only this tells; when it rests, the viewport
 * is handed on to be kept. Knows events; must not know what is drawn.
 */
import type { BoxSize } from "../model/graph_box.js";
import type { Point } from "../model/graph_frames.js";
import { fittedViewport, movedBy, type Viewport, zoomedBy } from "../model/graph_viewport.js";

/** What moves. */
export interface Moved {
  readonly viewport: () => Viewport;
  readonly size: () => BoxSize;
  readonly room: () => BoxSize;
  /** At every movement. */
  readonly move: (viewport: Viewport) => void;
  /** Once it rests. */
  readonly rest: (viewport: Viewport) => void;
}

const STEP = 1.25;
const ARROW = 80;
const WHEEL = 0.0016;
/** A pinch comes as a wheel with Ctrl, in smaller steps; a wheel with Ctrl, in larger ones, zooms no more than this at once. */
const PINCH = 0.01;
const MOST_AT_ONCE = 0.3;
/** Lines of a wheel that counts in lines, in pixels. */
const WHEEL_LINE = 20;
/** The pointer may shake this much in a click, in CSS pixels. */
const SHAKE = 4;
const RESTS_AFTER = 250;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [ARROW, 0],
  ArrowRight: [-ARROW, 0],
  ArrowUp: [0, ARROW],
  ArrowDown: [0, -ARROW],
};

export class GraphMotion {
  readonly #moved: Moved;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drag: { readonly at: Point; readonly from: Viewport; isMoving: boolean } | null = null;
  #wasDragged = false;

  constructor(moved: Moved) {
    this.#moved = moved;
  }

  get isDragging(): boolean {
    return this.#drag?.isMoving ?? false;
  }

  zoom(direction: 1 | -1): void {
    this.to(zoomedBy(this.#moved.viewport(), STEP ** direction, this.#moved.room()));
  }

  fit(): void {
    this.to(fittedViewport(this.#moved.size(), this.#moved.room()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Moves there; it is kept as what keys and the pointer move to. */
  to(viewport: Viewport): void {
    this.#moved.move(viewport);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#moved.rest(this.#moved.viewport()), RESTS_AFTER);
  }

  readonly onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow !== undefined) {
      this.to(movedBy(this.#moved.viewport(), ...arrow, this.#moved.size()));
    } else if (event.key === "+" || event.key === "=") this.zoom(1);
    else if (event.key === "-") this.zoom(-1);
    else if (event.key === "0") this.fit();
    else return;
    // Elsewhere these go through time and views.
    event.preventDefault();
    event.stopPropagation();
  };

  // The wheel alone scrolls the page, as over anything else: graphs are as large as what is in sight.
  readonly onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE : 1;
    const turned = -event.deltaY * lines;
    const amount = event.ctrlKey
      ? Math.max(-MOST_AT_ONCE, Math.min(MOST_AT_ONCE, turned * PINCH))
      : turned * WHEEL;
    const at = { x: event.clientX - left, y: event.clientY - top };
    const room = this.#moved.room();
    this.to(zoomedBy(this.#moved.viewport(), Math.exp(amount), room, at));
  };

  readonly onDown = (event: PointerEvent): void => {
    this.#wasDragged = false;
    if (event.button !== 0) return;
    const at = { x: event.clientX, y: event.clientY };
    this.#drag = { at, from: this.#moved.viewport(), isMoving: false };
  };

  readonly onMove = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === null) return;
    const [dx, dy] = [event.clientX - drag.at.x, event.clientY - drag.at.y];
    if (!drag.isMoving && Math.hypot(dx, dy) < SHAKE) return;
    if (!drag.isMoving) (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    drag.isMoving = true;
    this.to(movedBy(drag.from, dx, dy, this.#moved.size()));
  };

  readonly onUp = (): void => {
    const wasMoving = this.isDragging;
    this.#wasDragged = wasMoving;
    this.#drag = null;
    // The cursor is another one.
    if (wasMoving) this.#moved.move(this.#moved.viewport());
  };

  /** What ends a drag is no click on a node. */
  readonly onClick = (event: MouseEvent): void => {
    if (!this.#wasDragged) return;
    this.#wasDragged = false;
    event.stopPropagation();
  };
}

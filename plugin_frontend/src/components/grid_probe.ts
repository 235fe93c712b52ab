/**
 * The cell of a grid that is looked at: under the pointer, or walked to by keys. Tells the session, and opens or
 * pins its tile. Knows where tiles lie; must not know how they are painted.
 */
import { type CanvasPoint, type Direction, nextCell, nextTile } from "../model/cell_walk.js";
import type { ArrangedGrid } from "../model/grid_layout.js";
import { hitTest } from "../model/layout.js";
import { sampleOf } from "../model/sample_axis.js";
import { tilePlace } from "../model/tile_place.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import type { Session } from "../state/session.js";

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const START: CanvasPoint = { x: 0, y: 0 };

/** The grid as it is at the moment of an event. */
export interface Probed {
  readonly session: () => Session;
  readonly tag: () => string;
  readonly run: () => string;
  /** Null until a record is here. */
  readonly grid: () => ArrangedGrid | null;
  readonly shown: () => Tiles | null;
  /** What a click does with a tile instead of showing it in the large; absent or null for nothing else. */
  readonly pick?: () => ((tile: number) => void) | null;
}

/** Its functions are listeners of the canvas that shows one data pixel as `zoom` CSS pixels. */
export class GridProbe {
  readonly #probed: Probed;
  /** Where keys have walked to; null until they do. */
  #walked: CanvasPoint | null = null;

  constructor(probed: Probed) {
    this.#probed = probed;
  }

  readonly onMove = (event: PointerEvent): void => {
    const grid = this.#probed.grid();
    if (grid === null) return;
    const { zoom } = grid.layout;
    const point = { x: event.offsetX / zoom, y: event.offsetY / zoom };
    this.#hoverAt(grid, point, event.clientX, event.clientY);
  };

  // What the grid does with a key the screen must not do as well: arrows move the timeline, too.
  readonly onKey = (event: KeyboardEvent): void => {
    const direction = ARROWS[event.key];
    const grid = this.#probed.grid();
    if (event.altKey || event.ctrlKey || event.metaKey || grid === null) return;
    if (direction !== undefined)
      this.#walk(grid, direction, event.shiftKey, event.currentTarget as HTMLCanvasElement);
    else if (event.key === "Enter") this.#choose(false);
    else if (event.key === " ") this.#choose(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly onBlur = (): void => {
    this.#walked = null;
    this.onLeave();
  };

  readonly onLeave = (): void => this.#probed.session().hover.set(null);

  readonly onClick = (event: MouseEvent): void => this.#choose(event.shiftKey);

  #choose(isOutlinedOnly: boolean): void {
    const session = this.#probed.session();
    const hover = session.hover.value;
    if (hover === null) return;
    const { tag, cell, run, place } = hover;
    const pick = this.#probed.pick?.() ?? null;
    if (pick !== null) pick(cell.tile);
    else if (isOutlinedOnly) session.togglePinned(tag, cell.tile, run, place);
    else session.openTile({ tag, tile: cell.tile, run, ...(place === undefined ? {} : { place }) });
  }

  #walk(
    grid: ArrangedGrid,
    direction: Direction,
    byTile: boolean,
    canvas: HTMLCanvasElement,
  ): void {
    const { layout } = grid;
    const before = this.#walked;
    const isThere = before !== null && hitTest(layout, before.x, before.y) !== null;
    // The first key shows where the walk begins.
    this.#walked = isThere ? (byTile ? nextTile : nextCell)(layout, before, direction) : START;
    const { x, y } = this.#walked;
    const { left, top } = canvas.getBoundingClientRect();
    this.#hoverAt(
      grid,
      this.#walked,
      left + (x + 0.5) * layout.zoom,
      top + (y + 0.5) * layout.zoom,
    );
  }

  /** Hovers the cell at a point in data pixels; `x` and `y` are where that is in the frame. */
  #hoverAt(grid: ArrangedGrid, point: CanvasPoint, x: number, y: number): void {
    const session = this.#probed.session();
    const at = hitTest(grid.layout, point.x, point.y);
    const cell = at && { ...at, tile: grid.order?.[at.tile] ?? at.tile };
    const header = this.#probed.shown()?.header;
    if (cell === null || header === undefined) {
      session.hover.set(null);
      return;
    }
    const axes = gridAxes(header);
    const sample = sampleOf(axes, cell.tile);
    const place = tilePlace(axes, cell.tile);
    const { samplesDigest } = header.source;
    const [tag, run] = [this.#probed.tag(), this.#probed.run()];
    session.hover.set({ tag, run, cell, place, sample, samplesDigest, x, y });
  }
}

/** A click must not take the arrow keys away from the timeline; the Tab key does. */
export const keepFocus = (event: MouseEvent): void => event.preventDefault();

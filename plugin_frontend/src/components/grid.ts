/**
 * One run's tiles in a panel: paints them, reports the cell under the pointer or walked to by keys, outlines the hovered
 * and the pinned tile. While a record is on its way the last picture stays, marked as not current. Must not fetch or choose colours.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { type CanvasPoint, type Direction, nextCell, nextTile } from "../model/cell_walk.js";
import type { Colouring, Theme } from "../model/colours.js";
import type { DeadChannels } from "../model/dead_channels.js";
import type { Placement, Show, TileSize } from "../model/display.js";
import { type ArrangedGrid, arrangeGrid, shownPart } from "../model/grid_layout.js";
import { hitTest, placeTile, type Room } from "../model/layout.js";
import { linkedTile } from "../model/linked_tiles.js";
import { type AxisOrder, placementKey, SAMPLE } from "../model/placement.js";
import { perTileRanges, type Range } from "../model/ranges.js";
import type { Axis } from "../model/record.js";
import { sampleOf } from "../model/sample_axis.js";
import type { PictureSize } from "../model/sample_pictures.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { drawGrid, drawOverlay, hasOverlay } from "../render/canvases.js";
import { deadMarks, type Mark } from "../render/dead_marks.js";
import type { SpecialCell } from "../render/paint_grid.js";
import type { Hover } from "../state/app_state.js";
import type { Session } from "../state/session.js";
import { gridDataset } from "./grid_dataset.js";
import { asideLabel, gridLabels } from "./grid_labels.js";
import { drawOnCanvases, pictureCanvases } from "./grid_pictures.js";
import { gridStyles } from "./grid_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Grids are not zoomed beyond this height, in CSS pixels, and folded there, so that a panel fits on a screen. */
export const MAX_GRID_HEIGHT = 620;

/** Tiles of a grid that stands alone on its stage, in CSS pixels. */
const LARGEST_TILE = 400;

/** The room of a grid. `stage` is the height that it has alone; null for a grid among others. */
export function gridRoom(width: number, stage: number | null): Room {
  return stage === null
    ? { width, height: MAX_GRID_HEIGHT }
    : { width, height: stage, largestTile: LARGEST_TILE };
}

/** Above the tiles of a folded grid, see the style, and below for their outlines; in CSS pixels. */
const WINDOW_PADDING = 3 + 1;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const START: CanvasPoint = { x: 0, y: 0 };

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** What decides where tiles go, and what decides how they look. */
const PLACING = [
  "tiles",
  "available",
  "stage",
  "placement",
  "axisOrder",
  "picture",
  "tileSize",
  "columns",
] as const;
const LOOKS = [...PLACING, "colouring", "range", "dead", "outlines", "smooth", "theme"] as const;

const PICTURING = [...PLACING, "pictures"] as const;

export class NnvizGrid extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    tag: {},
    run: {},
    runName: {},
    tiles: { attribute: false },
    show: {},
    available: { type: Number },
    reserved: { type: Number },
    stage: { attribute: false },
    folded: { type: Boolean },
    colouring: { attribute: false, hasChanged: differs },
    range: { attribute: false, hasChanged: differs },
    placement: {
      attribute: false,
      hasChanged: (a: Placement | null, b: Placement | null) => placementKey(a) !== placementKey(b),
    },
    axisOrder: { attribute: false, hasChanged: differs },
    picture: { attribute: false, hasChanged: differs },
    pictures: { attribute: false },
    dead: { attribute: false },
    tileSize: {},
    columns: { attribute: false },
    outlines: { type: Boolean },
    smooth: { type: Boolean },
    theme: {},
  };

  static override readonly styles = [shared, gridStyles];

  declare session: Session;
  declare tag: string;
  declare run: string;
  declare runName: string;
  /** What is painted: a record or a change; null while it is on its way. */
  declare tiles: Tiles | null;
  declare show: Show;
  /** Free width in CSS pixels. */
  declare available: number;
  /** Height in CSS pixels to keep free until the first record is here. */
  declare reserved: number;
  /** Height in CSS pixels of a grid that is shown alone, as large as it fits; null among others. */
  declare stage: number | null;
  /** Shows only the rows that fit into the height of the room. */
  declare folded: boolean;
  declare colouring: Colouring | null;
  /** One range for all tiles, or null for each tile's own. */
  declare range: Range | null;
  /** Null for the default. */
  declare placement: Placement | null;
  declare axisOrder: AxisOrder | null;
  /** The size that is kept free for a sample's picture; null where none stand beside the tiles. */
  declare picture: PictureSize | null;
  /** The run's samples; null where they are no pictures. */
  declare pictures: Tiles | null;
  /** Channels to be shown as dead; null where none are. */
  declare dead: DeadChannels | null;
  declare tileSize: TileSize;
  declare columns: number | null;
  declare outlines: boolean;
  declare smooth: boolean;
  /** Outlines are drawn in a colour of the theme. */
  declare theme: Theme;

  #shown: Tiles | null = null;
  #grid: ArrangedGrid | null = null;
  #specials: readonly SpecialCell[] = [];
  #marks: readonly Mark[] = [];
  #outlined: number | null = null;
  #lastPinned: number | null = null;
  /** Where keys have walked to; null until they do. */
  #walked: CanvasPoint | null = null;

  constructor() {
    super();
    this.tiles = null;
    this.show = "value";
    this.colouring = null;
    this.range = null;
    this.folded = false;
    this.stage = null;
    this.placement = null;
    this.axisOrder = null;
    this.picture = null;
    this.pictures = null;
    this.dead = null;
    this.tileSize = "auto";
    this.columns = null;
    this.outlines = false;
    this.smooth = false;
    this.theme = "light";
    new Watcher(
      this,
      () => [this.session.hover, this.session.pinned],
      () => this.#outlineAgain(),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.tiles !== null) this.#shown = this.tiles;
    if (this.#shown === null || !PLACING.some((name) => changed.has(name))) return;
    const { available, stage, placement, axisOrder, tileSize, columns } = this;
    const room = gridRoom(available, stage);
    const choices = { tileSize, columns };
    this.#grid = arrangeGrid(this.#shown, placement, axisOrder, room, choices, this.picture);
  }

  protected override render(): TemplateResult {
    const grid = this.#grid;
    if (grid === null) {
      return html`<div class="skeleton" style=${styleMap({ height: `${this.reserved}px` })}></div>`;
    }
    if (grid.layout.tiles === 0)
      return html`<p class="none">There are no tiles: the array is empty.</p>`;
    const part = shownPart(grid, gridRoom(this.available, this.stage).height);
    const cut = this.folded && part.folded;
    const whole = {
      ...(grid.leastHeight > 0 ? { "min-height": `${grid.leastHeight}px` } : {}),
      // Else the margin above the first row would be one with the caption's below.
      ...(grid.above > 0 ? { display: "flow-root" } : {}),
    };
    const { width, height, zoom } = grid.layout;
    const frame = {
      width: `${width * zoom}px`,
      height: `${height * zoom}px`,
      "margin-left": `${grid.aside + grid.gutter}px`,
      "margin-top": `${grid.above}px`,
      "margin-bottom": `${grid.footer}px`,
    };
    return html`<div
      class=${cut ? "window" : ""}
      style=${styleMap(cut ? { height: `${part.height + WINDOW_PADDING}px` } : whole)}
    >
      ${this.#frame(grid, frame)}
    </div>`;
  }

  #frame(grid: ArrangedGrid, style: Readonly<Record<string, string>>): TemplateResult {
    const { layout } = grid;
    return html`<div class="frame" style=${styleMap(style)}>
      <canvas
        class=${layout.zoom < 1 ? "shrunk" : ""}
        data-testid="grid"
        role="img"
        tabindex="0"
        aria-label=${`${this.tag}, run ${this.runName}: ${layout.tiles} tiles. Arrow keys go from cell to cell`}
        @keydown=${this.#onKey}
        @blur=${this.#onBlur}
        @mousedown=${this.#keepFocus}
        @pointermove=${this.#onMove}
        @pointerleave=${this.#onLeave}
        @click=${this.#onClick}
      ></canvas>
      <canvas class="overlay" aria-hidden="true" ?hidden=${!hasOverlay(layout, this.#overlay())}></canvas>
      ${gridLabels(grid)} ${asideLabel(grid, this.#sampleAxis())}
      ${this.pictures === null ? nothing : pictureCanvases(grid.pictures)} ${this.#outline(grid, this.#pinnedTile(), "pinned")}
      ${this.#outline(grid, this.#outlined, "hovered")}
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas");
    if (canvas === null || this.#grid === null || this.#shown === null) return;
    if (this.tiles === null) canvas.dataset.painted = "false";
    else if (LOOKS.some((name) => changed.has(name))) this.#paint(canvas, this.#grid, this.#shown);
    if (this.pictures !== null && PICTURING.some((name) => changed.has(name))) {
      drawOnCanvases(this.renderRoot, this.#grid.pictures, this.pictures);
    }
  }

  #paint(canvas: HTMLCanvasElement, grid: ArrangedGrid, tiles: Tiles): void {
    if (this.colouring === null) return;
    const { layout, order } = grid;
    const ranges = this.range ?? perTileRanges(tiles, this.colouring.rule);
    this.#marks = deadMarks(layout, tiles, order, this.dead);
    const dead = { marks: this.#marks, theme: this.theme };
    this.#specials = drawGrid(canvas, layout, tiles, ranges, this.colouring, order, dead);
    const above = this.renderRoot.querySelector<HTMLCanvasElement>(".overlay");
    if (above !== null) {
      above.hidden = !hasOverlay(layout, this.#overlay());
      if (!above.hidden) {
        drawOverlay(above, canvas, layout, this.#overlay(), window.devicePixelRatio);
      }
    }
    Object.assign(canvas.dataset, {
      run: this.runName,
      runId: this.run,
      tag: this.tag,
      show: this.show,
      ...gridDataset(grid, tiles, this.colouring, this.range, this.dead?.dead ?? 0),
      painted: "true",
    });
  }

  #overlay(): Parameters<typeof hasOverlay>[1] {
    const { outlines, smooth } = this;
    return { dead: this.#marks, specials: this.#specials, outlines, smooth };
  }

  #sampleAxis(): Axis | undefined {
    return this.#shown?.header.axes.find(({ name }) => name === SAMPLE);
  }

  #outline(grid: ArrangedGrid, tile: number | null, kind: string): TemplateResult | typeof nothing {
    const { layout } = grid;
    const place = tile === null ? -1 : (grid.order?.indexOf(tile) ?? tile);
    if (place < 0 || place >= layout.tiles || layout.tiles < 2) return nothing;
    const { left, top } = placeTile(layout, place);
    const style = {
      left: `${left * layout.zoom}px`,
      top: `${top * layout.zoom}px`,
      width: `${layout.tileWidth * layout.zoom}px`,
      height: `${layout.tileHeight * layout.zoom}px`,
    };
    return html`<div class="outline ${kind}" style=${styleMap(style)}></div>`;
  }

  // Every grid hears of every move of the pointer; only those whose outline changes render.
  #outlineAgain(): void {
    const hover = this.session.hover.value;
    const tile = hover === null ? null : this.#linked(hover);
    const pinned = this.#pinnedTile();
    if (tile === this.#outlined && pinned === this.#lastPinned) return;
    this.#outlined = tile;
    this.#lastPinned = pinned;
    this.requestUpdate();
  }

  #linked({ tag, cell, sample = null, samplesDigest = null }: Hover): number | null {
    const hovered = { tag, tile: cell.tile, sample, samplesDigest };
    return linkedTile(hovered, this.tag, this.#shown?.header.source.samplesDigest ?? null);
  }

  #pinnedTile(): number | null {
    const pinned = this.session.pinned.value;
    return pinned?.tag === this.tag ? pinned.tile : null;
  }

  /** Hovers the cell at a point in data pixels; `x` and `y` are where that is in the frame. */
  #hoverAt(grid: ArrangedGrid, point: CanvasPoint, x: number, y: number): void {
    const at = hitTest(grid.layout, point.x, point.y);
    const cell = at && { ...at, tile: grid.order?.[at.tile] ?? at.tile };
    const header = this.#shown?.header;
    if (cell === null || header === undefined) {
      this.session.hover.set(null);
      return;
    }
    const sample = sampleOf(gridAxes(header), cell.tile);
    const { samplesDigest } = header.source;
    this.session.hover.set({ tag: this.tag, run: this.run, cell, sample, samplesDigest, x, y });
  }

  readonly #onMove = (event: PointerEvent): void => {
    if (this.#grid === null) return;
    const { zoom } = this.#grid.layout;
    const point = { x: event.offsetX / zoom, y: event.offsetY / zoom };
    this.#hoverAt(this.#grid, point, event.clientX, event.clientY);
  };

  // What the grid does with a key the screen must not do as well: arrows move the timeline, too.
  readonly #onKey = (event: KeyboardEvent): void => {
    const direction = ARROWS[event.key];
    const grid = this.#grid;
    if (event.altKey || event.ctrlKey || event.metaKey || grid === null) return;
    if (direction !== undefined) this.#walk(grid, direction, event.shiftKey);
    else if (event.key === "Enter") this.#onClick();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #walk(grid: ArrangedGrid, direction: Direction, byTile: boolean): void {
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas === null) return;
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

  readonly #onBlur = (): void => {
    this.#walked = null;
    this.#onLeave();
  };

  // A click must not take the arrow keys away from the timeline; the Tab key does.
  readonly #keepFocus = (event: MouseEvent): void => event.preventDefault();

  readonly #onLeave = (): void => this.session.hover.set(null);

  readonly #onClick = (): void => {
    const hover = this.session.hover.value;
    if (hover !== null) this.session.togglePinned(hover.tag, hover.cell.tile);
  };
}

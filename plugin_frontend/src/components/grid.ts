/**
 * One run's tiles in a panel: paints them, reports the cell under the pointer, outlines the hovered and the pinned
 * tile. While a record is on its way the last picture stays, marked as not current. Must not fetch or choose colours.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Colouring } from "../model/colours.js";
import { foldGrid, type GridLayout, hitTest, layoutGrid, placeTile } from "../model/layout.js";
import { perTileRanges, type Range } from "../model/ranges.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { drawGlyphs, drawGrid, MIN_GLYPH_CELL } from "../render/canvases.js";
import type { SpecialCell } from "../render/paint_grid.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Grids are not zoomed beyond this height, in CSS pixels, and folded there, so that a panel fits on a screen. */
export const MAX_GRID_HEIGHT = 620;

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

export class NnvizGrid extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    tag: {},
    run: {},
    runName: {},
    tiles: { attribute: false },
    available: { type: Number },
    reserved: { type: Number },
    folded: { type: Boolean },
    colouring: { attribute: false, hasChanged: differs },
    range: { attribute: false, hasChanged: differs },
  };

  static override readonly styles = [
    shared,
    css`
      .none {
        margin: 0;
        color: var(--secondary);
      }
      .window {
        overflow: hidden;
      }
      .frame {
        position: relative;
      }
      .skeleton {
        min-height: 24px;
        border-radius: 4px;
        background: var(--chip);
        animation: breathe 1.6s ease-in-out infinite alternate;
      }
      @keyframes breathe {
        to {
          opacity: 0.45;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .skeleton {
          animation: none;
        }
      }
      canvas {
        display: block;
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
      }
      canvas.shrunk {
        image-rendering: auto;
      }
      canvas[data-painted="false"] {
        opacity: 0.55;
        transition: opacity 0.15s 0.25s;
      }
      .glyphs {
        pointer-events: none;
      }
      .outline {
        position: absolute;
        pointer-events: none;
        outline: 2px solid var(--ink);
        outline-offset: 1px;
        border-radius: 1px;
      }
      .outline.pinned {
        outline-color: var(--accent);
      }
    `,
  ];

  declare session: Session;
  declare tag: string;
  declare run: string;
  declare runName: string;
  /** Null while the record is on its way. */
  declare tiles: Tiles | null;
  /** Free width in CSS pixels. */
  declare available: number;
  /** Height in CSS pixels to keep free until the first record is here. */
  declare reserved: number;
  /** Shows only the rows that fit into `MAX_GRID_HEIGHT`. */
  declare folded: boolean;
  declare colouring: Colouring | null;
  /** One range for all tiles, or null for each tile's own. */
  declare range: Range | null;

  #shown: Tiles | null = null;
  #layout: GridLayout | null = null;
  #specials: readonly SpecialCell[] = [];
  #outlined: number | null = null;
  #lastPinned: number | null = null;

  constructor() {
    super();
    this.tiles = null;
    this.colouring = null;
    this.range = null;
    this.folded = false;
    new Watcher(
      this,
      () => [this.session.hover, this.session.pinned],
      () => this.#outlineAgain(),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.tiles !== null) this.#shown = this.tiles;
    if (this.#shown === null || !(changed.has("tiles") || changed.has("available"))) return;
    const { header, shape } = this.#shown;
    this.#layout = layoutGrid(gridAxes(header), shape, this.available, MAX_GRID_HEIGHT);
  }

  protected override render(): TemplateResult {
    const layout = this.#layout;
    if (layout?.tiles === 0)
      return html`<p class="none">There are no tiles: the array is empty.</p>`;
    if (layout === null) {
      return html`<div class="skeleton" style=${styleMap({ height: `${this.reserved}px` })}></div>`;
    }
    const size = {
      width: `${layout.width * layout.zoom}px`,
      height: `${layout.height * layout.zoom}px`,
    };
    const fold = this.folded ? foldGrid(layout, MAX_GRID_HEIGHT) : null;
    const window = fold === null ? {} : { height: `${fold.height}px` };
    return html`<div class=${fold === null ? "" : "window"} style=${styleMap(window)}>
      ${this.#frame(layout, size)}
    </div>`;
  }

  #frame(layout: GridLayout, size: Readonly<Record<string, string>>): TemplateResult {
    return html`<div class="frame" style=${styleMap(size)}>
      <canvas
        class=${layout.zoom < 1 ? "shrunk" : ""}
        data-testid="grid"
        role="img"
        aria-label=${`${this.tag}, run ${this.runName}: ${layout.tiles} tiles`}
        @pointermove=${this.#onMove}
        @pointerleave=${this.#onLeave}
        @click=${this.#onClick}
      ></canvas>
      <canvas class="glyphs" ?hidden=${!this.#hasGlyphs()}></canvas>
      ${this.#outline(layout, this.#pinnedTile(), "pinned")}
      ${this.#outline(layout, this.#outlined, "hovered")}
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas");
    if (canvas === null || this.#layout === null || this.#shown === null) return;
    const looks = ["tiles", "available", "colouring", "range"] as const;
    if (this.tiles === null) canvas.dataset.painted = "false";
    else if (looks.some((name) => changed.has(name)))
      this.#paint(canvas, this.#layout, this.#shown);
  }

  #paint(canvas: HTMLCanvasElement, layout: GridLayout, tiles: Tiles): void {
    if (this.colouring === null) return;
    const ranges = this.range ?? perTileRanges(tiles, this.colouring.rule);
    this.#specials = drawGrid(canvas, layout, tiles, ranges, this.colouring);
    const glyphs = this.renderRoot.querySelector<HTMLCanvasElement>(".glyphs");
    if (glyphs !== null) {
      glyphs.hidden = !this.#hasGlyphs();
      if (!glyphs.hidden) drawGlyphs(glyphs, layout, this.#specials, window.devicePixelRatio);
    }
    Object.assign(canvas.dataset, {
      run: this.runName,
      runId: this.run,
      tag: this.tag,
      step: tiles.header.moment.step,
      columns: layout.columns,
      rows: layout.rows,
      blocks: layout.blocks,
      blockRows: layout.blockRows,
      blockPitch: layout.blockPitch,
      tileHeight: layout.tileHeight,
      tileWidth: layout.tileWidth,
      gap: layout.gap,
      tiles: layout.tiles,
      range: this.range === null ? "per-tile" : JSON.stringify([this.range.lo, this.range.hi]),
      colours: this.colouring.table,
      painted: "true",
    });
  }

  #hasGlyphs(): boolean {
    return this.#specials.length > 0 && (this.#layout?.zoom ?? 0) >= MIN_GLYPH_CELL;
  }

  #outline(layout: GridLayout, tile: number | null, kind: string): TemplateResult | typeof nothing {
    if (tile === null || tile >= layout.tiles || layout.tiles < 2) return nothing;
    const { left, top } = placeTile(layout, tile);
    const place = {
      left: `${left * layout.zoom}px`,
      top: `${top * layout.zoom}px`,
      width: `${layout.tileWidth * layout.zoom}px`,
      height: `${layout.tileHeight * layout.zoom}px`,
    };
    return html`<div class="outline ${kind}" style=${styleMap(place)}></div>`;
  }

  // Every grid hears of every move of the pointer; only those whose outline changes render.
  #outlineAgain(): void {
    const hover = this.session.hover.value;
    const tile = hover?.tag === this.tag ? hover.cell.tile : null;
    const pinned = this.#pinnedTile();
    if (tile === this.#outlined && pinned === this.#lastPinned) return;
    this.#outlined = tile;
    this.#lastPinned = pinned;
    this.requestUpdate();
  }

  #pinnedTile(): number | null {
    const pinned = this.session.pinned.value;
    return pinned?.tag === this.tag ? pinned.tile : null;
  }

  readonly #onMove = (event: PointerEvent): void => {
    const layout = this.#layout;
    if (layout === null) return;
    const cell = hitTest(layout, event.offsetX / layout.zoom, event.offsetY / layout.zoom);
    const { clientX: x, clientY: y } = event;
    this.session.hover.set(cell && { tag: this.tag, run: this.run, cell, x, y });
  };

  readonly #onLeave = (): void => this.session.hover.set(null);

  readonly #onClick = (): void => {
    const hover = this.session.hover.value;
    if (hover !== null) this.session.togglePinned(hover.tag, hover.cell.tile);
  };
}

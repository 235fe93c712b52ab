/**
 * One canvas of a card of attributions: the map of a sample, a strip of them over α, its input, or both over one
 * another. Paints, reports the cell that is looked at and the tile that is picked. Must not fetch, choose colours or
 * lay out.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Colouring, Theme } from "../model/colours.js";
import type { ArrangedGrid } from "../model/grid_layout.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import { pinnedTileOf } from "../model/link.js";
import { linkedTile } from "../model/linked_tiles.js";
import { perTileRanges, type Range } from "../model/ranges.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { drawGrid, drawOverlaid, drawOverlay, hasOverlay } from "../render/canvases.js";
import type { SpecialCell } from "../render/paint_grid.js";
import type { Overlaid } from "../render/paint_overlay.js";
import type { Session } from "../state/session.js";
import { gridDataset } from "./grid_dataset.js";
import { GridProbe, keepFocus } from "./grid_probe.js";
import { gridStyles } from "./grid_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** Likewise, but that the same records are not written out to be compared. */
function areOtherOverlaid(a: Overlaid | null, b: Overlaid | null | undefined): boolean {
  if (!a || !b) return a !== b;
  const keys = Object.keys(a) as (keyof Overlaid)[];
  return keys.some((key) => (key === "range" ? differs(a.range, b.range) : a[key] !== b[key]));
}

const LOOKS = [
  "tiles",
  "order",
  "layout",
  "colouring",
  "range",
  "overlaid",
  "outlines",
  "smooth",
  "theme",
  "column",
] as const;

export class NnvizAttributionTiles extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    tag: {},
    run: {},
    runName: {},
    column: {},
    label: {},
    sample: { type: Number },
    tiles: { attribute: false },
    order: { attribute: false, hasChanged: differs },
    layout: { attribute: false, hasChanged: differs },
    colouring: { attribute: false, hasChanged: differs },
    range: { attribute: false, hasChanged: differs },
    overlaid: { attribute: false, hasChanged: areOtherOverlaid },
    selected: { type: Number },
    pick: { attribute: false, hasChanged: () => false },
    outlines: { type: Boolean },
    smooth: { type: Boolean },
    theme: {},
  };

  static override readonly styles = [
    shared,
    gridStyles,
    css`
      :host {
        display: block;
      }
      canvas.pickable {
        cursor: pointer;
      }
      .selected {
        position: absolute;
        outline: 2px solid var(--accent);
        outline-offset: 1px;
        border-radius: 1px;
        pointer-events: none;
      }
    `,
  ];

  declare session: Session;
  /** Of the records that are painted. */
  declare tag: string;
  declare run: string;
  declare runName: string;
  /** What stands here, such as `map`. */
  declare column: string;
  /** The same in words, with the sample's name. */
  declare label: string;
  declare sample: number;
  declare tiles: Tiles;
  /** The tiles that are shown, by place. */
  declare order: readonly number[];
  declare layout: GridLayout;
  declare colouring: Colouring;
  /** Null for a range of its own for every tile. */
  declare range: Range | null;
  /** Instead of the tiles alone: the tile of the first place over an input. */
  declare overlaid: Overlaid | null;
  /** The place that is marked as chosen; −1 for none. */
  declare selected: number;
  /** Called with the tile that is clicked; null where a click keeps it outlined. */
  declare pick: ((tile: number) => void) | null;
  declare outlines: boolean;
  declare smooth: boolean;
  declare theme: Theme;

  #specials: readonly SpecialCell[] = [];
  #outlined: number | null = null;
  #pinned: number | null = null;
  readonly #probe = new GridProbe({
    session: () => this.session,
    tag: () => this.tag,
    run: () => this.run,
    grid: () => this.#grid(),
    shown: () => this.tiles,
    pick: () => this.pick,
  });

  constructor() {
    super();
    this.overlaid = null;
    this.selected = -1;
    this.pick = null;
    this.outlines = false;
    this.smooth = false;
    new Watcher(
      this,
      () => [this.session.hover, this.session.pinned],
      () => this.#outlineAgain(),
    );
  }

  protected override render(): TemplateResult {
    const { layout } = this;
    const size = {
      width: `${layout.width * layout.zoom}px`,
      height: `${layout.height * layout.zoom}px`,
    };
    const isReached = this.overlaid === null;
    return html`<div class="frame" style=${styleMap(size)}>
      <canvas
        class=${`${layout.zoom < 1 ? "shrunk" : ""} ${this.pick === null ? "" : "pickable"}`}
        data-testid="attribution"
        role="img"
        tabindex=${isReached ? "0" : "-1"}
        aria-label=${this.label}
        @keydown=${this.#probe.onKey}
        @blur=${this.#probe.onBlur}
        @mousedown=${keepFocus}
        @pointermove=${this.#probe.onMove}
        @pointerleave=${this.#probe.onLeave}
        @click=${this.#probe.onClick}
      ></canvas>
      <canvas class="overlay" aria-hidden="true" hidden></canvas>
      ${this.#frame(this.selected, "selected")} ${this.#frame(this.#placeOf(this.#pinned), "outline pinned")}
      ${this.#frame(this.#placeOf(this.#outlined), "outline hovered")}
    </div>`;
  }

  #frame(place: number, kind: string): TemplateResult | typeof nothing {
    const { layout } = this;
    if (place < 0 || place >= layout.tiles) return nothing;
    const { left, top } = placeTile(layout, place);
    const style = {
      left: `${left * layout.zoom}px`,
      top: `${top * layout.zoom}px`,
      width: `${layout.tileWidth * layout.zoom}px`,
      height: `${layout.tileHeight * layout.zoom}px`,
    };
    return html`<div class=${kind} style=${styleMap(style)}></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (LOOKS.some((name) => changed.has(name))) this.#paint();
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas");
    const above = this.renderRoot.querySelector<HTMLCanvasElement>(".overlay");
    if (canvas === null || above === null) return;
    const { tiles, layout, colouring, overlaid } = this;
    const grid = this.#grid();
    const ranges = this.range ?? perTileRanges(tiles, colouring.rule);
    if (overlaid === null) {
      this.#specials = drawGrid(canvas, layout, tiles, ranges, colouring, grid.order);
      const look = {
        dead: [],
        specials: this.#specials,
        outlines: this.outlines,
        smooth: this.smooth,
      };
      above.hidden = !hasOverlay(layout, look);
      if (!above.hidden) drawOverlay(above, canvas, layout, look, window.devicePixelRatio);
    } else {
      drawOverlaid(canvas, overlaid);
      above.hidden = true;
    }
    Object.assign(canvas.dataset, {
      ...gridDataset(grid, tiles, colouring, this.range, 0),
      part: this.column,
      tag: this.tag,
      run: this.runName,
      sample: this.sample,
      overlay: overlaid?.kind ?? "",
      painted: "true",
    });
  }

  #grid(): ArrangedGrid & { readonly order: Int32Array } {
    return {
      layout: this.layout,
      order: Int32Array.from(this.order),
      aside: 0,
      gutter: 0,
      labelWidth: 0,
      above: 0,
      footer: 0,
      leastHeight: 0,
      pictures: [],
      rowLabels: null,
      columnLabels: null,
      tileLabels: null,
    };
  }

  #placeOf(tile: number | null): number {
    return tile === null ? -1 : this.order.indexOf(tile);
  }

  // Every canvas hears of every move of the pointer; only those whose outline changes render.
  #outlineAgain(): void {
    const { hover, pinned } = this.session;
    const at = hover.value;
    const { header } = this.tiles;
    const digest = header.source.samplesDigest;
    const hovered = at && {
      tag: at.tag,
      tile: at.cell.tile,
      place: at.place ?? null,
      sample: at.sample ?? null,
      samplesDigest: at.samplesDigest ?? null,
    };
    const linked = hovered && linkedTile(hovered, this.tag, digest, gridAxes(header));
    const outlined = this.#placeOf(linked) < 0 ? null : linked;
    const tile = pinnedTileOf(pinned.value, this.tag, digest, gridAxes(header));
    const kept = this.#placeOf(tile) < 0 ? null : tile;
    if (outlined === this.#outlined && kept === this.#pinned) return;
    this.#outlined = outlined;
    this.#pinned = kept;
    this.requestUpdate();
  }
}

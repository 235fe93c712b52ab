/**
 * One run's tiles in a panel: paints them, outlines the hovered and the pinned tile. While a record is on its way the last picture stays, marked as not current. Must not fetch or choose colours.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { findTiles } from "../model/find_tiles.js";
import { type ArrangedGrid, arrangeGrid, shownPart } from "../model/grid_layout.js";
import { placeTile } from "../model/layout.js";
import { pinnedTileOf } from "../model/link.js";
import { linkedTile } from "../model/linked_tiles.js";
import { type AxisOrder, SAMPLE } from "../model/placement.js";
import { perTileRanges } from "../model/ranges.js";
import type { Axis } from "../model/record.js";
import { sameTile, tilePlace } from "../model/tile_place.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { drawGrid, drawOverlay, hasOverlay } from "../render/canvases.js";
import { deadMarks, type Mark } from "../render/dead_marks.js";
import type { SpecialCell } from "../render/paint_grid.js";
import type { Hover } from "../state/app_state.js";
import { bringIntoSight } from "./bring_into_sight.js";
import { barsTemplate, classBarStyles, type GridBars } from "./class_bars.js";
import { gridDataset } from "./grid_dataset.js";
import { asideLabel, gridLabels, tileOutline } from "./grid_labels.js";
import { drawOnCanvases, pictureCanvases } from "./grid_pictures.js";
import { GridProbe, keepFocus } from "./grid_probe.js";
import { GridProperties, LOOKS, PICTURING, PLACING } from "./grid_properties.js";
import { gridRoom } from "./grid_room.js";
import { gridStyles } from "./grid_styles.js";
import { shared } from "./tokens.js";
import { placeStyles, placesTemplate } from "./top_samples.js";
import { Watcher } from "./watcher.js";

/** Above the tiles of a folded grid, see the style, and below for their outlines; in CSS pixels. */
const WINDOW_PADDING = 3 + 1;

export class NnvizGrid extends GridProperties {
  static override readonly styles = [shared, gridStyles, classBarStyles, placeStyles];

  #shown: Tiles | null = null;
  /** Those of what is shown. */
  #bars: GridBars | null = null;
  #order: AxisOrder | null = null;
  #grid: ArrangedGrid | null = null;
  #specials: readonly SpecialCell[] = [];
  #marks: readonly Mark[] = [];
  #outlined: number | null = null;
  #lastPinned: number | null = null;
  readonly #probe = new GridProbe({
    session: () => this.session,
    tag: () => this.tag,
    run: () => this.run,
    grid: () => this.#grid,
    shown: () => this.#shown,
  });

  constructor() {
    super();
    new Watcher(
      this,
      () => [this.session.hover, this.session.pinned],
      () => this.#outlineAgain(),
    );
    new Watcher(
      this,
      () => [this.session.soughtTile],
      () => this.#showSought(),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.tiles !== null) {
      this.#shown = this.tiles;
      this.#bars = this.bars;
      this.#order = this.axisOrder;
    }
    // A link may bring an outline along that nobody has told of.
    this.#lastPinned = this.#pinnedTile();
    if (this.#shown === null || !PLACING.some((name) => changed.has(name))) return;
    const { available, stage, placement, tileSize, columns } = this;
    const room = gridRoom(available, stage);
    const choices = { tileSize, columns };
    const { picture } = this;
    this.#grid = arrangeGrid(
      this.#shown,
      placement,
      this.#order,
      room,
      choices,
      picture,
      this.#bars?.room ?? null,
    );
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
      ${this.#frame(grid, frame, cut ? part.tiles : grid.layout.tiles)}
    </div>`;
  }

  #frame(
    grid: ArrangedGrid,
    style: Readonly<Record<string, string>>,
    tiles: number,
  ): TemplateResult {
    const { layout } = grid;
    return html`<div class="frame" style=${styleMap(style)}>
      <canvas
        class=${layout.zoom < 1 ? "shrunk" : ""}
        data-testid="grid"
        role="img"
        tabindex="0"
        aria-label=${`${this.tag}, run ${this.runName}: ${layout.tiles} tiles. Arrow keys go from cell to cell`}
        @keydown=${this.#probe.onKey}
        @blur=${this.#probe.onBlur}
        @mousedown=${keepFocus}
        @pointermove=${this.#probe.onMove}
        @pointerleave=${this.#probe.onLeave}
        @click=${this.#probe.onClick}
      ></canvas>
      <canvas class="overlay" aria-hidden="true" ?hidden=${!hasOverlay(layout, this.#overlay())}></canvas>
      ${this.#bars === null ? nothing : barsTemplate(grid, this.#bars, tiles)}
      ${placesTemplate(grid, this.#shown)} ${gridLabels(grid)} ${asideLabel(grid, this.#sampleAxis())}
      ${this.pictures === null ? nothing : pictureCanvases(grid.pictures)} ${this.#found().map((tile) => tileOutline(grid, tile, "found"))} ${tileOutline(grid, this.#pinnedTile(), "pinned")}
      ${tileOutline(grid, this.#outlined, "hovered")}
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
    this.#showSought();
    this.#tellPlace();
  }

  #found(): readonly number[] {
    return this.find === "" || this.#shown === null
      ? []
      : findTiles(gridAxes(this.#shown.header), this.find);
  }

  // Of the runs of a panel the first one that has the tile goes to it.
  #showSought(): void {
    const { soughtTile } = this.session;
    const sought = soughtTile.value;
    const [grid, frame] = [this.#grid, this.renderRoot.querySelector(".frame")];
    if (sought?.tag !== this.tag || grid === null || frame === null) return;
    const tile = sameTile(sought.tile, sought.place ?? null, this.#axes());
    if (tile === null) return;
    const at = grid.order?.indexOf(tile) ?? tile;
    if (at < 0 || at >= grid.layout.tiles) return;
    const { zoom, tileHeight } = grid.layout;
    const top = placeTile(grid.layout, at).top * zoom;
    const part = shownPart(grid, gridRoom(this.available, this.stage).height);
    soughtTile.set(null);
    if (this.folded && part.folded && grid.above + top + tileHeight * zoom > part.height)
      this.session.folding.setUnfolded([this.tag], true);
    bringIntoSight(this.session, frame, top, tileHeight * zoom);
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

  #linked({ tag, cell, place, sample = null, samplesDigest = null }: Hover): number | null {
    const hovered = { tag, tile: cell.tile, place: place ?? null, sample, samplesDigest };
    const digest = this.#shown?.header.source.samplesDigest ?? null;
    return linkedTile(hovered, this.tag, digest, this.#axes());
  }

  #axes(): readonly Axis[] | null {
    return this.#shown && gridAxes(this.#shown.header);
  }

  // A link says which tile of a run it is; where that stands is known once the run is here.
  #tellPlace(): void {
    const { pinned } = this.session;
    const { value } = pinned;
    const axes = this.#axes();
    if (value?.tag !== this.tag || value.run !== this.run || value.place || axes === null) return;
    pinned.set({ ...value, place: tilePlace(axes, value.tile) });
  }

  #pinnedTile(): number | null {
    const digest = this.#shown?.header.source.samplesDigest ?? null;
    return pinnedTileOf(this.session.pinned.value, this.tag, digest, this.#axes());
  }
}

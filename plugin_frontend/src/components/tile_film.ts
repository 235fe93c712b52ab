/**
 * A tile at several steps, a column each, and in every run, a row each; painted in the colours of the grids, on a scale of
 * the strip. A press on a column goes to its step. Must not choose steps, colours or scales.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { formatRange } from "../model/format.js";
import { type GridLayout, layoutTiles, NO_WISHES } from "../model/layout.js";
import { numberText } from "../model/steps.js";
import type { Tiles } from "../model/tiles.js";
import { drawGrid } from "../render/canvases.js";
import type { Session } from "../state/session.js";
import type { FilmCell, FilmStep } from "../state/tile_film.js";
import type { TileView } from "../state/tile_view.js";
import { runName } from "./run_caption.js";
import { filmStyles } from "./tile_film_styles.js";
import { shared } from "./tokens.js";

const NAMES = 132;
const GAP = 10;
/** Of a picture's longer side, in CSS pixels. */
const LEAST = 44;
const MOST = 112;
const CELL_PADDING = 5;
/** Of a column, whose label needs it. */
const NARROWEST = 52;

/** The room of a picture with what is free round it; `side` is the most that the picture itself may take. */
interface FilmBox {
  readonly side: number;
  readonly width: number;
  readonly height: number;
}

export class NnvizTileFilm extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    view: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [shared, filmStyles];

  declare session: Session;
  declare view: TileView;
  /** In CSS pixels. */
  declare width: number;

  /** What each canvas shows, so that it is painted again only where that is another. */
  readonly #painted = new WeakMap<HTMLCanvasElement, string>();
  readonly #numbers = new WeakMap<Tiles, number>();
  #count = 0;

  protected override render(): TemplateResult {
    const { film, columns, view } = this.view;
    const { runColours } = this.session.state.value;
    const box = this.#box();
    const rows = {
      "grid-template-rows": `22px repeat(${columns.length}, ${box.height}px)`,
    };
    const grid = {
      "grid-template-columns": `${NAMES}px repeat(${film.steps.length}, auto)`,
      gap: `${GAP}px`,
    };
    const areEarlier = film.steps.some(({ cells }) => cells.some((cell) => cell?.isEarlier));
    return html`${
      areEarlier
        ? html`<p class="about" data-testid="film-earlier">Faded: the run has no record there; its nearest earlier one is shown.</p>`
        : nothing
    }
    <div class="film" data-testid="film" style=${styleMap(grid)}>
      <div class="names" style=${styleMap(rows)}>
        <div class="corner"></div>
        ${columns.map(
          ({ run }, at) => html`<div>
            <div class="run">${runName(run.name, runColours.get(run.run) ?? "")}</div>
            ${this.#ownRange(at)}
          </div>`,
        )}
      </div>
      ${film.steps.map((step) => this.#step(step, rows, box, view.display.smooth))}
    </div>`;
  }

  // What all runs share is said once, above.
  #ownRange(run: number): TemplateResult | typeof nothing {
    const { ranges, isPerRun } = this.view.film;
    const range = ranges[run];
    return isPerRun && range
      ? html`<div class="range ellipsis" data-testid="film-range">${formatRange(range)}</div>`
      : nothing;
  }

  // No larger than the pictures are, once one of them is here.
  #box(): FilmBox {
    const side = this.#side();
    let [width, height] = [0, 0];
    for (const { shown } of this.view.film.steps.flatMap(({ cells }) =>
      cells.flatMap((cell) => cell ?? []),
    )) {
      if (shown.status !== "ready") continue;
      const layout = layoutOf(shown.tiles, side);
      width = Math.max(width, layout.width * layout.zoom);
      height = Math.max(height, layout.height * layout.zoom);
    }
    const isKnown = width > 0 && height > 0;
    return {
      side,
      width: Math.max(NARROWEST, isKnown ? width : side) + 2 * CELL_PADDING,
      height: (isKnown ? height : side) + 2 * CELL_PADDING,
    };
  }

  // As large as all steps fit beside one another.
  #side(): number {
    const { length } = this.view.film.steps;
    const free = this.width - NAMES - GAP * length;
    const each = Math.floor(free / Math.max(1, length)) - 2 * CELL_PADDING;
    return Math.max(LEAST, Math.min(MOST, each));
  }

  #step(
    { pointIndex, isShown, cells }: FilmStep,
    rows: Readonly<Record<string, string>>,
    box: FilmBox,
    isSmooth: boolean,
  ): TemplateResult {
    const { session } = this;
    const { points, axis } = session.derived;
    const point = points[pointIndex];
    const number = point === undefined ? "" : numberText(point.value);
    return html`<button
      class="step"
      style=${styleMap(rows)}
      data-testid="film-step"
      data-point=${pointIndex}
      aria-label=${`${axis} ${number}`}
      aria-current=${isShown ? "step" : nothing}
      @click=${() => session.timeline.goTo(pointIndex)}
      @mousedown=${(event: MouseEvent) => event.preventDefault()}
    >
      <span class="label">${axis} ${number}</span>
      ${cells.map((cell, run) => this.#cell(cell, run, box, isSmooth))}
    </button>`;
  }

  #cell(cell: FilmCell | null, run: number, box: FilmBox, isSmooth: boolean): TemplateResult {
    const { side } = box;
    const width = { width: `${box.width}px` };
    if (cell === null)
      return html`<span class="cell no" style=${styleMap(width)} title="Nothing so early in this run">–</span>`;
    const { shown, step, isEarlier } = cell;
    if (shown.status === "pending") {
      const size = {
        width: `${box.width - 2 * CELL_PADDING}px`,
        height: `${box.height - 2 * CELL_PADDING}px`,
      };
      return html`<span class="cell" style=${styleMap(width)}><span class="skeleton" style=${styleMap(size)}></span></span>`;
    }
    if (shown.status !== "ready")
      return html`<span class="cell no" style=${styleMap(width)} title=${shown.message}>–</span>`;
    const layout = layoutOf(shown.tiles, side);
    const size = {
      width: `${layout.width * layout.zoom}px`,
      height: `${layout.height * layout.zoom}px`,
    };
    const title = isEarlier
      ? `No record of this run there: its nearest earlier one, of step ${step}`
      : nothing;
    return html`<span class="cell ${isEarlier ? "earlier" : ""}" style=${styleMap(width)} title=${title}
      ><canvas
        class=${isSmooth || layout.zoom < 1 ? "smooth" : ""}
        style=${styleMap(size)}
        data-testid="film-cell"
        data-run=${this.view.columns[run]?.run.name ?? ""}
        data-column=${run}
        data-step=${step}
      ></canvas
    ></span>`;
  }

  protected override updated(): void {
    const canvases = this.renderRoot.querySelectorAll<HTMLCanvasElement>("canvas");
    const shown = this.view.film.steps.flatMap(({ cells }) =>
      cells.flatMap((cell, run) =>
        cell?.shown.status === "ready" ? [{ tiles: cell.shown.tiles, run }] : [],
      ),
    );
    for (const [at, { tiles, run }] of shown.entries()) {
      const canvas = canvases[at];
      if (canvas !== undefined) this.#paint(canvas, tiles, run);
    }
  }

  #paint(canvas: HTMLCanvasElement, tiles: Tiles, run: number): void {
    const colouring = this.view.columns[run]?.colouring;
    const range = this.view.film.ranges[run];
    if (!colouring || !range) return;
    const look = JSON.stringify([this.#numberOf(tiles), range, colouring, this.#side()]);
    if (this.#painted.get(canvas) === look) return;
    this.#painted.set(canvas, look);
    drawGrid(canvas, layoutOf(tiles, this.#side()), tiles, range, colouring, null);
    Object.assign(canvas.dataset, {
      colours: colouring.table,
      range: JSON.stringify([range.lo, range.hi]),
      painted: "true",
    });
  }

  #numberOf(tiles: Tiles): number {
    const number = this.#numbers.get(tiles) ?? ++this.#count;
    this.#numbers.set(tiles, number);
    return number;
  }
}

function layoutOf({ shape }: Tiles, side: number): GridLayout {
  const content = { tiles: 1, rowLength: null, tileHeight: shape.height, tileWidth: shape.width };
  return layoutTiles(content, { width: side, height: side }, NO_WISHES);
}

/**
 * The bars below the tiles of hidden units: how much each class weighs onto the unit, to the left below zero, to the right
 * above. For readers of the screen they are a table. Templates of one moment; must not hold state.
 */
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import {
  ABOVE_BARS,
  type BarClass,
  type BarRoom,
  BETWEEN_BARS,
  barAt,
  barSpan,
  type ClassSort,
  NAME_SPACE,
  nameBeside,
  weightAt,
} from "../model/class_bars.js";
import { formatExact } from "../model/format.js";
import type { ArrangedGrid } from "../model/grid_layout.js";
import { placeTile } from "../model/layout.js";
import type { Tiles } from "../model/tiles.js";
import type { Session } from "../state/session.js";

/** What the bars of a run show. */
export interface GridBars {
  readonly session: Session;
  /** Of the templates, and of the weights. */
  readonly tag: string;
  readonly weightsTag: string;
  readonly run: string;
  readonly runName: string;
  readonly classes: readonly BarClass[];
  readonly room: BarRoom;
  readonly scale: number;
  /** Tiles that each unit has: one for each channel of the input. */
  readonly tilesPerUnit: number;
  readonly sort: ClassSort | null;
  /** Weights or their changes; null where there are none to show. */
  readonly weights: Tiles | null;
}

/** True where other bars are to be drawn, or in another room; `before` is undefined before there are any. */
export function barsDiffer(bars: GridBars | null, before: GridBars | null | undefined): boolean {
  return bars?.weights !== before?.weights || looksOf(bars) !== looksOf(before);
}

function looksOf(bars: GridBars | null | undefined): string {
  if (bars == null) return "";
  const { session: _, weights: __, ...looks } = bars;
  return JSON.stringify(looks);
}

export const classBarStyles = css`
  .bars {
    position: absolute;
    left: 0;
    top: 0;
    overflow: visible;
    /* It lies over the tiles, which the pointer must reach; only where bars are, it is theirs. */
    pointer-events: none;
  }
  .bars .room {
    fill: transparent;
    pointer-events: all;
    cursor: pointer;
  }
  .bars .zero {
    stroke: var(--mark);
    stroke-width: 1;
    shape-rendering: crispedges;
  }
  .bars .negative {
    fill: var(--bar-negative);
  }
  .bars .positive {
    fill: var(--bar-positive);
  }
  .bars .none {
    fill: var(--faint);
  }
  .bars .chosen {
    fill: var(--chip);
  }
  .bar-names {
    position: absolute;
    display: grid;
  }
  .bar-names button {
    overflow: hidden;
    padding: 0;
    border: 0;
    border-radius: 3px;
    background: none;
    color: var(--secondary);
    font-size: calc(11.5 * var(--dot));
    line-height: 1;
    text-align: end;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .bar-names button:hover {
    background: var(--chip);
    color: var(--ink);
  }
  .bar-names button[aria-pressed="true"] {
    color: var(--ink);
    font-weight: 600;
  }
  .bar-names button:focus-visible {
    outline-offset: 0;
  }
`;

/** `tiles`: how many places are to be seen; the rest is folded away. */
export function barsTemplate(grid: ArrangedGrid, bars: GridBars, tiles: number): TemplateResult {
  const { layout, footer } = grid;
  const { zoom } = layout;
  const { weights } = bars;
  const rows = Math.ceil(Math.min(tiles, layout.tiles) / layout.columns);
  return html`${Array.from({ length: rows }, (_, row) => namesTemplate(grid, bars, row))}
    <svg
      class="bars"
      role="table"
      aria-label=${`${bars.weightsTag}, run ${bars.runName}: the weight of each class onto each unit`}
      data-testid="class-bars"
      data-run=${bars.runName}
      data-scale=${bars.scale}
      data-step=${bars.weights?.header.moment.step ?? nothing}
      width=${layout.width * zoom}
      height=${layout.height * zoom + footer}
      @pointermove=${(event: PointerEvent) => hover(event, grid, bars)}
      @pointerleave=${() => bars.session.hover.set(null)}
      @click=${(event: PointerEvent) => {
        const at = barUnder(event, grid, bars);
        if (at !== null) bars.session.looks.sortByClass(bars.tag, at.classIndex);
      }}
    >
      ${
        weights === null
          ? nothing
          : Array.from({ length: Math.min(tiles, layout.tiles) }, (_, place) =>
              unitTemplate(grid, bars, weights, place),
            )
      }
    </svg>`;
}

// The first row's names are for keys and readers too; those of the other rows say the same.
function namesTemplate({ layout }: ArrangedGrid, bars: GridBars, row: number): TemplateResult {
  const { room, classes, sort, session, tag } = bars;
  const { left, top } = placeTile(layout, row * layout.columns);
  const style = {
    left: `${left * layout.zoom - room.gutter}px`,
    top: `${(top + layout.tileHeight) * layout.zoom + ABOVE_BARS}px`,
    width: `${room.gutter - NAME_SPACE}px`,
    "grid-auto-rows": `${room.pitch}px`,
  };
  const isFirst = row === 0;
  return html`<div
    class="bar-names"
    role=${isFirst ? "group" : nothing}
    aria-label=${isFirst ? "Sort units by a class" : nothing}
    aria-hidden=${isFirst ? nothing : "true"}
    style=${styleMap(style)}
  >
    ${classes.map(({ index, name }) => {
      const isChosen = sort?.classIndex === index;
      const arrow = !isChosen ? "" : sort.isDescending ? "↓ " : "↑ ";
      const how = !isChosen ? "" : sort.isDescending ? ", the largest first" : ", the least first";
      return html`<button
        data-testid="bar-class"
        data-class=${index}
        tabindex=${isFirst ? 0 : -1}
        aria-pressed=${isChosen}
        aria-label=${`Sort units by ${name}${how}`}
        title=${`${name}: sort units by its weight`}
        @click=${() => session.looks.sortByClass(tag, index)}
      >
        ${arrow}${nameBeside(name, room)}
      </button>`;
    })}
  </div>`;
}

function unitTemplate(
  { layout, order }: ArrangedGrid,
  { classes, room, scale, sort, tilesPerUnit }: GridBars,
  weights: Tiles,
  place: number,
): TemplateResult {
  const unit = unitAt(place, order, tilesPerUnit);
  const { left, top } = placeTile(layout, place);
  const width = layout.tileWidth * layout.zoom;
  const x = left * layout.zoom;
  const y = (top + layout.tileHeight) * layout.zoom + ABOVE_BARS;
  const middle = Math.round(width / 2);
  const height = Math.max(2, room.pitch - BETWEEN_BARS);
  const chosen = classes.findIndex(({ index }) => index === sort?.classIndex);
  return svg`<g role="row" aria-label=${`unit ${unit}`} transform=${`translate(${x} ${y})`}>
    <rect class="room" aria-hidden="true" x="0" y="0" width=${width} height=${classes.length * room.pitch}></rect>
    ${
      chosen < 0
        ? nothing
        : svg`<rect class="chosen" x="0" y=${chosen * room.pitch} width=${width} height=${room.pitch}></rect>`
    }
    ${classes.map(({ index, name }, at) => {
      const value = weightAt(weights, unit, index);
      const span = barSpan(value, scale, width);
      // Of what is nearly nothing the sign is still to be seen.
      const shown =
        span.kind === "negative" || span.kind === "positive" ? Math.max(1, span.width) : 0;
      return svg`<rect
        class=${span.kind}
        role="cell"
        aria-label=${`${name}: ${formatExact(value)}`}
        data-testid="class-bar"
        data-unit=${unit}
        data-class=${index}
        data-value=${value}
        x=${span.kind === "negative" ? middle - shown : middle}
        y=${at * room.pitch + BETWEEN_BARS / 2}
        width=${shown}
        height=${height}
      ></rect>`;
    })}
    <line class="zero" aria-hidden="true" x1=${middle} x2=${middle} y1="-2" y2=${classes.length * room.pitch + 2}></line>
  </g>` as TemplateResult;
}

function unitAt(place: number, order: Int32Array | null, tilesPerUnit: number): number {
  return Math.floor((order?.[place] ?? place) / tilesPerUnit);
}

function barUnder(
  event: PointerEvent,
  { layout, order }: ArrangedGrid,
  { room, classes, tilesPerUnit }: GridBars,
): { readonly unit: number; readonly classIndex: number } | null {
  const { left, top } = (event.currentTarget as SVGElement).getBoundingClientRect();
  const at = barAt(layout, room, classes.length, event.clientX - left, event.clientY - top);
  const shown = at === null ? undefined : classes[at.shown];
  if (at === null || shown === undefined) return null;
  return { unit: unitAt(at.place, order, tilesPerUnit), classIndex: shown.index };
}

function hover(event: PointerEvent, grid: ArrangedGrid, bars: GridBars): void {
  const at = barUnder(event, grid, bars);
  const { session, weightsTag: tag, run } = bars;
  if (at === null) {
    session.hover.set(null);
    return;
  }
  const cell = { tile: at.unit, row: at.classIndex, column: 0 };
  session.hover.set({ tag, run, cell, x: event.clientX, y: event.clientY });
}

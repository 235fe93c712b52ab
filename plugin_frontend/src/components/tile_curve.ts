/**
 * One number of a tile over the steps, of every run in its colour, as far from left to right as the steps stand on the
 * timeline. A press on it goes to a step. Must not fetch.
 */
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { AXIS_HEIGHT, plotHeight } from "../model/histogram_size.js";
import { numberText, stepText } from "../model/steps.js";
import { labelledPlaces, type ValueScale, valueScale } from "../model/tile_curves.js";
import { TILE_NUMBER_WORDS, type TileNumber, tileNumber } from "../model/tile_numbers.js";
import { type CurveBox, sparkHeight, sparkPath } from "../render/curve_paths.js";
import type { Session } from "../state/session.js";
import type { TileCurve, TilePoint, TileView } from "../state/tile_view.js";
import { runDashes } from "./histogram_dashes.js";
import { markStyles } from "./histogram_marks.js";
import { plotHeading, plotHeadingStyles } from "./tile_plot_heading.js";
import { shared } from "./tokens.js";

const HEADROOM = 10;
/** Free to the left and right, so that the first and the last point are whole. */
const SIDE = 6;
/** Width of a label of the axis of steps. */
const LABEL = 90;
/** More points than this are a line without dots. */
const DOTTED = 24;
/** Runs whose values are written out. */
const NAMED = 4;

interface Line {
  readonly curve: TileCurve;
  readonly points: readonly (TilePoint & { readonly value: number })[];
}

const TITLES: Partial<Record<TileNumber, string>> = {
  l2_norm: "Norm",
  change_since_start: "Change since start",
};

export class NnvizTileCurve extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    view: { attribute: false },
    number: {},
    colours: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [
    shared,
    markStyles,
    plotHeadingStyles,
    css`
      svg {
        cursor: pointer;
        touch-action: none;
      }
      path {
        fill: none;
        stroke: var(--run);
        stroke-width: 1.8;
      }
      circle {
        fill: var(--run);
      }
      circle.shown {
        stroke: var(--card);
        stroke-width: 1.5;
      }
      line.at {
        stroke: var(--accent);
        stroke-width: 1.5;
      }
    `,
  ];

  declare session: Session;
  declare view: TileView;
  declare number: TileNumber;
  /** By run. */
  declare colours: ReadonlyMap<string, string>;
  /** In CSS pixels. */
  declare width: number;

  protected override render(): TemplateResult {
    const lines = this.view.curves.map((curve) => this.#line(curve));
    const scale = valueScale(lines.flatMap(({ points }) => points.map(({ value }) => value)));
    const height = plotHeight(this.width);
    const base = height - AXIS_HEIGHT;
    const box: CurveBox = { width: this.width - 2 * SIDE, height: base - HEADROOM, base };
    const here = this.#here(lines);
    const { title: about } = TILE_NUMBER_WORDS[this.number];
    return html`${plotHeading(TITLES[this.number] ?? "", here, { about })}
      ${
        scale === null
          ? html`<div class="none" style=${styleMap({ height: `${height}px` })}>${this.#nothing()}</div>`
          : this.#plot(lines, scale, box, height, here)
      }`;
  }

  #nothing(): string {
    const isPending = this.view.curves.some(({ points }) =>
      points.some(({ tile }) => tile.status === "pending"),
    );
    return isPending ? "Loading…" : "Not logged";
  }

  // Nothing is logged of the change of the first record, which is none, where that of others is.
  #line(curve: TileCurve): Line {
    const points = curve.points.map((point) => {
      const { tile } = point;
      const value =
        tile.status === "ready"
          ? tileNumber(this.number, tile.tiles.statistics, tile.tiles.shape)
          : NaN;
      return { ...point, value };
    });
    const isLogged = points.some(({ value }) => Number.isFinite(value));
    const startsAtZero = this.number === "change_since_start" && isLogged;
    return {
      curve,
      points: points.map((point) =>
        point.isFirst && startsAtZero && Number.isNaN(point.value) ? { ...point, value: 0 } : point,
      ),
    };
  }

  // The values that are shown, in the order of the runs.
  #here(lines: readonly Line[]): string {
    const { text } = TILE_NUMBER_WORDS[this.number];
    const texts = lines.flatMap(({ points }) => {
      const point = this.#shown(points);
      return point === undefined || Number.isNaN(point.value) ? [] : [text(point.value)];
    });
    const more = texts.length > NAMED ? ["…"] : [];
    return [...texts.slice(0, NAMED), ...more].join(" · ");
  }

  #shown(points: Line["points"]): Line["points"][number] | undefined {
    return points.findLast(({ pointIndex }) => pointIndex <= this.session.derived.pointIndex);
  }

  #plot(
    lines: readonly Line[],
    scale: ValueScale,
    box: CurveBox,
    height: number,
    here: string,
  ): TemplateResult {
    const { points, pointIndex, axis } = this.session.derived;
    const { base } = box;
    const last = Math.max(1, points.length - 1);
    const x = (index: number): number => SIDE + (index / last) * box.width;
    const y = (value: number): number =>
      sparkHeight(value, scale.low, scale.high, box.height, base);
    const dashes = runDashes(
      lines.map(({ curve }) => curve.run),
      this.colours,
    );
    const places = labelledPlaces(points.length, Math.max(2, Math.floor(this.width / LABEL)));
    const label = `${TITLES[this.number]} over ${points.length} points of the timeline${here === "" ? "" : `; now ${here}`}`;
    return html`<svg
      role="img"
      aria-label=${label}
      width=${this.width}
      height=${height}
      data-testid="tile-curve"
      data-number=${this.number}
      data-low=${scale.low}
      data-high=${scale.high}
      @pointerdown=${this.#onDown}
      @pointermove=${this.#onMove}
    >
      <g class="heights">
        ${scale.ticks.map(
          ({ value }) => svg`<line x1="0" x2=${this.width} y1=${y(value)} y2=${y(value)} />`,
        )}
      </g>
      <line class="floor" x1="0" x2=${this.width} y1=${base + 0.5} y2=${base + 0.5} />
      ${places.map((place, at) => {
        const point = points[place];
        const anchor = at === 0 ? "start" : at === places.length - 1 ? "end" : "middle";
        const text = point === undefined ? "" : numberText(point.value);
        return svg`<line class="tick" x1=${x(place)} x2=${x(place)} y1=${base} y2=${base + 4} />
          <text x=${anchor === "start" ? 0 : anchor === "end" ? this.width : x(place)} y=${base + 16} text-anchor=${anchor}
          >${at === 0 ? `${axis} ${text}` : text}</text>`;
      })}
      ${pointIndex < 0 ? nothing : svg`<line class="at" x1=${x(pointIndex)} x2=${x(pointIndex)} y1="0" y2=${base} />`}
      ${lines.map((line) => this.#curve(line, scale, box, x, y, dashes.get(line.curve.run.run) ?? ""))}
      <g class="heights">
        ${scale.ticks.map(
          // At the floor it would lie under the first point, and the axis is right below.
          ({ value, label: text }) =>
            value === scale.low ? nothing : svg`<text x="2" y=${y(value) - 3}>${text}</text>`,
        )}
      </g>
    </svg>`;
  }

  #curve(
    { curve, points }: Line,
    scale: ValueScale,
    box: CurveBox,
    x: (index: number) => number,
    y: (value: number) => number,
    dash: string,
  ): TemplateResult {
    const finite = points.filter(({ value }) => Number.isFinite(value));
    const shown = this.#shown(finite);
    const dots = finite.length <= DOTTED ? finite : [];
    const moments = this.session.state.value.timelines.get(curve.run.run);
    const { axis } = this.session.derived;
    return svg`<g style=${styleMap({ "--run": this.colours.get(curve.run.run) ?? "" })}>
      <path
        transform=${`translate(${SIDE} 0)`}
        d=${sparkPath(finite, [scale.low, scale.high], box)}
        stroke-dasharray=${dash || nothing}
        data-testid="tile-curve-line"
        data-run=${curve.run.name}
        data-steps=${JSON.stringify(finite.map(({ step }) => step))}
        data-values=${JSON.stringify(finite.map(({ value }) => value))}
      />
      ${dots.map(
        ({ pointIndex, value, step }) =>
          svg`<circle r="2.4" cx=${x(pointIndex)} cy=${y(value)}><title>${curve.run.name}, ${stepText(step, moments?.get(step), axis)}: ${TILE_NUMBER_WORDS[this.number].text(value)}</title></circle>`,
      )}
      ${
        shown === undefined
          ? nothing
          : svg`<circle class="shown" r="4.5" cx=${x(shown.pointIndex)} cy=${y(shown.value)} />`
      }
    </g>` as TemplateResult;
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
    this.#goTo(event);
    // The arrow keys stay with the timeline.
    event.preventDefault();
  };

  readonly #onMove = (event: PointerEvent): void => {
    if ((event.currentTarget as SVGElement).hasPointerCapture(event.pointerId)) this.#goTo(event);
  };

  #goTo(event: PointerEvent): void {
    const { session } = this;
    const { points, pointIndex } = session.derived;
    const { left } = (event.currentTarget as SVGElement).getBoundingClientRect();
    const share = (event.clientX - left - SIDE) / Math.max(1, this.width - 2 * SIDE);
    const index = Math.round(share * (points.length - 1));
    const within = Math.max(0, Math.min(points.length - 1, index));
    if (points.length > 0 && within !== pointIndex) session.timeline.goTo(within);
  }
}

/**
 * The marks that the plots of histograms have in common: the axis of values, the scale of heights, the bin that
 * is looked at. Must not know where the pointer is or what a panel holds.
 */
import { css, nothing, svg, type TemplateResult } from "lit";
import { type AxisTick, axisTicks } from "../model/axis_ticks.js";
import type { Frame } from "../model/binning.js";
import { type HeightScale, heightShare } from "../model/histogram_heights.js";
import { type CurveBox, curvePath } from "../render/curve_paths.js";
import type { Curve } from "../state/histogram_plots.js";

/** Width of a label and the space round it, in CSS pixels. */
const TICK_SPACING = 84;

/** About the width of a character of a label, and how far a label may stand out of its plot. */
const CHARACTER = 6.3;
const OVERHANG = 8;

/** Ticks by frame and width: they are asked for at every move of the pointer. */
const ticksByFrame = new WeakMap<Frame, { width: number; ticks: readonly AxisTick[] }>();

function ticksOf(frame: Frame, width: number): readonly AxisTick[] {
  const before = ticksByFrame.get(frame);
  if (before?.width === width) return before.ticks;
  const ticks = axisTicks(frame, Math.max(2, Math.round(width / TICK_SPACING)));
  ticksByFrame.set(frame, { width, ticks });
  return ticks;
}

/** The axis of values under a plot, with a line through the whole plot at zero. */
export function valueAxis(frame: Frame, { width, base }: CurveBox): TemplateResult {
  const ticks = ticksOf(frame, width);
  const fitting = ticks.filter((tick) => fits(tick, width));
  // A label pushed inward would look misplaced, but an axis needs two of them.
  const pushed = fitting.length < 2;
  const labelled = pushed ? ticks : fitting;
  return svg`<g class="axis">
    <line class="floor" x1="0" x2=${width} y1=${base + 0.5} y2=${base + 0.5} />
    ${ticks.map((tick) => {
      const { at, label, value } = tick;
      const x = Math.round(at * width) + 0.5;
      return svg`<line
          class=${value === 0 ? "zero" : "tick"}
          x1=${x} x2=${x} y1=${value === 0 ? 0 : base} y2=${base + 4}
        />
        ${
          labelled.includes(tick)
            ? svg`<text
                class=${value === 0 ? "zero" : ""}
                x=${x} y=${base + 16} text-anchor=${pushed ? anchor(at) : "middle"}
              >${label}</text>`
            : nothing
        }`;
    })}
  </g>`;
}

/** True where a label has room in the middle under its tick. */
function fits({ at, label }: AxisTick, width: number): boolean {
  return Math.min(at, 1 - at) * width + OVERHANG >= (label.length * CHARACTER) / 2;
}

function anchor(at: number): string {
  if (at < 0.1) return "start";
  return at > 0.9 ? "end" : "middle";
}

/** Faint lines across a plot with what they stand for at their left end. */
export function heightGrid(scale: HeightScale, { width, height, base }: CurveBox): TemplateResult {
  return svg`<g class="heights">
    ${scale.ticks.map(({ at }) => {
      const y = Math.round(base - at * height) + 0.5;
      return svg`<line x1="0" x2=${width} y1=${y} y2=${y} />`;
    })}
  </g>`;
}

/** The labels of `heightGrid`, drawn over the curves so that they stay legible. */
export function heightLabels(scale: HeightScale, { height, base }: CurveBox): TemplateResult {
  return svg`<g class="heights">
    ${scale.ticks.map(
      ({ at, label }) => svg`<text x="0" y=${Math.round(base - at * height) - 3}>${label}</text>`,
    )}
  </g>`;
}

/** What tests read: the bins as they are drawn. Made once for each histogram and frame. */
const drawnTexts = new WeakMap<Float64Array, string>();

export function countsText({ counts }: Pick<Curve, "counts">): string {
  let text = drawnTexts.get(counts);
  if (text === undefined) {
    text = JSON.stringify([...counts]);
    drawnTexts.set(counts, text);
  }
  return text;
}

/** What is drawn of a curve: above zero, and of a difference below it. */
export interface DrawnPaths {
  readonly above: string;
  readonly below: string;
}

/** Paths by heights; those of the same scale and box stay. */
const drawnPaths = new WeakMap<Float64Array, { key: string; paths: DrawnPaths }>();

export function pathsOf(
  { heights: { heights } }: Curve,
  scale: HeightScale,
  box: CurveBox,
): DrawnPaths {
  const key = `${scale.top} ${box.width} ${box.height} ${box.base}`;
  const before = drawnPaths.get(heights);
  if (before?.key === key) return before.paths;
  const shares = heights.map((height) => heightShare(height, scale));
  const below = heights.some((height) => height < 0);
  const paths = {
    above: curvePath(shares, box),
    below: below
      ? curvePath(
          shares.map((share) => -share),
          { ...box, height: -box.height },
        )
      : "",
  };
  drawnPaths.set(heights, { key, paths });
  return paths;
}

/** The bin under the pointer, as a band through the whole plot. */
export function crosshair(
  bin: number | null,
  frame: Frame,
  { width, base }: CurveBox,
): TemplateResult | typeof nothing {
  if (bin === null || bin >= frame.size) return nothing;
  const size = width / frame.size;
  const shown = Math.max(1, size);
  const left = (bin + 0.5) * size - shown / 2;
  return svg`<rect class="crosshair" x=${left} width=${shown} y="0" height=${base} />`;
}

export const markStyles = css`
  :host {
    display: block;
    position: relative;
  }
  svg {
    display: block;
    overflow: visible;
  }
  text {
    fill: var(--faint);
    font-size: calc(11 * var(--dot));
    font-variant-numeric: tabular-nums;
  }
  text.zero {
    fill: var(--secondary);
  }
  .heights text {
    paint-order: stroke;
    stroke: var(--card);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .floor {
    stroke: var(--track);
  }
  .tick {
    stroke: var(--track);
  }
  line.zero {
    stroke: var(--faint);
    stroke-dasharray: 2 3;
    opacity: 0.75;
  }
  .heights line {
    stroke: var(--line);
  }
  .crosshair {
    fill: var(--ink);
    opacity: 0.3;
  }
  .curves {
    stroke-linejoin: round;
  }
  .stale {
    opacity: 0.55;
    transition: opacity 0.15s 0.25s;
  }
  .probe {
    position: absolute;
    inset: 0;
    border-radius: 3px;
  }
  .message {
    position: absolute;
    inset: 0 0 20px;
    display: grid;
    place-content: center;
    text-align: center;
  }
  .message span {
    padding: 5px 12px;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--card);
    color: var(--secondary);
  }
`;

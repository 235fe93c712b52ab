/**
 * What drawings of histograms have in common: the axis of values, lines across, and a curve as paths above and below zero.
 * Pure; must not know which curves there are.
 */
import { axisTicks } from "../model/axis_ticks.js";
import type { Frame } from "../model/binning.js";
import { type HeightScale, heightShare } from "../model/histogram_heights.js";
import type { Mark } from "../model/picture_content.js";
import { type CurveBox, curvePath } from "../render/curve_paths.js";
import type { PictureLook } from "../render/picture_look.js";
import type { Curve, Plots } from "../state/histogram_plots.js";

/** Between labels of the axis. */
const TICK_SPACING = 84;

/** What a plot is drawn with. */
export interface Drawing {
  readonly plots: Plots;
  readonly frame: Frame;
  readonly look: PictureLook;
  readonly colours: ReadonlyMap<string, string>;
  readonly width: number;
  readonly nameOf: (run: string, step: number) => string;
  /** Lines of a small text no wider than so many CSS pixels. */
  readonly wrap: (text: string, width: number) => readonly string[];
}

export function lineMark(x: number, y: number, width: number, stroke: string, lineWidth = 1): Mark {
  return { mark: "path", d: `M${x} ${y}h${width}`, stroke, lineWidth };
}

export function axisMarks(
  frame: Frame,
  { width, base }: CurveBox,
  top: number,
  look: PictureLook,
): readonly Mark[] {
  const ticks = axisTicks(frame, Math.max(2, Math.round(width / TICK_SPACING)));
  return [
    lineMark(0, base + 0.5, width, look.line),
    ...ticks.flatMap(({ at, label, value }): readonly Mark[] => {
      const x = Math.round(at * width) + 0.5;
      const start = value === 0 ? top : base;
      const align = at < 0.04 ? "left" : at > 0.96 ? "right" : "center";
      return [
        {
          mark: "path",
          d: `M${x} ${start}V${base + 4}`,
          stroke: value === 0 ? look.mark : look.line,
          dash: value === 0 ? "2 3" : "",
        },
        {
          mark: "text",
          text: label,
          x,
          y: base + 12,
          colour: look.secondary,
          font: "label",
          align,
        },
      ];
    }),
  ];
}

export function signedPaths(
  { heights: { heights } }: Curve,
  scale: HeightScale,
  box: CurveBox,
): readonly [above: string, below: string] {
  const shares = heights.map((height) => heightShare(height, scale));
  const hasBelow = heights.some((height) => height < 0);
  const below = hasBelow
    ? curvePath(
        shares.map((share) => -share),
        { ...box, height: -box.height },
      )
    : "";
  return [curvePath(shares, box), below];
}

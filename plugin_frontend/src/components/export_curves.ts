/** The drawing of curves of histograms over one another, with what each is. Must not know panels. */
import { tagPath } from "../model/facts.js";
import type { HeightScale } from "../model/histogram_heights.js";
import { AXIS_HEIGHT, plotHeight } from "../model/histogram_size.js";
import { summaryText } from "../model/histogram_words.js";
import type { Mark, PictureBody } from "../model/picture_content.js";
import type { CurveBox } from "../render/curve_paths.js";
import type { PictureLook } from "../render/picture_look.js";
import type { Curve, Plot } from "../state/histogram_plots.js";
import { axisMarks, type Drawing, lineMark, signedPaths } from "./export_histogram_marks.js";
import { isFilled, plotDash } from "./histogram_dashes.js";

const HEADROOM = 14;
const LEGEND_LINE = 20;
/** Right of the line that shows the colour. */
const LEGEND_LEFT = 26;
/** In less width what a curve is has a line for its step and one for its values, in every frame of an animation. */
const NARROW = 560;

export function curvesBody(plot: Plot, drawing: Drawing): PictureBody {
  const { plots, frame, look, width, colours } = drawing;
  const isSigned = plots.isSigned;
  const [legend, lines] = legendMarks(legendOf(plot, drawing), drawing);
  const top = lines * LEGEND_LINE;
  const height = plotHeight(width) + top;
  const floor = height - AXIS_HEIGHT;
  const room = floor - HEADROOM - top;
  const box: CurveBox = isSigned
    ? { width, height: room / 2, base: top + HEADROOM + room / 2 }
    : { width, height: room, base: floor };
  const marks: Mark[] = [
    ...legend,
    ...plots.scale.ticks.map(({ at }) =>
      lineMark(0, Math.round(box.base - at * box.height) + 0.5, width, look.line, 0.5),
    ),
    ...axisMarks(frame, { ...box, base: floor }, top, look),
    ...plot.curves.flatMap((curve) =>
      curveMarks(curve, plot, plots.scale, box, isSigned, look, colours),
    ),
    ...plots.scale.ticks.map(
      ({ at, label }): Mark => ({
        mark: "text",
        text: label,
        x: 0,
        y: Math.round(box.base - at * box.height) - 7,
        colour: look.secondary,
        font: "label",
      }),
    ),
  ];
  return { kind: "drawing", width, height, marks };
}

interface LegendName {
  /** What is drawn, and its values. */
  readonly texts: readonly string[];
  readonly colour: string;
  readonly dash: string;
}

// What the colours and dashes are, where a plot has several curves.
function legendOf(plot: Plot, { colours, look, nameOf, plots }: Drawing): readonly LegendName[] {
  const isGrouped = new Set(plot.series.map(({ layer }) => layer)).size > 1;
  // The run of a plot of its own is named above it.
  const above = plot.key === "runs" ? null : (plot.series[0]?.run.run ?? null);
  return plot.curves.map((curve) => {
    const { run, tag, step, role, reference } = curve;
    const layer = isGrouped ? [tagPath(tag)] : [];
    const name = run.run === above ? layer : [[run.name, ...layer].join(" ")];
    const than =
      reference === null || !plots.isSigned
        ? ""
        : ` against ${reference.run.run === above ? "" : `${reference.run.name} `}${nameOf(reference.run.run, reference.step)}`;
    const [count = "", ...values] = summaryText(curve.histogram).split(/ (?=from )/);
    return {
      texts: [[...name, `${nameOf(run.run, step)}${than}`, count].join(" · "), ...values],
      colour: role === "reference" ? look.mark : (colours.get(run.run) ?? look.mark),
      dash: plotDash(curve, plot.series, colours),
    };
  });
}

/** No wider than the plot, and how many lines that is. */
function legendMarks(
  names: readonly LegendName[],
  { width, look, wrap }: Drawing,
): readonly [marks: readonly Mark[], lines: number] {
  const room = width - LEGEND_LEFT;
  const marks: Mark[] = [];
  let line = 0;
  for (const { texts, colour, dash } of names) {
    const middle = (): number => (line + 0.5) * LEGEND_LINE - 2;
    marks.push({ mark: "path", d: `M0 ${middle()}h18`, stroke: colour, lineWidth: 2, dash });
    const parts = width < NARROW ? texts : [texts.join(" ")];
    for (const text of parts.flatMap((part) => wrap(part, room))) {
      const y = middle();
      marks.push({
        mark: "text",
        text,
        x: LEGEND_LEFT,
        y,
        colour: look.secondary,
        font: "small",
      });
      line++;
    }
  }
  return [marks, line];
}

function curveMarks(
  curve: Curve,
  plot: Plot,
  scale: HeightScale,
  box: CurveBox,
  isSigned: boolean,
  look: PictureLook,
  colours: ReadonlyMap<string, string>,
): readonly Mark[] {
  const isReference = curve.role === "reference";
  const isSeveral = plot.curves.length > 2;
  const colour = isReference ? look.mark : (colours.get(curve.run.run) ?? look.mark);
  const dash = plotDash(curve, plot.series, colours);
  const [above, below] = signedPaths(curve, scale, box);
  const area = (d: string, sign: string): Mark => ({
    mark: "path",
    d,
    ...(isFilled(plot) ? { fill: isSigned && !isSeveral ? sign : colour } : {}),
    opacity: isSigned && !isSeveral ? 0.4 : isSeveral ? 0.1 : isReference ? 0.2 : 0.22,
    stroke: isSigned && !isSeveral ? sign : colour,
    lineWidth: isReference ? 1.2 : 1.6,
    dash,
  });
  return [area(above, look.positive), ...(below === "" ? [] : [area(below, look.negative)])];
}

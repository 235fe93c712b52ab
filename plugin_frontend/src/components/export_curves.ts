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

export function curvesBody(plot: Plot, drawing: Drawing): PictureBody {
  const { plots, frame, look, width, colours } = drawing;
  const isSigned = plots.isSigned;
  const names = legendOf(plot, drawing);
  const top = names.length * LEGEND_LINE;
  const height = plotHeight(width) + top;
  const floor = height - AXIS_HEIGHT;
  const room = floor - HEADROOM - top;
  const box: CurveBox = isSigned
    ? { width, height: room / 2, base: top + HEADROOM + room / 2 }
    : { width, height: room, base: floor };
  const marks: Mark[] = [
    ...names.flatMap((mark, line) => legendLine(mark, line, look)),
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
  readonly text: string;
  readonly colour: string;
  readonly dash: string;
}

// What the colours and dashes are, where a plot has several curves.
function legendOf(plot: Plot, { colours, look, nameOf, plots }: Drawing): readonly LegendName[] {
  const isGrouped = new Set(plot.series.map(({ layer }) => layer)).size > 1;
  return plot.curves.map((curve) => {
    const { run, tag, step, role, reference } = curve;
    const layer = isGrouped ? ` ${tagPath(tag)}` : "";
    const than =
      reference === null || !plots.isSigned
        ? ""
        : ` against ${reference.run.name} ${nameOf(reference.run.run, reference.step)}`;
    return {
      text: `${run.name}${layer} · ${nameOf(run.run, step)}${than} · ${summaryText(curve.histogram)}`,
      colour: role === "reference" ? look.mark : (colours.get(run.run) ?? look.mark),
      dash: plotDash(curve, plot.series, colours),
    };
  });
}

function legendLine(
  { text, colour, dash }: LegendName,
  line: number,
  look: PictureLook,
): readonly Mark[] {
  const y = (line + 0.5) * LEGEND_LINE - 2;
  return [
    { mark: "path", d: `M0 ${y}h18`, stroke: colour, lineWidth: 2, dash },
    { mark: "text", text, x: 26, y, colour: look.secondary, font: "small" },
  ];
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

/** The drawing of a ridge: one histogram below the other, a line a step. Must not know panels. */
import { AXIS_HEIGHT } from "../model/histogram_size.js";
import type { Mark, PictureBody } from "../model/picture_content.js";
import { ridgeLayout } from "../model/ridge_layout.js";
import type { Plot } from "../state/histogram_plots.js";
import { axisMarks, type Drawing, lineMark, signedPaths } from "./export_histogram_marks.js";

/** Right of a ridge, for what its steps are called. */
const LABELS_WIDTH = 66;
const LABEL_HEIGHT = 13;

export function ridgeBody(plot: Plot, drawing: Drawing): PictureBody {
  const { plots, frame, look, colours, width, nameOf } = drawing;
  const steps = plot.series[0]?.drawn.map(({ step }) => step) ?? [];
  const run = plot.series[0]?.run.run ?? "";
  const layout = ridgeLayout(steps.length, plots.isSigned);
  const plotWidth = width - LABELS_WIDTH;
  const colour = colours.get(run) ?? look.mark;
  const base = { width: plotWidth, height: layout.height, base: layout.height };
  const current = plot.curves.find(({ role }) => role === "current")?.step ?? null;
  const at = (step: number): number => layout.top + steps.indexOf(step) * layout.spacing;
  const ridges = plot.curves.flatMap((curve): readonly Mark[] => {
    const y = at(curve.step);
    const age = steps.length < 2 ? 1 : steps.indexOf(curve.step) / (steps.length - 1);
    const isCurrent = curve.role === "current";
    const [above, below] = signedPaths(curve, plots.scale, {
      width: plotWidth,
      height: layout.amplitude,
      base: 0,
    });
    const ridge = (d: string, fill: string): readonly Mark[] => [
      { mark: "path", d, y, fill: look.page },
      {
        mark: "path",
        d,
        y,
        fill,
        opacity: isCurrent ? 0.92 : 0.3 + 0.5 * age,
        stroke: isCurrent ? look.ink : look.page,
        lineWidth: isCurrent ? 1.6 : 1,
      },
    ];
    return [
      lineMark(0, y, plotWidth, isCurrent ? look.ink : look.line, isCurrent ? 1.2 : 0.7),
      ...ridge(above, plots.isSigned ? look.positive : colour),
      ...(below === "" ? [] : ridge(below, look.negative)),
    ];
  });
  const placed: number[] = [];
  for (const step of [current, steps[0] ?? null, steps.at(-1) ?? null, ...steps]) {
    if (
      step !== null &&
      steps.includes(step) &&
      placed.every((other) => Math.abs(at(other) - at(step)) >= LABEL_HEIGHT)
    )
      placed.push(step);
  }
  const labels = placed.map(
    (step): Mark => ({
      mark: "text",
      text: nameOf(run, step),
      x: plotWidth + 8,
      y: at(step),
      colour: step === current ? look.ink : look.secondary,
      font: "label",
    }),
  );
  return {
    kind: "drawing",
    width,
    height: layout.height + AXIS_HEIGHT,
    marks: [...axisMarks(frame, base, 0, look), ...ridges, ...labels],
  };
}

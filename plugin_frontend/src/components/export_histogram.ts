/**
 * The picture of a panel of histograms: its plots as the screen has them, overlaid, of all runs in one, or as ridges.
 * Joins the plots with their drawing; must not know records' stores.
 */
import { axisTicks } from "../model/axis_ticks.js";
import type { Frame } from "../model/binning.js";
import { HEIGHT_CHOICES } from "../model/choices.js";
import { tagPath } from "../model/facts.js";
import { type HeightScale, heightShare } from "../model/histogram_heights.js";
import { AXIS_HEIGHT, plotHeight } from "../model/histogram_size.js";
import { summaryText } from "../model/histogram_words.js";
import type { Mark, PictureBody, PictureColumn, PictureContent } from "../model/picture_content.js";
import { ridgeLayout } from "../model/ridge_layout.js";
import type { Slot } from "../model/sections.js";
import { stepText } from "../model/steps.js";
import { type CurveBox, curvePath } from "../render/curve_paths.js";
import { LOOKS, type PictureLook } from "../render/picture_look.js";
import { changeWords } from "../state/change_words.js";
import type { Snapshot } from "../state/export_reader.js";
import { columnWidth, matchWords } from "../state/export_tiles.js";
import {
  type Curve,
  emptyText,
  histogramPlots,
  type Plot,
  type Plots,
} from "../state/histogram_plots.js";
import { histogramView, loadedHistogram } from "../state/histogram_view.js";
import type { Session } from "../state/session.js";
import { plotDash } from "./histogram_dashes.js";

const HEADROOM = 14;
/** Between labels of the axis. */
const TICK_SPACING = 84;
/** Right of a ridge, for what its steps are called. */
const LABELS_WIDTH = 66;
const LABEL_HEIGHT = 13;
const LEGEND_LINE = 20;

interface Drawing {
  readonly plots: Plots;
  readonly frame: Frame;
  readonly look: PictureLook;
  readonly colours: ReadonlyMap<string, string>;
  readonly width: number;
  readonly nameOf: (run: string, step: number) => string;
}

export function histogramContent(slot: Slot, snapshot: Snapshot, session: Session): PictureContent {
  const { state, derived } = snapshot;
  const group = { tag: slot.tag, panels: slot.panels };
  const view = histogramView(group, state, derived, (ref) => session.histograms.state(ref));
  const display = state.histogramDisplay;
  const plots = histogramPlots(view, display);
  const width = columnWidth(plots.plots.length);
  const look = LOOKS[state.theme];
  const nameOf = (run: string, step: number): string =>
    stepText(step, state.timelines.get(run)?.get(step), derived.axis);
  const height = HEIGHT_CHOICES.find(({ value }) => value === display.height)?.label ?? "";
  const titles = slot.panels.map(({ tag }) => tagPath(tag));
  const drawn = (plot: Plot): PictureBody =>
    plots.frame === null || plot.curves.length === 0
      ? { kind: "text", text: emptyWords(plot), isNumber: false }
      : bodyOf(plot, display.plot === "ridge", {
          plots,
          frame: plots.frame,
          look,
          colours: state.runColours,
          width,
          nameOf,
        });
  return {
    theme: state.theme,
    title: titles.length === 1 ? (titles[0] ?? "") : `${titles[0]} … ${titles.at(-1)}`,
    facts: [
      `histogram, ${display.plot === "runs" ? "all runs" : display.plot}`,
      height,
      ...(state.display.show === "value" ? [] : [changeWords(state, derived, null)]),
    ].join(" · "),
    legend: null,
    columns: plots.plots.map((plot): PictureColumn => {
      const [first] = plot.series;
      const isOne = display.plot !== "runs" && first !== undefined;
      const layer =
        slot.panels.length > 1 && display.plot === "ridge" && first !== undefined
          ? [tagPath(first.entry.tag)]
          : [];
      return {
        name: isOne ? first.run.name : "",
        colour: isOne ? (state.runColours.get(first.run.run) ?? "") : "",
        facts: isOne
          ? [...layer, ...matchWords(first.match, first.run.run, snapshot)].join(" · ")
          : "",
        body: drawn(plot),
      };
    }),
    remarks: view.remarks.notes,
  };
}

function emptyWords({ series }: Plot): string {
  for (const { shown } of series) {
    if (shown?.record.status === "failed") return shown.record.message;
    const histogram = loadedHistogram(shown);
    const text = histogram === null ? null : emptyText(histogram);
    if (text !== null) return text;
  }
  return "nothing logged yet";
}

function bodyOf(plot: Plot, isRidge: boolean, drawing: Drawing): PictureBody {
  return isRidge ? ridgeBody(plot, drawing) : curvesBody(plot, drawing);
}

function curvesBody(plot: Plot, drawing: Drawing): PictureBody {
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

function lineMark(x: number, y: number, width: number, stroke: string, lineWidth = 1): Mark {
  return { mark: "path", d: `M${x} ${y}h${width}`, stroke, lineWidth };
}

function axisMarks(
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
    fill: isSigned && !isSeveral ? sign : colour,
    opacity: isSigned && !isSeveral ? 0.4 : isSeveral ? 0.1 : isReference ? 0.2 : 0.22,
    stroke: isSigned && !isSeveral ? sign : colour,
    lineWidth: isReference ? 1.2 : 1.6,
    dash,
  });
  return [area(above, look.positive), ...(below === "" ? [] : [area(below, look.negative)])];
}

function signedPaths(
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

function ridgeBody(plot: Plot, drawing: Drawing): PictureBody {
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

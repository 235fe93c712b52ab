/**
 * The picture of a panel of histograms: its plots as the screen has them, overlaid, of all runs in one, or as ridges.
 * Joins the plots with their drawing; must not know records' stores.
 */
import { HEIGHT_CHOICES } from "../model/choices.js";
import { tagPath } from "../model/facts.js";
import {
  NOT_READ,
  type PictureBody,
  type PictureColumn,
  type PictureContent,
} from "../model/picture_content.js";
import type { Slot } from "../model/sections.js";
import { stepText } from "../model/steps.js";
import { LOOKS, measuring, wrapText } from "../render/picture_look.js";
import { changeWords } from "../state/change_words.js";
import type { Snapshot } from "../state/export_reader.js";
import { columnWidth, matchWords } from "../state/export_tiles.js";
import { emptyText, histogramPlots, type Plot } from "../state/histogram_plots.js";
import { histogramView, loadedHistogram } from "../state/histogram_view.js";
import type { Session } from "../state/session.js";
import { curvesBody } from "./export_curves.js";
import type { Drawing } from "./export_histogram_marks.js";
import { ridgeBody } from "./export_ridge.js";

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
      ? emptyBody(plot)
      : bodyOf(plot, display.plot === "ridge", {
          plots,
          frame: plots.frame,
          look,
          colours: state.runColours,
          width,
          nameOf,
          wrap: (text, room) => wrapText(measuring(), "small", text, room),
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

function emptyBody(plot: Plot): PictureBody {
  const isPending = plot.series.some(({ shown }) => shown?.record.status === "pending");
  return isPending ? NOT_READ : { kind: "text", text: emptyWords(plot), isNumber: false };
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

/**
 * The picture of a card of a confusion: a matrix of each run with its numbers, recall and precision; of many classes a
 * map; of several labels their scores. Joins the card's view with its drawing; must not know records' stores.
 */
import type { Theme } from "../model/colours.js";
import { cssColour, textOn } from "../model/confusion_colours.js";
import { accuracyOf, matrixOf } from "../model/confusion_counts.js";
import {
  accuracyFace,
  cellFace,
  type Facing,
  longestNumber,
  precisionFace,
  recallFace,
} from "../model/confusion_faces.js";
import {
  CELL_GAP,
  layoutMatrix,
  MOST_CELLS_ALONG,
  nameWithin,
  precisionHeading,
} from "../model/confusion_layout.js";
import { thresholdText, withPercent } from "../model/confusion_words.js";
import { noteText, tagPath } from "../model/facts.js";
import { formatCount, formatWhole } from "../model/format.js";
import {
  type Mark,
  NOT_READ,
  type PictureBody,
  type PictureColumn,
  type PictureContent,
} from "../model/picture_content.js";
import type { PanelEntry } from "../model/runs.js";
import { paintedCells } from "../render/confusion_map.js";
import { rectPath } from "../render/picture_drawing.js";
import { LOOKS, measuring, type PictureLook, textWidth } from "../render/picture_look.js";
import { changeWords } from "../state/change_words.js";
import { type ConfusionRun, type ConfusionView, confusionView } from "../state/confusion_view.js";
import type { Snapshot } from "../state/export_reader.js";
import { columnWidth, matchWords } from "../state/export_tiles.js";
import type { Session } from "../state/session.js";
import { confusionLegend } from "./export_confusion_legend.js";
import { labelsBody } from "./export_labels.js";

/** Side of a map of many classes, and bars beside it. */
const MAP = 520;
const HEAD = 20;
/** So few classes have cells as large as they may be. */
const FEW = 16;
const WIDE = 2000;
const LINE = 20;

export function confusionContent(
  card: PanelEntry,
  snapshot: Snapshot,
  session: Session,
): PictureContent {
  const { state, derived } = snapshot;
  const view = confusionView(card, state, derived, (ref) => session.confusions.records.state(ref));
  const { first } = view;
  const threshold = first === null ? null : thresholdText(first.header);
  const isShare = state.confusionDisplay.content === "share";
  return {
    theme: state.theme,
    title: tagPath(card.tag),
    facts: [
      isShare ? "confusion in % of the true class" : "confusion in counts",
      ...(view.weighted ? ["by weight"] : []),
      ...(threshold === null ? [] : [threshold]),
      ...(view.isChange ? [changeWords(state, derived, null)] : []),
    ].join(" · "),
    legend: legendOf(view, state.theme),
    columns: view.runs.map(
      (run): PictureColumn => ({
        name: run.run.name,
        colour: state.runColours.get(run.run.run) ?? "#888888",
        facts: factsOf(run, view, snapshot).join(" · "),
        body: bodyOf(run, view, snapshot),
      }),
    ),
    remarks: view.remarks.notes.map(noteText),
  };
}

function legendOf({ first, runs, isChange, mostChange }: ConfusionView, theme: Theme) {
  // Scores of labels are numbers alone.
  if (first === null || first.header.task === "multi_label") return null;
  const isMap = runs.some(({ order }) => order.length > MOST_CELLS_ALONG);
  return confusionLegend({ isMap, isChange, mostChange, theme }, (text) =>
    textWidth(measuring(), "small", text),
  );
}

function factsOf(run: ConfusionRun, view: ConfusionView, snapshot: Snapshot): readonly string[] {
  const { shown } = run;
  const own = matchWords(run.match, run.run.run, snapshot);
  if (shown.status !== "ready") return own;
  const { confusion } = shown;
  const { numSamples, task } = confusion.header;
  return [
    ...own,
    ...(task === "multi_label"
      ? []
      : [`accuracy ${withPercent(accuracyOf(matrixOf(confusion, view.weighted)))}`]),
    formatCount(numSamples, "sample"),
    ...(run.hasOtherSamples ? ["other samples"] : []),
  ];
}

function bodyOf(run: ConfusionRun, view: ConfusionView, { state }: Snapshot): PictureBody {
  const { shown, order } = run;
  if (shown.status === "pending") return NOT_READ;
  if (shown.status === "told") return text(shown.message);
  if (shown.refused !== null) return text(shown.refused);
  const look = LOOKS[state.theme];
  if (shown.confusion.header.task === "multi_label") return labelsBody(run, view, look);
  if (order.length === 0) return text("Every class is always recognised");
  const { content } = state.confusionDisplay;
  const facing: Facing = {
    matrix: matrixOf(shown.confusion, view.weighted),
    reference: shown.reference === null ? null : matrixOf(shown.reference, view.weighted),
    // Pictures of samples are another panel's.
    content: content === "samples" ? "counts" : content,
    mostChange: view.mostChange,
    numbers: "whole",
    theme: state.theme,
    unit: view.weighted ? "by weight" : "samples",
  };
  return order.length > MOST_CELLS_ALONG
    ? mapBody(facing, order, look)
    : matrixBody(facing, order, look, order.length <= FEW ? WIDE : columnWidth(1));
}

function text(words: string): PictureBody {
  return { kind: "text", text: words, isNumber: false };
}

function matrixBody(
  given: Facing,
  order: readonly number[],
  look: PictureLook,
  width: number,
): PictureBody {
  const names = order.map((index) => given.matrix.names[index] ?? "");
  const layout = layoutMatrix(
    { rows: names, columns: names },
    width,
    given.content,
    longestNumber(given),
  );
  const facing = { ...given, numbers: layout.numbers };
  const { cell, names: nameWidth, heading, isUpright } = layout;
  const pitch = cell + CELL_GAP;
  const top = HEAD + heading;
  const at = (place: number): number => nameWidth + place * pitch;
  const down = (place: number): number => top + place * pitch;
  const end = at(order.length);
  const label = (
    words: string,
    x: number,
    y: number,
    align: "left" | "center" | "right",
    colour = look.secondary,
  ): Extract<Mark, { readonly mark: "text" }> => ({
    mark: "text",
    text: words,
    x,
    y,
    colour,
    font: "small",
    align,
  });
  const marks: Mark[] = [
    label("predicted →", nameWidth, HEAD / 2, "left"),
    label("true ↓", nameWidth - 8, top - 9, "right"),
    label(facing.reference === null ? "recall %" : "recall", end + 4, top - 9, "left"),
  ];
  for (const [place, index] of order.entries()) {
    const name = given.matrix.names[index] ?? "";
    const column = nameWithin(name, isUpright ? heading : Number.POSITIVE_INFINITY, layout.scale);
    const middle = at(place) + cell / 2;
    marks.push(
      isUpright
        ? { ...label(column, middle, top - 6, "left"), isUpright: true }
        : label(column, middle, top - 9, "center"),
      label(
        nameWithin(name, nameWidth, layout.scale),
        nameWidth - 8,
        down(place) + cell / 2,
        "right",
        look.ink,
      ),
      label(recallFace(facing, index).text, end + 4, down(place) + cell / 2, "left"),
    );
    for (const [along, predicted] of order.entries()) {
      const face = cellFace(facing, index, predicted);
      const path = rectPath(at(along), down(place), cell, cell, 3);
      marks.push(
        face.colour === null
          ? { mark: "path", d: path, fill: look.line, opacity: 0.35 }
          : { mark: "path", d: path, fill: cssColour(face.colour) },
        label(
          face.text,
          at(along) + cell / 2,
          down(place) + cell / 2 + 0.5,
          "center",
          face.colour === null ? look.mark : textOn(face.colour),
        ),
      );
    }
  }
  const below = down(order.length) + LINE / 2;
  marks.push(label(precisionHeading(nameWidth), nameWidth - 8, below, "right"));
  for (const [place, index] of order.entries()) {
    const words =
      layout.numbers === "none"
        ? ""
        : precisionFace(facing, index, cell < (facing.reference === null ? 32 : 40)).text;
    marks.push(label(words, at(place) + cell / 2, below, "center"));
  }
  marks.push({ ...label(accuracyFace(facing).text, end + 4, below, "left", look.ink) });
  return { kind: "drawing", width: end + layout.margin, height: below + LINE / 2, marks };
}

function mapBody(facing: Facing, order: readonly number[], look: PictureLook): PictureBody {
  // Whole pixels, so that no cell is wider than another.
  const cell = Math.max(1, Math.round(MAP / order.length));
  const side = cell * order.length;
  const places = new Map(order.map((index, place) => [index, place]));
  const marks: Mark[] = [
    { mark: "text", text: "predicted →", x: 0, y: HEAD / 2, colour: look.secondary, font: "small" },
    {
      mark: "text",
      text: "true ↓",
      x: side,
      y: HEAD / 2,
      colour: look.secondary,
      font: "small",
      align: "right",
    },
    { mark: "path", d: rectPath(0, HEAD, side, side), fill: look.line, opacity: 0.35 },
  ];
  for (const { row, column, colour } of paintedCells(facing)) {
    const [top, left] = [places.get(row), places.get(column)];
    if (top === undefined || left === undefined) continue;
    marks.push({
      mark: "path",
      d: rectPath(left * cell, HEAD + top * cell, cell, cell),
      fill: cssColour(colour),
    });
  }
  const words = `${formatWhole(order.length)} classes`;
  marks.push({
    mark: "text",
    text: words,
    x: 0,
    y: HEAD + side + LINE / 2 + 2,
    colour: look.secondary,
    font: "small",
  });
  return { kind: "drawing", width: side, height: HEAD + side + LINE + 2, marks };
}

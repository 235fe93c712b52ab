/** The picture of the scores of several labels: a line a label. Must not know panels. */
import { changeColour, cssColour } from "../model/confusion_colours.js";
import { nameWithin } from "../model/confusion_layout.js";
import { withPercent } from "../model/confusion_words.js";
import { formatWhole } from "../model/format.js";
import type { Mark, PictureBody } from "../model/picture_content.js";
import type { PictureLook } from "../render/picture_look.js";
import { type ConfusionRun, type ConfusionView, labelsOf } from "../state/confusion_view.js";

const LINE = 20;
const SCORES = ["support", "precision", "recall", "f1", "errors"] as const;
const SCORE_WIDTH = 76;
const LABEL_NAME = 160;

export function labelsBody(run: ConfusionRun, view: ConfusionView, look: PictureLook): PictureBody {
  const { now, before } = labelsOf(run, view.weighted);
  const width = LABEL_NAME + SCORES.length * SCORE_WIDTH;
  const marks: Mark[] = SCORES.map(
    (score, column): Mark => ({
      mark: "text",
      text: score === "f1" ? "F1" : score,
      x: LABEL_NAME + (column + 1) * SCORE_WIDTH,
      y: LINE / 2,
      colour: look.secondary,
      font: "small",
      align: "right",
    }),
  );
  for (const [place, index] of run.order.entries()) {
    const y = (place + 1.5) * LINE;
    const scores = now[index];
    if (scores === undefined) continue;
    marks.push({
      mark: "text",
      text: nameWithin(scores.name, LABEL_NAME),
      x: 0,
      y,
      colour: look.ink,
      font: "small",
    });
    for (const [column, score] of SCORES.entries()) {
      const isCount = score === "support" || score === "errors";
      const value = scores[score] - (before === null ? 0 : (before[index]?.[score] ?? 0));
      const sign = before !== null && value > 0 ? "+" : "";
      marks.push({
        mark: "text",
        text: sign + (isCount ? formatWhole(value) : withPercent(value)),
        x: LABEL_NAME + (column + 1) * SCORE_WIDTH,
        y,
        colour:
          before === null || value === 0
            ? look.ink
            : cssColour(changeColour(Math.sign(value), 1, "light")),
        font: "small",
        align: "right",
      });
    }
  }
  return { kind: "drawing", width, height: (run.order.length + 1) * LINE, marks };
}

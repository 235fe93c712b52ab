/** What the colours of an exported matrix mean, as `confusion_legend.ts` says it on the screen. Pure; must not know panels. */
import type { Theme } from "../model/colours.js";
import { changeColour, cssColour, mapColour, shareColour } from "../model/confusion_colours.js";
import { pointsText } from "../model/confusion_words.js";
import type { DrawingBody, Mark } from "../model/picture_content.js";
import { rectPath } from "../render/picture_drawing.js";
import { LOOKS } from "../render/picture_look.js";

const STOPS = 11;
const STOP = 8;
const BAR_HEIGHT = 12;
const MIDDLE = 11;
const HEIGHT = 22;
const GAP = 8;

interface Meaning {
  /** True of a picture of many classes. */
  readonly isMap: boolean;
  readonly isChange: boolean;
  /** The largest change of a share that is shown. */
  readonly mostChange: number;
  readonly theme: Theme;
}

type Part = string | ((place: number) => string);

/** `widthOf`: of a small text, in CSS pixels. */
export function confusionLegend(
  { isMap, isChange, mostChange, theme }: Meaning,
  widthOf: (text: string) => number,
): DrawingBody {
  const colourOf = isMap ? mapColour : shareColour;
  const ramp =
    (isRight: boolean): Part =>
    (share) =>
      cssColour(colourOf(share, isRight, theme));
  const change: Part = (place) =>
    cssColour(changeColour((2 * place - 1) * mostChange, mostChange, theme));
  const parts: readonly Part[] = !isChange
    ? ["right", ramp(true), "wrong", ramp(false), "0 to 100 % of the true class"]
    : mostChange === 0
      ? ["no difference"]
      : [
          pointsText(-mostChange),
          change,
          pointsText(mostChange),
          "percentage points of the true class",
        ];
  const look = LOOKS[theme];
  const marks: Mark[] = [];
  let left = 0;
  for (const part of parts) {
    if (typeof part === "string") {
      marks.push({
        mark: "text",
        text: part,
        x: left,
        y: MIDDLE,
        colour: look.secondary,
        font: "small",
      });
      left += widthOf(part) + GAP;
      continue;
    }
    for (let stop = 0; stop < STOPS; stop++)
      marks.push({
        mark: "path",
        d: rectPath(left + stop * STOP, MIDDLE - BAR_HEIGHT / 2, STOP, BAR_HEIGHT),
        fill: part(stop / (STOPS - 1)),
      });
    left += STOPS * STOP + GAP;
  }
  return { kind: "drawing", width: left - GAP, height: HEIGHT, marks };
}

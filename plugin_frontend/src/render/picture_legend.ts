/**
 * The scale of an exported picture: colours with numbers and zero, and the signs of special cells, as `legend.ts` shows
 * them on the screen. Knows the 2D context; must not compute ranges.
 */
import {
  DEAD_COLOURS,
  GLYPH_COLOURS,
  type Rgb,
  type Theme,
  tableEntries,
  unresolvedColour,
} from "../model/colours.js";
import { changeNoun } from "../model/display.js";
import { formatEnds } from "../model/format.js";
import type { DrawingBody, LegendSpecial, PictureLegend } from "../model/picture_content.js";
import { positionIn } from "../model/ranges.js";
import { drawSigns } from "./canvases.js";
import { type Context, cssColour, LOOKS, textWidth, write } from "./picture_look.js";

const BAR_WIDTH = 160;
const BAR_HEIGHT = 12;
/** Below the bar stands the 0 of its mark. */
export const LEGEND_HEIGHT = 34;
const MIDDLE = 11;
const SWATCH = 14;
const ITEM_GAP = 16;
const WORD_GAP = 7;
/** As wide with the numbers of the next step, so that the bar of an animation stands still. */
const END_WIDTH = 62;

const SPECIALS: Readonly<
  Record<LegendSpecial, { readonly word: string; readonly sign: Sign | null }>
> = {
  unresolved: { word: "below precision", sign: null },
  dead: { word: "dead", sign: null },
  nan: { word: "NaN", sign: "nan" },
  posinf: { word: "+∞", sign: "posinf" },
  neginf: { word: "−∞", sign: "neginf" },
};
type Sign = "nan" | "posinf" | "neginf";

function wordOf(name: LegendSpecial, { show }: PictureLegend): string {
  const { word } = SPECIALS[name];
  return name === "unresolved" ? `${changeNoun(show)} ${word}` : word;
}

export function legendWidth(context: Context, legend: PictureLegend | DrawingBody): number {
  if (legend.kind === "drawing") return legend.width;
  const words = [
    ...legend.specials.map(
      (name) => SWATCH + WORD_GAP + textWidth(context, "small", wordOf(name, legend)),
    ),
  ];
  const notes = notesOf(legend).map((note) => textWidth(context, "small", note));
  const items = [...words, ...notes, 2 * (END_WIDTH + WORD_GAP) + BAR_WIDTH];
  return Math.ceil(items.reduce((sum, width) => sum + width, 0) + ITEM_GAP * (items.length - 1));
}

/** Draws a legend with its upper left corner at a place. */
export function drawLegend(
  context: Context,
  legend: PictureLegend,
  theme: Theme,
  x: number,
  y: number,
): void {
  const look = LOOKS[theme];
  let left = x;
  for (const name of legend.specials) {
    const word = wordOf(name, legend);
    const { sign } = SPECIALS[name];
    drawSwatch(context, colourOf(name, legend, theme), left, y + MIDDLE - SWATCH / 2, look.line);
    if (sign !== null) {
      const place = { x: left / SWATCH, y: (y + MIDDLE) / SWATCH - 0.5, special: sign };
      drawSigns(context, [place], SWATCH);
    }
    if (name === "dead") crossOut(context, left, y + MIDDLE - SWATCH / 2, look.mark);
    write(context, "small", look.secondary, word, left + SWATCH + WORD_GAP, y + MIDDLE);
    left += SWATCH + WORD_GAP + textWidth(context, "small", word) + ITEM_GAP;
  }
  for (const note of notesOf(legend)) {
    write(context, "small", look.secondary, note, left, y + MIDDLE);
    left += textWidth(context, "small", note) + ITEM_GAP;
  }
  drawScale(context, legend, theme, Math.round(left), y);
}

function notesOf({ note, colouring }: PictureLegend): readonly string[] {
  return [note, colouring.table === "rgb" ? "R, G, B each" : ""].filter((text) => text !== "");
}

function colourOf(name: LegendSpecial, { colouring }: PictureLegend, theme: Theme): Rgb {
  if (name === "unresolved") return unresolvedColour(colouring.table);
  return name === "dead" ? DEAD_COLOURS[theme] : GLYPH_COLOURS[name];
}

function drawSwatch(context: Context, colour: Rgb, x: number, y: number, line: string): void {
  context.fillStyle = cssColour(colour);
  context.fillRect(x, y, SWATCH, SWATCH);
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, SWATCH - 1, SWATCH - 1);
}

function crossOut(context: Context, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x + 1, y + SWATCH - 1);
  context.lineTo(x + SWATCH - 1, y + 1);
  context.stroke();
}

function drawScale(
  context: Context,
  { colouring, range }: PictureLegend,
  theme: Theme,
  x: number,
  y: number,
): void {
  const look = LOOKS[theme];
  const symmetric = colouring.rule === "symmetric";
  const ends = range === null ? (symmetric ? ["−max", "+max"] : ["min", "max"]) : formatEnds(range);
  const bar = x + END_WIDTH + WORD_GAP;
  const top = y + MIDDLE - BAR_HEIGHT / 2;
  write(context, "small", look.secondary, ends[0] ?? "", bar - WORD_GAP, y + MIDDLE, "right");
  write(context, "small", look.secondary, ends[1] ?? "", bar + BAR_WIDTH + WORD_GAP, y + MIDDLE);
  for (let column = 0; column < BAR_WIDTH; column++) {
    const entry = Math.floor((column * 256) / BAR_WIDTH);
    if (colouring.table === "rgb") {
      const rest = symmetric ? 128 : 0;
      for (const channel of [0, 1, 2]) {
        const rgb = [0, 1, 2].map((each) => (each === channel ? entry : rest)) as unknown as Rgb;
        context.fillStyle = cssColour(rgb);
        context.fillRect(bar + column, top + (channel * BAR_HEIGHT) / 3, 1, BAR_HEIGHT / 3);
      }
    } else {
      context.fillStyle = cssColour(tableEntries(colouring.table)[entry] ?? [0, 0, 0]);
      context.fillRect(bar + column, top, 1, BAR_HEIGHT);
    }
  }
  context.strokeStyle = look.line;
  context.lineWidth = 1;
  context.strokeRect(bar - 0.5, top - 0.5, BAR_WIDTH + 1, BAR_HEIGHT + 1);
  const zero =
    range === null
      ? symmetric
        ? 0.5
        : null
      : range.lo < 0 && range.hi > 0
        ? positionIn(range, 0)
        : null;
  if (zero === null) return;
  const at = bar + Math.round(zero * (BAR_WIDTH - 1));
  context.fillStyle = look.secondary;
  context.fillRect(at, top - 3, 1, BAR_HEIGHT + 6);
  write(context, "label", look.secondary, "0", at + 0.5, top + BAR_HEIGHT + 10, "center");
}

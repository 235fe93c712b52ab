/**
 * Colours, fonts and texts of exported pictures: those of the screen's cards, in numbers, because a picture has no style
 * sheet. Knows the 2D context; must not know what is written.
 */
import type { Rgb, Theme } from "../model/colours.js";

export interface PictureLook {
  readonly page: string;
  readonly ink: string;
  readonly secondary: string;
  /** Of lines round colours, and of outlines. */
  readonly line: string;
  readonly mark: string;
  readonly negative: string;
  readonly positive: string;
}

/** As `tokens.ts` and the Python export have them. */
export const LOOKS: Readonly<Record<Theme, PictureLook>> = {
  light: {
    page: "#ffffff",
    ink: "#1f2328",
    secondary: "#5f6672",
    line: "#c4c9d1",
    mark: "#8a919e",
    negative: "#2f74b5",
    positive: "#c1403d",
  },
  dark: {
    page: "#2a2c30",
    ink: "#e8eaed",
    secondary: "#b0b5bd",
    line: "#5a5f68",
    mark: "#868c96",
    negative: "#5b9fd8",
    positive: "#e8776d",
  },
};

const SANS = 'Roboto, system-ui, "Segoe UI", sans-serif';
const MONO = '"Roboto Mono", ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';

export const FONTS = {
  title: `500 15px ${MONO}`,
  name: `13px ${MONO}`,
  text: `13px ${SANS}`,
  small: `12px ${SANS}`,
  label: `11px ${SANS}`,
  number: `20px ${SANS}`,
  strong: `600 12.5px ${MONO}`,
} as const;
export type Font = keyof typeof FONTS;

export type Context = CanvasRenderingContext2D;

let known: Context | null = null;

/** For widths of texts before there is a picture. */
export function measuring(): Context {
  known ??= document.createElement("canvas").getContext("2d");
  if (known === null) throw new Error("this browser gives no canvas");
  return known;
}

/** Width of one line in CSS pixels. */
export function textWidth(context: Context, font: Font, text: string): number {
  context.font = FONTS[font];
  return context.measureText(text).width;
}

/** As much of a text as fits, with an ellipsis at its end. */
export function fitText(context: Context, font: Font, text: string, width: number): string {
  if (textWidth(context, font, text) <= width) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const cut = `${letters.slice(0, middle).join("")}…`;
    if (textWidth(context, font, cut) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}

/** Lines no wider than so many pixels, broken at spaces; a longer word is cut. */
export function wrapText(
  context: Context,
  font: Font,
  text: string,
  width: number,
): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const joined = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(context, font, joined) <= width)
      lines[lines.length - 1] = joined;
    else lines.push(fitText(context, font, word, width));
  }
  return lines;
}

/** Writes one line whose middle is at `y`. */
export function write(
  context: Context,
  font: Font,
  colour: string,
  text: string,
  x: number,
  y: number,
  align: CanvasTextAlign = "left",
): void {
  context.font = FONTS[font];
  context.fillStyle = colour;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillText(text, x, y);
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

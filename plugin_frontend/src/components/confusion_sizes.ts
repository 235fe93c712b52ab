/** How much room the parts of a card of a confusion want on this screen, in CSS pixels. */
import type { Confusion } from "../model/confusion.js";
import type { CellContent } from "../model/confusion_display.js";
import {
  CELL_GAP,
  LARGEST_CELL,
  LARGEST_MAP,
  LETTER,
  MOST_CELLS_ALONG,
  nameWidth,
  RECALL_MARGIN,
} from "../model/confusion_layout.js";

/** A table of labels. */
const LABELS_WIDTH = 590;
/** Beside a matrix of pictures. */
export const ASIDE_OF_SAMPLES = 360;
const BASE_FONT = 13;

export function wantedWidth(
  { header }: Confusion,
  content: CellContent,
  shown: number,
  scale: number,
): number {
  if (header.task === "multi_label") return LABELS_WIDTH * scale;
  const around = nameWidth(header.classNames, scale) + RECALL_MARGIN * scale;
  if (shown > MOST_CELLS_ALONG) return around + LARGEST_MAP * scale;
  return around + shown * (LARGEST_CELL[content] * scale + CELL_GAP) + CELL_GAP;
}

/** Of two names in a list of pairs; the rest of a row are a bar and numbers. */
const PAIR_SHARE = 0.56;
/** And of a monospaced letter, in the title of a cell; beside it are a count and a chip. */
const MONO_LETTER = 7.9;
const BESIDE_TITLE = 250;
const ARROW = 3;

/** For how many letters two names of a pair have room, in a list so wide. */
export function pairLetters(width: number, scale: number): number {
  return Math.floor((PAIR_SHARE * width) / (LETTER * scale)) - ARROW;
}

/** The same in the title of a cell. */
export function titleLetters(width: number, scale: number): number {
  return Math.floor((width / scale - BESIDE_TITLE) / MONO_LETTER) - ARROW;
}

/** What stands above and below a map, so that it fits on the screen. */
const AROUND_MAP = 330;

export function mapRoom(): number {
  return window.innerHeight - AROUND_MAP;
}

// Letters are larger where the screen is so wide that its dots must be small: see `shared`.
export function fontScale(): number {
  return Math.min(16, Math.max(BASE_FONT, 0.004 * window.innerWidth)) / BASE_FONT;
}

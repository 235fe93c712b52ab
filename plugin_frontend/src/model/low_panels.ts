/**
 * Panels of vectors and single numbers: of one run, title, strip and legend stand beside one another, so that the four
 * vectors of a normalisation take little room; the columns of several runs need the width. Knows sizes in CSS pixels, the styles of the panel keep to them; must not know
 * components.
 */
import { panelColumns } from "./panel_columns.js";
import type { RunEntry, TagEntry } from "./parse_index.js";
import { guessPanel } from "./placeholder.js";
import type { PanelEntry } from "./runs.js";

export interface LowLayout {
  /** Title above the strip, for want of room beside them. */
  readonly stacked: boolean;
  /** Widths of what stands left and right of the strip. */
  readonly title: number;
  readonly aside: number;
  /** Of the strip. */
  readonly strip: number;
}

/** Between the title, the runs and the legend. */
export const LOW_GAP = 20;
/** Above and below what a low panel holds. */
export const LOW_PADDING = 7;
/** A run's name above its strip. */
export const LOW_CAPTION = 22;
/** A single number. */
export const LOW_NUMBER = 24;
/** Title and facts. */
export const LOW_TITLE = 42;
/** The same in one line, above columns. */
export const LOW_HEADER = 40;

const BORDERS = 2;
const STACKED_BELOW = 720;
const TITLE_SHARE = 0.17;
const LEAST_TITLE = 168;
const MOST_TITLE = 300;
const ASIDE = 224;
/** Strips and their legend stay together on the widest screens. */
const MOST_STRIP = 1000;

/** True where every run's variable is known to be a vector or a single number, as the offsets of templates are. */
export function isLow({ kind, members }: PanelEntry): boolean {
  return (
    kind === "tiles" &&
    members.every(({ entry }) => {
      const { variableShape, role } = entry.source;
      return variableShape === null ? role === "offset" : variableShape.length <= 1;
    })
  );
}

/** Where the parts of a low panel of one run go that is `width` wide inside. */
export function layoutLow(width: number): LowLayout {
  const stacked = width < STACKED_BELOW;
  const title = Math.round(Math.max(LEAST_TITLE, Math.min(MOST_TITLE, TITLE_SHARE * width)));
  const beside = stacked ? 0 : title + ASIDE + 2 * LOW_GAP;
  return { stacked, title, aside: ASIDE, strip: stripWidth(width - beside) };
}

/** A strip in a column of this width. */
export function stripWidth(width: number): number {
  return Math.max(1, Math.min(MOST_STRIP, width));
}

/** A guess at the height of a low panel in a view of these columns, before its records are here. */
export function guessLowHeight(
  panel: PanelEntry,
  width: number,
  maxHeight: number,
  columns: readonly RunEntry[],
): number {
  const { stacked, strip } = layoutLow(width);
  const isAmongOthers = columns.length > 1;
  const room = isAmongOthers ? stripWidth(panelColumns(panel, columns, width).wide) : strip;
  const content = Math.max(
    ...panel.members.map(({ entry }) => guessContent(entry, room, maxHeight)),
  );
  const runs = LOW_CAPTION + content;
  if (isAmongOthers) return BORDERS + LOW_HEADER + runs + LOW_PADDING;
  const inner = stacked ? LOW_TITLE + runs : Math.max(LOW_TITLE, runs);
  return BORDERS + 2 * LOW_PADDING + inner;
}

/** A guess at the height of one run's grid, strip or number. */
export function guessContent(
  entry: Pick<TagEntry, "view" | "source">,
  width: number,
  maxHeight: number,
): number {
  return isNumber(entry.source.variableShape)
    ? LOW_NUMBER
    : guessPanel(entry, width, maxHeight).height;
}

function isNumber(shape: readonly number[] | null): boolean {
  return shape?.every((length) => length === 1) ?? false;
}

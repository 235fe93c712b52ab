/**
 * Panels of vectors and single numbers: title, runs and legend stand beside one another, so that the four vectors of a
 * normalisation take little room. Knows sizes in CSS pixels, the styles of the panel keep to them; must not know
 * components.
 */
import { COLUMN_GAP, type Columns, layoutColumns } from "./columns.js";
import type { TagEntry } from "./parse_index.js";
import { guessPanel } from "./placeholder.js";
import type { PanelEntry } from "./runs.js";

export interface LowLayout {
  /** Title above the runs, for want of room beside them. */
  readonly stacked: boolean;
  /** Widths of what stands left and right of the runs. */
  readonly title: number;
  readonly aside: number;
  readonly columns: Columns;
}

/** Between the title, the runs and the legend. */
export const LOW_GAP = 20;
/** Above and below what a low panel holds. */
export const LOW_PADDING = 7;
/** A run's name above its strip. */
export const LOW_CAPTION = 22;
/** Between rows of runs. */
export const LOW_ROW_GAP = 8;
/** A single number. */
export const LOW_NUMBER = 24;
/** Title and facts. */
export const LOW_TITLE = 42;

const BORDERS = 2;
const STACKED_BELOW = 720;
const TITLE_SHARE = 0.17;
const LEAST_TITLE = 168;
const MOST_TITLE = 300;
const ASIDE = 224;
/** Strips and their legend stay together on the widest screens. */
const MOST_STRIP = 1000;
/** Several runs stand side by side while each has this much. */
const LEAST_STRIP = 200;
const LEAST_NUMBER = 230;

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

/** Where the parts of a low panel go that is `width` wide inside. */
export function layoutLow({ members }: PanelEntry, width: number): LowLayout {
  const least = members.every(({ entry }) => isNumber(entry.source.variableShape))
    ? LEAST_NUMBER
    : LEAST_STRIP;
  const stacked = width < STACKED_BELOW;
  const title = Math.round(Math.max(LEAST_TITLE, Math.min(MOST_TITLE, TITLE_SHARE * width)));
  const beside = stacked ? 0 : title + ASIDE + 2 * LOW_GAP;
  const most = members.length * (MOST_STRIP + COLUMN_GAP) - COLUMN_GAP;
  return {
    stacked,
    title,
    aside: ASIDE,
    columns: layoutColumns(Math.max(1, Math.min(most, width - beside)), members.length, least),
  };
}

/** A guess at the height of a low panel before its records are here. */
export function guessLowHeight(panel: PanelEntry, width: number, maxHeight: number): number {
  const { stacked, columns } = layoutLow(panel, width);
  const rows = Math.ceil(panel.members.length / columns.perRow);
  const content = Math.max(
    ...panel.members.map(({ entry }) => guessContent(entry, columns.width, maxHeight)),
  );
  const runs = rows * (LOW_CAPTION + content) + (rows - 1) * LOW_ROW_GAP;
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

/**
 * How panels are displayed: every choice of the rail's *Display*, with its default. Plain data, one readonly object,
 * so that the address can hold it. Must not know what is drawn.
 */
import type { ColourChoice } from "./colours.js";

/** What of the values is painted. Changes are taken between records of the same tag and run. */
export const SHOWS = ["value", "change-since-start", "change-since-previous"] as const;
export type Show = (typeof SHOWS)[number];

/** What one colour range spans: a tile, a run's grid, the grids of all shown runs, or these over all steps. */
export const SCALES = ["per-tile", "per-run", "shared", "fixed"] as const;
export type Scale = (typeof SCALES)[number];

/** `error` is of attributions alone: elsewhere it is the order of the index. */
export const SORTS = ["index", "norm", "change", "variance", "dead", "error"] as const;
export type Sort = (typeof SORTS)[number];

export const TILE_SIZES = ["auto", "small", "medium", "large"] as const;
export type TileSize = (typeof TILE_SIZES)[number];

export interface Display {
  readonly show: Show;
  readonly scale: Scale;
  readonly colours: ColourChoice;
  readonly sort: Sort;
  readonly tileSize: TileSize;
  /** Columns of tiles in a grid; null for as many as fit. */
  readonly columns: number | null;
  /** A line round every tile. */
  readonly outlines: boolean;
  /** Cells are blended into one another instead of sharp squares. */
  readonly smooth: boolean;
}

export const DEFAULT_DISPLAY: Display = {
  show: "value",
  scale: "shared",
  colours: "auto",
  sort: "index",
  tileSize: "auto",
  columns: null,
  outlines: false,
  smooth: false,
};

/** More tiles side by side than this fit on no screen. */
export const MAX_COLUMNS = 512;

/** A number of columns as it is typed: null for as many as fit, where nothing is; undefined for what is no number of columns. */
export function readColumns(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const number = /^\d+$/.test(trimmed) ? Number(trimmed) : 0;
  return number >= 1 && number <= MAX_COLUMNS ? number : undefined;
}

/** Where the grid axes of a panel go, by their names; an axis of a slider stands at one index. */
export interface Placement {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly sliders: ReadonlyMap<string, number>;
}

/**
 * How panels are displayed: every choice of the rail's *Display*, with its default. Plain data, one readonly object,
 * so that the address can hold it. Must not know what is drawn.
 */
import type { ColourChoice } from "./colours.js";

/** What of the values is painted. Changes are of the same tag and run; a difference is to what is pinned. */
export const SHOWS = [
  "value",
  "change-since-start",
  "change-since-previous",
  "difference",
] as const;
export type Show = (typeof SHOWS)[number];

/** What a cell is called that is not a value. */
export function changeNoun(show: Show): "change" | "difference" {
  return show === "difference" ? "difference" : "change";
}

/** What one colour range spans: a tile, a run's grid, the grids of all shown runs, or these over all steps. */
export const SCALES = ["per-tile", "per-run", "shared", "fixed"] as const;
export type Scale = (typeof SCALES)[number];

/**
 * `change` is since the start, `previous` since the step before, `difference` what *Show* paints. `error` is of
 * attributions alone, `similar` of tiles alone: elsewhere these are the order of the index.
 */
export const SORTS = [
  "index",
  "norm",
  "change",
  "previous",
  "difference",
  "variance",
  "similar",
  "dead",
  "error",
] as const;
export type Sort = (typeof SORTS)[number];

/** A tile of a run, which others are compared with. */
export interface TileOfRun {
  readonly run: string;
  readonly tag: string;
  readonly tile: number;
}

export const TILE_SIZES = ["auto", "small", "medium", "large"] as const;
export type TileSize = (typeof TILE_SIZES)[number];

export interface Display {
  readonly show: Show;
  readonly scale: Scale;
  readonly colours: ColourChoice;
  readonly sort: Sort;
  /** The other way round; what has no number still comes last. */
  readonly reversed: boolean;
  /** The run whose tiles give the order of all runs; null for the first that is shown. */
  readonly orderRun: string | null;
  /** What `similar` compares with; null until a tile is chosen. */
  readonly similarTo: TileOfRun | null;
  /** Without the tiles that are dead in every shown run. */
  readonly hideDead: boolean;
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
  reversed: false,
  orderRun: null,
  similarTo: null,
  hideDead: false,
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

/**
 * How wide the columns of a card of attributions are, and how high its rows: the same for all samples and runs, so that
 * maps of two runs stand exactly below one another. Knows sizes in CSS pixels; must not know values.
 */
import type { TileSize } from "./display.js";
import { type GridLayout, layoutTiles, NO_WISHES } from "./layout.js";

/** In cells. */
export interface MapSize {
  readonly height: number;
  readonly width: number;
}

export interface CardContent {
  readonly map: MapSize;
  /** Of the input's picture; null where none is logged. */
  readonly input: MapSize | null;
  readonly hasOverlay: boolean;
  /** Tiles in a strip of interior gradients: 1 where one α is shown, 0 without any. */
  readonly alphas: number;
  readonly hasSpread: boolean;
  /** Pictures of baselines. */
  readonly baselines: number;
  /** How many lines a row has. */
  readonly runs: number;
}

/** Widths and heights in CSS pixels; layouts for the canvases of the columns. */
export interface CardLayout {
  readonly map: GridLayout;
  readonly input: GridLayout | null;
  readonly interior: GridLayout | null;
  readonly baselines: GridLayout | null;
  /** Widths of the columns in their order; 0 for one that is not there. */
  readonly columns: Readonly<Record<CardColumn, number>>;
  readonly line: number;
  readonly row: number;
}

export const CARD_COLUMNS = [
  "input",
  "map",
  "overlay",
  "interior",
  "spread",
  "baselines",
  "curve",
  "proof",
] as const;
export type CardColumn = (typeof CARD_COLUMNS)[number];

/** Between columns, between lines of a row, and above and below a row. */
export const COLUMN_SPACE = 18;
export const LINE_SPACE = 10;
export const ROW_PADDING = 10;
/** Below an input stands its label. */
export const INPUT_LABEL = 20;
/** The name of a run above its proof. */
const RUN_NAME = 22;
/** Three lines of a proof, the second of its verdict, and one of flags. */
const PROOF = 102;
const LEAST_PROOF = 268;
const LEAST_CURVE = 104;
const MOST_CURVE = 208;
/** A column without maps is as wide as what it says of that. */
const LEAST_COLUMN = 72;

const CHOSEN = { small: 56, medium: 112, large: 176 } as const;
/** Sides of maps, the largest first; beyond the third only where the screen is wide. */
const SIDES = [168, 140, 112, 96, 84, 72, 56] as const;
const WIDE = [2700, 1900] as const;
/** Of a strip of interior gradients, as shares of a map's side. */
const SHARES = [0.8, 0.66, 0.5, 0.4] as const;
/** Strips have more width than pictures, so that their cells can be told apart. */
const STRIP_SHARE = 2;

/** The largest maps with which all columns fit; where none do, the smallest, and the card scrolls sideways. */
export function layoutCard(
  content: CardContent,
  available: number,
  tileSize: TileSize,
): CardLayout {
  const sides = tileSize === "auto" ? sidesFor(available) : [CHOSEN[tileSize]];
  let last: CardLayout | null = null;
  for (const side of sides) {
    for (const share of content.alphas > 1 ? SHARES : [1]) {
      const layout = layoutWith(content, available, side, side * share);
      if (widthOf(layout) <= available) return layout;
      last = layout;
    }
  }
  return last ?? layoutWith(content, available, SIDES[6], SIDES[6]);
}

/** All columns and the spaces between them. */
export function widthOf({ columns }: CardLayout): number {
  const shown = CARD_COLUMNS.filter((name) => columns[name] > 0);
  return shown.reduce((sum, name) => sum + columns[name], COLUMN_SPACE * (shown.length - 1));
}

function sidesFor(available: number): readonly number[] {
  const tooLarge = WIDE.filter((width) => available < width).length;
  return SIDES.slice(tooLarge);
}

function layoutWith(
  content: CardContent,
  available: number,
  side: number,
  small: number,
): CardLayout {
  const { map: size, runs } = content;
  const map = layoutMaps(size, 1, side);
  const input = content.input === null ? null : layoutMaps(content.input, 1, side);
  const interior = content.alphas === 0 ? null : layoutMaps(size, content.alphas, small);
  const baselines = content.baselines === 0 ? null : layoutMaps(size, content.baselines, side);
  const widthOfMaps = (layout: GridLayout | null): number =>
    Math.max(LEAST_COLUMN, layout === null ? 0 : Math.ceil(layout.width * layout.zoom));
  const one = widthOfMaps(map);
  const columns = {
    input: widthOfMaps(input),
    map: one,
    overlay: content.hasOverlay ? one : 0,
    interior: Math.max(widthOfMaps(interior), LEAST_COLUMN),
    spread: content.hasSpread ? one : 0,
    baselines: content.baselines > 0 ? widthOfMaps(baselines) : 0,
    curve: LEAST_CURVE,
    proof: LEAST_PROOF,
  };
  const heights = [map, interior, baselines].map((each) =>
    each === null ? 0 : Math.ceil(each.height * each.zoom),
  );
  const line = Math.max(...heights, PROOF + (runs > 1 ? RUN_NAME : 0));
  const lines = Math.max(1, runs) * (line + LINE_SPACE) - LINE_SPACE;
  const inputHeight = input === null ? 0 : Math.ceil(input.height * input.zoom) + INPUT_LABEL;
  const row = Math.max(lines, inputHeight) + 2 * ROW_PADDING;
  const layout = { map, input, interior, baselines, columns, line, row };
  // What is left goes to the curve first, then to words.
  const left = Math.max(0, available - widthOf(layout));
  const curve = Math.min(MOST_CURVE, LEAST_CURVE + Math.floor(left / 3));
  const proof = LEAST_PROOF + left - (curve - LEAST_CURVE);
  return { ...layout, columns: { ...columns, curve, proof } };
}

// Several maps stand in a row, several strips below one another.
function layoutMaps({ height, width }: MapSize, count: number, side: number): GridLayout {
  const isStrip = height === 1;
  const content = {
    tiles: count,
    rowLength: isStrip ? 1 : count,
    tileHeight: height,
    tileWidth: width,
  };
  const room = isStrip
    ? { width: STRIP_SHARE * side, height: side }
    : { width: count * (side + 4) - 4, height: side };
  return layoutTiles(content, room, { ...NO_WISHES, columns: isStrip ? 1 : count });
}

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
  /** Columns that stand below the maps of their run instead of beside them. */
  readonly below: readonly CardColumn[];
  /** Heights of the lines that a run has, and of all of them with the spaces between. */
  readonly lines: readonly number[];
  readonly line: number;
  readonly row: number;
  /** True where what is said of a map has little room. */
  readonly isNarrow: boolean;
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
export const COLUMN_SPACE = 14;
export const LINE_SPACE = 10;
export const ROW_PADDING = 10;
/** Below an input stands its label. */
export const INPUT_LABEL = 20;
/** The name of a run above its proof. */
const RUN_NAME = 22;
/** The lines of a proof: classes, sums, two of the verdict, one of flags; where it is narrow, classes take two. */
const PROOF = 104;
const NARROW_PROOF = 126;
/** A verdict that is good news fits into a line of the first; in the second it takes two. */
const PROOFS = { wide: 284, narrow: 248 } as const;
/** Below a map there is room for this much of what is said in its place. */
const LEAST_UPPER = 90;
/** Its title has more letters than those of other columns. */
const LEAST_MAP = 76;
const LEAST_CURVE = 88;
/** All that is left goes to the curve up to this, then a third. */
const GOOD_CURVE = 104;
/** However small the maps beside it are. */
export const LEAST_CURVE_HEIGHT = 64;
const MOST_CURVE = 208;
/** A column without maps is as wide as what it says of that. */
const LEAST_COLUMN = 60;
const LEAST_TOLD = 104;
/** Room for what parts the maps of a strip. */
const GAP = 12;

const CHOSEN = { small: 56, medium: 112, large: 176 } as const;
/** Sides of maps, the largest first; beyond the third only where the screen is wide. */
const SIDES = [168, 140, 112, 96, 84, 72, 56] as const;
const WIDE = [2700, 1900] as const;
/** Of a strip of interior gradients, as shares of a map's side. */
const SHARES = [0.8, 0.66, 0.5, 0.4] as const;
/** What is given up where there is little room: first the size of maps, then the line of the verdict, then the strips. */
const LAST = { proof: PROOFS.narrow, leastSide: 56, leastShare: 0.4 } as const;
const CONCESSIONS = [
  { proof: PROOFS.wide, leastSide: 84, leastShare: 0.6 },
  { proof: PROOFS.narrow, leastSide: 56, leastShare: 0.6 },
  LAST,
] as const;
/** What goes below where even that is not enough. */
const BELOW: readonly (readonly CardColumn[])[] = [[], ["proof"], ["curve", "proof"]];
/** Strips have more width than pictures, so that their cells can be told apart. */
const STRIP_SHARE = 2;

/** The largest maps with which all columns fit, words below them at need; else the smallest, and the card scrolls sideways. */
export function layoutCard(
  content: CardContent,
  available: number,
  tileSize: TileSize,
): CardLayout {
  const chosen = tileSize === "auto" ? null : CHOSEN[tileSize];
  const sides = chosen === null ? sidesFor(available) : [chosen];
  for (const below of BELOW) {
    // What stands below has the room of all maps.
    for (const { proof, leastSide, leastShare } of below.length > 0 ? [LAST] : CONCESSIONS) {
      for (const side of sides.filter((each) => each === chosen || each >= leastSide)) {
        for (const share of content.alphas > 1
          ? SHARES.filter((each) => each >= leastShare)
          : [1]) {
          const layout = layoutWith(content, available, {
            side,
            small: side * share,
            proof,
            below,
          });
          if (widthOf(layout) <= available) return layout;
        }
      }
    }
  }
  const side = chosen ?? SIDES[6];
  const small = content.alphas > 1 ? side * SHARES[3] : side;
  const below = BELOW[2] ?? [];
  return layoutWith(content, available, { side, small, proof: PROOFS.narrow, below });
}

interface Sizes {
  /** The longer sides of a map, and of one in a strip. */
  readonly side: number;
  readonly small: number;
  /** The least width of the proof. */
  readonly proof: number;
  readonly below: readonly CardColumn[];
}

/** Columns that stand beside one another. */
export function besideEachOther({ columns, below }: CardLayout): readonly CardColumn[] {
  return CARD_COLUMNS.filter((name) => columns[name] > 0 && !below.includes(name));
}

/** All columns and the spaces between them. */
export function widthOf(layout: CardLayout): number {
  const shown = besideEachOther(layout);
  return shown.reduce((sum, name) => sum + layout.columns[name], COLUMN_SPACE * (shown.length - 1));
}

function sidesFor(available: number): readonly number[] {
  const tooLarge = WIDE.filter((width) => available < width).length;
  return SIDES.slice(tooLarge);
}

function layoutWith(
  content: CardContent,
  available: number,
  { side, small, proof: leastProof, below }: Sizes,
): CardLayout {
  const { map: size, runs } = content;
  const isNarrow = leastProof < PROOFS.wide;
  const map = layoutMaps(size, 1, side);
  const input = content.input === null ? null : layoutMaps(content.input, 1, side);
  const interior = content.alphas === 0 ? null : layoutMaps(size, content.alphas, small);
  const baselines = content.baselines === 0 ? null : layoutMaps(size, content.baselines, side);
  const widthOfMaps = (layout: GridLayout | null): number =>
    Math.max(LEAST_COLUMN, layout === null ? 0 : Math.ceil(layout.width * layout.zoom));
  const one = widthOfMaps(map);
  const columns = {
    input: input === null ? LEAST_TOLD : widthOfMaps(input),
    map: Math.max(one, LEAST_MAP),
    overlay: content.hasOverlay ? one : 0,
    interior: interior === null ? LEAST_TOLD : widthOfMaps(interior),
    spread: content.hasSpread ? one : 0,
    baselines: content.baselines > 0 ? widthOfMaps(baselines) : 0,
    curve: LEAST_CURVE,
    proof: leastProof,
  };
  const heights = [map, interior, baselines].map((each) =>
    each === null ? 0 : Math.ceil(each.height * each.zoom),
  );
  const maps = Math.max(...heights);
  const proof = (isNarrow ? NARROW_PROOF : PROOF) + (runs > 1 ? RUN_NAME : 0);
  const lines =
    below.length === 0
      ? [Math.max(maps, proof)]
      : [
          Math.max(maps, LEAST_UPPER),
          ...below.map((name) => (name === "curve" ? LEAST_CURVE_HEIGHT : proof)),
        ];
  const line = sumOf(lines);
  const ofRuns = sumOf(Array.from({ length: Math.max(1, runs) }, () => line));
  const inputHeight = input === null ? 0 : Math.ceil(input.height * input.zoom) + INPUT_LABEL;
  const row = Math.max(ofRuns, inputHeight) + 2 * ROW_PADDING;
  const layout = { map, input, interior, baselines, columns, below, lines, line, row, isNarrow };
  const left = Math.max(0, available - widthOf(layout));
  return { ...layout, columns: { ...columns, ...widened(layout, left) } };
}

function sumOf(lines: readonly number[]): number {
  return lines.reduce((sum, line) => sum + line + LINE_SPACE, -LINE_SPACE);
}

// What is left goes to the curve first, then to words; below they have the width of all that stands beside the input.
function widened(layout: CardLayout, left: number): Partial<Record<CardColumn, number>> {
  const { columns, below } = layout;
  if (below.length === 0) {
    const more = Math.max(0, left - (GOOD_CURVE - LEAST_CURVE));
    const curve = Math.min(
      MOST_CURVE,
      LEAST_CURVE + Math.min(left, GOOD_CURVE - LEAST_CURVE) + Math.floor(more / 3),
    );
    return { curve, proof: columns.proof + left - (curve - LEAST_CURVE) };
  }
  const proof = widthOf(layout) + left - columns.input - COLUMN_SPACE;
  return below.includes("curve")
    ? { interior: columns.interior + left, curve: Math.min(MOST_CURVE, proof), proof }
    : { curve: columns.curve + left, proof };
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
    : { width: count * (side + GAP), height: side };
  return layoutTiles(content, room, { ...NO_WISHES, columns: isStrip ? 1 : count });
}

/**
 * A grid with its labels: which tiles are shown where, how they are laid out, and where there is room to write the
 * labels of the axes. Joins `placement.ts` and `layout.ts`; must not know the DOM.
 */
import type { Display, Placement } from "./display.js";
import { foldGrid, type GridContent, type GridLayout, layoutTiles, type Room } from "./layout.js";
import {
  type Arrangement,
  type AxisOrder,
  arrange,
  fitPlacement,
  isIdentity,
} from "./placement.js";
import { gridAxes, type Tiles } from "./tiles.js";

/** In CSS pixels: the height of a line of labels, and the narrowest tile that one is written under. */
export const LABEL_HEIGHT = 15;
const LABELLED_TILE = 40;

/** Labels beside rows take no more than this; a character is about that wide. */
const WIDEST_GUTTER = 120;
const CHARACTER = 6;

/** A row of tiles lower than this has no room for a label beside it. */
const LABELLED_ROW = 11;

export interface ArrangedGrid {
  readonly layout: GridLayout;
  /** Original tile by place; null where every tile has its own. */
  readonly order: Int32Array | null;
  /** CSS pixels to the left of the tiles, for labels of rows. */
  readonly gutter: number;
  /** CSS pixels below the last row, for labels. */
  readonly footer: number;
  /** Beside rows, below columns, below every tile; null where there are none or no room. */
  readonly rowLabels: readonly string[] | null;
  readonly columnLabels: readonly string[] | null;
  readonly tileLabels: readonly string[] | null;
}

/** What of the display decides where tiles go. */
export type LayoutChoices = Pick<Display, "tileSize" | "columns">;

/** Arranges and lays out the tiles of a record; `placement` as the user chose it, null for the default. */
export function arrangeGrid(
  tiles: Tiles,
  placement: Placement | null,
  axisOrder: AxisOrder | null,
  room: Room,
  choices: LayoutChoices,
): ArrangedGrid {
  const axes = gridAxes(tiles.header);
  const arrangement = arrange(axes, fitPlacement(placement, axes), axisOrder);
  const { order, rowLength } = arrangement;
  const content: GridContent = {
    tiles: order.length,
    rowLength,
    tileHeight: tiles.shape.height,
    tileWidth: tiles.shape.width,
  };
  const labelled =
    rowLength === null
      ? withTileLabels(content, room, choices, arrangement)
      : withLineLabels(content, room, choices, arrangement);
  return { ...labelled, order: isIdentity(order, tiles.shape.tiles) ? null : order };
}

/** The height of a grid in CSS pixels, and how many tiles that shows; `folded` where rows are left out. */
export function shownPart(
  { layout, footer }: ArrangedGrid,
  maxHeight: number,
): { readonly height: number; readonly tiles: number; readonly folded: boolean } {
  const fold = foldGrid(layout, maxHeight);
  const height = (fold?.height ?? layout.height * layout.zoom) + footer;
  return { height, tiles: fold?.tiles ?? layout.tiles, folded: fold !== null };
}

type Labelled = Omit<ArrangedGrid, "order">;

function withTileLabels(
  content: GridContent,
  room: Room,
  choices: LayoutChoices,
  { columnLabels }: Arrangement,
): Labelled {
  const plain = layoutTiles(content, room, { ...choices, belowRows: 0 });
  if (columnLabels !== null && plain.columns === 1 && plain.tiles > 1) {
    const column = { rowLabels: columnLabels, columnLabels: null };
    return withLineLabels({ ...content, rowLength: 1 }, room, choices, column);
  }
  const none = { gutter: 0, rowLabels: null, columnLabels: null };
  const bare = { ...none, layout: plain, footer: 0, tileLabels: null };
  if (columnLabels === null || !hasRoom(plain)) return bare;
  const spaced = layoutTiles(content, room, { ...choices, belowRows: LABEL_HEIGHT });
  if (!hasRoom(spaced)) return bare;
  return { ...none, layout: spaced, footer: LABEL_HEIGHT, tileLabels: columnLabels };
}

// Where rows stand in several blocks, labels beside the first of them would be wrong of the others.
function withLineLabels(
  content: GridContent,
  room: Room,
  choices: LayoutChoices,
  { rowLabels, columnLabels }: Pick<Arrangement, "rowLabels" | "columnLabels">,
): Labelled {
  const wishes = { ...choices, belowRows: 0 };
  const longest = Math.max(0, ...(rowLabels ?? []).map(({ length }) => length));
  const gutter = longest > 0 ? Math.min(WIDEST_GUTTER, longest * CHARACTER + 10) : 0;
  const narrowed = layoutTiles(content, { ...room, width: room.width - gutter }, wishes);
  const beside = narrowed.blocks === 1 && narrowed.tileHeight * narrowed.zoom >= LABELLED_ROW;
  const layout = beside || gutter === 0 ? narrowed : layoutTiles(content, room, wishes);
  const below = columnLabels !== null && layout.blocks === 1 && hasRoom(layout);
  return {
    layout,
    gutter: beside ? gutter : 0,
    footer: below ? LABEL_HEIGHT : 0,
    rowLabels: beside ? rowLabels : null,
    columnLabels: below ? columnLabels : null,
    tileLabels: null,
  };
}

function hasRoom({ tileWidth, zoom }: GridLayout): boolean {
  return tileWidth * zoom >= LABELLED_TILE;
}

/**
 * A grid with its labels: which tiles are shown where, how they are laid out, and where there is room to write the
 * labels of the axes. Joins `placement.ts` and `layout.ts`; must not know the DOM.
 */
import type { BarRoom } from "./class_bars.js";
import type { Display, Placement } from "./display.js";
import {
  foldGrid,
  type GridContent,
  type GridLayout,
  layoutTiles,
  NO_WISHES,
  type Room,
} from "./layout.js";
import {
  type Arrangement,
  type AxisOrder,
  arrange,
  fitPlacement,
  isIdentity,
  SAMPLE,
} from "./placement.js";
import type { Axis } from "./record.js";
import { sampleOf } from "./sample_axis.js";
import {
  NO_PICTURES,
  type PictureRoom,
  type PictureSize,
  pictureAside,
  picturesBesideRows,
  ROW_PITCH,
  roomBesideRows,
  type SamplePicture,
} from "./sample_pictures.js";
import { gridAxes, type Tiles } from "./tiles.js";

/** In CSS pixels: the height of a line of labels, and the narrowest tile that one is written under. */
export const LABEL_HEIGHT = 15;
const LABELLED_TILE = 40;

/** Labels beside rows take no more than this; a character is about that wide. */
const WIDEST_GUTTER = 120;
const CHARACTER = 6;

/** A row of tiles lower than this has no room for a label beside it. */
const LABELLED_ROW = 11;

/** From the tiles of a block to the labels of the next one, in CSS pixels. */
const BETWEEN_BLOCKS = 20;

export interface ArrangedGrid {
  readonly layout: GridLayout;
  /** Original tile by place; null where every tile has its own. */
  readonly order: Int32Array | null;
  /** CSS pixels to the left of everything, for the picture of the one sample that is shown. */
  readonly aside: number;
  /** CSS pixels to the left of the tiles, for labels of rows and pictures; the labels take `labelWidth` of them. */
  readonly gutter: number;
  readonly labelWidth: number;
  /** CSS pixels above the first row, for a picture that is higher than it, and below the last row, for labels as well. */
  readonly above: number;
  readonly footer: number;
  /** The least height in CSS pixels, of the picture aside with its label. */
  readonly leastHeight: number;
  /** The samples' pictures, from the upper left corner of the tiles. */
  readonly pictures: readonly SamplePicture[];
  /** Beside rows, below columns, below every tile; null where there are none or no room. */
  readonly rowLabels: readonly string[] | null;
  readonly columnLabels: readonly string[] | null;
  readonly tileLabels: readonly string[] | null;
}

/** What of the display decides where tiles go. */
export type LayoutChoices = Pick<Display, "tileSize" | "columns">;

/**
 * Arranges and lays out the tiles of a record; `placement` as the user chose it, null for the default. `picture`: the
 * size of the samples' pictures, where they are to stand beside the tiles; `bars`: the room below every tile for bars.
 */
export function arrangeGrid(
  tiles: Tiles,
  placement: Placement | null,
  axisOrder: AxisOrder | null,
  room: Room,
  choices: LayoutChoices,
  picture: PictureSize | null = null,
  bars: BarRoom | null = null,
): ArrangedGrid {
  const axes = gridAxes(tiles.header);
  const placed = fitPlacement(placement, axes);
  const arrangement = arrange(axes, placed, axisOrder);
  const { aside, leastHeight, pictures } = pictureAside(picture, placed, room.width);
  if (bars !== null) return withBars(tiles, arrangement, room, choices, bars);
  const { order, rowLength } = arrangement;
  const content: GridContent = {
    tiles: order.length,
    rowLength,
    tileHeight: tiles.shape.height,
    tileWidth: tiles.shape.width,
  };
  const left = { ...room, width: room.width - aside };
  const beside =
    picture !== null && placed.rows.includes(SAMPLE) ? roomBesideRows(picture) : NO_PICTURES;
  const labelled =
    rowLength === null
      ? withTileLabels(content, left, choices, arrangement)
      : withLineLabels(content, left, choices, arrangement, beside);
  const rows = beside === NO_PICTURES ? null : picturesOfRows(axes, order, labelled.layout, beside);
  const above = rows?.above ?? 0;
  return {
    ...labelled,
    // The pictures may be smaller than was kept free for them.
    gutter: labelled.labelWidth + (rows?.gutter ?? labelled.gutter - labelled.labelWidth),
    aside,
    leastHeight,
    above,
    footer: Math.max(labelled.footer, above),
    pictures:
      rows?.pictures ?? pictures.map((each) => ({ ...each, left: each.left - labelled.gutter })),
    order: isIdentity(order, tiles.shape.tiles) ? null : order,
  };
}

/** A higher grid is folded, but its tiles are no smaller for the bars below them. */
const ANY_HEIGHT = Number.MAX_SAFE_INTEGER;

// Below every tile its bars, to the left of every row their names.
function withBars(
  tiles: Tiles,
  { order, rowLength }: Arrangement,
  room: Room,
  choices: LayoutChoices,
  { height, gutter }: BarRoom,
): ArrangedGrid {
  const { height: tileHeight, width: tileWidth } = tiles.shape;
  const layout = layoutTiles(
    { tiles: order.length, rowLength, tileHeight, tileWidth },
    { ...room, width: room.width - gutter, height: ANY_HEIGHT },
    { ...NO_WISHES, ...choices, belowRows: height, besideBlocks: gutter + BETWEEN_BLOCKS },
  );
  return {
    layout,
    order: isIdentity(order, tiles.shape.tiles) ? null : order,
    aside: 0,
    gutter,
    labelWidth: gutter,
    above: 0,
    footer: height,
    leastHeight: 0,
    pictures: [],
    rowLabels: null,
    columnLabels: null,
    tileLabels: null,
  };
}

// A row shows the sample of its first tile.
function picturesOfRows(
  axes: readonly Axis[],
  order: Int32Array,
  layout: GridLayout,
  beside: PictureRoom,
): ReturnType<typeof picturesBesideRows> {
  const samples = Array.from(
    { length: layout.rows },
    (_, row) => sampleOf(axes, order[row * layout.columns] ?? 0) ?? 0,
  );
  return picturesBesideRows(samples, layout, beside);
}

/** The height of a grid in CSS pixels, and how many tiles that shows; `folded` where rows are left out. */
export function shownPart(
  { layout, footer, above, leastHeight }: ArrangedGrid,
  maxHeight: number,
): { readonly height: number; readonly tiles: number; readonly folded: boolean } {
  const fold = foldGrid(layout, maxHeight);
  const height = above + (fold?.height ?? layout.height * layout.zoom) + footer;
  return {
    height: Math.max(height, leastHeight),
    tiles: fold?.tiles ?? layout.tiles,
    folded: fold !== null,
  };
}

type Labelled = Omit<ArrangedGrid, "order" | "aside" | "above" | "leastHeight" | "pictures">;

function withTileLabels(
  content: GridContent,
  room: Room,
  choices: LayoutChoices,
  { columnLabels }: Arrangement,
): Labelled {
  const plain = layoutTiles(content, room, { ...NO_WISHES, ...choices });
  if (columnLabels !== null && plain.columns === 1 && plain.tiles > 1) {
    const column = { rowLabels: columnLabels, columnLabels: null };
    return withLineLabels({ ...content, rowLength: 1 }, room, choices, column, NO_PICTURES);
  }
  const none = { gutter: 0, labelWidth: 0, rowLabels: null, columnLabels: null };
  const bare = { ...none, layout: plain, footer: 0, tileLabels: null };
  if (columnLabels === null || !hasRoom(plain)) return bare;
  const spaced = layoutTiles(content, room, {
    ...NO_WISHES,
    ...choices,
    belowRows: LABEL_HEIGHT,
  });
  if (!hasRoom(spaced)) return bare;
  return { ...none, layout: spaced, footer: LABEL_HEIGHT, tileLabels: columnLabels };
}

// Where rows stand in several blocks, every block has labels and pictures of its own.
function withLineLabels(
  content: GridContent,
  room: Room,
  choices: LayoutChoices,
  { rowLabels, columnLabels }: Pick<Arrangement, "rowLabels" | "columnLabels">,
  pictures: PictureRoom,
): Labelled {
  const longest = Math.max(0, ...(rowLabels ?? []).map(({ length }) => length));
  const labelWidth = longest > 0 ? Math.min(WIDEST_GUTTER, longest * CHARACTER + 10) : 0;
  const hasPictures = pictures !== NO_PICTURES;
  const gutter = labelWidth + pictures.gutter;
  const wishes = {
    ...NO_WISHES,
    ...choices,
    ...(hasPictures ? { rowPitch: ROW_PITCH } : {}),
    ...(gutter > 0 ? { besideBlocks: gutter + BETWEEN_BLOCKS } : {}),
  };
  const narrowed = layoutTiles(content, { ...room, width: room.width - gutter }, wishes);
  const beside = hasPictures || narrowed.tileHeight * narrowed.zoom >= LABELLED_ROW;
  const layout =
    beside || gutter === 0 ? narrowed : layoutTiles(content, room, { ...wishes, besideBlocks: 0 });
  const below = columnLabels !== null && layout.blocks === 1 && hasRoom(layout);
  return {
    layout,
    gutter: beside ? gutter : 0,
    labelWidth: beside ? labelWidth : 0,
    footer: below ? LABEL_HEIGHT : 0,
    rowLabels: beside ? rowLabels : null,
    columnLabels: below ? columnLabels : null,
    tileLabels: null,
  };
}

function hasRoom({ tileWidth, zoom }: GridLayout): boolean {
  return tileWidth * zoom >= LABELLED_TILE;
}

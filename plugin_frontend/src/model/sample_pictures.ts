/**
 * Where the samples' pictures stand beside what a layer makes of them: one to the left of every row, or one to the left
 * of everything where a single sample is shown. Knows sizes in CSS pixels; must not know canvases nor values.
 */
import type { Placement } from "./display.js";
import { type GridLayout, placeTile } from "./layout.js";
import { SAMPLE } from "./placement.js";
import type { Tiles } from "./tiles.js";

/** In cells; only the proportion counts. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
}

/** A picture on the screen; `left` and `top` from the upper left corner of the tiles. */
export interface SamplePicture extends PictureSize {
  readonly sample: number;
  readonly left: number;
  readonly top: number;
}

/** What is kept free to the left of rows for their pictures, and how large these may be. */
export interface PictureRoom extends PictureSize {
  readonly gutter: number;
}

export const NO_PICTURES: PictureRoom = { gutter: 0, height: 0, width: 0 };

/** Rows of samples are no closer than this, so that each has a picture that can be made out. */
export const ROW_PITCH = 22;

/** The longer side of a picture beside a row, and of the one beside everything. */
const BESIDE_ROW = 56;
const ASIDE = 112;
/** Between a picture and the tiles. */
const ROW_GAP = 8;
const ASIDE_GAP = 20;
/** The picture aside takes no more than this of the width. */
const ASIDE_SHARE = 0.22;
/** The label below it. */
const LABEL = 18;
/** Pictures of neighbouring rows do not touch. */
const BETWEEN_ROWS = 2;

/** The size of a sample's picture; null where it is none: volumes, several channels, numbers. */
export function pictureSize({ header, shape }: Tiles): PictureSize | null {
  const names = header.axes.map(({ name }) => name).join(" ");
  const isPicture =
    header.meaning === "image" && /^sample height width( color)?$/.test(names) && shape.tiles > 0;
  return isPicture && shape.height > 1 && shape.width > 1
    ? { height: shape.height, width: shape.width }
    : null;
}

/** The size that leaves room for all of these. */
export function commonSize(sizes: readonly PictureSize[]): PictureSize | null {
  const [first, ...others] = sizes;
  if (first === undefined) return null;
  return others.reduce((widest, size) => (aspect(size) > aspect(widest) ? size : widest), first);
}

/** As large as the room allows, in the picture's own proportion. */
export function fitPicture(size: PictureSize, room: PictureSize): PictureSize {
  const scale = Math.min(room.height / size.height, room.width / size.width);
  return {
    height: Math.max(1, Math.round(size.height * scale)),
    width: Math.max(1, Math.round(size.width * scale)),
  };
}

/** The room beside rows: as wide for all of them, whatever their height, so that runs stay aligned. */
export function roomBesideRows(size: PictureSize): PictureRoom {
  const { width, height } = fitPicture(size, { height: BESIDE_ROW, width: BESIDE_ROW });
  return { gutter: width + ROW_GAP, width, height };
}

/** A picture for each row; none beside rows of the same sample as the one above. `above`: what the first one needs;
 * `gutter`: what they take to the left.
 */
export function picturesBesideRows(
  samples: readonly number[],
  layout: GridLayout,
  room: PictureRoom,
): {
  readonly pictures: readonly SamplePicture[];
  readonly above: number;
  readonly gutter: number;
} {
  const { zoom, columns, blockRows, tileHeight, rowGap } = layout;
  const rowHeight = tileHeight * zoom;
  const pitch = layout.rows > 1 ? (tileHeight + rowGap) * zoom - BETWEEN_ROWS : Infinity;
  const most = Math.max(rowHeight, Math.min(pitch, ROW_PITCH));
  const { height, width } = fitPicture(room, { height: most, width: room.width });
  const size =
    height > room.height ? { height: room.height, width: room.width } : { height, width };
  const above = Math.max(0, Math.ceil((size.height - rowHeight) / 2));
  const pictures = samples.flatMap((sample, row) => {
    if (row % blockRows !== 0 && samples[row - 1] === sample) return [];
    const { left, top } = placeTile(layout, row * columns);
    return [
      {
        sample,
        ...size,
        left: left * zoom - ROW_GAP - size.width,
        top: top * zoom + (rowHeight - size.height) / 2,
      },
    ];
  });
  return { pictures, above, gutter: size.width + ROW_GAP };
}

/** The picture of the one sample that is shown, to the left of everything; nothing where samples are elsewhere. */
export function pictureAside(
  size: PictureSize | null,
  placement: Placement,
  available: number,
): {
  readonly aside: number;
  readonly leastHeight: number;
  readonly pictures: readonly SamplePicture[];
} {
  const sample = placement.sliders.get(SAMPLE);
  if (size === null || sample === undefined) return { aside: 0, leastHeight: 0, pictures: [] };
  const side = Math.max(1, Math.min(ASIDE, Math.floor(ASIDE_SHARE * available)));
  const fitted = fitPicture(size, { height: side, width: side });
  const aside = fitted.width + ASIDE_GAP;
  return {
    aside,
    leastHeight: fitted.height + LABEL,
    pictures: [{ sample, left: -aside, top: 0, ...fitted }],
  };
}

function aspect({ height, width }: PictureSize): number {
  return width / height;
}

/**
 * The samples' pictures: all of a record are painted once on a sheet, from which any number of small pictures is drawn.
 * Knows the 2D context; must not know where the pictures stand.
 */
import { chooseColouring } from "../model/colours.js";
import type { GridLayout } from "../model/layout.js";
import { placeTile } from "../model/layout.js";
import { extremesOf, rangeOfExtremes } from "../model/ranges.js";
import { fitPicture, type SamplePicture } from "../model/sample_pictures.js";
import type { Tiles } from "../model/tiles.js";
import { drawGrid } from "./canvases.js";

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly layout: GridLayout;
}

const sheets = new WeakMap<Tiles, Sheet>();

/** Draws pictures, `left` and `top` of which are on the canvas, at the resolution of the screen. */
export function drawPictures(
  canvas: HTMLCanvasElement,
  samples: Tiles,
  pictures: readonly SamplePicture[],
  size: { readonly width: number; readonly height: number },
  pixelRatio: number,
): void {
  const width = Math.max(1, Math.round(size.width * pixelRatio));
  const height = Math.max(1, Math.round(size.height * pixelRatio));
  const context = canvas.getContext("2d");
  if (context === null) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.resetTransform();
  context.clearRect(0, 0, width, height);
  const sheet = sheetOf(samples);
  const { tileWidth, tileHeight } = sheet.layout;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  for (const { sample, left, top, ...room } of pictures) {
    if (sample >= sheet.layout.tiles) continue;
    const from = placeTile(sheet.layout, sample);
    // The room is as wide as the widest samples of any run are; a picture keeps its own proportion.
    const shown = fitPicture({ height: tileHeight, width: tileWidth }, room);
    // Enlarged, a cell is a square; made smaller, it is blended with its neighbours.
    context.imageSmoothingEnabled = shown.width * pixelRatio < tileWidth;
    context.drawImage(
      sheet.canvas,
      from.left,
      from.top,
      tileWidth,
      tileHeight,
      left + (room.width - shown.width) / 2,
      top + (room.height - shown.height) / 2,
      shown.width,
      shown.height,
    );
  }
}

function sheetOf(samples: Tiles): Sheet {
  const known = sheets.get(samples);
  if (known !== undefined) return known;
  const { shape, header } = samples;
  // As high as wide: a long column of samples would be larger than a canvas can be.
  const columns = Math.max(1, Math.ceil(Math.sqrt(shape.tiles)));
  const rows = Math.max(1, Math.ceil(shape.tiles / columns));
  const layout: GridLayout = {
    tiles: shape.tiles,
    columns,
    rows,
    blocks: 1,
    blockRows: rows,
    blockPitch: columns * shape.width,
    tileHeight: shape.height,
    tileWidth: shape.width,
    cells: shape.height * shape.width,
    folded: false,
    gap: 0,
    rowGap: 0,
    width: columns * shape.width,
    height: rows * shape.height,
    zoom: 1,
  };
  // A picture's own colours are the same in both themes.
  const colouring = chooseColouring("auto", header.meaning, shape.channels, "light");
  const range = rangeOfExtremes([extremesOf(samples)], colouring.rule);
  const canvas = document.createElement("canvas");
  drawGrid(canvas, layout, samples, range, colouring, null);
  const sheet = { canvas, layout };
  sheets.set(samples, sheet);
  return sheet;
}

/** One sample's picture on a canvas of its own, a pixel a cell. Must not know where it stands. */
import { chooseColouring } from "../model/colours.js";
import type { GridLayout } from "../model/layout.js";
import type { Range } from "../model/ranges.js";
import type { Tiles } from "../model/tiles.js";
import { drawGrid } from "./canvases.js";

export function drawSample(
  canvas: HTMLCanvasElement,
  tiles: Tiles,
  tile: number,
  range: Range,
): void {
  const { height, width, channels } = tiles.shape;
  const layout: GridLayout = {
    tiles: 1,
    columns: 1,
    rows: 1,
    blocks: 1,
    blockRows: 1,
    blockPitch: width,
    tileHeight: height,
    tileWidth: width,
    cells: height * width,
    folded: false,
    gap: 0,
    rowGap: 0,
    width,
    height,
    zoom: 1,
  };
  // A picture's own colours are the same in both themes.
  const colouring = chooseColouring("auto", tiles.header.meaning, channels, "light");
  drawGrid(canvas, layout, tiles, range, colouring, Int32Array.of(tile));
}

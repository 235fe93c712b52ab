/**
 * Channels that do not respond, as they are painted: flat gray instead of the colour of zero, and for a diagonal across
 * each, so that gray alone need not tell. Pure: writes into the Uint32 view of an ImageData. Knows layouts and which
 * channels are dead; must not know the DOM.
 */
import { DEAD_COLOURS, type Theme } from "../model/colours.js";
import { channelOf, type DeadChannels } from "../model/dead_channels.js";
import { type GridLayout, placeTile } from "../model/layout.js";
import type { Tiles } from "../model/tiles.js";
import { pixelOf } from "./palette.js";

/** In data pixels. */
export interface Mark {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const NO_MARKS: readonly Mark[] = [];

/** The dead tiles of a grid, or the dead cells of its strips, where they are shown. */
export function deadMarks(
  layout: GridLayout,
  tiles: Tiles,
  order: Int32Array | null,
  channels: DeadChannels | null,
): readonly Mark[] {
  if (channels === null || channels.dead === 0) return NO_MARKS;
  const { tileHeight: height, tileWidth: width } = layout;
  const marks: Mark[] = [];
  const cells = channels.along === "width" ? deadCells(layout, tiles, channels) : [];
  for (let place = 0; place < layout.tiles; place++) {
    const { left, top } = placeTile(layout, place);
    if (channels.along === "tiles") {
      const tile = order?.[place] ?? place;
      if (channels.mask[channelOf(tiles, tile, channels.axis)] === 1)
        marks.push({ left, top, width, height });
      continue;
    }
    for (const cell of cells) {
      marks.push({
        left: left + (cell % width),
        top: top + Math.floor(cell / width),
        width: 1,
        height: 1,
      });
    }
  }
  return marks;
}

/** Paints the marks gray. */
export function paintMarks(
  pixels: Uint32Array,
  layout: GridLayout,
  marks: readonly Mark[],
  theme: Theme,
): void {
  const gray = pixelOf(DEAD_COLOURS[theme]);
  for (const { left, top, width, height } of marks) {
    for (let line = top; line < top + height; line++) {
      const start = line * layout.width + left;
      pixels.fill(gray, start, start + width);
    }
  }
}

function deadCells({ cells }: GridLayout, { shape }: Tiles, { mask }: DeadChannels): number[] {
  return Array.from({ length: cells }, (_, cell) => cell).filter(
    (cell) => mask[cell % shape.width] === 1,
  );
}

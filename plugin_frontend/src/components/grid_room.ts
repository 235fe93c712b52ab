/** The room that a grid may take, among others and alone on its stage. Knows sizes in CSS pixels only. */
import type { Room } from "../model/layout.js";

/** Grids are not zoomed beyond this height, in CSS pixels, and folded there, so that a panel fits on a screen. */
export const MAX_GRID_HEIGHT = 620;

/** Tiles of a grid that stands alone on its stage, in CSS pixels. */
const LARGEST_TILE = 400;

/** The room of a grid. `stage` is the height that it has alone; null for a grid among others. */
export function gridRoom(width: number, stage: number | null): Room {
  return stage === null
    ? { width, height: MAX_GRID_HEIGHT }
    : { width, height: stage, largestTile: LARGEST_TILE };
}

/**
 * How high a grid will be, guessed from the variable's shape alone, so that panels keep their place while records are
 * on their way. A guess: the record's own axes decide once they are here.
 */
import { foldGrid, layoutGrid } from "./layout.js";
import type { Axis } from "./record.js";

/** A longer side of a matrix is averaged by the writer, or shrunk on screen. */
const MATRIX_SIDE = 512;

/** Height in CSS pixels, and whether that leaves rows out. */
export interface GuessedGrid {
  readonly height: number;
  readonly folded: boolean;
}

/** The grid of a variable in a column `available` wide, folded where it is higher than `maxHeight`. */
export function guessGrid(
  shape: readonly number[] | null,
  available: number,
  maxHeight: number,
): GuessedGrid {
  const { axes, height, width } = guessTiles(shape ?? []);
  const tiles = axes.reduce((product, axis) => product * axis.size, 1);
  const layout = layoutGrid(axes, { tiles, height, width, channels: 1 }, available, maxHeight);
  const fold = foldGrid(layout, maxHeight);
  return {
    height: Math.round(fold?.height ?? layout.height * layout.zoom),
    folded: fold !== null,
  };
}

function guessTiles(shape: readonly number[]): { axes: Axis[]; height: number; width: number } {
  const [inputs = 1, units = 1] = shape;
  if (shape.length <= 1) return { axes: [], height: 1, width: inputs };
  if (shape.length === 2) {
    const side = [1, 3].map((colors) => Math.sqrt(inputs / colors)).find(Number.isInteger);
    if (side !== undefined && side > 4) {
      return { axes: [guessAxis("unit", units)], height: side, width: side };
    }
    return { axes: [], height: Math.min(inputs, MATRIX_SIDE), width: Math.min(units, MATRIX_SIDE) };
  }
  const [inChannels = 1, filters = 1] = shape.slice(-2);
  return {
    axes: [guessAxis("filter", filters), guessAxis("in_channel", inChannels)],
    height: shape.at(-4) ?? 1,
    width: shape.at(-3) ?? 1,
  };
}

function guessAxis(name: string, size: number): Axis {
  return { name, size, fullSize: size, labels: null, represents: null };
}

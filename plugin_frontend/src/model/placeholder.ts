/**
 * How high a grid will be, guessed from the variable's shape alone, or for samples and the responses of layers from what
 * these mostly are, so that panels keep their place while records are on their way. A guess: the record's own axes decide
 * once they are here.
 */
import { foldGrid, layoutGrid, layoutTiles, NO_WISHES } from "./layout.js";
import type { TagEntry } from "./parse_index.js";
import type { Axis } from "./record.js";
import { ROW_PITCH } from "./sample_pictures.js";

/** A longer side of a matrix is averaged by the writer, or shrunk on screen. */
const MATRIX_SIDE = 512;

/** Height in CSS pixels, and whether that leaves rows out. */
export interface GuessedGrid {
  readonly height: number;
  readonly folded: boolean;
}

/** `slid`: a slider will stand above the grid. */
export interface GuessedPanel extends GuessedGrid {
  readonly slid: boolean;
}

/** Of samples, and of what a layer makes of them, by default. */
const SAMPLES = 16;
const SAMPLE_SIDE = 28;
const CHANNELS = 64;
const MAP_SIDE = 14;
/** The picture of the sample that is shown, beside the maps, and the labels below samples. */
const ASIDE = 132;
const LABEL = 15;

/** Layers that give a number for each unit. */
const GIVES_VECTORS = /^(Dense|Flatten|Global|Softmax)/;

/** The grid of a tag in a column `available` wide, folded where it is higher than `maxHeight`. */
export function guessPanel(
  { view, source }: Pick<TagEntry, "view" | "source">,
  available: number,
  maxHeight: number,
): GuessedPanel {
  if (view === "samples")
    return { ...guessMaps(SAMPLES, SAMPLE_SIDE, available, maxHeight, LABEL), slid: false };
  if (view !== "activations")
    return { ...guessGrid(source.variableShape, available, maxHeight), slid: false };
  if (GIVES_VECTORS.test(source.layerType ?? ""))
    return { height: SAMPLES * ROW_PITCH, folded: false, slid: false };
  const maps = guessMaps(CHANNELS, MAP_SIDE, available - ASIDE, maxHeight, 0);
  return { ...maps, height: Math.max(ASIDE, maps.height), slid: true };
}

function guessMaps(
  tiles: number,
  side: number,
  width: number,
  maxHeight: number,
  belowRows: number,
): GuessedGrid {
  const content = { tiles, rowLength: null, tileHeight: side, tileWidth: side };
  const wishes = { ...NO_WISHES, belowRows };
  const layout = layoutTiles(content, { width: Math.max(1, width), height: maxHeight }, wishes);
  const fold = foldGrid(layout, maxHeight);
  const height = Math.round((fold?.height ?? layout.height * layout.zoom) + belowRows);
  return { height, folded: fold !== null };
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

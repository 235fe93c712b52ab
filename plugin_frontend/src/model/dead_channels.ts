/**
 * Channels and units that do not respond: 0 for every sample of a record, at every place. Maps have a tile for each
 * channel, whose logged minimum and maximum tell; in strips and sequences a column is a unit, and its values tell. Knows
 * records only; must not know how they are painted.
 */
import { cellValue } from "./dequantise.js";
import { SAMPLE } from "./placement.js";
import { gridAxes, isZero, type Tiles } from "./tiles.js";

/** Where the channels of a record are: each has tiles of its own, or a column in every tile. */
export type ChannelsAlong = "tiles" | "width";

export interface DeadChannels {
  readonly along: ChannelsAlong;
  /** The grid axis that channels are positions of, where it is not called `channel`. */
  readonly axis?: string;
  /** What there are so many of: `channel`, `unit`. */
  readonly word: string;
  /** 1 for a dead one, by channel. */
  readonly mask: Uint8Array;
  readonly dead: number;
  /** How many are shown, and how many the layer has. */
  readonly of: number;
  readonly ofLayer: number;
  readonly samples: number;
  /** True where values too small for the record's precision count as 0. */
  readonly rounded: boolean;
}

const CHANNEL = "channel";

const remembered = new WeakMap<Tiles, DeadChannels | null>();

/** The dead channels of a record of activations; null for a record without channels or samples. */
export function deadChannels(tiles: Tiles): DeadChannels | null {
  const known = remembered.get(tiles);
  if (known !== undefined) return known;
  const found = findDead(tiles);
  remembered.set(tiles, found);
  return found;
}

/** The channel of a tile, or its position on another axis; 0 where there is no such axis. */
export function channelOf(tiles: Tiles, tile: number, axis = CHANNEL): number {
  const axes = gridAxes(tiles.header);
  let rest = tile;
  for (const { name, size } of axes.toReversed()) {
    if (name === axis) return rest % Math.max(1, size);
    rest = Math.floor(rest / Math.max(1, size));
  }
  return 0;
}

/** The mean share of zeros over all tiles, before any cells were averaged; null where it was not logged. */
export function zeroShare({ statistics }: Tiles): number | null {
  const shares = statistics.get("zero_fraction");
  if (shares === undefined || shares.length === 0) return null;
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function findDead(tiles: Tiles): DeadChannels | null {
  const { axes } = tiles.header;
  const grid = gridAxes(tiles.header);
  const samples = grid.find(({ name }) => name === SAMPLE)?.size;
  if (samples === undefined) return null;
  const channels = grid.find(({ name }) => name === CHANNEL);
  const width = axes.find(({ name }) => name === "width");
  const axis = channels ?? (width?.represents ? width : undefined);
  if (axis === undefined) return null;
  const mask = channels === undefined ? deadColumns(tiles) : deadTiles(tiles, channels.size);
  return {
    along: channels === undefined ? "width" : "tiles",
    word: axis.represents ?? CHANNEL,
    mask,
    dead: mask.reduce((sum, isDead) => sum + isDead, 0),
    of: axis.size,
    ofLayer: axis.fullSize,
    samples,
    rounded: channels === undefined && tiles.payload.precision !== "float32",
  };
}

function deadTiles(tiles: Tiles, channels: number): Uint8Array {
  const mask = new Uint8Array(channels).fill(1);
  for (let tile = 0; tile < tiles.shape.tiles; tile++) {
    if (!isZero(tiles.statistics, tile)) mask[channelOf(tiles, tile)] = 0;
  }
  return tiles.shape.tiles === 0 ? mask.fill(0) : mask;
}

function deadColumns(tiles: Tiles): Uint8Array {
  const { height, width, tiles: count, channels } = tiles.shape;
  const mask = new Uint8Array(width).fill(count > 0 && height > 0 ? 1 : 0);
  for (let row = 0; row < count * height; row++) {
    for (let column = 0; column < width; column++) {
      if (mask[column] === 0) continue;
      if (cellValue(tiles, (row * width + column) * channels).value !== 0) mask[column] = 0;
    }
  }
  return mask;
}

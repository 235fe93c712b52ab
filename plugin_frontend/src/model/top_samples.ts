/**
 * The samples that excite each unit most: which they are, how much, where in them, and which units none excites. Knows
 * records; must not know the DOM.
 */
import type { DeadChannels } from "./dead_channels.js";
import { axisWord, formatCount, formatExact, formatSigned, formatWhole, plural } from "./format.js";
import { type GridLayout, placeTile } from "./layout.js";
import { positionOn } from "./placement.js";
import type { StatisticName, TilesHeader } from "./record.js";
import type { PanelEntry } from "./runs.js";
import { gridAxes, type Tiles, tileShape } from "./tiles.js";

const RANK = "rank";

export function isTopSamplesPanel({ members }: PanelEntry): boolean {
  return members.some(({ entry }) => entry.view === "top_samples");
}

/** What the panel of such a tag is called below the name of its layer; null for any other. */
export function topSamplesTitle(tag: string): string | null {
  return tag.startsWith("top_samples/") ? "top samples" : null;
}

/** `28×28 pictures`, `8 of 64 channels`, `4 samples each`; null for other records. */
export function topSampleFacts(header: TilesHeader): readonly string[] | null {
  const rank = header.axes.find(({ name }) => name === RANK);
  const unit = gridAxes(header).find(({ name }) => name !== RANK);
  if (rank === undefined || unit === undefined || !header.statistics.includes("activation"))
    return null;
  const { height, width, tiles } = tileShape(header);
  const { size, fullSize } = unit;
  const word = plural(axisWord(unit.name), fullSize);
  return [
    `${height}×${width} ${plural(header.meaning === "image" ? "picture" : "tile", tiles)}`,
    size < fullSize ? `${size} of ${formatWhole(fullSize)} ${word}` : `${size} ${word}`,
    `${formatCount(rank.size, "sample")} each`,
  ];
}

/** The axis of what is excited; null for a record that is no such ranking. */
function unitAxis({ header, statistics }: Tiles): string | null {
  const axes = gridAxes(header);
  if (!statistics.has("activation") || !axes.some(({ name }) => name === RANK)) return null;
  return axes.find(({ name }) => name !== RANK)?.name ?? null;
}

function statistic({ statistics }: Tiles, name: StatisticName, tile: number): number {
  return statistics.get(name)?.[tile] ?? NaN;
}

/** A sample that excites a unit, in short: `#1,234`, `+3.21`; and in full. */
export interface TopSample {
  readonly sample: string;
  readonly activation: string;
  readonly text: string;
}

/** Null for a tile of any other record. */
export function topSample(tiles: Tiles, tile: number): TopSample | null {
  const text = topSampleText(tiles, tile);
  if (text === null) return null;
  const sample = statistic(tiles, "sample_index", tile);
  return {
    sample: Number.isNaN(sample) ? "" : `#${formatWhole(sample)}`,
    activation: formatSigned(statistic(tiles, "activation", tile)),
    text,
  };
}

/** `unit 3 · rank 1 · sample 1,234 · activation +3.21`; null for a tile of any other record. */
export function topSampleText(tiles: Tiles, tile: number): string | null {
  const name = unitAxis(tiles);
  if (name === null) return null;
  const axes = gridAxes(tiles.header);
  const unit = positionOn(axes, name, tile);
  const label = axes.find((axis) => axis.name === name)?.labels?.[unit];
  const sample = statistic(tiles, "sample_index", tile);
  return [
    `${axisWord(name)} ${unit}${label === undefined ? "" : ` (${label})`}`,
    `rank ${positionOn(axes, RANK, tile) + 1}`,
    ...(Number.isNaN(sample) ? [] : [`sample ${formatWhole(sample)}`]),
    `activation ${formatExact(statistic(tiles, "activation", tile))}`,
  ].join(" · ");
}

const remembered = new WeakMap<Tiles, DeadChannels | null>();

/** Units whose greatest activation is not above 0, or no number. */
export function unexcitedUnits(tiles: Tiles): DeadChannels | null {
  const known = remembered.get(tiles);
  if (known !== undefined) return known;
  const found = findUnexcited(tiles);
  remembered.set(tiles, found);
  return found;
}

function findUnexcited(tiles: Tiles): DeadChannels | null {
  const name = unitAxis(tiles);
  const axes = gridAxes(tiles.header);
  const axis = axes.find((each) => each.name === name);
  if (name === null || axis === undefined) return null;
  const mask = new Uint8Array(axis.size).fill(1);
  for (let tile = 0; tile < tiles.shape.tiles; tile++) {
    if (statistic(tiles, "activation", tile) > 0) mask[positionOn(axes, name, tile)] = 0;
  }
  return {
    along: "tiles",
    axis: name,
    word: axisWord(name),
    mask,
    dead: mask.reduce((sum, isDead) => sum + isDead, 0),
    of: axis.size,
    ofLayer: axis.fullSize,
    samples: 0,
    rounded: false,
  };
}

/** A part of a picture, in CSS pixels from the upper left corner of the tiles. */
export interface PlaceFrame {
  readonly tile: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Smaller frames than this would be dots. */
const LEAST = 4;

/** What excited the unit, on each shown picture; none where it is the whole picture, or there are no places. */
export function placeFrames(
  layout: GridLayout,
  tiles: Tiles,
  order: Int32Array | null,
): readonly PlaceFrame[] {
  if (!tiles.statistics.has("place_top")) return [];
  const { zoom, tileHeight, tileWidth } = layout;
  const frames: PlaceFrame[] = [];
  for (let place = 0; place < layout.tiles; place++) {
    const tile = order?.[place] ?? place;
    const [top, left, bottom, right] = (
      ["place_top", "place_left", "place_bottom", "place_right"] as const
    ).map((name) => Math.min(1, Math.max(0, statistic(tiles, name, tile))));
    if (top === undefined || left === undefined || bottom === undefined || right === undefined)
      continue;
    const isWhole = top <= 0 && left <= 0 && bottom >= 1 && right >= 1;
    if (isWhole || ![top, left, bottom, right].every(Number.isFinite)) continue;
    const corner = placeTile(layout, place);
    const width = Math.max(LEAST, (right - left) * tileWidth * zoom);
    const height = Math.max(LEAST, (bottom - top) * tileHeight * zoom);
    frames.push({
      tile,
      left: (corner.left + left * tileWidth) * zoom,
      top: (corner.top + top * tileHeight) * zoom,
      width,
      height,
    });
  }
  return frames;
}

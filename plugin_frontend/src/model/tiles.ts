/**
 * The payload of a TileArray in memory, as stored: planes of codes stay codes, because painting looks colours up by
 * code and only the cell under the pointer needs its value. Knows the layout of the payload blobs; must not know
 * colours or screens. `dequantise.ts` turns codes into values.
 */
import { attempt, type Parsed, ParseError } from "./parse.js";
import type { BlobInfo, StatisticName, TilesHeader } from "./record.js";

export type Payload =
  | { readonly precision: "uint16"; readonly high: Uint8Array; readonly low: Uint8Array | null }
  | { readonly precision: "uint8"; readonly codes: Uint8Array }
  | { readonly precision: "float32"; readonly values: Float32Array };

/** Row-major over `(tile, height, width, channels)`; `channels` is 1 without a color axis. */
export interface TileShape {
  readonly tiles: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface Tiles {
  readonly header: TilesHeader;
  readonly shape: TileShape;
  readonly payload: Payload;
  /** One entry a tile for each statistic that was logged. */
  readonly statistics: ReadonlyMap<StatisticName, Float64Array>;
  /** Cells whose values are too small to be told from zero; null for records as they were logged. */
  readonly unresolved: Unresolved | null;
}

/** `mask` has one entry a cell, row-major, 1 where the cell is unresolved; `count` is how many are. */
export interface Unresolved {
  readonly mask: Uint8Array;
  readonly count: number;
}

/** What a payload takes in memory, in bytes. */
export function payloadBytes(payload: Payload): number {
  switch (payload.precision) {
    case "uint16":
      return payload.high.length + (payload.low?.length ?? 0);
    case "uint8":
      return payload.codes.length;
    case "float32":
      return payload.values.byteLength;
  }
}

/** Expanded payload blobs by name. */
export type Blobs = ReadonlyMap<BlobInfo["name"], Uint8Array>;

/** The shape of the tiles that the header's axes describe. */
export function tileShape(header: TilesHeader): TileShape {
  const hasColor = header.axes.at(-1)?.name === "color";
  const sizes = header.axes.map((axis) => axis.size);
  const channels = hasColor ? (sizes.pop() ?? 1) : 1;
  const width = sizes.pop() ?? 1;
  const height = sizes.pop() ?? 1;
  return { tiles: sizes.reduce((product, size) => product * size, 1), height, width, channels };
}

/** The axes that are laid out as rows and columns of tiles, outermost first. */
export function gridAxes(header: TilesHeader): readonly TilesHeader["axes"][number][] {
  const inner = header.axes.at(-1)?.name === "color" ? 3 : 2;
  return header.axes.slice(0, header.axes.length - inner);
}

/** Joins a header with its expanded `paint` blobs. */
export function decodeTiles(header: TilesHeader, blobs: Blobs): Parsed<Tiles> {
  return attempt(() => {
    const shape = tileShape(header);
    const cells = shape.tiles * shape.height * shape.width * shape.channels;
    return {
      header,
      shape,
      payload: decodePayload(header, blobs, cells),
      statistics: readStatistics(header, blobs, shape.tiles),
      unresolved: null,
    };
  });
}

/** What a header and the blob of statistics alone say of the tiles. */
export function decodeStatistics(header: TilesHeader, blobs: Blobs): Parsed<Tiles["statistics"]> {
  return attempt(() => readStatistics(header, blobs, tileShape(header).tiles));
}

/** The same tiles with the low plane, which makes every value of a uint16 record exact. */
export function withLowPlane(tiles: Tiles, blobs: Blobs): Parsed<Tiles> {
  return attempt(() => {
    if (tiles.payload.precision !== "uint16") return tiles;
    const low = plane(blobs, "low", tiles.payload.high.length);
    return { ...tiles, payload: { ...tiles.payload, low } };
  });
}

/** Sum of a count over all tiles; 0 where it was not logged. */
export function totalCount(tiles: Tiles, name: StatisticName): number {
  return tiles.statistics.get(name)?.reduce((sum, count) => sum + count, 0) ?? 0;
}

/** True for an array of one number, which is shown as one. */
export function isScalar({ shape }: Tiles): boolean {
  return shape.tiles === 1 && shape.height === 1 && shape.width === 1 && shape.channels === 1;
}

/** How many tiles are dead: all their cells hold the same finite value. A tile of one cell says nothing of the kind. */
export function deadCount({ shape, statistics }: Tiles): number {
  if (shape.tiles < 2 || shape.height * shape.width < 2) return 0;
  let count = 0;
  for (let tile = 0; tile < shape.tiles; tile++) if (isDead(statistics, tile)) count++;
  return count;
}

/** How many of the dead tiles hold another value than 0. */
export function constantCount(tiles: Tiles): number {
  if (deadCount(tiles) === 0) return 0;
  const { statistics } = tiles;
  const least = statistics.get("min") ?? new Float64Array();
  return least.reduce((sum, min, tile) => sum + (min !== 0 && isDead(statistics, tile) ? 1 : 0), 0);
}

/** True for an array without a single cell. */
export function isEmpty({ header }: Tiles): boolean {
  return header.axes.some(({ size }) => size === 0);
}

/** True where a tile holds nothing but zeros. */
export function isZero(statistics: Tiles["statistics"], tile: number): boolean {
  return isDead(statistics, tile) && statistics.get("min")?.[tile] === 0;
}

/** True where a tile holds one finite value throughout. */
export function isDead(statistics: Tiles["statistics"], tile: number): boolean {
  const number = (name: StatisticName): number => statistics.get(name)?.[tile] ?? 0;
  const nonFinite = number("nan_count") + number("posinf_count") + number("neginf_count");
  return statistics.has("min") && number("min") === number("max") && nonFinite === 0;
}

function decodePayload(header: TilesHeader, blobs: Blobs, cells: number): Payload {
  switch (header.precision) {
    case "uint16":
      return { precision: "uint16", high: plane(blobs, "high", cells), low: null };
    case "uint8":
      return { precision: "uint8", codes: plane(blobs, "codes", cells) };
    case "float32": {
      const bytes = aligned(plane(blobs, "values", 4 * cells));
      return {
        precision: "float32",
        values: new Float32Array(bytes.buffer, bytes.byteOffset, cells),
      };
    }
  }
}

function readStatistics(header: TilesHeader, blobs: Blobs, tiles: number): Tiles["statistics"] {
  const rows = header.statistics;
  const bytes = aligned(plane(blobs, "statistics", 8 * rows.length * tiles));
  return new Map(
    rows.map((name, row) => [
      name,
      new Float64Array(bytes.buffer, bytes.byteOffset + 8 * row * tiles, tiles),
    ]),
  );
}

function plane(blobs: Blobs, name: BlobInfo["name"], size: number): Uint8Array {
  const bytes = blobs.get(name);
  if (bytes === undefined) throw new ParseError(`the record lacks its blob ${name}`);
  if (bytes.length !== size) {
    throw new ParseError(`the blob ${name} must have ${size} bytes; got ${bytes.length}`);
  }
  return bytes;
}

// Typed arrays need an offset that is a multiple of their item; a batch pads to 8, an expanded blob starts at 0.
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

/**
 * What one tile was at many steps: its numbers and, where they are to be painted, its cells, kept when the records that
 * they were cut from are forgotten. Knows records; must not know which steps are wanted, nor the screen.
 */
import { cutTile } from "../model/cut_tile.js";
import { lacksLowPlane } from "../model/dequantise.js";
import type { Tiles } from "../model/tiles.js";
import { asMaps } from "./map_records.js";
import { type RecordRef, type RecordState, recordKey, type Wish } from "./record_store.js";

/** A record of which a tile is wanted. `exact`: with every plane, which changes need. */
export interface TileNeed {
  readonly ref: RecordRef;
  readonly exact: boolean;
}

/** A tile cut from a record: like a record, it may be on its way or not to be had. */
export type TileState = RecordState;

const PENDING: TileState = { status: "pending" };

/** Tiles of so many bytes are kept; beyond it, those that nobody wants any more are forgotten, the oldest first. */
const BUDGET = 24 * 2 ** 20;

export class TileBook {
  readonly #cut = new Map<string, Tiles>();
  readonly #budget: number;
  #wanted: ReadonlySet<string> = new Set();
  #bytes = 0;

  constructor(budget = BUDGET) {
    this.#budget = budget;
  }

  /** Keeps these even beyond the budget: what is wanted and forgotten would be asked for again and again. */
  want(tile: number, needs: readonly TileNeed[]): void {
    this.#wanted = new Set(needs.map(({ ref }) => keyOf(ref, tile)));
  }

  /** The tile of a record, as far as it is here. */
  state(tile: number, { ref, exact }: TileNeed, records: RecordStates): TileState {
    const known = this.#cut.get(keyOf(ref, tile));
    const record = known === undefined ? records(ref) : null;
    // No better one is to be had than that without its low plane.
    const fineError = record?.status === "ready" ? record.fineError : null;
    if (known !== undefined && !(exact && lacksLowPlane(known)))
      return { status: "ready", tiles: known, fineError };
    const now = record ?? records(ref);
    if (now.status !== "ready") return now;
    if (!holds(ref, now.tiles, tile))
      return { status: "failed", message: "this record lacks the tile" };
    if (exact && lacksLowPlane(now.tiles) && now.fineError === null) return PENDING;
    return { status: "ready", tiles: this.#keep(ref, now.tiles, tile), fineError: now.fineError };
  }

  /** What has to be asked for so that these come to be known. */
  wishes(tile: number, needs: readonly TileNeed[], records: RecordStates): readonly Wish[] {
    return needs.flatMap((need): readonly Wish[] => {
      if (this.state(tile, need, records).status !== "pending") return [];
      const { ref } = need;
      const paint = { ref, part: "paint", urgency: "soon" } as const;
      return need.exact ? [paint, { ...paint, part: "fine" }] : [paint];
    });
  }

  #keep(ref: RecordRef, tiles: Tiles, tile: number): Tiles {
    const key = keyOf(ref, tile);
    const before = this.#cut.get(key);
    if (before !== undefined && lacksLowPlane(before) === lacksLowPlane(tiles)) return before;
    const cut = cutTile(ofMaps(ref, tiles), tile);
    this.#cut.delete(key);
    this.#cut.set(key, cut);
    this.#bytes += sizeOf(cut) - (before === undefined ? 0 : sizeOf(before));
    for (const [oldest, each] of this.#cut) {
      if (this.#bytes <= this.#budget) break;
      if (this.#wanted.has(oldest)) continue;
      this.#cut.delete(oldest);
      this.#bytes -= sizeOf(each);
    }
    return cut;
  }
}

type RecordStates = (ref: RecordRef) => RecordState;

function keyOf(ref: RecordRef, tile: number): string {
  return `${tile} ${recordKey(ref)}`;
}

function holds(ref: RecordRef, tiles: Tiles, tile: number): boolean {
  return tile < ofMaps(ref, tiles).shape.tiles;
}

// Of attributions a tile is the sum over colours and channels.
function ofMaps({ tag }: RecordRef, tiles: Tiles): Tiles {
  const maps = asMaps(tag, { status: "ready", tiles });
  return maps.status === "ready" ? maps.tiles : tiles;
}

function sizeOf({ payload, statistics, unresolved }: Tiles): number {
  const cells =
    payload.precision === "uint16"
      ? payload.high.length + (payload.low?.length ?? 0)
      : payload.precision === "uint8"
        ? payload.codes.length
        : payload.values.byteLength;
  // About what the objects round them take.
  return cells + 8 * statistics.size + (unresolved?.mask.length ?? 0) + 2000;
}

/**
 * What one tile was at many steps: its numbers and, where they are to be painted, its cells, kept when the records that
 * they were cut from are forgotten. Knows records; must not know which steps are wanted, nor the screen.
 */
import { cutTile } from "../model/cut_tile.js";
import { lacksLowPlane } from "../model/dequantise.js";
import type { Axis } from "../model/record.js";
import { type TilePlace, tileAtPlace, tilePlace } from "../model/tile_place.js";
import { gridAxes, payloadBytes, type Tiles } from "../model/tiles.js";
import { asMaps } from "./map_records.js";
import {
  awaitsLowPlane,
  type RecordRef,
  type RecordState,
  recordKey,
  type Wish,
} from "./record_store.js";

/** A record of which a tile is wanted. `exact`: with every plane, which changes need. */
export interface TileNeed {
  readonly ref: RecordRef;
  readonly exact: boolean;
}

/** A record whose array has no tile at the place. */
export interface Lacking {
  readonly status: "refused";
  readonly message: string;
}

/** A tile cut from a record: like a record, it may be on its way or not to be had. */
export type TileState = RecordState | Lacking;

const PENDING: TileState = { status: "pending" };

/** Tiles of so many bytes are kept; beyond it, those that nobody wants any more are forgotten, the oldest first. */
const BUDGET = 24 * 2 ** 20;

export class TileBook {
  readonly #cut = new Map<string, Tiles>();
  /** Of the records that are wanted, those without the tile: they are not to be asked for again. */
  readonly #lacking = new Map<string, Lacking>();
  /** Grid axes by run and tag, as they were seen last. */
  readonly #axes = new Map<string, readonly Axis[]>();
  readonly #budget: number;
  #wanted: ReadonlySet<string> = new Set();
  #bytes = 0;

  constructor(budget = BUDGET) {
    this.#budget = budget;
  }

  /** The grid axes of a record; before it is here, those of another one of its run, null where there is none either. */
  axes(ref: RecordRef, records: RecordStates): readonly Axis[] | null {
    const key = JSON.stringify([ref.run, ref.tag]);
    const record = records(ref);
    if (record.status === "ready") this.#axes.set(key, gridAxes(ofMaps(ref, record.tiles).header));
    return this.#axes.get(key) ?? null;
  }

  /** Where a tile of a record stands; null while its axes are not known. */
  place(tile: number, ref: RecordRef, records: RecordStates): TilePlace | null {
    const axes = this.axes(ref, records);
    return axes && tilePlace(axes, tile);
  }

  /** Keeps these even beyond the budget: what is wanted and forgotten would be asked for again and again. */
  want(place: TilePlace, needs: readonly TileNeed[]): void {
    this.#wanted = new Set(needs.map(({ ref }) => keyOf(ref, place)));
    for (const key of this.#lacking.keys()) if (!this.#wanted.has(key)) this.#lacking.delete(key);
  }

  /** The tile of a record, as far as it is here; pending while its place is not known. */
  state(place: TilePlace | null, { ref, exact }: TileNeed, records: RecordStates): TileState {
    if (place === null) return PENDING;
    const key = keyOf(ref, place);
    const lacking = this.#lacking.get(key);
    if (lacking !== undefined) return lacking;
    const known = this.#cut.get(key);
    const record = known === undefined ? records(ref) : null;
    // No better one is to be had than that without its low plane.
    const fineError = record?.status === "ready" ? record.fineError : null;
    if (known !== undefined && !(exact && lacksLowPlane(known)))
      return { status: "ready", tiles: known, fineError };
    const now = record ?? records(ref);
    // What another record of the run lacks is not asked for: hardly ever have its steps other axes.
    const axes = now.status === "failed" ? null : this.axes(ref, records);
    const found = axes && tileAtPlace(axes, place);
    if (found?.status === "lacking")
      return this.#lack(now.status === "ready" ? key : null, found.why);
    if (now.status !== "ready" || found === null) return now;
    const whole = ofMaps(ref, now.tiles);
    if (exact && awaitsLowPlane(now)) return PENDING;
    return {
      status: "ready",
      tiles: this.#keep(key, whole, found.tile),
      fineError: now.fineError,
    };
  }

  /** What has to be asked for so that these come to be known. */
  wishes(
    place: TilePlace | null,
    needs: readonly TileNeed[],
    records: RecordStates,
  ): readonly Wish[] {
    return needs.flatMap((need): readonly Wish[] => {
      if (this.state(place, need, records).status !== "pending") return [];
      const { ref } = need;
      const paint = { ref, part: "paint", urgency: "soon" } as const;
      return need.exact ? [paint, { ...paint, part: "fine" }] : [paint];
    });
  }

  /** `key`: of a record that is here. */
  #lack(key: string | null, why: string): Lacking {
    const lacking: Lacking = { status: "refused", message: `This run lacks the tile: ${why}` };
    if (key !== null) this.#lacking.set(key, lacking);
    return lacking;
  }

  #keep(key: string, whole: Tiles, tile: number): Tiles {
    const before = this.#cut.get(key);
    if (before !== undefined && lacksLowPlane(before) === lacksLowPlane(whole)) return before;
    const cut = cutTile(whole, tile);
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

function keyOf(ref: RecordRef, { key }: TilePlace): string {
  return `${key} ${recordKey(ref)}`;
}

// Of attributions a tile is the sum over colours and channels.
function ofMaps({ tag }: RecordRef, tiles: Tiles): Tiles {
  const maps = asMaps(tag, { status: "ready", tiles });
  return maps.status === "ready" ? maps.tiles : tiles;
}

function sizeOf({ payload, statistics, unresolved }: Tiles): number {
  // About what the objects round them take.
  return payloadBytes(payload) + 8 * statistics.size + (unresolved?.mask.length ?? 0) + 2000;
}

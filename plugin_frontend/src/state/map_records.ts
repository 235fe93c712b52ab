/**
 * What of a record is painted: of attributions their sums over colours and channels, of all else the record itself. Pure
 * functions; must not know the screen.
 */
import { isMapTag, readAttributionTag } from "../model/attribution_cards.js";
import { sumMaps, summedOver } from "../model/summed_tiles.js";
import type { Compared } from "./comparison.js";
import { awaitsLowPlane, type RecordRef, type RecordState } from "./record_store.js";

/** The maps of a record or of a change, each one tile of one channel. */
export function asMaps(tag: string, painted: Compared): Compared {
  const part = readAttributionTag(tag)?.part;
  const isMap = isMapTag(tag) || part === "spread";
  return painted.status === "ready" && isMap
    ? { status: "ready", tiles: sumMaps(painted.tiles) }
    : painted;
}

/** True where the high planes of several values are added: their errors add up too, so the low ones are wanted. */
export function isSummed({ tag }: RecordRef, record: RecordState): boolean {
  return isMapTag(tag) && record.status === "ready" && summedOver(record.tiles.header).length > 0;
}

/** True for such a record that is here, and whose low planes are not, but can be had. */
export function awaitsSum(ref: RecordRef, record: RecordState): boolean {
  return isSummed(ref, record) && awaitsLowPlane(record);
}

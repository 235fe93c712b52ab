/** Decoding in one call, for tests: from a record as it is stored to tiles with every plane. */
import { parseHeader } from "../src/model/parse_header.js";
import type { BlobInfo } from "../src/model/record.js";
import { decodeTiles, type Tiles, withLowPlane } from "../src/model/tiles.js";
import { type EncodedRecord, encodeTiles, type TilesSpec } from "./encode.js";

export function unwrap<T>(parsed: { ok: true; value: T } | { ok: false; message: string }): T {
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}

/** Tiles as painting has them first: without the low plane. */
export function paintTiles(spec: TilesSpec): Tiles {
  return decodeRecord(encodeTiles(spec), false);
}

/** Tiles with everything. */
export function exactTiles(spec: TilesSpec): Tiles {
  return decodeRecord(encodeTiles(spec), true);
}

function decodeRecord(record: EncodedRecord, fine: boolean): Tiles {
  const bytes = new TextEncoder().encode(JSON.stringify(record.header));
  const header = unwrap(parseHeader(bytes));
  if (header.kind !== "tiles") throw new Error("not tiles");
  const blobs = new Map(
    record.blobs.map(({ name, bytes: stored }) => [name as BlobInfo["name"], stored]),
  );
  const tiles = unwrap(decodeTiles(header, blobs));
  return fine ? unwrap(withLowPlane(tiles, blobs)) : tiles;
}

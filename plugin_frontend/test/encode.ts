/**
 * Records and batches as the server sends them, for tests: an encoder written from the schema's words alone, so that
 * the decoder is not tested against itself.
 */
import type { BatchItem } from "../src/api/batch.js";

export interface AxisSpec {
  readonly name: string;
  readonly size: number;
  readonly fullSize?: number;
  readonly labels?: readonly string[];
  readonly represents?: string;
}

export interface TilesSpec {
  readonly axes: readonly AxisSpec[];
  readonly values: Float32Array;
  readonly precision: "uint16" | "uint8" | "float32";
  readonly meaning?: "signed" | "non_negative" | "image";
  readonly step?: number;
  readonly source?: Readonly<Record<string, unknown>>;
}

export interface EncodedRecord {
  readonly header: Record<string, unknown>;
  readonly blobs: { readonly name: string; readonly part: string; readonly bytes: Uint8Array }[];
}

const STATISTICS = ["min", "max", "mean", "l2_norm", "nan_count", "posinf_count", "neginf_count"];

export function encodeTiles(spec: TilesSpec): EncodedRecord {
  const cells = cellsPerTile(spec.axes);
  const tiles = product(spec.axes) === 0 ? tileCount(spec.axes) : spec.values.length / cells;
  const statistics = new Float64Array(STATISTICS.length * tiles);
  const codes: number[] = [];
  for (let tile = 0; tile < tiles; tile++) {
    const values = spec.values.subarray(tile * cells, (tile + 1) * cells);
    const finite = values.filter((value) => Number.isFinite(value));
    const min = finite.length > 0 ? finite.reduce((a, b) => Math.min(a, b)) : NaN;
    const max = finite.length > 0 ? finite.reduce((a, b) => Math.max(a, b)) : NaN;
    const rows = [
      min,
      max,
      finite.reduce((sum, value) => sum + value, 0) / finite.length,
      Math.hypot(...finite),
      values.filter((value) => Number.isNaN(value)).length,
      values.filter((value) => value === Infinity).length,
      values.filter((value) => value === -Infinity).length,
    ];
    rows.forEach((value, row) => {
      statistics[row * tiles + tile] = value;
    });
    for (const value of values) codes.push(encodeValue(value, min, max, spec.precision));
  }
  const blobs = [
    { name: "statistics", part: "paint", bytes: bytesOf(statistics) },
    ...payload(spec, codes),
  ];
  return { blobs, header: headerOf(spec, blobs) };
}

/** The item of a batch that holds one part of a record. */
export function itemOf(record: EncodedRecord, part: "paint" | "fine" | "statistics"): BatchItem {
  const header = new TextEncoder().encode(JSON.stringify(record.header));
  const isAsked = (blob: EncodedRecord["blobs"][number]): boolean =>
    part === "statistics" ? blob.name === part : blob.part === part;
  const payloadBlobs = record.blobs.filter(isAsked).map(({ bytes }) => bytes);
  return { status: 200, blobs: [header, ...payloadBlobs] };
}

/** The binary answer of the route `records`. */
export function encodeBatch(items: readonly BatchItem[]): ArrayBuffer {
  const words = [0x5a564e4e, 1, items.length];
  for (const { status, blobs } of items)
    words.push(status, blobs.length, ...blobs.map((b) => b.length));
  const pad = (size: number): number => Math.ceil(size / 8) * 8;
  const start = pad(4 * words.length);
  const total = items.flatMap(({ blobs }) => blobs).reduce((sum, b) => sum + pad(b.length), start);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  words.forEach((word, index) => {
    view.setUint32(4 * index, word, true);
  });
  let offset = start;
  for (const blob of items.flatMap(({ blobs }) => blobs)) {
    out.set(blob, offset);
    offset += pad(blob.length);
  }
  return out.buffer;
}

function encodeValue(value: number, min: number, max: number, precision: string): number {
  const span = precision === "uint16" ? 65023 : 252;
  if (Number.isNaN(value)) return precision === "uint16" ? 254 * 256 : 253;
  if (value === Infinity) return precision === "uint16" ? 255 * 256 + 255 : 254;
  if (value === -Infinity) return precision === "uint16" ? 255 * 256 : 255;
  return max > min ? Math.round(((value - min) / (max - min)) * span) : 0;
}

function payload(spec: TilesSpec, codes: readonly number[]): EncodedRecord["blobs"] {
  switch (spec.precision) {
    case "uint16":
      return [
        { name: "high", part: "paint", bytes: Uint8Array.from(codes, (code) => code >> 8) },
        { name: "low", part: "fine", bytes: Uint8Array.from(codes, (code) => code & 255) },
      ];
    case "uint8":
      return [{ name: "codes", part: "paint", bytes: Uint8Array.from(codes) }];
    case "float32":
      return [{ name: "values", part: "paint", bytes: bytesOf(spec.values) }];
  }
}

function headerOf(spec: TilesSpec, blobs: EncodedRecord["blobs"]): Record<string, unknown> {
  const dtypes: Record<string, string> = { statistics: "float64", values: "float32" };
  return {
    format: "nnviz",
    version: 1,
    kind: "tiles",
    moment: {
      step: spec.step ?? 0,
      epoch: spec.step ?? 0,
      batch: null,
      fit: 1,
      phase: "during",
      wall_time: 1.7e9,
    },
    ordinal: 1,
    blobs: blobs.map(({ name, part, bytes }) => ({
      name,
      part,
      dtype: dtypes[name] ?? "uint8",
      shape: [bytes.length],
      size: bytes.length,
      crc32: 0,
      compression: "none",
    })),
    axes: spec.axes.map(({ fullSize, ...axis }) => ({ ...axis, full_size: fullSize ?? axis.size })),
    meaning: spec.meaning ?? "signed",
    dtype: "float32",
    precision: spec.precision,
    statistics: STATISTICS,
    omitted: [],
    notes: [],
    source: spec.source ?? { layer_type: "Dense", variable_shape: [784, 512] },
  };
}

function cellsPerTile(axes: readonly AxisSpec[]): number {
  return product(axes.slice(axes.at(-1)?.name === "color" ? -3 : -2));
}

function tileCount(axes: readonly AxisSpec[]): number {
  return product(axes.slice(0, axes.at(-1)?.name === "color" ? -3 : -2));
}

function product(axes: readonly AxisSpec[]): number {
  return axes.reduce((size, axis) => size * axis.size, 1);
}

function bytesOf(array: Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength));
}

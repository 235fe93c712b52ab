/**
 * What the records of a tag weigh in files, without writing any: arrays and lines are made of a few tiles of one record,
 * and the others are taken to be like it. Must not know which records are here.
 */
import { deflateSync, gzipSync } from "fflate";
import type { Confusion } from "../model/confusion.js";
import { arraysOf, type ExportedRecord, type ExportedTag } from "../model/export_arrays.js";
import { axisNames, csvLines } from "../model/export_csv.js";
import type { Histogram } from "../model/histogram.js";
import { type NamedArray, npyParts } from "../model/npy.js";
import type { BlobInfo, Moment } from "../model/record.js";
import { someTiles } from "../model/some_tiles.js";
import type { Payload, Tiles } from "../model/tiles.js";

/** In bytes, by how many records there are. */
export interface TagWeight {
  /** Numbers of one record. */
  readonly values: number;
  /** `zeros`: how many of these are zero everywhere. */
  readonly npz: (records: number, zeros?: number) => number;
  readonly csv: (records: number, zeros?: number) => number;
  readonly stored: (records: number) => number;
  /** What is left of the codes of tiles when they are compressed, as a share; 1 of noise. */
  readonly noise: number;
}

/** Cells that stand for a record. */
const CELLS_OF_ARRAYS = 8192;
const CELLS_OF_LINES = 1024;
/** As the NPZ is written. */
const LEVEL = 4;
/** Of an entry of a ZIP, besides its name, which stands in two places. */
const ENTRY = 30 + 46 + 16;
/** Of a record in a file that opens without a server, besides its header: its place and the lengths of its parts. */
const PLACE = 180;

/** What stands for a record: of tiles some, `times` fewer than there are. */
export interface Sample {
  readonly record: ExportedRecord;
  readonly times: number;
  /** Numbers of all of it. */
  readonly values: number;
}

/** A record as it was logged; of tiles, perhaps all but their values. */
export type LoggedRecord =
  | {
      readonly kind: "tiles";
      readonly tiles: Pick<Tiles, "header" | "statistics"> & { readonly payload: Payload | null };
    }
  | { readonly kind: "histogram"; readonly histogram: Histogram }
  | { readonly kind: "confusion"; readonly confusion: Confusion };

/** `like`: of other tiles, where the values of these are not here. */
export function sampleOf(logged: LoggedRecord, like: Sample | null = null): Sample {
  const values = valuesOf(logged);
  switch (logged.kind) {
    case "tiles": {
      const payload = like?.record.kind === "tiles" ? like.record.tiles.payload : null;
      const { tiles, times } = someTiles(logged.tiles, CELLS_OF_ARRAYS, payload);
      return { record: { kind: "tiles", tiles, since: null, ...at(tiles) }, times, values };
    }
    case "histogram":
      return { record: { ...logged, ...at(logged.histogram) }, times: 1, values };
    case "confusion":
      return { record: { ...logged, ...at(logged.confusion) }, times: 1, values };
  }
}

function at({ header: { moment } }: { readonly header: { readonly moment: Moment } }) {
  return { step: moment.step, moment };
}

function valuesOf(record: LoggedRecord): number {
  switch (record.kind) {
    case "tiles":
      return record.tiles.header.axes.reduce((product, { size }) => product * size, 1);
    case "histogram":
      return record.histogram.counts.length;
    case "confusion": {
      const { task, classNames } = record.confusion.header;
      return task === "multi_label" ? 4 * classNames.length : classNames.length ** 2;
    }
  }
}

/** `other`: of another record of the tag, where one is here; it may be unlike in its labels. */
export function weigh(
  tag: Omit<ExportedTag, "records">,
  sample: Sample,
  other: Sample | null = null,
): TagWeight {
  const shown = { ...sample, record: asShown(tag, sample.record) };
  const second = other === null ? shown.record : asShown(tag, other.record);
  // What is asked for alone: each is compressed to be weighed.
  const npz = once(() => npzWeight(tag, shown, second));
  const csv = once(() => csvWeight(tag, shown));
  const nothing = once(() => zeroed(shown));
  const npzOfZeros = once(() => npzWeight(tag, nothing(), nothing().record));
  const csvOfZeros = once(() => csvWeight(tag, nothing()));
  const stored = once(() => storedWeight(sample, other));
  const noise = once(() => noiseOf(sample));
  return {
    values: sample.values,
    npz: (records, zeros = 0) => withZeros(npz, npzOfZeros, records, zeros),
    csv: (records, zeros = 0) => withZeros(csv, csvOfZeros, records, zeros),
    stored: (records) => stored()(records),
    get noise() {
      return noise();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type OfRecords = (records: number) => number;

// What a file has once, such as names, stands in what is weighed first.
function withZeros(
  all: () => OfRecords,
  ofZeros: () => OfRecords,
  records: number,
  zeros: number,
): number {
  if (zeros === 0) return all()(records);
  if (zeros === records) return ofZeros()(records);
  return all()(records - zeros) + ofZeros()(zeros + 1) - ofZeros()(1);
}

/** As a record that is compared with itself. */
function zeroed(sample: Sample): Sample {
  const { record } = sample;
  if (record.kind !== "tiles") return sample;
  const { tiles } = record;
  const { tiles: count, height, width, channels } = tiles.shape;
  const values = new Float32Array(count * height * width * channels);
  const payload = { precision: "float32", values } as const;
  const statistics = new Map(
    [...tiles.statistics].map(([name, row]) => [name, new Float64Array(row.length)] as const),
  );
  return { ...sample, record: { ...record, tiles: { ...tiles, payload, statistics } } };
}

// A change says what it was taken from.
function asShown(
  { run, show }: Omit<ExportedTag, "records">,
  record: ExportedRecord,
): ExportedRecord {
  return record.kind !== "tiles" || show === "value"
    ? record
    : { ...record, since: { run, step: 0 } };
}

function npzWeight(
  tag: Omit<ExportedTag, "records">,
  { record, times }: Sample,
  other: ExportedRecord,
): OfRecords {
  const next = { ...other, step: record.step + 1 };
  const ofTwo = new Map(
    arraysOf({ ...tag, records: [record, next] }).map((each) => [each.name, each]),
  );
  const isUnlike = [...ofTwo.keys()].some((name) => /_step_\d+$/.test(name));
  const first = record.kind === "tiles" ? (record.tiles.header.axes[0]?.name ?? "") : "";
  let once = 0;
  let more = 0;
  for (const each of arraysOf({ ...tag, records: [record] })) {
    const [header, data] = npyParts(each.array);
    const name = each.name.split("/").at(-1) ?? "";
    const isCut = /^(values$|statistics_)/.test(name) || name.endsWith(`_${first}`);
    const stored = deflateSync(data, { level: LEVEL }).length * (isCut ? times : 1);
    const entry = entryBytes(each, header);
    once += entry + stored;
    const two = ofTwo.get(each.name);
    // Steps that are unlike have arrays of their own.
    if (two === undefined) more += isUnlike ? entry + stored : 0;
    else if (data.length > 0) more += (npyParts(two.array)[1].length / data.length - 1) * stored;
  }
  return (records) => (records === 0 ? 0 : once + (records - 1) * more);
}

function entryBytes({ name }: NamedArray, header: Uint8Array): number {
  return ENTRY + 2 * (name.length + ".npy".length) + deflateSync(header, { level: LEVEL }).length;
}

function csvWeight(tag: Omit<ExportedTag, "records">, { record, values }: Sample): OfRecords {
  const few =
    record.kind === "tiles"
      ? { ...record, tiles: someTiles(record.tiles, CELLS_OF_LINES).tiles }
      : record;
  const axes = few.kind === "tiles" ? axisNames([few.tiles.header]) : [];
  const letters = [...csvLines(tag, few, axes)].reduce((sum, lines) => sum + lines.length, 0);
  const each = (letters / Math.max(1, valuesOf(few))) * values;
  return (records) => records * each;
}

// Records of one tag differ in size where each is of other samples: most are new at first.
function storedWeight(sample: Sample, other: Sample | null): OfRecords {
  const own = storedBytes(sample);
  const its = other === null ? own : storedBytes(other);
  const between = Math.sqrt(own * its);
  return (records) => (records < 2 ? records * own : own + its + (records - 2) * between);
}

function storedBytes({ record }: Sample): number {
  const header = headerOf(record);
  const blobs = header.blobs.reduce((sum, blob) => sum + blobBytes(blob, record), 0);
  return PLACE + headerLetters(header) + blobs;
}

// What is not known is not stored.
function headerLetters(header: object): number {
  return JSON.stringify(header, (_, value) => (value === null ? undefined : value)).length;
}

/** What is left of the codes, as a share. */
export function noiseOf({ record }: Sample): number {
  if (record.kind !== "tiles") return 1;
  const { payload } = record.tiles;
  const name = ({ uint16: "high", uint8: "codes", float32: "values" } as const)[payload.precision];
  const bytes = bytesOf(name, record);
  if (bytes === null || bytes.length === 0) return 1;
  return Math.min(1, deflateSync(bytes).length / bytes.length);
}

function headerOf(record: ExportedRecord): { readonly blobs: readonly BlobInfo[] } {
  switch (record.kind) {
    case "tiles":
      return record.tiles.header;
    case "histogram":
      return record.histogram.header;
    case "confusion":
      return record.confusion.header;
  }
}

const BYTES = { float64: 8, float32: 4, uint32: 4, uint8: 1 } as const;
/** What is left of counts and the like, once compressed. */
const LEFT = 0.6;

export function unpackedBytes({ dtype, shape }: BlobInfo): number {
  return shape.reduce((product, size) => product * size, BYTES[dtype]);
}

function blobBytes(blob: BlobInfo, some: ExportedRecord): number {
  const raw = unpackedBytes(blob);
  const { name, compression } = blob;
  if (compression === "none") return raw;
  const bytes = storedBytesOf(name, some);
  if (bytes === null || bytes.length === 0) return LEFT * raw;
  return raw * Math.min(1, gzipSync(bytes, { level: 1 }).length / bytes.length);
}

function storedBytesOf(name: BlobInfo["name"], record: ExportedRecord): Uint8Array | null {
  if (record.kind === "tiles") return bytesOf(name, record);
  if (record.kind !== "histogram" || name !== "counts") return null;
  return new Uint8Array(Float64Array.from(record.histogram.counts).buffer);
}

function bytesOf(
  name: BlobInfo["name"],
  { tiles: { payload, statistics } }: Extract<ExportedRecord, { kind: "tiles" }>,
): Uint8Array | null {
  if (name === "statistics") {
    const all = Float64Array.from([...statistics.values()].flatMap((row) => [...row]));
    return new Uint8Array(all.buffer);
  }
  if (payload.precision === "uint16" && (name === "high" || name === "low")) return payload[name];
  if (payload.precision === "uint8" && name === "codes") return payload.codes;
  if (payload.precision === "float32" && name === "values")
    return new Uint8Array(payload.values.slice().buffer);
  return null;
}

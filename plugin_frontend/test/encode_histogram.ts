/**
 * Histogram records as the server sends them, for tests: an encoder written from the schema's words alone, so that the
 * decoder is not tested against itself.
 */
import type { BatchItem } from "../src/api/batch.js";
import { decodeHistogram, type Histogram } from "../src/model/histogram.js";
import { parseHeader } from "../src/model/parse_header.js";
import type { BlobInfo } from "../src/model/record.js";
import { unwrap } from "./decode.js";

export interface HistogramSpec {
  readonly exponent: number;
  readonly first: number;
  readonly counts: readonly number[];
  readonly step?: number;
  /** Over those that follow from the counts. */
  readonly statistics?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
}

export function encodeHistogram(spec: HistogramSpec): BatchItem {
  const total = spec.counts.reduce((sum, count) => sum + count, 0);
  const width = 2 ** spec.exponent;
  const empty = total === 0;
  const statistics: Record<string, number> = {
    count: total,
    mean: empty ? NaN : (spec.first + spec.counts.length / 2) * width,
    std: empty ? NaN : width,
    min: empty ? NaN : spec.first * width,
    max: empty ? NaN : (spec.first + spec.counts.length - 0.5) * width,
    l2_norm: empty ? 0 : Math.abs(spec.first) * width,
    zero_fraction: 0,
    nan_count: 0,
    posinf_count: 0,
    neginf_count: 0,
    update_ratio: NaN,
    ...spec.statistics,
  };
  const blobs = [
    ["statistics", Float64Array.from(Object.values(statistics))],
    ["counts", Float64Array.from(spec.counts)],
  ] as const;
  const step = spec.step ?? 0;
  const header = {
    format: "nnviz",
    version: 1,
    kind: "histogram",
    moment: { step, epoch: step, batch: null, fit: 1, phase: "during", wall_time: 1.7e9 },
    ordinal: 1,
    blobs: blobs.map(([name, values]) => ({
      name,
      part: "paint",
      dtype: "float64",
      shape: [values.length],
      size: values.byteLength,
      crc32: 0,
      compression: "none",
    })),
    exponent: spec.exponent,
    first: spec.first,
    dtype: "float32",
    statistics: Object.keys(statistics),
    notes: spec.notes ?? [],
    source: { layer_type: "Dense", role: "kernel", variable_shape: [4, 4] },
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  return {
    status: 200,
    blobs: [json, ...blobs.map(([, values]) => new Uint8Array(values.buffer))],
  };
}

/** The histogram as the screen holds it. */
export function histogramOf(spec: HistogramSpec): Histogram {
  const [json = new Uint8Array(), ...payload] = encodeHistogram(spec).blobs;
  const header = unwrap(parseHeader(json));
  if (header.kind !== "histogram") throw new Error("not a histogram");
  const names = header.blobs.map(({ name }) => name);
  const blobs = new Map(
    payload.map((bytes, index) => [names[index] as BlobInfo["name"], bytes] as const),
  );
  return unwrap(decodeHistogram(header, blobs));
}

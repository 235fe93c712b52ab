/**
 * Confusion records as the server sends them, for tests: an encoder written from the schema's words alone, so that the
 * decoder is not tested against itself.
 */
import type { BatchItem } from "../src/api/batch.js";
import type { Confusion } from "../src/model/confusion.js";
import { loadConfusion } from "../src/state/record_loading.js";
import { unwrap } from "./decode.js";

export interface ConfusionSpec {
  readonly names: readonly string[];
  /** Row by row; of labels the four cells of each. */
  readonly counts: readonly number[];
  readonly weights?: readonly number[];
  readonly task?: "multi_class" | "binary" | "multi_label";
  readonly threshold?: number;
  /** By cell: index and confidence of each sample. */
  readonly samples?: Readonly<Record<number, readonly (readonly [number, number])[]>>;
  /** Index, cell, confidence. */
  readonly mistakes?: readonly (readonly [number, number, number])[];
  readonly addresses?: Readonly<Record<number, string>>;
  readonly step?: number;
  readonly numAvailable?: number | null;
  readonly numUndecided?: number;
  readonly notes?: readonly string[];
  readonly digest?: string;
}

export function encodeConfusion(spec: ConfusionSpec): BatchItem {
  const { counts, samples = {}, mistakes = [], addresses = {} } = spec;
  const cells = counts.flatMap((count, cell) => (count > 0 ? [cell] : []));
  const listed = cells.map((cell) => samples[cell] ?? []);
  const blobs: (readonly [name: string, dtype: string, values: ArrayBufferView])[] = [
    ["cells", "uint32", Uint32Array.from(cells)],
    ["counts", "float64", Float64Array.from(cells, (cell) => counts[cell] ?? 0)],
    ["sizes", "uint32", Uint32Array.from(listed, (each) => each.length)],
    ["indices", "uint32", Uint32Array.from(listed.flat(), ([index]) => index)],
    ["confidences", "float32", Float32Array.from(listed.flat(), ([, confidence]) => confidence)],
    ["mistakes", "uint32", Uint32Array.from(mistakes.flatMap((mistake) => mistake.slice(0, 2)))],
    [
      "mistake_confidences",
      "float32",
      Float32Array.from(mistakes, ([, , confidence]) => confidence),
    ],
  ];
  const { weights } = spec;
  if (weights !== undefined) {
    const own = Float64Array.from(cells, (cell) => weights[cell] ?? 0);
    blobs.push(["weights", "float64", own]);
  }
  const named = Object.entries(addresses);
  if (named.length > 0) {
    const digits = named.map(([, address]) => address).join("");
    const bytes = digits.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
    blobs.push(["samples", "uint32", Uint32Array.from(named, ([index]) => Number(index))]);
    blobs.push(["addresses", "uint8", Uint8Array.from(bytes)]);
  }
  const header = {
    format: "nnviz",
    version: 1,
    kind: "confusion",
    moment: {
      step: spec.step ?? 0,
      epoch: spec.step ?? 0,
      batch: null,
      fit: 1,
      phase: "during",
      wall_time: 1,
    },
    ordinal: 1,
    blobs: blobs.map(([name, dtype, values]) => ({
      name,
      part: "paint",
      dtype,
      shape: [values.byteLength],
      compression: "none",
      crc32: 0,
    })),
    task: spec.task ?? "multi_class",
    class_names: spec.names,
    threshold: spec.threshold ?? null,
    top_k: 8,
    num_samples: counts.reduce((sum, count) => sum + count, 0),
    num_available: spec.numAvailable ?? null,
    num_undecided: spec.numUndecided ?? 0,
    notes: spec.notes ?? [],
    source: { samples_digest: spec.digest ?? "x" },
  };
  return {
    status: 200,
    blobs: [
      new TextEncoder().encode(JSON.stringify(header)),
      ...blobs.map(([, , { buffer, byteOffset, byteLength }]) =>
        new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice(),
      ),
    ],
  };
}

export async function confusionOf(spec: ConfusionSpec): Promise<Confusion> {
  return unwrap(await loadConfusion(encodeConfusion(spec)));
}

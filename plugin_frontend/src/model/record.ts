/**
 * The types of a logged record, as `record_schema.json` defines them, with names in the manner of TypeScript. Knows
 * only shapes of data; reading bytes is in `parse_header.ts` and `tiles.ts`.
 */

export type Phase = "before" | "during" | "restored";

/** When in training a record was taken. `step` is the order in the log. */
export interface Moment {
  readonly step: number;
  readonly epoch: number | null;
  readonly batch: number | null;
  readonly fit: number;
  readonly phase: Phase;
  readonly wallTime: number;
}

export type Part = "paint" | "fine";

/** What can be asked for of a record; `statistics` is what of the part `paint` are numbers about tiles. */
export type RequestPart = Part | "statistics";

export const BLOB_NAMES = [
  "statistics",
  "values",
  "codes",
  "high",
  "low",
  "counts",
  "cells",
  "sizes",
  "indices",
  "confidences",
  "mistakes",
  "mistake_confidences",
  "weights",
  "samples",
  "addresses",
] as const;

export interface BlobInfo {
  readonly name: (typeof BLOB_NAMES)[number];
  readonly part: Part;
  readonly dtype: "float64" | "float32" | "uint32" | "uint8";
  readonly shape: readonly number[];
  readonly compression: "none" | "gzip";
}

/** One axis; `fullSize` is its length before anything was left out or averaged. */
export interface Axis {
  readonly name: string;
  readonly size: number;
  readonly fullSize: number;
  readonly labels: readonly string[] | null;
  /** What a row or column of a matrix is, such as `input`; null where it is a place in a picture. */
  readonly represents: string | null;
  /** Equal for equal samples only, in any record: what is shown of a sample is found by it. Absent where there are none. */
  readonly addresses?: readonly string[];
}

/** What the values were read from; a field is absent where it is not known. */
export interface Source {
  readonly variablePath: string | null;
  readonly layerPath: string | null;
  readonly layerIndex: number | null;
  readonly layerType: string | null;
  readonly role: string | null;
  readonly variableShape: readonly number[] | null;
  /** Equal for equal samples only; null for what is not of samples. */
  readonly samplesDigest: string | null;
}

export type Meaning = "signed" | "non_negative" | "image";
export type Precision = "uint16" | "uint8" | "float32";

export const STATISTICS = [
  "min",
  "max",
  "mean",
  "l2_norm",
  "change_since_start",
  "change_since_previous",
  "nan_count",
  "posinf_count",
  "neginf_count",
  "zero_fraction",
  "target",
  "prediction",
  "probability",
  "output_at_input",
  "output_at_baseline",
  "attribution_sum",
  "completeness_error",
  "refinement_error",
  "num_evaluations",
  "converged",
  "flags",
  "activation",
  "sample_index",
  "place_top",
  "place_left",
  "place_bottom",
  "place_right",
] as const;
export type StatisticName = (typeof STATISTICS)[number];

export interface TilesHeader {
  readonly kind: "tiles";
  readonly moment: Moment;
  readonly ordinal: number;
  readonly blobs: readonly BlobInfo[];
  readonly axes: readonly Axis[];
  readonly meaning: Meaning;
  readonly dtype: string;
  readonly precision: Precision;
  readonly statistics: readonly StatisticName[];
  readonly omitted: readonly string[];
  readonly notes: readonly string[];
  readonly source: Source;
}

export const HISTOGRAM_STATISTICS = [
  "count",
  "mean",
  "std",
  "min",
  "max",
  "l2_norm",
  "zero_fraction",
  "nan_count",
  "posinf_count",
  "neginf_count",
  "update_ratio",
] as const;
export type HistogramStatisticName = (typeof HISTOGRAM_STATISTICS)[number];

/** Bin i covers [(first + i)·2^exponent, (first + i + 1)·2^exponent). */
export interface HistogramHeader {
  readonly kind: "histogram";
  readonly moment: Moment;
  readonly ordinal: number;
  readonly blobs: readonly BlobInfo[];
  readonly exponent: number;
  readonly first: number;
  readonly dtype: string;
  readonly statistics: readonly HistogramStatisticName[];
  readonly notes: readonly string[];
  readonly source: Source;
}

export interface NoticeHeader {
  readonly kind: "notice";
  readonly moment: Moment;
  readonly ordinal: number;
  readonly blobs: readonly BlobInfo[];
  readonly view: string;
  readonly layer: string;
  readonly message: string;
  readonly step: number;
}

export type Task = "multi_class" | "binary" | "multi_label";

/** Counts have the shape (true, predicted); with several labels a sample (label, true, predicted). */
export interface ConfusionHeader {
  readonly kind: "confusion";
  readonly moment: Moment;
  readonly ordinal: number;
  readonly blobs: readonly BlobInfo[];
  readonly task: Task;
  /** Of the classes; of the labels for `multi_label`. */
  readonly classNames: readonly string[];
  readonly threshold: number | null;
  readonly topK: number;
  readonly numSamples: number;
  /** Of how many the samples were chosen; null where it is not known. */
  readonly numAvailable: number | null;
  readonly numUndecided: number;
  readonly notes: readonly string[];
  readonly source: Source;
}

export const CATEGORIES = [
  "input",
  "dense",
  "convolution",
  "pooling",
  "normalization",
  "activation",
  "regularization",
  "reshaping",
  "merging",
  "recurrent",
  "attention",
  "embedding",
  "preprocessing",
  "model",
  "operation",
  "other",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** A layer, a model inside the model, or an operation that is no layer. */
export interface GraphNode {
  /** As `layerPath` of other records; unique. */
  readonly path: string;
  readonly name: string;
  readonly layerType: string;
  readonly category: Category;
  /** Of the outputs at the first call; null for an axis of any length. */
  readonly outputShapes: readonly (readonly (number | null)[])[];
  readonly numParameters: number;
  /** Of them: not those of frozen layers, nor statistics. */
  readonly numTrainable: number;
  /** Null where it has no weights. */
  readonly trainable: "all" | "some" | "none" | null;
  readonly dtype: string | null;
  readonly activation: string | null;
  readonly numCalls: number;
  /** The model that it is inside of; null for the outermost. */
  readonly parent: string | null;
  readonly layerIndex: number | null;
  /** Of a model: the inner nodes that take its inputs, and those that give its outputs. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  readonly sourceCall: number;
  readonly sourceOutput: number;
  readonly targetCall: number;
}

/** Edges join nodes of one model: what goes into a model inside ends at it, and goes on from its `inputs`. */
export interface GraphHeader {
  readonly kind: "graph";
  readonly moment: Moment;
  readonly ordinal: number;
  readonly blobs: readonly BlobInfo[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly notes: readonly string[];
  readonly source: Source;
}

export type Header = TilesHeader | HistogramHeader | ConfusionHeader | GraphHeader | NoticeHeader;

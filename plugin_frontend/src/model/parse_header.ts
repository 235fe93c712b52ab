/**
 * Blob 0 of a record, UTF-8 JSON, turned into a typed header. Knows the schema's version 1; must not know payloads.
 * A record of a newer version is not an error of ours: the message says what to do about it.
 */
import {
  attempt,
  type Parsed,
  ParseError,
  parseCount,
  parseFields,
  parseInteger,
  parseList,
  parseNullable,
  parseNumber,
  parseString,
  parseWord,
} from "./parse.js";
import { parseGraphFields } from "./parse_graph.js";
import {
  type Axis,
  BLOB_NAMES,
  type BlobInfo,
  type Header,
  HISTOGRAM_STATISTICS,
  type HistogramHeader,
  type Moment,
  type Source,
  STATISTICS,
  type TilesHeader,
} from "./record.js";

export const SUPPORTED_VERSION = 1;

/** Parses the bytes of blob 0. */
export function parseHeader(bytes: Uint8Array): Parsed<Header> {
  return attempt(() => {
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      throw new ParseError("the record's header is not JSON");
    }
    return headerOf(json);
  });
}

/** Throws unless `version` is one this screen reads. */
export function checkVersion(version: unknown, what: string): void {
  const number = parseCount(version, `${what} version`);
  if (number > SUPPORTED_VERSION) {
    throw new ParseError(
      `${what} was written by a newer tb_nnviz (format ${number}; this one reads ${SUPPORTED_VERSION}): pip install -U tb-nnviz`,
    );
  }
}

function headerOf(json: unknown): Header {
  const fields = parseFields(json, "header");
  parseWord(fields.format, "format", ["nnviz"]);
  checkVersion(fields.version, "this record");
  const kind = parseWord(fields.kind, "kind", [
    "tiles",
    "histogram",
    "confusion",
    "graph",
    "notice",
  ]);
  const common = {
    moment: parseMoment(fields.moment, "moment"),
    ordinal: parseCount(fields.ordinal, "ordinal"),
    blobs: parseList(fields.blobs, "blobs", parseBlob),
  };
  if (kind === "notice") {
    return {
      ...common,
      kind,
      view: parseString(fields.view, "view"),
      layer: parseString(fields.layer, "layer"),
      message: parseString(fields.message, "message"),
      step: parseCount(fields.step, "step"),
    };
  }
  if (kind === "histogram") {
    return withCheckedExponent({
      ...common,
      kind,
      exponent: parseInteger(fields.exponent, "exponent"),
      first: parseInteger(fields.first, "first"),
      dtype: parseString(fields.dtype, "dtype"),
      statistics: parseList(fields.statistics, "statistics", (item, name) =>
        parseWord(item, name, HISTOGRAM_STATISTICS),
      ),
      notes: parseList(fields.notes, "notes", parseString),
      source: parseSource(fields.source, "source"),
    });
  }
  if (kind === "confusion") {
    return {
      ...common,
      kind,
      task: parseWord(fields.task, "task", ["multi_class", "binary", "multi_label"]),
      classNames: parseList(fields.class_names, "class_names", parseString),
      threshold: parseNullable(fields.threshold, "threshold", parseNumber),
      topK: parseCount(fields.top_k, "top_k"),
      numSamples: parseCount(fields.num_samples, "num_samples"),
      numAvailable: parseNullable(fields.num_available, "num_available", parseCount),
      numUndecided: parseCount(fields.num_undecided, "num_undecided"),
      notes: parseList(fields.notes, "notes", parseString),
      source: parseSource(fields.source, "source"),
    };
  }
  if (kind === "graph") {
    return {
      ...common,
      kind,
      ...parseGraphFields(fields),
      notes: parseList(fields.notes, "notes", parseString),
      source: parseSource(fields.source, "source"),
    };
  }
  return withCheckedAxes({
    ...common,
    kind,
    axes: parseList(fields.axes, "axes", parseAxis),
    meaning: parseWord(fields.meaning, "meaning", ["signed", "non_negative", "image"]),
    dtype: parseString(fields.dtype, "dtype"),
    precision: parseWord(fields.precision, "precision", ["uint16", "uint8", "float32"]),
    statistics: parseList(fields.statistics, "statistics", (item, name) =>
      parseWord(item, name, STATISTICS),
    ),
    omitted: parseList(fields.omitted, "omitted", parseString),
    notes: parseList(fields.notes, "notes", parseString),
    source: parseSource(fields.source, "source"),
  });
}

function withCheckedAxes(header: TilesHeader): TilesHeader {
  const names = header.axes.map((axis) => axis.name);
  const tail = names.at(-1) === "color" ? names.slice(-3, -1) : names.slice(-2);
  if (tail.join() !== "height,width") {
    throw new ParseError(`axes must end in height, width[, color]; got ${names.join(", ")}`);
  }
  if (names.at(-1) === "color" && header.axes.at(-1)?.size !== 3) {
    throw new ParseError(`the color axis must have size 3; got ${header.axes.at(-1)?.size}`);
  }
  return header;
}

// 2^exponent must be a number of its own: the least is the smallest denormal, the greatest the last power of two.
function withCheckedExponent(header: HistogramHeader): HistogramHeader {
  if (header.exponent < -1074 || header.exponent > 1023) {
    throw new ParseError(`exponent must be from -1074 to 1023; got ${header.exponent}`);
  }
  return header;
}

/** The `moment` of a header; the timeline route lists the same objects. */
export function parseMoment(value: unknown, name: string): Moment {
  const fields = parseFields(value, name);
  return {
    step: parseCount(fields.step, `${name}.step`),
    epoch: parseNullable(fields.epoch, `${name}.epoch`, parseNumber),
    batch: parseNullable(fields.batch, `${name}.batch`, parseCount),
    fit: parseCount(fields.fit, `${name}.fit`),
    phase: parseWord(fields.phase, `${name}.phase`, ["before", "during", "restored"]),
    wallTime: parseNumber(fields.wall_time, `${name}.wall_time`),
  };
}

/** The `source` of a header; the index lists the same objects. Absent fields become null. */
export function parseSource(value: unknown, name: string): Source {
  const fields = parseFields(value, name);
  const optional = <T>(key: string, parse: (value: unknown, name: string) => T): T | null =>
    fields[key] === undefined ? null : parse(fields[key], `${name}.${key}`);
  return {
    variablePath: optional("variable_path", parseString),
    layerPath: optional("layer_path", parseString),
    layerIndex: optional("layer_index", parseCount),
    layerType: optional("layer_type", parseString),
    role: optional("role", parseString),
    variableShape: optional("variable_shape", (shape, shapeName) =>
      parseList(shape, shapeName, parseCount),
    ),
    samplesDigest: optional("samples_digest", parseString),
  };
}

function parseBlob(value: unknown, name: string): BlobInfo {
  const fields = parseFields(value, name);
  return {
    name: parseWord(fields.name, `${name}.name`, BLOB_NAMES),
    part: parseWord(fields.part, `${name}.part`, ["paint", "fine"]),
    dtype: parseWord(fields.dtype, `${name}.dtype`, ["float64", "float32", "uint32", "uint8"]),
    shape: parseList(fields.shape, `${name}.shape`, parseCount),
    compression: parseWord(fields.compression, `${name}.compression`, ["none", "gzip"]),
  };
}

function parseAxis(value: unknown, name: string): Axis {
  const fields = parseFields(value, name);
  return {
    name: parseString(fields.name, `${name}.name`),
    size: parseCount(fields.size, `${name}.size`),
    fullSize: parseCount(fields.full_size, `${name}.full_size`),
    labels:
      fields.labels === undefined ? null : parseList(fields.labels, `${name}.labels`, parseString),
    represents:
      fields.represents === undefined ? null : parseString(fields.represents, `${name}.represents`),
    ...(fields.addresses === undefined
      ? {}
      : { addresses: parseList(fields.addresses, `${name}.addresses`, parseString) }),
  };
}

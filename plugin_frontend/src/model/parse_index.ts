/**
 * The answers of the routes `index` and `timeline` turned from JSON into types. Knows `http_api.md`; must not know how
 * the answers were fetched or what is shown of them.
 */
import {
  attempt,
  type Parsed,
  ParseError,
  parseCount,
  parseFields,
  parseList,
  parseNullable,
  parseNumber,
  parseString,
} from "./parse.js";
import { checkVersion, parseMoment, parseSource } from "./parse_header.js";
import type { Moment, Source } from "./record.js";

export interface TagEntry {
  readonly tag: string;
  readonly kind: string;
  readonly view: string;
  readonly source: Source;
  readonly series: Series;
}

/** Steps strictly increase; `wallTimes` has one entry a step; `logged` is null where it is not known. */
export interface Series {
  readonly steps: readonly number[];
  readonly wallTimes: readonly number[];
  readonly logged: number | null;
}

export interface NoticeEntry {
  readonly view: string;
  readonly layer: string;
  readonly message: string;
  readonly step: number;
}

export interface SkippedEntry {
  readonly tag: string;
  readonly reason: string;
}

/** `run` is TensorBoard's name, for requests; `name` is shown. */
export interface RunEntry {
  readonly run: string;
  readonly name: string;
  readonly tags: readonly TagEntry[];
  readonly series: readonly Series[];
  readonly notices: readonly NoticeEntry[];
  readonly skipped: readonly SkippedEntry[];
  /** By path, of layers of which a file does not hold all variables. */
  readonly layerParameters?: ReadonlyMap<string, number>;
}

export interface Index {
  readonly runs: readonly RunEntry[];
}

export function parseIndex(json: unknown): Parsed<Index> {
  return attempt(() => {
    const fields = parseFields(json, "index");
    checkVersion(fields.version, "the index");
    return { runs: parseList(fields.runs, "runs", parseRun) };
  });
}

export function parseTimeline(json: unknown): Parsed<readonly Moment[]> {
  return attempt(() => {
    const fields = parseFields(json, "timeline");
    return parseList(fields.moments, "moments", parseMoment);
  });
}

function parseRun(value: unknown, name: string): RunEntry {
  const fields = parseFields(value, name);
  const series = parseList(fields.series, `${name}.series`, parseSeries);
  return {
    run: parseString(fields.run, `${name}.run`),
    name: parseString(fields.name, `${name}.name`),
    tags: parseList(fields.tags, `${name}.tags`, (item, tagName) =>
      parseTag(item, tagName, series),
    ),
    series,
    notices: parseList(fields.notices, `${name}.notices`, parseNotice),
    skipped: parseList(fields.skipped, `${name}.skipped`, (item, skippedName) => {
      const skipped = parseFields(item, skippedName);
      return {
        tag: parseString(skipped.tag, `${skippedName}.tag`),
        reason: parseString(skipped.reason, `${skippedName}.reason`),
      };
    }),
    ...parseLayerParameters(fields.layer_parameters, `${name}.layer_parameters`),
  };
}

function parseLayerParameters(value: unknown, name: string): Pick<RunEntry, "layerParameters"> {
  if (value === undefined) return {};
  const counts = Object.entries(parseFields(value, name));
  return {
    layerParameters: new Map(
      counts.map(([path, count]) => [path, parseCount(count, `${name}.${path}`)]),
    ),
  };
}

function parseTag(value: unknown, name: string, allSeries: readonly Series[]): TagEntry {
  const fields = parseFields(value, name);
  const series = allSeries[parseCount(fields.series, `${name}.series`)];
  if (series === undefined)
    throw new ParseError(`${name}.series points outside the run's ${allSeries.length} series`);
  return {
    tag: parseString(fields.tag, `${name}.tag`),
    kind: parseString(fields.kind, `${name}.kind`),
    view: parseString(fields.view, `${name}.view`),
    source: parseSource(fields.source, `${name}.source`),
    series,
  };
}

function parseSeries(value: unknown, name: string): Series {
  const fields = parseFields(value, name);
  const steps = parseList(fields.steps, `${name}.steps`, parseCount);
  const wallTimes = parseList(fields.wall_times, `${name}.wall_times`, parseNumber);
  if (steps.length !== wallTimes.length) {
    throw new ParseError(`${name} has ${steps.length} steps but ${wallTimes.length} wall_times`);
  }
  return { steps, wallTimes, logged: parseNullable(fields.logged, `${name}.logged`, parseCount) };
}

function parseNotice(value: unknown, name: string): NoticeEntry {
  const fields = parseFields(value, name);
  return {
    view: parseString(fields.view, `${name}.view`),
    layer: parseString(fields.layer, `${name}.layer`),
    message: parseString(fields.message, `${name}.message`),
    step: parseCount(fields.step, `${name}.step`),
  };
}

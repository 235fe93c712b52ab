/**
 * What a file that is opened without a server holds of a log: the answers of the routes cut down to some tags and steps,
 * and where each record's blobs lie. Written into and read from `offline_page.ts`; must not know how blobs are fetched.
 */
import { countParameters } from "./layer_parameters.js";
import { attempt, type Parsed, ParseError, parseFields, parseList, parseString } from "./parse.js";
import { parseSource } from "./parse_header.js";

/** A record by the names that requests use. */
export interface OfflineItem {
  readonly run: string;
  readonly tag: string;
  readonly step: number;
}

/**
 * Lengths of a record's blobs, which lie one after the other: of the part `paint` with the header first, of `fine`
 * without. A record that could not be read has the server's status and its message as the one blob.
 */
export interface OfflineRecord extends OfflineItem {
  readonly status: number;
  readonly paint: readonly number[];
  readonly fine: readonly number[];
}

export interface OfflineContents {
  /** The answer of the route `index`, of what is in the file. */
  readonly index: unknown;
  /** The answers of the route `timeline`, by run. */
  readonly timelines: Readonly<Record<string, unknown>>;
  readonly records: readonly OfflineRecord[];
  /** Keys of the link that the file opens at. */
  readonly link: Readonly<Record<string, string>>;
  readonly theme: "light" | "dark";
  /** The colours of runs as they were on the screen; a run that is not here gets the next one. */
  readonly colours?: Readonly<Record<string, string>>;
  /** What the file says of itself: what it is of, and when it was made. */
  readonly about: readonly string[];
  /** What of the log is in it, where that is not all, as shares. */
  readonly remarks: readonly string[];
}

/** Of a tag of a run, the steps that are kept; none where the tag is left out. */
export type KeptSteps = (run: string, tag: string) => ReadonlySet<number>;

/**
 * The answer of the route `index` with those runs, tags and steps alone. The number of logged records becomes that of
 * the kept ones: what a file leaves out it says in words, and nobody's TensorBoard has sampled it.
 */
export function cutIndex(index: unknown, kept: KeptSteps): unknown {
  const fields = parseFields(index, "index");
  const runs = parseList(fields.runs, "runs", (run, name) => cutRun(run, name, kept));
  return { ...fields, runs: runs.filter((run) => run !== null) };
}

function cutRun(value: unknown, name: string, kept: KeptSteps): object | null {
  const fields = parseFields(value, name);
  const run = parseString(fields.run, `${name}.run`);
  const all = parseList(fields.series, `${name}.series`, (each) => each as Series);
  const series: Series[] = [];
  const places = new Map<string, number>();
  const tags = parseList(fields.tags, `${name}.tags`, (each) => each as Tag).flatMap((tag) => {
    const whole = all[tag.series];
    const steps = kept(run, tag.tag);
    if (whole === undefined || steps.size === 0) return [];
    const indices = [...whole.steps.keys()].filter((at) => steps.has(whole.steps[at] ?? NaN));
    if (indices.length === 0) return [];
    const key = `${tag.series} ${indices.join()}`;
    const place = places.get(key) ?? series.length;
    if (place === series.length) {
      places.set(key, place);
      series.push({
        steps: indices.map((at) => whole.steps[at] ?? 0),
        wall_times: indices.map((at) => whole.wall_times[at] ?? 0),
        logged: indices.length,
      });
    }
    return [{ ...tag, series: place }];
  });
  if (tags.length === 0) return null;
  const layers = cutLayers(fields.tags as readonly Tag[], tags, `${name}.tags`);
  return { ...fields, tags, series, ...layers };
}

// Of layers of which a variable is left out, how many parameters they have: no longer to be told from the tags.
function cutLayers(all: readonly Tag[], kept: readonly Tag[], name: string): object {
  const count = (tags: readonly Tag[]) =>
    countParameters(tags.map(({ source }) => parseSource(source ?? {}, `${name}.source`)));
  const left = count(kept);
  const cut = [...count(all)].filter(([path, parameters]) => (left.get(path) ?? 0) < parameters);
  return cut.length === 0 ? {} : { layer_parameters: Object.fromEntries(cut) };
}

/** As the route has them. */
interface Series {
  readonly steps: readonly number[];
  readonly wall_times: readonly number[];
  readonly logged: number | null;
}

interface Tag {
  readonly tag: string;
  readonly series: number;
  readonly source?: unknown;
}

/** What the index says of itself: the log's name, and the version of tb_nnviz that reads it; empty where it does not. */
export function readOrigin(index: unknown): { readonly log: string; readonly version: string } {
  const { log, tb_nnviz: version } = parseFields(index, "index");
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return { log: text(log), version: text(version) };
}

/** The answer of the route `timeline` with some steps alone. */
export function cutTimeline(timeline: unknown, steps: ReadonlySet<number>): unknown {
  const fields = parseFields(timeline, "timeline");
  const moments = parseList(fields.moments, "moments", (each) => each as { readonly step: number });
  return { ...fields, moments: moments.filter(({ step }) => steps.has(step)) };
}

/** Reads what `JSON.stringify` made of the contents. */
export function parseContents(text: string): Parsed<OfflineContents> {
  return attempt(() => {
    const fields = parseFields(parseJson(text), "the contents of this file");
    parseList(fields.records, "records", (each) => each);
    parseList(fields.about, "about", parseString);
    parseList(fields.remarks, "remarks", parseString);
    return fields as unknown as OfflineContents;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ParseError(`its contents are cut off or changed (${String(error)})`);
  }
}

/**
 * One answered item of a batch made into tiles, into the low plane of tiles, a histogram, a confusion or a graph. Joins
 * the API's bytes with the model's reading of them; must not know caches or queues.
 */
import type { BatchItem } from "../api/batch.js";
import { gunzip } from "../api/routes.js";
import { type Confusion, decodeConfusion } from "../model/confusion.js";
import { decodeHistogram, type Histogram } from "../model/histogram.js";
import { type Parsed, ParseError } from "../model/parse.js";
import { parseHeader } from "../model/parse_header.js";
import type { BlobInfo, GraphHeader, Header, RequestPart } from "../model/record.js";
import { type Blobs, decodeStatistics, decodeTiles, type Tiles } from "../model/tiles.js";

type Kind = "tiles" | "histogram" | "confusion" | "graph";

interface Opened<K extends Kind> {
  readonly header: Extract<Header, { readonly kind: K }>;
  readonly blobs: Blobs;
}

/** The tiles of an item asked for with part `paint`. */
export async function loadTiles(item: BatchItem): Promise<Parsed<Tiles>> {
  const opened = await openItem(item, "tiles", "paint");
  return opened.ok ? decodeTiles(opened.value.header, opened.value.blobs) : opened;
}

/** The expanded blobs of an item asked for with part `fine`. */
export async function loadFineBlobs(item: BatchItem): Promise<Parsed<Blobs>> {
  const opened = await openItem(item, "tiles", "fine");
  return opened.ok ? { ok: true, value: opened.value.blobs } : opened;
}

/** The statistics of an item asked for with part `statistics`, which tiles have. */
export async function loadStatistics(item: BatchItem): Promise<Parsed<Tiles["statistics"]>> {
  const opened = await openItem(item, "tiles", "statistics");
  return opened.ok ? decodeStatistics(opened.value.header, opened.value.blobs) : opened;
}

/** All but the values of the tiles of an item asked for with part `statistics`. */
export async function loadUnreadTiles(
  item: BatchItem,
): Promise<Parsed<Pick<Tiles, "header" | "statistics">>> {
  const opened = await openItem(item, "tiles", "statistics");
  if (!opened.ok) return opened;
  const { header, blobs } = opened.value;
  const statistics = decodeStatistics(header, blobs);
  return statistics.ok ? { ok: true, value: { header, statistics: statistics.value } } : statistics;
}

/** The histogram of an item asked for with part `paint`. */
export async function loadHistogram(item: BatchItem): Promise<Parsed<Histogram>> {
  const opened = await openItem(item, "histogram", "paint");
  return opened.ok ? decodeHistogram(opened.value.header, opened.value.blobs) : opened;
}

/** The confusion of an item asked for with part `paint`. */
export async function loadConfusion(item: BatchItem): Promise<Parsed<Confusion>> {
  const opened = await openItem(item, "confusion", "paint");
  return opened.ok ? decodeConfusion(opened.value.header, opened.value.blobs) : opened;
}

/** The graph of an item: its header says it all. */
export async function loadGraph(item: BatchItem): Promise<Parsed<GraphHeader>> {
  const opened = await openItem(item, "graph", "paint");
  return opened.ok ? { ok: true, value: opened.value.header } : opened;
}

async function openItem<K extends Kind>(
  item: BatchItem,
  kind: K,
  part: RequestPart,
): Promise<Parsed<Opened<K>>> {
  const [first, ...payload] = item.blobs;
  if (item.status !== 200 || first === undefined) {
    return { ok: false, message: failureMessage(item.status, first) };
  }
  const parsed = parseHeader(first);
  if (!parsed.ok) return parsed;
  const infos = parsed.value.blobs.filter((info) =>
    part === "statistics" ? info.name === part : info.part === part,
  );
  if (!isOfKind(parsed.value, kind)) {
    return { ok: false, message: `the record holds no ${kind}` };
  }
  if (infos.length !== payload.length) {
    return {
      ok: false,
      message: `the record has ${infos.length} blobs for part ${part}; got ${payload.length}`,
    };
  }
  try {
    return { ok: true, value: { header: parsed.value, blobs: await expandAll(infos, payload) } };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function isOfKind<K extends Kind>(header: Header, kind: K): header is Opened<K>["header"] {
  return header.kind === kind;
}

async function expandAll(
  infos: readonly BlobInfo[],
  payload: readonly Uint8Array[],
): Promise<Blobs> {
  const expanded = await Promise.all(
    infos.map(async (info, index) => {
      const stored = payload[index];
      if (stored === undefined) throw new ParseError(`the record lacks its blob ${info.name}`);
      return [info.name, info.compression === "gzip" ? await gunzip(stored) : stored] as const;
    }),
  );
  return new Map(expanded);
}

function failureMessage(status: number, blob: Uint8Array | undefined): string {
  try {
    const body = JSON.parse(new TextDecoder().decode(blob)) as { message?: unknown } | null;
    if (typeof body?.message === "string") return body.message;
  } catch {
    // Not JSON: the status has to do.
  }
  return `the server answered ${status} for this record`;
}

/**
 * The plugin's routes. Every URL is relative to the frame's base (`…/data/plugin/nnviz/`), never with a leading
 * slash, so that path prefixes and notebook proxies work. Hands out raw JSON and raw blobs; the model parses them.
 */
import { type BatchItem, decodeBatch } from "./batch.js";
import { ApiError, fetchOk } from "./errors.js";

/** One record: TensorBoard's run name, tag and step. */
export interface RecordItem {
  readonly run: string;
  readonly tag: string;
  readonly step: number;
}

export async function fetchIndex(signal: AbortSignal): Promise<unknown> {
  return (await fetchOk("./index", signal)).json();
}

export async function fetchTimeline(run: string, signal: AbortSignal): Promise<unknown> {
  return (await fetchOk(`./timeline?${new URLSearchParams({ run })}`, signal)).json();
}

/** The items' blobs, in the order asked for. */
export async function fetchRecords(
  items: readonly RecordItem[],
  part: "paint" | "fine" | "statistics",
  signal: AbortSignal,
): Promise<readonly BatchItem[]> {
  const query = new URLSearchParams({ parts: part });
  for (const { run, tag, step } of items) query.append("item", JSON.stringify([run, tag, step]));
  const buffer = await (await fetchOk(`./records?${query}`, signal)).arrayBuffer();
  let batch: readonly BatchItem[];
  try {
    batch = decodeBatch(buffer);
  } catch (error) {
    throw new ApiError(200, error instanceof Error ? error.message : String(error));
  }
  if (batch.length !== items.length) {
    throw new ApiError(200, `asked for ${items.length} records, got ${batch.length}`);
  }
  return batch;
}

/** The script that a file which opens without a server runs. */
export async function fetchOfflineScript(signal: AbortSignal): Promise<string> {
  return (await fetchOk("./static/offline.js", signal)).text();
}

/** Expands one gzip blob. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  // Written by hand: a `Blob` for each of hundreds of small blobs goes through another process and takes five times as long.
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  const [expanded] = await Promise.all([
    new Response(readable).arrayBuffer(),
    writer.write(bytes as Uint8Array<ArrayBuffer>),
    writer.close(),
  ]);
  return new Uint8Array(expanded);
}

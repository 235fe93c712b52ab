/**
 * What is asked of the server so that an export can be weighed: of each tag one record, of tiles without its values, and
 * these where they are packed. Must not know what is made of the answers.
 */
import type { BatchItem } from "../api/batch.js";
import type { Parsed } from "../model/parse.js";
import type { TagEntry } from "../model/parse_index.js";
import type { TilesHeader } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { RecordRef } from "./record_cache.js";
import { loadConfusion, loadHistogram, loadTiles, loadUnreadTiles } from "./record_loading.js";
import { type LoggedRecord, unpackedBytes } from "./record_weight.js";
import type { Session } from "./session.js";

export type Member = PanelEntry["members"][number];

/** A record that is asked for. `key`: what it stands for, a tag of a run or itself. */
export interface Wanted {
  readonly key: TagEntry | RecordRef;
  readonly entry: TagEntry;
  readonly ref: RecordRef;
}

/** Tiles last: as long as some are on their way, no size is told for good. */
const KINDS = ["histogram", "confusion", "tiles"] as const;
/** Asked of the server at once, and in all for one choice: others are taken to be like these. */
const BATCH = 32;
const MOST_ASKED = 128;
/** Of values that are stored packed, in bytes before that: of one record, and of all. */
const MOST_UNPACKED = 2 ** 19;
const MOST_UNPACKED_IN_ALL = 2 ** 23;

const answers = new WeakMap<Wanted["key"], LoggedRecord | null>();
const askedForValues = new WeakSet<Wanted["key"]>();

/** What was asked of the server; null while it is on its way, and where it cannot be had. */
export function answerOf(key: Wanted["key"]): LoggedRecord | null {
  return answers.get(key) ?? null;
}

/** True where a record holds values and was not asked for. */
export function isUnasked({ key, entry }: Wanted): boolean {
  return !answers.has(key) && (KINDS as readonly string[]).includes(entry.kind);
}

/** Asks for all but the values of tiles; true where something has come. */
export async function askForHeaders(
  wanted: readonly Wanted[],
  session: Session,
  signal: AbortSignal,
): Promise<boolean> {
  const ofKinds = KINDS.map((kind) =>
    wanted.filter(({ entry }) => entry.kind === kind).slice(0, MOST_ASKED),
  );
  // Nothing is asked for twice.
  for (const { key } of ofKinds.flat()) answers.set(key, null);
  let isNew = false;
  for (const [at, kind] of KINDS.entries()) {
    const part = kind === "tiles" ? "statistics" : "paint";
    const load = (item: BatchItem) => loadedOf(kind, item);
    if (await ask(ofKinds[at] ?? [], part, load, session, signal)) isNew = true;
  }
  return isNew;
}

/** Asks for values that are packed: how well they are must be seen. The smallest first; true where something has come. */
export function askForPacked(
  wanted: readonly Wanted[],
  session: Session,
  signal: AbortSignal,
): Promise<boolean> {
  let room = MOST_UNPACKED_IN_ALL;
  const some = wanted
    .flatMap((each) => {
      const answer = answerOf(each.key);
      const isOpen = answer?.kind === "tiles" && answer.tiles.payload === null;
      if (!isOpen || askedForValues.has(each.key)) return [];
      const bytes = packedBytes(answer.tiles.header);
      return bytes === 0 || bytes > MOST_UNPACKED ? [] : [{ ...each, bytes }];
    })
    .toSorted((a, b) => a.bytes - b.bytes)
    .slice(0, MOST_ASKED)
    .filter(({ bytes }) => {
      room -= bytes;
      return room >= 0;
    });
  for (const { key } of some) askedForValues.add(key);
  return ask(some, "paint", loadedTiles, session, signal);
}

// What cannot be had stays as it was known; on its way it is not known, so that no size is told for good. What was sent
// is waited for even where it is not wanted any more: a file may be made of it. The rest is asked for another time.
async function ask(
  wanted: readonly Wanted[],
  part: "statistics" | "paint",
  load: (item: BatchItem) => Promise<LoggedRecord | null>,
  { answers: { fetchAndKeep }, state }: Session,
  signal: AbortSignal,
): Promise<boolean> {
  const untilAnswered = new AbortController().signal;
  const before = wanted.map(({ key }) => answerOf(key));
  for (const { key } of wanted) answers.set(key, null);
  const keep = (at: number, answer: LoggedRecord | null): void => {
    const { key } = wanted[at] ?? {};
    if (key !== undefined) answers.set(key, answer ?? before[at] ?? null);
  };
  const forget = (at: number): void => {
    const { key } = wanted[at] ?? {};
    if (key === undefined) return;
    keep(at, null);
    if (!before[at]) answers.delete(key);
    askedForValues.delete(key);
  };
  for (let start = 0; start < wanted.length; start += BATCH) {
    if (signal.aborted || !state.value.tabVisible) {
      for (let at = start; at < wanted.length; at++) forget(at);
      return start > 0;
    }
    const batch = wanted.slice(start, start + BATCH);
    const refs = batch.map(({ ref }) => ref);
    try {
      const items = await fetchAndKeep(refs, part, untilAnswered);
      for (const [at, item] of items.entries()) keep(start + at, await load(item));
    } catch (error) {
      for (let at = start; at < wanted.length; at++) keep(at, null);
      throw error;
    }
  }
  return wanted.length > 0;
}

function packedBytes({ blobs }: TilesHeader): number {
  const packed = blobs.filter(
    ({ part, compression }) => part === "paint" && compression !== "none",
  );
  return packed.reduce((sum, blob) => sum + unpackedBytes(blob), 0);
}

async function loadedOf(
  kind: (typeof KINDS)[number],
  item: BatchItem,
): Promise<LoggedRecord | null> {
  const had = <T>(parsed: Parsed<T>): T | null => (parsed.ok ? parsed.value : null);
  switch (kind) {
    case "tiles": {
      const tiles = had(await loadUnreadTiles(item));
      return tiles === null ? null : { kind, tiles: { ...tiles, payload: null } };
    }
    case "histogram": {
      const histogram = had(await loadHistogram(item));
      return histogram === null ? null : { kind, histogram };
    }
    case "confusion": {
      const confusion = had(await loadConfusion(item));
      return confusion === null ? null : { kind, confusion };
    }
  }
}

async function loadedTiles(item: BatchItem): Promise<LoggedRecord | null> {
  const tiles = await loadTiles(item);
  return tiles.ok ? { kind: "tiles", tiles: tiles.value } : null;
}

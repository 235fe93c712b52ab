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
const onTheirWay = new WeakSet<Wanted["key"]>();
const underWay = new WeakMap<Session, Set<Promise<unknown>>>();

/** What was asked of the server; null while it is on its way, and where it cannot be had. */
export function answerOf(key: Wanted["key"]): LoggedRecord | null {
  return onTheirWay.has(key) ? null : (answers.get(key) ?? null);
}

export function isOnItsWay({ key }: Wanted): boolean {
  return onTheirWay.has(key);
}

/** True where a record holds values and was not asked for. */
export function isUnasked({ key, entry }: Wanted): boolean {
  const isKnown = answers.has(key) || onTheirWay.has(key);
  return !isKnown && (KINDS as readonly string[]).includes(entry.kind);
}

/** Until all that is under way for the weighing of exports has ended, however it ends. */
export async function untilAnswered(session: Session): Promise<void> {
  await Promise.allSettled(underWay.get(session) ?? []);
}

/** Asks for all but the values of tiles; true where something has come. */
export function askForHeaders(
  wanted: readonly Wanted[],
  session: Session,
  signal: AbortSignal,
): Promise<boolean> {
  const questions = KINDS.map(
    (kind): Question => ({
      wanted: wanted.filter(({ entry }) => entry.kind === kind).slice(0, MOST_ASKED),
      part: kind === "tiles" ? "statistics" : "paint",
      load: (item) => loadedOf(kind, item),
    }),
  );
  return ask(questions, session, signal);
}

/** Asks for values that are packed: how well they are must be seen. The smallest first; true where something has come. */
export async function askForPacked(
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
  const load = (item: BatchItem, { key }: Wanted) => {
    askedForValues.add(key);
    return loadedTiles(item);
  };
  return ask([{ wanted: some, part: "paint", load }], session, signal);
}

interface Question {
  readonly wanted: readonly Wanted[];
  readonly part: "statistics" | "paint";
  readonly load: (item: BatchItem, wanted: Wanted) => Promise<LoggedRecord | null>;
}

// While any is on its way none is known, so that no size is told for good. What could not be asked for, because the
// signal was aborted, the tab hidden or a request failed, is so another time.
function ask(
  questions: readonly Question[],
  session: Session,
  signal: AbortSignal,
): Promise<boolean> {
  const keys = questions.flatMap(({ wanted }) => wanted.map(({ key }) => key));
  const all = underWay.get(session) ?? new Set();
  underWay.set(session, all);
  for (const key of keys) onTheirWay.add(key);
  const asking = askInTurn(questions, session, signal).finally(() => {
    for (const key of keys) onTheirWay.delete(key);
    all.delete(asking);
  });
  all.add(asking);
  return asking;
}

async function askInTurn(
  questions: readonly Question[],
  { answers: { fetchAndKeep }, state }: Session,
  signal: AbortSignal,
): Promise<boolean> {
  // What was sent is waited for, even where it is not wanted any more: a file may be made of it.
  const neverCalledOff = new AbortController().signal;
  let isNew = false;
  for (const { wanted, part, load } of questions) {
    for (let start = 0; start < wanted.length; start += BATCH) {
      if (signal.aborted || !state.value.tabVisible) return isNew;
      const batch = wanted.slice(start, start + BATCH);
      const refs = batch.map(({ ref }) => ref);
      const items = await fetchAndKeep(refs, part, neverCalledOff);
      for (const [at, each] of batch.entries()) {
        const item = items[at];
        const answer = item === undefined ? null : await load(item, each);
        // What cannot be had stays as it was known.
        answers.set(each.key, answer ?? answers.get(each.key) ?? null);
      }
      isNew = true;
    }
  }
  return isNew;
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

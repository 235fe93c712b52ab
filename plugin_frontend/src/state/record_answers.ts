/**
 * Records as the server sends them, for all that read some. What was asked for so that an export can be weighed is kept
 * for a while, and not asked for again by whoever wants it next. Must not know what a record holds.
 */
import type { BatchItem } from "../api/batch.js";
import type { RecordItem } from "../api/routes.js";
import type { RequestPart } from "../model/record.js";
import { type FetchRecords, type RecordRef, recordKey } from "./record_cache.js";

/** The server itself: one answer for each item, in their order. */
export type AskServer = (
  items: readonly RecordItem[],
  part: RequestPart,
  signal: AbortSignal,
) => Promise<readonly BatchItem[]>;

const KEPT_BYTES = 16 * 2 ** 20;

export class RecordAnswers {
  readonly #ask: AskServer;
  readonly #budget: number;
  /** The oldest first. */
  readonly #kept = new Map<string, BatchItem>();
  #bytes = 0;

  /** `budget` in bytes of what is kept. */
  constructor(ask: AskServer, budget = KEPT_BYTES) {
    this.#ask = ask;
    this.#budget = budget;
  }

  /** One answer for each ref, in their order. */
  readonly fetch: FetchRecords = async (refs, part, signal) => {
    const kept = refs.map((ref) => this.#kept.get(answerKey(ref, part)));
    const lacking = refs.filter((_, at) => kept[at] === undefined);
    const asked = lacking.length === 0 ? [] : await this.#ask(lacking, part, signal);
    let next = 0;
    return kept.flatMap((answer) => answer ?? asked[next++] ?? []);
  };

  /** The same; answers with a record are kept. */
  readonly fetchAndKeep: FetchRecords = async (refs, part, signal) => {
    const answers = await this.fetch(refs, part, signal);
    for (const [at, ref] of refs.entries()) {
      const answer = answers[at];
      if (answer?.status === 200) this.#keep(answerKey(ref, part), answer);
    }
    return answers;
  };

  #keep(key: string, answer: BatchItem): void {
    if (this.#kept.has(key)) return;
    this.#kept.set(key, answer);
    this.#bytes += bytesOf(answer);
    for (const [oldest, each] of this.#kept) {
      if (this.#bytes <= this.#budget) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(each);
    }
  }
}

function answerKey(ref: RecordRef, part: RequestPart): string {
  return `${part} ${recordKey(ref)}`;
}

function bytesOf({ blobs }: BatchItem): number {
  return blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

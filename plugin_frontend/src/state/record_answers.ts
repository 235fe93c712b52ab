/**
 * Records as the server sends them, for all that read some: what is under way for one is waited for by the others, so
 * that nothing is asked for twice, and answers that may be wanted again are kept for a while. Must not know what a
 * record holds.
 */
import type { BatchItem } from "../api/batch.js";
import { isAbort } from "../api/errors.js";
import type { RecordItem } from "../api/routes.js";
import type { RequestPart } from "../model/record.js";
import { type FetchRecords, type RecordRef, recordKey } from "./record_cache.js";

/** The server itself: one answer for each item, in their order. */
export type AskServer = (
  items: readonly RecordItem[],
  part: RequestPart,
  signal: AbortSignal,
) => Promise<readonly BatchItem[]>;

/** Null where it was called off by the one who had asked. */
type Answer = BatchItem | null;

const UNANSWERED: BatchItem = { status: 404, blobs: [] };

const KEPT_BYTES = 16 * 2 ** 20;

export class RecordAnswers {
  readonly #ask: AskServer;
  readonly #budget: number;
  readonly #underWay = new Map<string, Promise<Answer>>();
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
    const answers = await this.#answers(refs, part, signal);
    const isCalledOff = answers.includes(null);
    if (isCalledOff) signal.throwIfAborted();
    const again = refs.filter((_, at) => answers[at] === null);
    const more = isCalledOff ? await this.fetch(again, part, signal) : [];
    let next = 0;
    return answers.flatMap((answer) => answer ?? more[next++] ?? []);
  };

  /** The same, and answers with a record are kept for whoever wants them next. */
  readonly fetchAndKeep: FetchRecords = async (refs, part, signal) => {
    const answers = await this.fetch(refs, part, signal);
    for (const [at, ref] of refs.entries()) {
      const answer = answers[at];
      if (answer?.status === 200) this.#keep(answerKey(ref, part), answer);
    }
    return answers;
  };

  #answers(
    refs: readonly RecordRef[],
    part: RequestPart,
    signal: AbortSignal,
  ): Promise<readonly Answer[]> {
    const keys = refs.map((ref) => answerKey(ref, part));
    const lacking = refs.filter((_, at) => {
      const key = keys[at] ?? "";
      return !this.#kept.has(key) && !this.#underWay.has(key);
    });
    const others = keys.map((key) => this.#kept.get(key) ?? this.#underWay.get(key));
    if (lacking.length > 0) this.#send(lacking, part, signal);
    return Promise.all(
      keys.map((key, at) => {
        const other = others[at];
        if (other === undefined) return this.#underWay.get(key) ?? null;
        return other instanceof Promise ? unlessCalledOff(other, signal) : other;
      }),
    );
  }

  #send(refs: readonly RecordRef[], part: RequestPart, signal: AbortSignal): void {
    const asked = this.#ask(refs, part, signal);
    for (const [at, ref] of refs.entries()) {
      const key = answerKey(ref, part);
      const answer = asked
        .then((items) => items[at] ?? UNANSWERED)
        .catch((error: unknown) => {
          if (isAbort(error)) return null;
          throw error;
        })
        .finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, answer);
    }
  }

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

/** What someone else has asked for, or null as soon as it is not wanted here any more. */
function unlessCalledOff(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const callOff = (): void => resolve(null);
    signal.addEventListener("abort", callOff);
    if (signal.aborted) callOff();
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", callOff));
  });
}

/**
 * Fetches what the server knows of the log as a whole: the index, and the timelines of runs. Calls off what a later
 * load replaces. Steps and their moments are handed over together, where the receiver awaits them. Must not know the
 * state.
 */
import { isAbort } from "../api/errors.js";
import type { Parsed } from "../model/parse.js";
import { type Index, parseIndex, parseTimeline, type RunEntry } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";

export interface IndexServer {
  readonly fetchIndex: (signal: AbortSignal) => Promise<unknown>;
  readonly fetchTimeline: (run: string, signal: AbortSignal) => Promise<unknown>;
}

/** Moments by run and step. */
export type Timelines = ReadonlyMap<string, ReadonlyMap<number, Moment>>;

export interface IndexReceiver {
  /** The runs whose timelines an index waits for. */
  readonly awaitedRuns: (index: Index) => readonly RunEntry[];
  readonly onIndex: (index: Parsed<Index>, timelines: Timelines) => void;
  readonly onTimelines: (timelines: Timelines) => void;
}

export class IndexLoader {
  readonly #server: IndexServer;
  readonly #receiver: IndexReceiver;
  readonly #asked = new Set<string>();
  #loading: AbortController | null = null;
  #underWay = 0;
  /** The index that was handed over last, as text; null after a failure, so that the next one mends it. */
  #known: string | null = null;

  constructor(server: IndexServer, receiver: IndexReceiver) {
    this.#server = server;
    this.#receiver = receiver;
  }

  /** Fetches the index, and timelines anew. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const fetched = await this.#fetchIndex(loading.signal);
    if (fetched === null || loading.signal.aborted) return;
    await this.#handOver(fetched, loading.signal);
  }

  /**
   * Looks whether the index has changed, and hands it over if so; not while anything is under way. What has not
   * changed costs no more than the one request: no timeline is asked for anew, nothing is drawn anew.
   */
  async look(): Promise<void> {
    if (this.#underWay > 0) return;
    const loading = new AbortController();
    this.#loading = loading;
    const fetched = await this.#fetchIndex(loading.signal);
    if (fetched === null || loading.signal.aborted) return;
    const isKnown = fetched.ok && JSON.stringify(fetched.value) === this.#known;
    if (!isKnown) await this.#handOver(fetched, loading.signal);
  }

  async #fetchIndex(signal: AbortSignal): Promise<Parsed<unknown> | null> {
    return this.#counted(() =>
      ask(
        () => this.#server.fetchIndex(signal),
        (value): Parsed<unknown> => ({ ok: true, value }),
      ),
    );
  }

  async #handOver(fetched: Parsed<unknown>, signal: AbortSignal): Promise<void> {
    const loaded = fetched.ok ? parseIndex(fetched.value) : fetched;
    const { runs } = loaded.ok ? loaded.value : { runs: [] };
    // Those that are gone are shown until this is handed over, and not asked for again.
    for (const { run } of runs) this.#asked.delete(run);
    const awaited = loaded.ok ? this.#receiver.awaitedRuns(loaded.value) : [];
    const timelines = await this.#loadTimelines(awaited, signal);
    if (signal.aborted) return;
    this.#known = fetched.ok && loaded.ok ? JSON.stringify(fetched.value) : null;
    this.#receiver.onIndex(loaded, timelines);
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work();
    } finally {
      this.#underWay--;
    }
  }

  /** Fetches the timelines that have not been asked for since the index came. */
  async wantTimelines(runs: readonly RunEntry[]): Promise<void> {
    const signal = this.#loading?.signal;
    if (signal === undefined || runs.every(({ run }) => this.#asked.has(run))) return;
    const timelines = await this.#loadTimelines(runs, signal);
    if (!signal.aborted) this.#receiver.onTimelines(timelines);
  }

  // Without its timeline a run is still shown, by step instead of by epoch.
  async #loadTimelines(runs: readonly RunEntry[], signal: AbortSignal): Promise<Timelines> {
    const timelines = new Map<string, ReadonlyMap<number, Moment>>();
    const wanted = new Set(runs.map(({ run }) => run));
    for (const run of this.#asked) wanted.delete(run);
    await Promise.all(
      [...wanted].map(async (run) => {
        this.#asked.add(run);
        const loaded = await this.#counted(() =>
          ask(() => this.#server.fetchTimeline(run, signal), parseTimeline),
        );
        if (loaded?.ok) timelines.set(run, new Map(loaded.value.map((each) => [each.step, each])));
      }),
    );
    return timelines;
  }
}

// Null where the request was called off.
async function ask<T>(
  request: () => Promise<unknown>,
  parse: (json: unknown) => Parsed<T>,
): Promise<Parsed<T> | null> {
  try {
    return parse(await request());
  } catch (error) {
    if (isAbort(error)) return null;
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Fetches what the server knows of the log as a whole: the index, and the timelines of runs. Calls off what a later
 * load replaces. Must not know the state; it hands over what has come.
 */
import { isAbort } from "../api/errors.js";
import type { Parsed } from "../model/parse.js";
import { type Index, parseIndex, parseTimeline } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";

export interface IndexServer {
  readonly fetchIndex: (signal: AbortSignal) => Promise<unknown>;
  readonly fetchTimeline: (run: string, signal: AbortSignal) => Promise<unknown>;
}

export interface IndexReceiver {
  readonly onIndex: (index: Parsed<Index>) => void;
  readonly onTimeline: (run: string, moments: ReadonlyMap<number, Moment>) => void;
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

  /** Fetches the index; after it, timelines are asked for anew. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const fetched = await this.#fetchIndex(loading.signal);
    if (fetched === null || loading.signal.aborted) return;
    this.#handOver(fetched);
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
    if (!isKnown) this.#handOver(fetched);
  }

  async #fetchIndex(signal: AbortSignal): Promise<Parsed<unknown> | null> {
    return this.#counted(() =>
      ask(
        () => this.#server.fetchIndex(signal),
        (value): Parsed<unknown> => ({ ok: true, value }),
      ),
    );
  }

  #handOver(fetched: Parsed<unknown>): void {
    const loaded = fetched.ok ? parseIndex(fetched.value) : fetched;
    this.#known = fetched.ok && loaded.ok ? JSON.stringify(fetched.value) : null;
    if (loaded.ok) this.#asked.clear();
    this.#receiver.onIndex(loaded);
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
  wantTimelines(runs: readonly { readonly run: string }[]): void {
    const loading = this.#loading;
    if (loading === null) return;
    for (const { run } of runs) {
      if (this.#asked.has(run)) continue;
      this.#asked.add(run);
      void this.#loadTimeline(run, loading.signal);
    }
  }

  // Without its timeline a run is still shown, by step instead of by epoch.
  async #loadTimeline(run: string, signal: AbortSignal): Promise<void> {
    const loaded = await this.#counted(() =>
      ask(() => this.#server.fetchTimeline(run, signal), parseTimeline),
    );
    if (loaded === null || !loaded.ok || signal.aborted) return;
    this.#receiver.onTimeline(run, new Map(loaded.value.map((moment) => [moment.step, moment])));
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

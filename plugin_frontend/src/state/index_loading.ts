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

  constructor(server: IndexServer, receiver: IndexReceiver) {
    this.#server = server;
    this.#receiver = receiver;
  }

  /** Fetches the index; after it, timelines are asked for anew. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const loaded = await ask(() => this.#server.fetchIndex(loading.signal), parseIndex);
    if (loaded === null || loading.signal.aborted) return;
    if (loaded.ok) this.#asked.clear();
    this.#receiver.onIndex(loaded);
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
    const loaded = await ask(() => this.#server.fetchTimeline(run, signal), parseTimeline);
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

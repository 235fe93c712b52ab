/** A ZIP that grows file by file, in turns with the browser; what is in it is compressed already. Must not know of what. */
import { Zip, ZipPassThrough } from "fflate";
import { breathe } from "./export_job.js";

/** Written before the browser has its turn. */
const BYTES_AT_ONCE = 2 ** 22;

export class StoredZip {
  readonly #signal: AbortSignal;
  readonly #names = new Set<string>();
  readonly #zip: Zip;
  /** As blobs, which a browser need not keep in memory. */
  readonly #parts: Blob[] = [];
  #failure: Error | null = null;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.#zip = new Zip((error, chunk) => {
      if (error !== null) this.#failure = error;
      else this.#parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
    });
  }

  /** Adds a file. Names that are the same are numbered. Rejects where it is called off. */
  async add(name: string, blob: Blob): Promise<void> {
    const entry = new ZipPassThrough(this.#unique(name));
    this.#zip.add(entry);
    for (let at = 0; at === 0 || at < blob.size; at += BYTES_AT_ONCE) {
      const end = at + BYTES_AT_ONCE;
      const bytes = new Uint8Array(await blob.slice(at, end).arrayBuffer());
      entry.push(bytes, end >= blob.size);
      await breathe(this.#signal);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** The whole file; nothing can be added afterwards. */
  end(): Blob {
    this.#zip.end();
    if (this.#failure !== null) throw this.#failure;
    return new Blob(this.#parts, { type: "application/zip" });
  }

  #unique(name: string): string {
    const dot = name.lastIndexOf(".");
    const [stem, extension] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
    let unique = name;
    for (let copy = 2; this.#names.has(unique); copy++) unique = `${stem}_${copy}${extension}`;
    this.#names.add(unique);
    return unique;
  }
}

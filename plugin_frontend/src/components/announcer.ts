/**
 * What a screen reader is told of something that changes often: the text at which it comes to rest, and never what was
 * there from the beginning. Must not know what the text is about.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** A text rests after this long without another one, in milliseconds. */
const REST = 800;

export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #text = "";
  #told: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What stands in the live region. */
  get text(): string {
    return this.#text;
  }

  /** Empty while there is nothing to be told. */
  tell(text: string): void {
    const isFirst = this.#told === null;
    if (text === this.#told || (isFirst && text === "")) return;
    this.#told = text;
    clearTimeout(this.#timer);
    if (isFirst || text === "") return;
    this.#timer = setTimeout(() => {
      this.#text = text;
      this.#host.requestUpdate();
    }, REST);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Lets panels that come near by into being one after the other, in idle moments, so that scrolling is not held up by
 * several at once; those that are about to be seen at once. Knows tags; must not know panels.
 */

/** Calls back when the browser has nothing better to do, at the latest after `WAIT`. */
export type WhenIdle = (callback: () => void) => void;

/** In milliseconds: longer than a frame of a busy screen, shorter than it takes to scroll to what is prepared. */
const WAIT = 60;

/** Safari has no `requestIdleCallback`. */
export const whenIdle: WhenIdle = (callback) => {
  if (typeof requestIdleCallback === "function") requestIdleCallback(callback, { timeout: WAIT });
  else setTimeout(callback, 0);
};

export class Pacer {
  readonly #onChange: (there: ReadonlySet<string>) => void;
  readonly #whenIdle: WhenIdle;
  #wanted: ReadonlySet<string> = new Set();
  #urgent: ReadonlySet<string> = new Set();
  #there: ReadonlySet<string> = new Set();
  #isScheduled = false;

  /** `onChange` gets the tags that are to be there, a set of its own every time. */
  constructor(onChange: (there: ReadonlySet<string>) => void, schedule: WhenIdle = whenIdle) {
    this.#onChange = onChange;
    this.#whenIdle = schedule;
  }

  /** What is near by: what is no longer among these goes at once. */
  want(tags: ReadonlySet<string>): void {
    this.#wanted = tags;
    this.#settle();
  }

  /** What does not wait, as far as it is wanted. */
  hurry(tags: ReadonlySet<string>): void {
    this.#urgent = tags;
    this.#settle();
  }

  #settle(): void {
    this.#change([...this.#wanted].filter((tag) => this.#there.has(tag) || this.#urgent.has(tag)));
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isScheduled || this.#there.size === this.#wanted.size) return;
    this.#isScheduled = true;
    this.#whenIdle(() => {
      this.#isScheduled = false;
      const next = [...this.#wanted].find((tag) => !this.#there.has(tag));
      if (next !== undefined) this.#change([...this.#there, next]);
      this.#goOn();
    });
  }

  #change(tags: readonly string[]): void {
    if (tags.length === this.#there.size && tags.every((tag) => this.#there.has(tag))) return;
    this.#there = new Set(tags);
    this.#onChange(this.#there);
  }
}

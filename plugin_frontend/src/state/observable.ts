/** A value that can be watched. Knows nothing of what it holds. */

export class Observable<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Replaces the value and tells the listeners, unless it is the same one. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.notify();
  }

  /** Replaces the value without a word: for what is told elsewhere. */
  replace(value: T): void {
    this.#value = value;
  }

  /** Tells the listeners that something inside the value has changed. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * Results that belong to a pair of objects, kept while both live and while the budget lasts: the least recently asked
 * ones go first. Knows nothing of what it holds.
 */

interface Box<V> {
  value: V | null;
  readonly bytes: number;
}

export class PairCache<K extends object, V> {
  readonly #boxes = new WeakMap<K, WeakMap<K, Box<V>>>();
  /** Boxes that still hold their value, least recently asked first. */
  readonly #full = new Set<Box<V>>();
  readonly #budget: number;
  #bytes = 0;

  /** `budget` in bytes; the newest value is kept even beyond it. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get(first: K, second: K): V | null {
    const box = this.#boxes.get(first)?.get(second);
    if (box === undefined || box.value === null) return null;
    this.#full.delete(box);
    this.#full.add(box);
    return box.value;
  }

  set(first: K, second: K, value: V, bytes: number): void {
    const ofFirst = this.#boxes.get(first) ?? new WeakMap<K, Box<V>>();
    this.#boxes.set(first, ofFirst);
    const before = ofFirst.get(second);
    if (before !== undefined) this.#empty(before);
    const box = { value, bytes };
    ofFirst.set(second, box);
    this.#full.add(box);
    this.#bytes += bytes;
    for (const old of this.#full) {
      if (this.#bytes <= this.#budget || old === box) return;
      this.#empty(old);
    }
  }

  #empty(box: Box<V>): void {
    if (!this.#full.delete(box)) return;
    this.#bytes -= box.bytes;
    box.value = null;
  }
}

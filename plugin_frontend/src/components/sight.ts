/**
 * Which elements of a scrolling area are in sight or nearly so, by their tags. Knows geometry; must not know what is
 * done with it.
 */

export class Sight {
  readonly #observer: IntersectionObserver;
  readonly #tags = new Set<string>();
  #observed: ReadonlySet<HTMLElement> = new Set();

  /** `margin` in CSS pixels above and below; `onChange` gets a set of its own every time. */
  constructor(
    root: HTMLElement,
    margin: number,
    onChange: (tags: ReadonlySet<string>, entries: readonly IntersectionObserverEntry[]) => void,
  ) {
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const { tag = "" } = (target as HTMLElement).dataset;
          if (isIntersecting) this.#tags.add(tag);
          else this.#tags.delete(tag);
        }
        onChange(new Set(this.#tags), entries);
      },
      { root, rootMargin: `${margin}px 0px` },
    );
  }

  /** Watches these elements and no others. */
  watch(elements: readonly HTMLElement[]): void {
    const wanted = new Set(elements);
    for (const element of wanted) if (!this.#observed.has(element)) this.#observer.observe(element);
    for (const element of this.#observed) {
      if (wanted.has(element)) continue;
      this.#observer.unobserve(element);
      this.#tags.delete(element.dataset.tag ?? "");
    }
    this.#observed = wanted;
  }

  disconnect(): void {
    this.#observer.disconnect();
    this.#observed = new Set();
    this.#tags.clear();
  }
}

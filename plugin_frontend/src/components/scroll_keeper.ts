/**
 * Keeps the main area where the session says it is scrolled to, while panels above get their heights, and reports where
 * the user scrolls. Knows slots by their tags; must not know panels.
 */
import type { Place } from "../model/link.js";
import type { Session } from "../state/session.js";

/** A place is held this long while panels load; scrolling by hand ends it at once. In milliseconds. */
const HOLD_FOR = 12_000;
/** Scrolling is reported as it begins, and when it has paused for this long. */
const REPORT_AFTER = 150;

const INPUTS = ["wheel", "pointerdown", "touchstart", "keydown"] as const;

export class ScrollKeeper {
  readonly #area: HTMLElement;
  readonly #slots: () => readonly HTMLElement[];
  readonly #session: () => Session;
  #held: Place | null = null;
  #reported: Place | null = null;
  #wasHidden = false;
  #release: ReturnType<typeof setTimeout> | undefined;
  #report: ReturnType<typeof setTimeout> | undefined;

  constructor(area: HTMLElement, slots: () => readonly HTMLElement[], session: () => Session) {
    this.#area = area;
    this.#slots = slots;
    this.#session = session;
    area.addEventListener("scroll", this.#onScroll, { passive: true });
    for (const input of INPUTS)
      area.addEventListener(input, () => this.#letGo(), { passive: true });
  }

  /** Goes to where the session has been put by a link or a key. */
  follow(): void {
    if (this.#session().place.value !== this.#reported) this.go();
  }

  /** Goes there, even where it is there as far as is known: that it was scrolled may be yet to be told. */
  go(): void {
    const place = this.#session().place.value;
    this.#reported = place;
    this.#letGo();
    if (place === null) {
      this.#area.scrollTop = 0;
      return;
    }
    this.#held = place;
    this.settle();
  }

  /** To be called when panels have come, or they or the area have changed their heights. */
  settle(): void {
    // A hidden tab has no height, and forgets where it was scrolled to.
    const isHidden = this.#area.clientHeight === 0;
    if (this.#wasHidden && !isHidden) this.#held = this.#session().place.value;
    this.#wasHidden = isHidden;
    const place = this.#held;
    if (place === null || isHidden) return;
    const slot = this.#slots().find((each) => each.dataset.tag === place.tag);
    if (slot === undefined) return;
    this.#release ??= setTimeout(() => this.#letGo(), HOLD_FOR);
    const off = this.#above(slot) - place.offset;
    if (Math.abs(off) >= 1) this.#area.scrollTop -= off;
  }

  /** The topmost slot that is in sight, and how much of it is above. */
  top(): Place | null {
    const found = this.#slots().find((slot) => {
      const { height } = slot.getBoundingClientRect();
      return this.#above(slot) < height;
    });
    const tag = found?.dataset.tag;
    return found === undefined || tag === undefined
      ? null
      : { tag, offset: Math.round(this.#above(found)) };
  }

  #above(slot: HTMLElement): number {
    return this.#area.getBoundingClientRect().top - slot.getBoundingClientRect().top;
  }

  #letGo(): void {
    clearTimeout(this.#release);
    this.#release = undefined;
    this.#held = null;
  }

  // At once where it begins: what is opened before it has paused is of another place.
  readonly #onScroll = (): void => {
    if (this.#held !== null) return;
    if (this.#report === undefined) this.#tell();
    clearTimeout(this.#report);
    this.#report = setTimeout(() => {
      this.#report = undefined;
      this.#tell();
    }, REPORT_AFTER);
  };

  #tell(): void {
    if (this.#held !== null || this.#area.clientHeight === 0) return;
    const place = this.#area.scrollTop <= 0 ? null : this.top();
    this.#reported = place;
    this.#session().place.set(place);
  }
}

/**
 * The clock of following: says every ten seconds that it is time to look for new data. Must not know what is fetched
 * nor why one follows.
 */

/** TensorBoard reads its logs every five seconds by default; looking oftener would find nothing new. */
export const LOOK_MILLISECONDS = 10_000;

export class FollowingClock {
  readonly #onLook: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(onLook: () => void) {
    this.#onLook = onLook;
  }

  /** Looks from now on, first after the whole time, or not any more; a look that is on its way keeps its time. */
  run(following: boolean): void {
    if (following) {
      this.#timer ??= setInterval(this.#onLook, LOOK_MILLISECONDS);
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

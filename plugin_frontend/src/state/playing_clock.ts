/** The clock of playing: one frame after another, as fast as was chosen. Must not know points nor what is shown. */

/** At speed 1: four points a second. */
const FRAME_MILLISECONDS = 250;

export class PlayingClock {
  readonly #onFrame: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onFrame: () => void) {
    this.#onFrame = onFrame;
  }

  /** Lets the next frame come in its time, or none any more; a frame that is on its way keeps its time. */
  run(playing: boolean, speed: number): void {
    if (playing) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#onFrame();
      }, FRAME_MILLISECONDS / speed);
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}

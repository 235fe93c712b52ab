/** The clock of playing: one frame after another, as fast as was chosen. Must not know points nor what is shown. */

/** At speed 1: four points a second. */
const FRAME_MILLISECONDS = 250;

export class PlayingClock {
  readonly #onFrame: () => void;
  readonly #frame: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `frame`: how long one is shown at speed 1, in milliseconds. */
  constructor(onFrame: () => void, frame: number = FRAME_MILLISECONDS) {
    this.#onFrame = onFrame;
    this.#frame = frame;
  }

  /** Lets the next frame come in its time, or none any more; a frame that is on its way keeps its time. */
  run(playing: boolean, speed: number): void {
    if (playing) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#onFrame();
      }, this.#frame / speed);
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}

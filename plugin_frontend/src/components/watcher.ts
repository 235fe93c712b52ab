/** Re-renders a component when something it reads changes. Knows observables and Lit's life cycle, nothing else. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Observable } from "../state/observable.js";

export class Watcher implements ReactiveController {
  readonly #onChange: () => void;
  readonly #sources: () => readonly Observable<unknown>[];
  #stops: readonly (() => void)[] = [];

  /** `sources` is asked when the host is connected, once its properties are set. */
  constructor(
    host: ReactiveControllerHost,
    sources: () => readonly Observable<unknown>[],
    onChange: () => void = () => host.requestUpdate(),
  ) {
    this.#sources = sources;
    this.#onChange = onChange;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stops = this.#sources().map((source) => source.subscribe(this.#onChange));
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }
}

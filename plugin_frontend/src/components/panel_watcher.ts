/**
 * Re-renders a panel when something it reads has changed, and only while it is in sight; what it missed it makes up for
 * when it comes into sight. Knows observables and Lit's life cycle; must not know what a panel shows.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Observable } from "../state/observable.js";
import type { Session } from "../state/session.js";
import { takeTurn } from "./turns.js";

/** All are asked when the host is connected, once its properties are set, or later. */
export interface Watched {
  readonly session: () => Session;
  readonly tag: () => string;
  /** Notifies when any record comes or fails, whichever panel's it is. */
  readonly records: (session: Session) => Observable<unknown>;
  /** What the panel takes from the records: it renders again when one of these is another object. */
  readonly reads: () => readonly unknown[];
}

export class PanelWatcher implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #watched: Watched;
  #stops: readonly (() => void)[] = [];
  #wasInSight = false;
  #hasMissed = false;
  #read: readonly unknown[] = [];

  constructor(host: ReactiveControllerHost, watched: Watched) {
    this.#host = host;
    this.#watched = watched;
    host.addController(this);
  }

  hostConnected(): void {
    const session = this.#watched.session();
    this.#wasInSight = this.#isInSight();
    this.#stops = [
      session.state.subscribe(() => this.#onState()),
      session.sight.subscribe(() => this.#onSight()),
      session.columnsInSight.subscribe(() => this.#onColumns()),
      this.#watched.records(session).subscribe(() => this.#onRecords()),
    ];
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#hasMissed = true;
  }

  hostUpdate(): void {
    this.#hasMissed = false;
    this.#read = this.#watched.reads();
  }

  #isInSight(): boolean {
    // Behind a tile in the large nothing is to be seen.
    const { inSight, opened } = this.#watched.session().state.value;
    return opened === null && inSight.has(this.#watched.tag());
  }

  #onState(): void {
    if (this.#isInSight()) this.#host.requestUpdate();
    else this.#hasMissed = true;
  }

  #onColumns(): void {
    if (this.#isInSight()) takeTurn(this.#host);
    else this.#hasMissed = true;
  }

  #onSight(): void {
    const isInSight = this.#isInSight();
    if (isInSight && !this.#wasInSight && this.#hasMissed) this.#host.requestUpdate();
    this.#wasInSight = isInSight;
  }

  #onRecords(): void {
    if (!this.#isInSight()) {
      this.#hasMissed = true;
      return;
    }
    const now = this.#watched.reads();
    const before = this.#read;
    if (now.length !== before.length || now.some((each, index) => each !== before[index])) {
      this.#host.requestUpdate();
    }
  }
}

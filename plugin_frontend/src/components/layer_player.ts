/**
 * Where the bar that plays through the layers stands: above the activations, and on the stage at the top of what is in
 * sight. Keeps its place until the bar's module is here. Must not know what is in the bar.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import type { Session } from "../state/session.js";
import { layerBarLoader } from "./deferred_modules.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Less than this, in CSS pixels, and the stops have a line of their own. */
export const NARROW = 1000;

export class NnvizLayerPlayer extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    width: { type: Number },
  };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
        min-height: 32px;
      }
      :host([playing-one]) {
        position: sticky;
        top: 0;
        z-index: 5;
        min-height: 72px;
        margin: 0 -20px;
        padding: 8px 20px 6px;
        background: var(--page);
      }
      :host([playing-one][narrow]) {
        min-height: 108px;
      }
    `,
  ];

  declare session: Session;
  /** Of the bar, in CSS pixels. */
  declare width: number;

  constructor() {
    super();
    this.width = 0;
    new Watcher(this, () => [this.session.state, layerBarLoader().state]);
  }

  protected override updated(): void {
    this.toggleAttribute("playing-one", this.session.derived.stage !== null);
    this.toggleAttribute("narrow", this.width < NARROW);
  }

  protected override render(): TemplateResult {
    const loader = layerBarLoader();
    const { value: loaded } = loader.state;
    switch (loaded.status) {
      case "ready":
        return loaded.value.barTemplate(this.session, this.width);
      case "pending":
        return html`<div aria-busy="true"></div>`;
      case "error":
        return html`<div role="alert" data-testid="error">
          <span class="chip red">Playing through the layers could not be loaded: ${loaded.message}</span>
          <button class="button" @click=${() => void loader.load()}>Retry</button>
        </div>`;
    }
  }
}

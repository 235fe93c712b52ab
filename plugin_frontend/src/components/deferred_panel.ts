/**
 * A panel whose element is in a module of its own: the card keeps its place until the module is here, and says so where
 * it cannot be had. It has no shadow root: what it holds stands in the main area as other panels do. Must not know what
 * the panel shows.
 */
import { html, LitElement, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Slot } from "../model/sections.js";
import type { Session } from "../state/session.js";
import { type DeferredKind, loaderOf } from "./deferred_modules.js";
import { Watcher } from "./watcher.js";

export class NnvizDeferredPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    shown: { attribute: false },
    kind: {},
    width: { type: Number },
    reserved: { type: Number },
  };

  declare session: Session;
  declare shown: Slot;
  declare kind: DeferredKind;
  /** Inner width in CSS pixels. */
  declare width: number;
  /** Height in CSS pixels to keep free until the panel is there. */
  declare reserved: number;

  constructor() {
    super();
    new Watcher(this, () => [loaderOf(this.kind).state]);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const loader = loaderOf(this.kind);
    const { value: loaded } = loader.state;
    switch (loaded.status) {
      case "ready":
        return loaded.value.panelTemplate(this.shown, this.session, this.width);
      case "pending":
        return html`<div
          class="card"
          aria-busy="true"
          data-testid="deferred-pending"
          style=${styleMap({ height: `${this.reserved}px` })}
        >
          Loading this view…
        </div>`;
      case "error":
        return html`<nnviz-message
          error
          role="alert"
          data-testid="error"
          heading="This view could not be loaded"
        >
          <p>The part of the screen that shows it did not come: ${loaded.message}</p>
          <button class="button" @click=${() => void loader.load()}>Retry</button>
        </nnviz-message>`;
    }
  }
}

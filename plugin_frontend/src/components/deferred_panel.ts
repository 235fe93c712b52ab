/**
 * A panel whose element is in a module of its own: the card keeps its place until the module is here, and says so where
 * it cannot be had. Must not know what the panel shows.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { PanelEntry } from "../model/runs.js";
import type { Session } from "../state/session.js";
import { type DeferredKind, loaderOf } from "./deferred_modules.js";
import { panelStyles } from "./panel_styles.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizDeferredPanel extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    panel: { attribute: false },
    kind: {},
    width: { type: Number },
    reserved: { type: Number },
  };

  static override readonly styles = [
    shared,
    panelStyles,
    css`
      section {
        padding: 12px 16px;
        color: var(--secondary);
      }
    `,
  ];

  declare session: Session;
  declare panel: PanelEntry;
  declare kind: DeferredKind;
  /** Inner width in CSS pixels. */
  declare width: number;
  /** Height in CSS pixels to keep free until the panel is there. */
  declare reserved: number;

  constructor() {
    super();
    new Watcher(this, () => [loaderOf(this.kind).state]);
  }

  protected override render(): TemplateResult {
    const loader = loaderOf(this.kind);
    const { value: loaded } = loader.state;
    if (loaded.status === "ready") {
      return loaded.value.panelTemplate(this.panel, this.session, this.width);
    }
    const isPending = loaded.status === "pending";
    return html`<section
      aria-label=${this.panel.tag}
      aria-busy=${isPending}
      style=${styleMap({ height: `${this.reserved}px` })}
    >
      ${
        isPending
          ? html`<span data-testid="deferred-pending">Loading this view…</span>`
          : html`<div class="failed" role="alert" data-testid="error">
              <p>
                The part of the screen that shows this view could not be loaded: ${loaded.message}
              </p>
              <button class="button" @click=${() => void loader.load()}>Retry</button>
            </div>`
      }
    </section>`;
  }
}

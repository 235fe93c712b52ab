/**
 * The line at the foot of a file that opens without a server: what it is of, what of the log it holds, and since when.
 * Must not know how the file was made.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Session } from "../state/session.js";
import { shared, tokens } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizOfflineNote extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    about: { attribute: false },
    remarks: { attribute: false },
    isOpen: { state: true },
  };

  static override readonly styles = [
    tokens,
    shared,
    css`
      :host {
        position: fixed;
        inset: auto 0 0;
        height: var(--offline-note);
        border-top: 1px solid var(--line);
        background: var(--rail);
        color: var(--secondary);
        font-size: calc(12 * var(--dot));
      }
      .line {
        display: flex;
        align-items: center;
        gap: 12px;
        height: 100%;
        padding: 0 16px;
        white-space: nowrap;
      }
      p {
        margin: 0;
      }
      .line p {
        min-width: 0;
      }
      .space {
        flex: 1;
      }
      .chip {
        flex: 0 1 auto;
        min-width: 8em;
      }
      button {
        flex: none;
        padding: 2px 8px;
        border: 0;
        border-radius: 4px;
        background: none;
        color: inherit;
      }
      button:hover {
        background: var(--chip);
        color: var(--ink);
      }
      .all {
        position: absolute;
        inset: auto 12px calc(100% + 8px) auto;
        max-width: min(560px, calc(100vw - 24px));
        padding: 12px 16px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: 0 4px 20px rgb(0 0 0 / 22%);
        font-size: calc(13 * var(--dot));
      }
      .all p:first-child {
        color: var(--ink);
        font-weight: 500;
      }
      .all p + p {
        margin-top: 6px;
      }
    `,
  ];

  declare session: Session;
  declare about: readonly string[];
  declare remarks: readonly string[];
  declare isOpen: boolean;

  constructor() {
    super();
    this.about = [];
    this.remarks = [];
    this.isOpen = false;
    new Watcher(this, () => [this.session.state]);
    this.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.isOpen = false;
    });
  }

  protected override render(): TemplateResult {
    const { theme } = this.session.state.value;
    const other = theme === "light" ? "dark" : "light";
    const { about, remarks, isOpen } = this;
    this.dataset.theme = theme;
    return html`<div class="line">
        <p class="ellipsis" data-testid="offline-note">${about.join(" · ")}</p>
        ${
          remarks.length === 0
            ? nothing
            : html`<span class="chip amber ellipsis" data-testid="offline-holds">holds ${remarks.join(" · ")}</span>`
        }
        <span class="space"></span>
        <button
          data-testid="offline-more"
          aria-expanded=${isOpen}
          @click=${() => {
            this.isOpen = !isOpen;
          }}
        >
          about this file
        </button>
        <button data-testid="offline-theme" @click=${() => this.session.setTheme(other)}>${other}</button>
      </div>
      ${isOpen ? this.#all() : nothing}`;
  }

  #all(): TemplateResult {
    return html`<div class="all" role="note" data-testid="offline-about">
      ${this.about.map((text) => html`<p>${text}</p>`)}
      ${this.remarks.map((text) => html`<p>Holds ${text}</p>`)}
      ${
        this.remarks.length === 0
          ? nothing
          : html`<p>Changes since the step before, and scales over all steps, are of what it holds.</p>`
      }
      <p>Values are as they were logged. Nothing in this file asks for anything, or sends anything, anywhere.</p>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nnviz-offline-note": NnvizOfflineNote;
  }
}

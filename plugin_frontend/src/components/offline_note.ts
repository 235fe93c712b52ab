/**
 * The line at the foot of a file that opens without a server: what it holds, and since when. Must not know how the file
 * was made.
 */
import { css, html, LitElement, type TemplateResult } from "lit";
import type { Session } from "../state/session.js";
import { shared, tokens } from "./tokens.js";
import { Watcher } from "./watcher.js";

export class NnvizOfflineNote extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    about: { attribute: false },
  };

  static override readonly styles = [
    tokens,
    shared,
    css`
      :host {
        position: fixed;
        inset: auto 0 0;
        display: flex;
        align-items: center;
        gap: 12px;
        box-sizing: border-box;
        height: var(--offline-note);
        padding: 0 16px;
        border-top: 1px solid var(--line);
        background: var(--rail);
        color: var(--secondary);
        font-size: 12px;
        white-space: nowrap;
      }
      p {
        flex: 1;
        min-width: 0;
        margin: 0;
      }
      button {
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-decoration: underline;
        cursor: pointer;
      }
    `,
  ];

  declare session: Session;
  declare about: readonly string[];

  constructor() {
    super();
    this.about = [];
    new Watcher(this, () => [this.session.state]);
  }

  protected override render(): TemplateResult {
    const { theme } = this.session.state.value;
    const other = theme === "light" ? "dark" : "light";
    const text = this.about.join(" · ");
    this.dataset.theme = theme;
    return html`<p class="ellipsis" role="note" data-testid="offline-note" title=${text}>${text}</p>
      <button data-testid="offline-theme" @click=${() => this.session.setTheme(other)}>${other}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nnviz-offline-note": NnvizOfflineNote;
  }
}

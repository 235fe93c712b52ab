/** The list of keys, in a dialog of the browser: it keeps the focus and closes on Escape. Must not know what keys do. */
import { css, html, LitElement, type TemplateResult } from "lit";
import type { Session } from "../state/session.js";
import { dialogStyles } from "./dialog_styles.js";
import { keyGroups, writtenKeys } from "./keys.js";
import { shared } from "./tokens.js";

export class NnvizHelp extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    dialogStyles,
    css`
      :host {
        --dialog: 720px;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: calc(16 * var(--dot));
        font-weight: 500;
      }
      .groups {
        columns: 2 260px;
        column-gap: 36px;
      }
      section {
        padding-top: 14px;
        break-inside: avoid;
      }
      h2 span {
        text-transform: capitalize;
      }
      h3 {
        margin: 0 0 6px;
        font-size: calc(11.5 * var(--dot));
        font-weight: 500;
        letter-spacing: 0.06em;
        text-transform: uppercase;
        color: var(--faint);
      }
      dl {
        display: grid;
        grid-template-columns: 86px 1fr;
        gap: 6px 10px;
        margin: 0;
      }
      dd {
        margin: 0;
        color: var(--secondary);
      }
      kbd {
        display: inline-block;
        min-width: 20px;
        padding: 0 5px;
        border: 1px solid var(--track);
        border-bottom-width: 2px;
        border-radius: 4px;
        background: var(--chip);
        font: calc(12 * var(--dot)) / 18px var(--mono);
        text-align: center;
      }
    `,
  ];

  declare session: Session;

  get isOpen(): boolean {
    return this.#dialog?.open ?? false;
  }

  show(): void {
    if (this.isOpen) return;
    this.requestUpdate();
    this.#dialog?.showModal();
  }

  close(): void {
    this.#dialog?.close();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  protected override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="title"
      data-testid="help-dialog"
      @click=${(event: Event) => {
        if (event.target === this.#dialog) this.close();
      }}
    >
      <header>
        <h2 id="title">Keys of the view <span>${this.session.derived.view.replaceAll("_", " ")}</span></h2>
        <button class="button" @click=${() => this.close()}>Close</button>
      </header>
      <div class="groups">
        ${keyGroups(this.session).map(
          ({ name, keys }) => html`<section>
            <h3>${name}</h3>
            <dl>
              ${keys.map(
                (key) => html`<dt>
                    ${writtenKeys(this.session, key).map((each) => (each === "…" ? html`${each} ` : html`<kbd>${each}</kbd> `))}
                  </dt>
                  <dd>${key.says}</dd>`,
              )}
            </dl>
          </section>`,
        )}
      </div>
    </dialog>`;
  }
}

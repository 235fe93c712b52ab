/**
 * The dialog of the browser that an export is chosen in. What is in it is loaded when it is first opened; where that
 * cannot be had, it says so. Must not know what can be exported.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Loadable } from "../state/app_state.js";
import type { Session } from "../state/session.js";
import { loadModule } from "./deferred_modules.js";
import { dialogStyles } from "./dialog_styles.js";
import { shared } from "./tokens.js";

/** What the module exports. */
export interface ExportModule {
  /** The dialog's content for a panel; null for none in particular. `close` closes it. */
  readonly exportTemplate: (
    session: Session,
    tag: string | null,
    close: () => void,
  ) => TemplateResult;
}

export class NnvizExport extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    content: { state: true },
    tag: { state: true },
    shown: { state: true },
  };

  static override readonly styles = [
    shared,
    dialogStyles,
    css`
      :host {
        --dialog: 560px;
      }
    `,
  ];

  declare session: Session;
  declare content: Loadable<ExportModule>;
  declare tag: string | null;
  /** Whether the dialog is open; its content is made anew each time. */
  declare shown: boolean;
  #attempts = 0;

  constructor() {
    super();
    this.content = { status: "pending" };
    this.tag = null;
    this.shown = false;
  }

  get isOpen(): boolean {
    return this.#dialog?.open ?? false;
  }

  /** Opens the dialog for a panel, or for the view. */
  show(tag: string | null): void {
    if (this.isOpen) return;
    this.tag = tag;
    this.shown = true;
    // What it names is what will be saved.
    this.session.setHeld(true);
    this.#dialog?.showModal();
    if (this.content.status !== "ready") void this.#load();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  readonly #close = (): void => this.#dialog?.close();

  async #load(): Promise<void> {
    this.#attempts += 1;
    this.content = { status: "pending" };
    const load = () => import("./export_module.js");
    this.content = await loadModule<ExportModule>("export_module", load, this.#attempts);
  }

  protected override render(): TemplateResult {
    return html`<dialog
      aria-label="Export"
      data-testid="export-dialog"
      @close=${() => {
        // Told late: it may be open again.
        this.shown = this.isOpen;
        this.session.setHeld(this.isOpen);
      }}
    >
      ${this.shown ? this.#content() : nothing}
    </dialog>`;
  }

  #content(): TemplateResult {
    const { content } = this;
    switch (content.status) {
      case "ready":
        return content.value.exportTemplate(this.session, this.tag, this.#close);
      case "pending":
        return html`<p aria-busy="true">Loading…</p>`;
      case "error":
        return html`<p role="alert" data-testid="error">The dialog could not be loaded: ${content.message}</p>
          <button class="button" @click=${() => void this.#load()}>Retry</button>
          <button class="button" @click=${this.#close}>Close</button>`;
    }
  }
}

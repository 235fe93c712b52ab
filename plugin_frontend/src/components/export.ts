/**
 * The dialog of the browser that an export is chosen in. What is in it is loaded when it is first opened; where that
 * cannot be had, it says so. Must not know what can be exported.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Loadable } from "../state/app_state.js";
import type { Session } from "../state/session.js";
import { loadModule } from "./deferred_modules.js";
import { dialogStyles } from "./dialog_styles.js";
import type { NnvizExportForm } from "./export_form.js";
import { shared } from "./tokens.js";

/** What is to be exported when the dialog opens. */
export interface ExportWish {
  /** Of a panel; null for none in particular. */
  readonly tag: string | null;
  /** Whether the panel was chosen, and does not just happen to be in sight. */
  readonly isChosen: boolean;
}

/** What the module exports. */
export interface ExportModule {
  /** The dialog's content. `close` closes it. */
  readonly exportTemplate: (
    session: Session,
    wish: ExportWish,
    close: () => void,
  ) => TemplateResult;
}

export class NnvizExport extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    content: { state: true },
    wish: { state: true },
    shown: { state: true },
    calledOff: { state: true },
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
  declare wish: ExportWish;
  /** Whether the dialog is open; its content is made anew each time. */
  declare shown: boolean;
  /** Whether it says that an export was called off, and nothing else. */
  declare calledOff: boolean;
  #attempts = 0;

  constructor() {
    super();
    this.content = { status: "pending" };
    this.wish = { tag: null, isChosen: false };
    this.shown = false;
    this.calledOff = false;
  }

  get isOpen(): boolean {
    return this.#dialog?.open ?? false;
  }

  /** Opens the dialog for a panel, or for the view. */
  show(tag: string | null, isChosen: boolean): void {
    if (this.isOpen) return;
    this.wish = { tag, isChosen };
    this.shown = true;
    this.calledOff = false;
    // What it names is what will be saved.
    this.session.setHeld(true);
    this.#dialog?.showModal();
    if (this.content.status !== "ready") void this.#load();
  }

  /** Closes it, for the screen is another one; where an export is under way, that it is called off is said first. */
  leave(): void {
    if (!this.isOpen) return;
    const form = this.renderRoot.querySelector<NnvizExportForm>("nnviz-export-form");
    if (form?.isRunning) this.calledOff = true;
    else if (!this.calledOff) this.#close();
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
        // What had the focus before is on the screen that is left.
        if (this.calledOff) this.dispatchEvent(new Event("nnviz-left"));
      }}
    >
      ${this.shown ? this.#content() : nothing}
    </dialog>`;
  }

  // Until there is something to press, the dialog as a whole has the focus.
  protected override updated(): void {
    const { activeElement } = this.renderRoot as ShadowRoot;
    if (this.isOpen && (activeElement ?? this.#dialog) === this.#dialog)
      this.#dialog?.querySelector("button")?.focus();
  }

  #content(): TemplateResult {
    const { content } = this;
    if (this.calledOff)
      return html`<p role="alert" data-testid="export-called-off">
          The export was called off: the address has changed, and with it the screen that the export was of.
        </p>
        <button class="button" @click=${this.#close}>Close</button>`;
    switch (content.status) {
      case "ready":
        return content.value.exportTemplate(this.session, this.wish, this.#close);
      case "pending":
        return html`<p aria-busy="true">Loading…</p>`;
      case "error":
        return html`<p role="alert" data-testid="error">The dialog could not be loaded: ${content.message}</p>
          <button class="button" @click=${() => void this.#load()}>Retry</button>
          <button class="button" @click=${this.#close}>Close</button>`;
    }
  }
}

/** Nothing logged yet: the lines of code that change that, with a button that copies them. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { shared } from "./tokens.js";

const PYTHON = `from tb_nnviz import NNViz
model.fit(x, y, epochs=10, callbacks=[NNViz("logs/my-run")])`;
const SHELL = "tensorboard --logdir logs";

export class NnvizNoData extends LitElement {
  static override readonly properties = { copied: { state: true } };

  static override readonly styles = [
    shared,
    css`
      p {
        margin: 14px 0 6px;
      }
      .code {
        display: flex;
        align-items: start;
        gap: 10px;
        padding: 10px 10px 10px 14px;
        border-radius: 6px;
        background: var(--chip);
        color: var(--ink);
      }
      pre {
        flex: 1;
        margin: 4px 0;
        overflow-x: auto;
      }
    `,
  ];

  /** The piece of code that was copied last; empty before. */
  declare copied: string;

  constructor() {
    super();
    this.copied = "";
  }

  protected override render(): TemplateResult {
    return html`<nnviz-message data-testid="empty" heading="No data yet">
      Add one callback to the training, and the network’s weights appear here at every epoch.
      <p>In Python</p>
      ${this.#code(PYTHON)}
      <p>In a terminal</p>
      ${this.#code(SHELL)}
    </nnviz-message>`;
  }

  #code(text: string): TemplateResult {
    return html`<div class="code">
      <pre class="mono">${text}</pre>
      <button class="button" @click=${(event: Event) => this.#copy(event, text)}>
        ${this.copied === text ? "Copied" : "Copy"}
      </button>
    </div>`;
  }

  // Over plain HTTP on another host there is no clipboard; then the code is selected, ready for the keyboard.
  async #copy(event: Event, text: string): Promise<void> {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(text);
      this.copied = text;
    } catch {
      const code = button instanceof HTMLElement ? button.previousElementSibling : null;
      if (code !== null) getSelection()?.selectAllChildren(code);
    }
  }
}

/** A state that takes the place of panels: what it is, what to do, and a button where there is something to press. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { shared } from "./tokens.js";

export class NnvizMessage extends LitElement {
  static override readonly properties = { heading: {}, error: { type: Boolean, reflect: true } };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
        width: min(640px, 100%);
        margin: 9vh auto 0;
        padding: 26px 30px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: var(--shadow);
      }
      h2 {
        margin: 0 0 8px;
        font-size: calc(16 * var(--dot));
        font-weight: 500;
      }
      :host([error]) h2 {
        color: var(--red);
      }
      div {
        color: var(--secondary);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare heading: string;
  declare error: boolean;

  constructor() {
    super();
    this.error = false;
  }

  protected override render(): TemplateResult {
    return html`<h2>${this.heading}</h2>
      <div><slot></slot></div>`;
  }
}

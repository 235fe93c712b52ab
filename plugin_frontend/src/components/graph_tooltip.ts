/** Everything that is known of a node, beside the pointer or the node. Must not know where it is read from. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Fact } from "../model/graph_words.js";
import { shared } from "./tokens.js";

/** What is told of which place: CSS pixels of the frame. */
export interface NodeTip {
  readonly heading: string;
  readonly facts: readonly Fact[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** Distance from the node and from the frame's edges, in CSS pixels. */
const OFFSET = 12;
const MARGIN = 6;

export class NnvizGraphTooltip extends LitElement {
  static override readonly properties = { tip: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      .tooltip {
        position: fixed;
        left: 0;
        top: 0;
        z-index: 10;
        max-width: min(420px, calc(100vw - 12px));
        padding: 8px 12px;
        border-radius: 7px;
        background: var(--tooltip);
        color: #ffffff;
        font-size: 12.5px;
        box-shadow: 0 4px 14px rgb(0 0 0 / 28%);
        pointer-events: none;
      }
      p {
        margin: 0 0 4px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 1px 12px;
        margin: 0;
      }
      dt {
        color: #b0b5bd;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare tip: NodeTip | null;

  constructor() {
    super();
    this.tip = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { tip } = this;
    if (tip === null) return nothing;
    return html`<div class="tooltip" role="tooltip" data-testid="graph-tooltip">
      <p class="mono">${tip.heading}</p>
      <dl>${tip.facts.map(({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
    </div>`;
  }

  protected override updated(): void {
    const { tip } = this;
    const tooltip = this.renderRoot.querySelector<HTMLElement>(".tooltip");
    if (tip === null || tooltip === null) return;
    const { width, height } = tooltip.getBoundingClientRect();
    const after = tip.right + OFFSET;
    const fits = after + width + MARGIN <= window.innerWidth;
    const left = fits ? after : Math.max(MARGIN, tip.left - OFFSET - width);
    const top = Math.max(MARGIN, Math.min(tip.top, window.innerHeight - height - MARGIN));
    tooltip.style.transform = `translate(${left}px, ${top}px)`;
  }
}

/** Everything that is known of a node, beside the pointer or the node. Must not know where it is read from. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Fact } from "../model/graph_words.js";
import { shared } from "./tokens.js";
import { type Anchor, placeTooltip, tooltipBox } from "./tooltip_box.js";

/** What is told of which place. */
export interface NodeTip extends Anchor {
  readonly heading: string;
  readonly facts: readonly Fact[];
}

/** Distance from the node, in CSS pixels. */
const OFFSET = 12;

export class NnvizGraphTooltip extends LitElement {
  static override readonly properties = { tip: { attribute: false } };

  static override readonly styles = [
    shared,
    tooltipBox,
    css`
      .tooltip {
        max-width: min(420px, calc(100vw - 12px));
      }
      p {
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
    if (this.tip !== null) placeTooltip(this.renderRoot, this.tip, OFFSET);
  }
}

/** What a bin of histograms holds, beside the pointer. Must not know where its lines come from. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { LookText } from "../state/histogram_look.js";
import { nameText } from "./run_caption.js";
import { shared } from "./tokens.js";
import { atPointer, placeTooltip, tooltipBox } from "./tooltip_box.js";

/** Distance from the pointer, in CSS pixels. */
const OFFSET = 16;

export class NnvizHistogramTooltip extends LitElement {
  static override readonly properties = { text: { attribute: false } };

  static override readonly styles = [
    shared,
    tooltipBox,
    css`
      .tooltip {
        max-width: min(480px, calc(100vw - 12px));
      }
      .lines {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto auto auto;
        align-items: center;
        gap: 1px 9px;
      }
      svg {
        width: 16px;
        height: 8px;
      }
      .run,
      .what,
      .share {
        color: #b0b5bd;
        white-space: nowrap;
      }
      .value,
      .share {
        text-align: end;
        white-space: nowrap;
      }
      .own {
        font-weight: 600;
      }
    `,
  ];

  declare text: LookText | null;

  constructor() {
    super();
    this.text = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { text } = this;
    if (text === null) return nothing;
    return html`<div class="tooltip" role="tooltip" data-testid="histogram-tooltip">
      <p>${text.heading}</p>
      <div class="lines">
        ${text.lines.map(
          ({ colour, dash, run, what, value, detail, own }) => html`<svg aria-hidden="true">
              <line
                x2="16"
                y1="4"
                y2="4"
                stroke-width="2.5"
                stroke-dasharray=${dash || nothing}
                style=${styleMap({ stroke: colour })}
              />
            </svg>
            <span class="run mono ellipsis">${nameText(run)}</span>
            <span class="what">${what}</span>
            <span class="value ${own ? "own" : ""}">${value}</span>
            <span class="share">${detail}</span>`,
        )}
      </div>
    </div>`;
  }

  protected override updated(): void {
    const { text } = this;
    if (text !== null) placeTooltip(this.renderRoot, atPointer(text), OFFSET);
  }
}

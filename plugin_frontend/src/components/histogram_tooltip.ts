/** What a bin of histograms holds, beside the pointer. Must not know where its lines come from. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { LookText } from "../state/histogram_look.js";
import { nameText } from "./run_caption.js";
import { shared } from "./tokens.js";

/** Distance from the pointer and from the frame's edges, in CSS pixels. */
const OFFSET = 16;
const MARGIN = 6;

export class NnvizHistogramTooltip extends LitElement {
  static override readonly properties = { text: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      .tooltip {
        position: fixed;
        left: 0;
        top: 0;
        z-index: 10;
        max-width: min(480px, calc(100vw - 12px));
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
    const tooltip = this.renderRoot.querySelector<HTMLElement>(".tooltip");
    if (text === null || tooltip === null) return;
    const { width, height } = tooltip.getBoundingClientRect();
    const right = text.x + OFFSET;
    const below = text.y + OFFSET;
    const left = right + width + MARGIN > window.innerWidth ? text.x - OFFSET - width : right;
    const top = below + height + MARGIN > window.innerHeight ? text.y - OFFSET - height : below;
    tooltip.style.transform = `translate(${Math.max(MARGIN, left)}px, ${Math.max(MARGIN, top)}px)`;
  }
}

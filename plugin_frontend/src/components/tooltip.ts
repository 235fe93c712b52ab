/**
 * What is under the pointer: which tile and cell, its value, and the same cell in the other runs. Shows the value of
 * the high plane with ≈ until the exact one is here. Must not fetch; hovering asks for the low planes by itself.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Show } from "../model/display.js";
import { describeCell, formatSigned } from "../model/format.js";
import type { RunEntry } from "../model/parse_index.js";
import { momentText } from "../model/steps.js";
import {
  type HoverChange,
  type HoverValue,
  type HoverView,
  hoverView,
} from "../state/hover_view.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Distance from the pointer and from the frame's edges, in CSS pixels. */
const OFFSET = 14;
const MARGIN = 6;

export class NnvizTooltip extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      .tooltip {
        position: fixed;
        left: 0;
        top: 0;
        z-index: 10;
        max-width: min(440px, calc(100vw - 12px));
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
      .error {
        margin: 4px 0 0;
        color: #ff8a80;
      }
      .values {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto auto;
        align-items: center;
        gap: 1px 8px;
      }
      .dot {
        width: 8px;
        height: 8px;
      }
      .run,
      .difference {
        color: #b0b5bd;
      }
      .value {
        text-align: end;
        white-space: nowrap;
      }
      .hovered .value {
        font-weight: 600;
      }
      .line {
        display: contents;
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.hover, this.session.state, this.session.records.changes]);
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = hoverView(this.session);
    if (view === null) return nothing;
    const { own, others, cell, header } = view;
    const { show } = this.session.state.value.display;
    return html`<div
      class="tooltip"
      role="tooltip"
      data-testid="tooltip"
      data-value=${own.values.join(" ")}
      data-exact=${own.exact}
      data-since-start=${own.sinceStart?.values.join(" ") ?? nothing}
      data-since-previous=${own.sincePrevious?.values.join(" ") ?? nothing}
      data-tile=${cell.tile}
      data-row=${cell.row}
      data-column=${cell.column}
    >
      <p>${describeCell(header.axes, cell)}</p>
      <div class="values">
        ${this.#line(own.run, own.text, "", "hovered")}
        ${changeLine("since start", own.sinceStart)}
        ${changeLine("since previous", own.sincePrevious)}
        ${others.map((other) => this.#other(view, other, show))}
      </div>
      ${own.error === null ? nothing : html`<p class="error">No exact value: ${own.error}</p>`}
    </div>`;
  }

  // Beside a change, the other runs' changes are what compares.
  #other(view: HoverView, other: HoverValue, show: Show): TemplateResult {
    if (show === "value")
      return this.#line(other.run, other.text, this.#difference(view, other), "");
    const change = show === "change-since-start" ? other.sinceStart : other.sincePrevious;
    return this.#line(other.run, other.text, change === null ? "" : `Δ ${change.text}`, "");
  }

  protected override updated(): void {
    const hover = this.session.hover.value;
    const tooltip = this.renderRoot.querySelector<HTMLElement>(".tooltip");
    if (hover === null || tooltip === null) return;
    const { width, height } = tooltip.getBoundingClientRect();
    const right = hover.x + OFFSET;
    const below = hover.y + OFFSET;
    const left = right + width + MARGIN > window.innerWidth ? hover.x - OFFSET - width : right;
    const top = below + height + MARGIN > window.innerHeight ? hover.y - OFFSET - height : below;
    tooltip.style.transform = `translate(${Math.max(MARGIN, left)}px, ${Math.max(MARGIN, top)}px)`;
  }

  #line(run: RunEntry, value: string, difference: string, kind: string): TemplateResult {
    const colour = this.session.state.value.runColours.get(run.run) ?? "";
    return html`<div class="line ${kind}">
      <span class="dot" style=${styleMap({ background: colour })}></span>
      <span class="run mono ellipsis">${run.name}</span>
      <span class="value">${value}</span>
      <span class="difference">${difference}</span>
    </div>`;
  }

  #difference({ own }: HoverView, other: HoverValue): string {
    const [mine] = own.values;
    const [theirs] = other.values;
    if (own.values.length !== 1 || mine === undefined || theirs === undefined) return "";
    const difference = theirs - mine;
    return Number.isFinite(difference) ? `(${formatSigned(difference)})` : "";
  }
}

function changeLine(words: string, change: HoverChange | null): TemplateResult | typeof nothing {
  if (change === null) return nothing;
  const { text, resolved, since } = change;
  return html`<div class="line change">
    <span></span>
    <span class="run">Δ ${words} · ${momentText(since)}</span>
    <span class="value">${text}</span>
    <span class="difference">${resolved ? "" : "below precision"}</span>
  </div>`;
}

/**
 * What is under the pointer: which tile and cell, its value, and the same cell in the other runs. Shows the value of
 * the high plane with ≈ until the exact one is here. Must not fetch; hovering asks for the low planes by itself.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Show } from "../model/display.js";
import { describeCell, formatCount, formatSigned } from "../model/format.js";
import { momentText } from "../model/steps.js";
import type { TimeAxis } from "../model/time_axis.js";
import {
  type HoverChange,
  type HoverValue,
  type HoverView,
  hoverView,
} from "../state/hover_view.js";
import type { Session } from "../state/session.js";
import { nameText } from "./run_caption.js";
import { shared } from "./tokens.js";
import { atPointer, placeTooltip, tooltipBox } from "./tooltip_box.js";
import { Watcher } from "./watcher.js";

/** Distance from the pointer, in CSS pixels. */
const OFFSET = 14;

const CHANNELS = ["R", "G", "B"];

export class NnvizTooltip extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    tooltipBox,
    css`
      .tooltip {
        max-width: min(600px, calc(100vw - 12px));
      }
      .similarity {
        color: #b0b5bd;
      }
      .error {
        margin: 4px 0 0;
        color: #ff8a80;
      }
      .values {
        display: grid;
        grid-template-columns: auto minmax(8ch, 1fr) auto auto;
        align-items: center;
        gap: 1px 8px;
      }
      .tooltip:has(.coloured) {
        max-width: min(720px, calc(100vw - 12px));
      }
      .values.coloured {
        grid-template-columns: auto minmax(8ch, 1fr) repeat(3, auto) auto;
      }
      .channel {
        text-align: end;
        color: #b0b5bd;
      }
      .dot {
        width: 8px;
        height: 8px;
      }
      .run,
      .difference {
        color: #b0b5bd;
        white-space: nowrap;
      }
      .run {
        display: flex;
        gap: 6px;
        min-width: 0;
      }
      .run .name {
        min-width: 0;
      }
      .run .at {
        flex: none;
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
    const { axis } = this.session.derived;
    return html`<div
      class="tooltip"
      role="tooltip"
      data-testid="tooltip"
      data-value=${own.values.join(" ")}
      data-exact=${own.exact}
      data-since-start=${own.sinceStart?.values.join(" ") ?? nothing}
      data-since-previous=${own.sincePrevious?.values.join(" ") ?? nothing}
      data-to-pinned=${own.toPinned?.values.join(" ") ?? nothing}
      data-tile=${cell.tile}
      data-row=${cell.row}
      data-column=${cell.column}
    >
      <p>${view.sample ?? describeCell(header.axes, cell)}</p>
      ${similarityLine(view.similarity)}
      <div class="values ${own.values.length === 1 ? "" : "coloured"}">
        ${own.values.length === 1 ? nothing : channelNames()}
        ${this.#line(own, sumText(view, own), "hovered")}
        ${changeLine("since start", own.sinceStart, axis)}
        ${changeLine("since previous", own.sincePrevious, axis)}
        ${this.#toPinned(own)}
        ${others.map((other) => this.#other(view, other, show))}
        ${view.untold === 0 ? nothing : html`<span></span><span class="run">and ${formatCount(view.untold, "run")} more</span>`}
      </div>
      ${own.error === null ? nothing : html`<p class="error">No exact value: ${own.error}</p>`}
    </div>`;
  }

  // Beside a change, the other runs' changes are what compares.
  #other(view: HoverView, other: HoverValue, show: Show): TemplateResult {
    if (show === "value") return this.#line(other, this.#difference(view, other), "");
    const { axis } = this.session.derived;
    if (show === "difference") return html`${this.#line(other, "", "")} ${this.#toPinned(other)}`;
    return show === "change-since-start"
      ? html`${this.#line(other, "", "")} ${changeLine("since start", other.sinceStart, axis)}`
      : html`${this.#line(other, "", "")} ${changeLine("since previous", other.sincePrevious, axis)}`;
  }

  #toPinned({ toPinned }: HoverValue): TemplateResult | typeof nothing {
    const { axis, pinnedRun } = this.session.derived;
    return changeLine(`to ${pinnedRun?.name ?? "pinned"}`, toPinned, axis);
  }

  protected override updated(): void {
    const hover = this.session.hover.value;
    if (hover !== null) placeTooltip(this.renderRoot, atPointer(hover), OFFSET);
  }

  #line(
    { run, texts, earlier, ofOtherSamples }: HoverValue,
    difference: string,
    kind: string,
  ): TemplateResult {
    const colour = this.session.state.value.runColours.get(run.run) ?? "";
    return html`<div class="line ${kind}">
      <span class="dot" style=${styleMap({ background: colour })}></span>
      <span class="run">
        <span class="name mono ellipsis">${nameText(run.name)}</span>
        ${ofOtherSamples ? html`<span class="at">other samples</span>` : nothing}
        ${earlier === null ? nothing : html`<span class="at">${momentText(earlier, this.session.derived.axis)}</span>`}
      </span>
      ${valueCells(texts)}
      <span class="difference">${difference}</span>
    </div>`;
  }

  #difference(view: HoverView, other: HoverValue): string {
    const { own } = view;
    if (own.values.length !== 1) return sumText(view, other);
    const [mine] = own.values;
    const [theirs] = other.values;
    if (own.values.length !== 1 || mine === undefined || theirs === undefined) return "";
    if (other.ofOtherSamples) return "";
    const difference = theirs - mine;
    return Number.isFinite(difference) ? `(${formatSigned(difference)})` : "";
  }
}

function similarityLine(similarity: HoverView["similarity"]): TemplateResult | typeof nothing {
  if (similarity === null) return nothing;
  const { cosine, common, text, run } = similarity;
  // Of zeros there is none.
  const number = Number.isNaN(cosine) ? "none" : formatSigned(cosine);
  return html`<p class="similarity" data-testid="similarity" data-value=${cosine}>
    similarity ${number} to ${text} of ${run}${common < 1 ? html`, over the ${commonText(common)} of cells that are finite in both` : nothing}
  </p>`;
}

// Neither all nor none by rounding.
function commonText(common: number): string {
  return `${common === 0 ? 0 : Math.min(99, Math.max(1, Math.round(100 * common)))} %`;
}

// Of attributions in colour the map shows the sum.
function sumText({ summed }: HoverView, { values, exact }: HoverValue): string {
  if (!summed || values.length === 1) return "";
  const sum = values.reduce((total, value) => total + value, 0);
  return `Σ ${exact ? "" : "≈ "}${formatSigned(sum)}`;
}

function channelNames(): TemplateResult {
  return html`<div class="line">
    <span></span><span></span>
    ${CHANNELS.map((name) => html`<span class="channel">${name}</span>`)}
    <span></span>
  </div>`;
}

function valueCells(texts: readonly string[]): readonly TemplateResult[] {
  return texts.map((text) => html`<span class="value">${text}</span>`);
}

function changeLine(
  words: string,
  change: HoverChange | null,
  axis: TimeAxis,
): TemplateResult | typeof nothing {
  if (change === null) return nothing;
  const { texts, resolved, since } = change;
  return html`<div class="line change">
    <span></span>
    <span class="run">Δ ${words} · ${momentText(since, axis)}</span>
    ${valueCells(texts)}
    <span class="difference">${resolved ? "" : "below precision"}</span>
  </div>`;
}

/**
 * The scale of a panel: the colour map with its numbers and zero, and the glyphs of cells without a finite number
 * where there are any. Must not compute ranges.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type Colouring, GLYPH_COLOURS, type Rgb, tableEntries } from "../model/colours.js";
import { formatSigned } from "../model/format.js";
import { positionIn, type Range } from "../model/ranges.js";
import { shared } from "./tokens.js";

type Counts = Readonly<Record<"nan" | "posinf" | "neginf", number>>;

const GLYPHS = [
  { key: "nan", sign: "×", word: "NaN" },
  { key: "posinf", sign: "+", word: "+∞" },
  { key: "neginf", sign: "−", word: "−∞" },
] as const;

/** Every 17th of 256 entries: both ends and enough between for the eye. */
const STOP_EVERY = 17;

export class NnvizLegend extends LitElement {
  static override readonly properties = {
    colouring: { attribute: false },
    range: { attribute: false },
    counts: { attribute: false },
  };

  static override readonly styles = [
    shared,
    css`
      :host,
      .scale,
      .glyph {
        display: flex;
        align-items: center;
        gap: 8px;
        white-space: nowrap;
        font-size: 12px;
        color: var(--secondary);
      }
      :host {
        gap: 14px;
      }
      .glyph {
        gap: 5px;
      }
      .bar {
        position: relative;
        width: 120px;
        height: 10px;
        border-radius: 2px;
        box-shadow: inset 0 0 0 1px rgb(128 128 128 / 25%);
      }
      .zero {
        position: absolute;
        top: -3px;
        bottom: -3px;
        width: 1px;
        background: var(--secondary);
      }
      .zero::after {
        content: "0";
        position: absolute;
        top: 13px;
        left: 0;
        transform: translateX(-50%);
        font-size: 10px;
        line-height: 1;
      }
      .swatch {
        width: 14px;
        height: 14px;
        border-radius: 2px;
        color: #000;
        font-weight: 700;
        line-height: 13px;
        text-align: center;
      }
    `,
  ];

  declare colouring: Colouring;
  declare range: Range | null;
  declare counts: Counts;

  protected override render(): TemplateResult {
    return html`${this.#scale()}${GLYPHS.filter(({ key }) => this.counts[key] > 0).map(
      ({ key, sign, word }) =>
        html`<span class="glyph" title=${`${this.counts[key]} cells hold ${word}`}
          ><span class="swatch" style="background:${cssColour(GLYPH_COLOURS[key])}">${sign}</span
          >${word}</span
        >`,
    )}`;
  }

  #scale(): TemplateResult {
    const { range } = this;
    const symmetric = this.colouring.rule === "symmetric";
    const ends = range
      ? [formatSigned(range.lo), formatSigned(range.hi)]
      : symmetric
        ? ["−max", "+max"]
        : ["min", "max"];
    const zero = range ? zeroPlace(range) : symmetric ? 0.5 : null;
    const note = range ? "" : html`<span class="chip">per tile</span>`;
    return html`<span class="scale"
      >${note}<span>${ends[0]}</span
      ><span class="bar" style="background:${this.#gradient()}"
        >${zero === null ? nothing : html`<span class="zero" style="left:${100 * zero}%"></span>`}</span
      ><span>${ends[1]}</span></span
    >`;
  }

  #gradient(): string {
    const { table } = this.colouring;
    const entries = tableEntries(table === "rgb" ? "gray" : table);
    const stops = entries.filter((_, index) => index % STOP_EVERY === 0).map(cssColour);
    return `linear-gradient(to right, ${stops.join(", ")})`;
  }
}

function zeroPlace(range: Range): number | null {
  return range.lo < 0 && range.hi > 0 ? positionIn(range, 0) : null;
}

function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

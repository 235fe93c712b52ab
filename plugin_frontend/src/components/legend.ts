/**
 * The scale of a panel: the colour map with its numbers and zero, and the glyphs of cells without a finite number
 * where there are any. Must not compute ranges.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import {
  type Colouring,
  DEAD_COLOURS,
  GLYPH_COLOURS,
  type Rgb,
  type Theme,
  tableEntries,
  unresolvedColour,
} from "../model/colours.js";
import { changeNoun, type Scale, type Show } from "../model/display.js";
import { formatCount, formatEnds } from "../model/format.js";
import { positionIn, type Range } from "../model/ranges.js";
import type { PanelView } from "../state/panel_view.js";
import type { ScaleProgress } from "../state/scale_over_steps.js";
import { shared } from "./tokens.js";

type Counts = PanelView["counts"];

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
    scale: {},
    show: {},
    sharedOver: { attribute: false },
    scaleProgress: { attribute: false },
    counts: { attribute: false },
    dead: { attribute: false },
    theme: {},
  };

  static override readonly styles = [
    shared,
    css`
      :host,
      .scale,
      .range,
      .glyph {
        display: flex;
        align-items: center;
        gap: 8px;
        white-space: nowrap;
        font-size: calc(12 * var(--dot));
        color: var(--secondary);
      }
      :host {
        gap: 14px;
      }
      .scale {
        flex-wrap: var(--legend-wrap, nowrap);
        justify-content: flex-end;
      }
      .glyph {
        gap: 5px;
      }
      .bar {
        position: relative;
        width: var(--legend-bar, 120px);
        height: 10px;
        border-radius: 2px;
        box-shadow: inset 0 0 0 1px rgb(128 128 128 / 25%);
      }
      /* As wide with the next step's numbers, so that stepping does not move the header. */
      .end {
        min-width: 8ch;
      }
      .end.low {
        text-align: end;
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
        font-size: calc(10 * var(--dot));
        line-height: 1;
      }
      .swatch.crossed {
        background-image: linear-gradient(
          to bottom right,
          transparent calc(50% - 0.7px),
          var(--faint) calc(50% - 0.7px) calc(50% + 0.7px),
          transparent calc(50% + 0.7px)
        );
      }
      .swatch {
        width: 14px;
        height: 14px;
        border-radius: 2px;
        box-shadow: inset 0 0 0 1px rgb(128 128 128 / 40%);
        color: #000;
        font-weight: 700;
        line-height: 13px;
        text-align: center;
      }
    `,
  ];

  declare colouring: Colouring;
  /** Null where runs or tiles have their own. */
  declare range: Range | null;
  declare scale: Scale;
  declare show: Show;
  /** Of the runs, how many the range is of; null for all. */
  declare sharedOver: PanelView["sharedOver"];
  /** Null unless the scale is fixed over steps. */
  declare scaleProgress: ScaleProgress | null;
  declare counts: Counts;
  /** What is gray because it does not respond, in words; null where nothing is. */
  declare dead: string | null;
  declare theme: Theme;

  constructor() {
    super();
    this.dead = null;
    this.sharedOver = null;
    this.show = "value";
    this.theme = "light";
  }

  protected override render(): TemplateResult {
    return html`${this.#unresolved()}${this.#dead()}${GLYPHS.filter(
      ({ key }) => this.counts[key] > 0,
    ).map(
      ({ key, sign, word }) =>
        html`<span class="glyph" title=${`${formatCount(this.counts[key], "cell")} of the shown runs hold ${word}`}
          ><span class="swatch" style="background:${cssColour(GLYPH_COLOURS[key])}">${sign}</span
          >${word}</span
        >`,
    )}${this.#scale()}`;
  }

  #dead(): TemplateResult | typeof nothing {
    if (this.dead === null) return nothing;
    const background = cssColour(DEAD_COLOURS[this.theme]);
    return html`<span class="glyph" data-testid="dead-legend" title=${this.dead}
      ><span class="swatch crossed" style="background-color:${background}"></span>dead</span
    >`;
  }

  #unresolved(): TemplateResult | typeof nothing {
    const { unresolved } = this.counts;
    if (unresolved === null) return nothing;
    const count = formatCount(unresolved, "cell");
    const noun = changeNoun(this.show);
    const title = `${count}: the ${noun} is within the precision of the two records, so it may be none`;
    return html`<span class="glyph" data-testid="unresolved" data-count=${unresolved} title=${title}
      ><span
        class="swatch"
        style="background:${cssColour(unresolvedColour(this.colouring.table))}"
      ></span
      >${noun} below precision</span
    >`;
  }

  #scale(): TemplateResult {
    const { range } = this;
    const symmetric = this.colouring.rule === "symmetric";
    const ends = range ? formatEnds(range) : symmetric ? ["−max", "+max"] : ["min", "max"];
    const zero = range ? zeroPlace(range) : symmetric ? 0.5 : null;
    return html`<span class="scale" title=${this.#meaning()}
      >${this.#note()}${this.#channels()}<span class="range"
        ><span class="end low">${ends[0]}</span
        ><span class="bar" style="background:${this.#gradient()}"
          >${zero === null ? nothing : html`<span class="zero" style="left:${100 * zero}%"></span>`}</span
        ><span class="end">${ends[1]}</span></span
      ></span
    >`;
  }

  #channels(): TemplateResult | typeof nothing {
    return this.colouring.table === "rgb" ? html`<span>R, G, B each</span>` : nothing;
  }

  // Shared over runs is what one expects of a legend that all grids have in common.
  #note(): TemplateResult | typeof nothing {
    const { scale, scaleProgress } = this;
    if (scale === "shared") return this.#sharedOver();
    if (scale !== "fixed") {
      return html`<span class="chip">${scale === "per-run" ? "per run" : "per tile"}</span>`;
    }
    if (scaleProgress === null) return nothing;
    const { read, of } = scaleProgress;
    const isWhole = read >= of;
    const text = isWhole
      ? `scale over all ${formatCount(of, "step")}`
      : `scale over ${read} of ${formatCount(of, "step")}`;
    return html`<span class="chip ${isWhole ? "" : "amber"}" data-testid="scale-progress">${text}</span>`;
  }

  #sharedOver(): TemplateResult | typeof nothing {
    if (this.sharedOver === null) return nothing;
    const { runs, of } = this.sharedOver;
    const title =
      "The scale is that of all shown runs; the numbers of those out of sight are on their way";
    return html`<span class="chip" data-testid="shared-over" title=${title}>over ${runs} of ${of} runs</span>`;
  }

  #meaning(): string | typeof nothing {
    const { table, rule } = this.colouring;
    if (table !== "rgb") return nothing;
    const zero = rule === "symmetric" ? "0 is mid-gray" : "the least value is black";
    return `Red, green and blue have a scale each, of the same range; ${zero}. Shown is each alone, the others at ${
      rule === "symmetric" ? "0" : "the least value"
    }`;
  }

  // One below the other: what red, green and blue do where the others do nothing.
  #channelGradients(): string {
    const rest = this.colouring.rule === "symmetric" ? 128 : 0;
    return [0, 1, 2]
      .map((channel) => {
        const end = (value: number): string =>
          cssColour([0, 1, 2].map((each) => (each === channel ? value : rest)) as unknown as Rgb);
        const place = `0 ${50 * channel}% / 100% 34% no-repeat`;
        return `linear-gradient(to right, ${end(0)}, ${end(255)}) ${place}`;
      })
      .join(", ");
  }

  #gradient(): string {
    const { table } = this.colouring;
    if (table === "rgb") return this.#channelGradients();
    const entries = tableEntries(table);
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

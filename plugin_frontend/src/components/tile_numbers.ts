/**
 * The numbers of a tile: those of its values and, where these are not what is shown, those of the change above them. The
 * same lines in every run. Must not compute them.
 */
import {
  type CSSResult,
  css,
  html,
  LitElement,
  nothing,
  type TemplateResult,
  unsafeCSS,
} from "lit";
import type { Show } from "../model/display.js";
import {
  MOST_NUMBERS,
  numberColumns,
  numbersOf,
  TILE_NUMBER_WORDS,
  type TileNumber,
  tileNumber,
} from "../model/tile_numbers.js";
import type { Tiles } from "../model/tiles.js";
import type { Compared } from "../state/comparison.js";
import { shared } from "./tokens.js";

/** Of a number with its name, and between two, in CSS pixels. */
const LEAST = 138;
const GAP = 18;

// As rules, so that the first paint has them.
const columnStyles = Array.from({ length: MOST_NUMBERS }, (_, index): CSSResult => {
  const fitting = index + 1;
  const rules = Array.from({ length: MOST_NUMBERS }, (__, more) => {
    const columns = numberColumns(more + 1, fitting);
    return `dl[data-count="${more + 1}"] { grid-template-columns: repeat(${columns}, 1fr) }`;
  });
  const least = fitting * (LEAST + GAP) - GAP;
  return unsafeCSS(`@container numbers (width >= ${least}px) { ${rules.join(" ")} }`);
});

export class NnvizTileNumbers extends LitElement {
  static override readonly properties = {
    values: { attribute: false },
    shown: { attribute: false },
    show: {},
    run: {},
  };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
        container: numbers / inline-size;
      }
      h4 {
        margin: 0 0 2px;
        color: var(--secondary);
        font-size: calc(12 * var(--dot));
        font-weight: 500;
      }
      dl + h4 {
        margin-top: 12px;
      }
      dl {
        display: grid;
        gap: 0 ${GAP}px;
        margin: 0;
      }
      div {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        height: 26px;
        align-items: center;
        border-bottom: 1px solid var(--line);
      }
      dt {
        color: var(--secondary);
      }
      dd {
        margin: 0;
      }
    `,
    ...columnStyles,
  ];

  /** The tile as it was logged; null where the run has nothing so early. */
  declare values: Compared | null;
  /** What is shown of it. */
  declare shown: Compared | null;
  declare show: Show;
  /** Its name. */
  declare run: string;

  protected override render(): TemplateResult {
    const { values, shown, show } = this;
    if (show === "value") return this.#list("values", values);
    // Of what cannot be compared it is said beside them why.
    const hasChange = shown?.status !== "refused";
    return html`${
      hasChange
        ? html`<h4>${show === "difference" ? "Of the difference" : "Of the change"}</h4>
            ${this.#list("change", shown)}`
        : nothing
    }
      <h4>Of the values</h4>
      ${this.#list("values", values)}`;
  }

  #list(of: "values" | "change", state: Compared | null): TemplateResult {
    const tiles = state?.status === "ready" ? state.tiles : null;
    const names = numbersOf(of, tiles?.statistics ?? null);
    return html`<dl data-count=${names.length}>${names.map((name) => this.#line(of, name, tiles))}</dl>`;
  }

  #line(of: "values" | "change", name: TileNumber, tiles: Tiles | null): TemplateResult {
    const { label, title, text } = TILE_NUMBER_WORDS[name];
    const value = tiles === null ? NaN : tileNumber(name, tiles.statistics, tiles.shape);
    return html`<div title=${title}>
      <dt>${label}</dt>
      <dd
        data-testid="tile-number"
        data-run=${this.run}
        data-of=${of}
        data-name=${name}
        data-value=${tiles === null ? nothing : value}
      >
        ${tiles === null ? "" : Number.isNaN(value) ? "–" : text(value)}
      </dd>
    </div>`;
  }
}

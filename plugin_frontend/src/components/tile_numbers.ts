/**
 * The numbers of a tile: those of its values and, where these are not what is shown, those of the change above them. The
 * same lines in every run. Must not compute them.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Show } from "../model/display.js";
import {
  numbersOf,
  TILE_NUMBER_WORDS,
  type TileNumber,
  tileNumber,
} from "../model/tile_numbers.js";
import type { Tiles } from "../model/tiles.js";
import type { Compared } from "../state/comparison.js";
import { shared } from "./tokens.js";

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
      }
      h4 {
        margin: 0 0 2px;
        color: var(--secondary);
        font-size: 12px;
        font-weight: 500;
      }
      dl + h4 {
        margin-top: 12px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(138px, 1fr));
        gap: 0 18px;
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
    return html`<dl>${names.map((name) => this.#line(of, name, tiles))}</dl>`;
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

/** The numbers of a tile, of its values whatever is shown of it: the same lines in every run. Must not compute them. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import {
  TILE_NUMBER_WORDS,
  TILE_NUMBERS,
  type TileNumber,
  tileNumber,
} from "../model/tile_numbers.js";
import type { Tiles } from "../model/tiles.js";
import type { TileState } from "../state/tile_book.js";
import { shared } from "./tokens.js";

export class NnvizTileNumbers extends LitElement {
  static override readonly properties = { tile: { attribute: false }, run: {} };

  static override readonly styles = [
    shared,
    css`
      :host {
        display: block;
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

  /** Null where the run has nothing so early. */
  declare tile: TileState | null;
  /** Its name. */
  declare run: string;

  protected override render(): TemplateResult {
    const tiles = this.tile?.status === "ready" ? this.tile.tiles : null;
    // Only of what layers make of samples the zeros are counted.
    const counted = tiles?.statistics.has("zero_fraction") ?? false;
    const names = TILE_NUMBERS.filter((name) => name !== "zero_fraction" || counted);
    return html`<dl>${names.map((name) => this.#line(name, tiles))}</dl>`;
  }

  #line(name: TileNumber, tiles: Tiles | null): TemplateResult {
    const { label, title, text } = TILE_NUMBER_WORDS[name];
    const value = tiles === null ? NaN : tileNumber(name, tiles.statistics, tiles.shape);
    return html`<div title=${title}>
      <dt>${label}</dt>
      <dd
        data-testid="tile-number"
        data-run=${this.run}
        data-name=${name}
        data-value=${tiles === null ? nothing : value}
      >
        ${tiles === null ? "" : Number.isNaN(value) ? "–" : text(value)}
      </dd>
    </div>`;
  }
}

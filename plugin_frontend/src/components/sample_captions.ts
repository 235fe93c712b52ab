/** What stands below the samples that excite a unit: which they are, and how much. Templates of one moment; must not hold state. */
import { css, html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { DEFAULT_DISPLAY, type Placement } from "../model/display.js";
import { arrangeGrid } from "../model/grid_layout.js";
import { placeTile, type Room } from "../model/layout.js";
import type { Tiles } from "../model/tiles.js";
import { topSample } from "../model/top_samples.js";

export const sampleCaptionStyles = css`
  .samples {
    display: grid;
    margin: 3px 0 0;
    padding: 0;
    font-size: calc(11 * var(--dot));
    line-height: 15px;
    color: var(--secondary);
    list-style: none;
    text-align: center;
  }
  .samples.flowing {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
  }
  .samples b {
    display: block;
    color: var(--ink);
    font-weight: 400;
  }
  .samples.flowing b {
    display: inline;
  }
`;

/** Narrower than this, in CSS pixels, a sample has no room for its caption below it. */
const LEAST = 44;

/** Each below its sample where a grid of this room has them in one row, else one after the other; nothing for other records. */
export function sampleCaptions(
  tiles: Tiles,
  placement: Placement,
  room: Room,
): TemplateResult | typeof nothing {
  const { layout, order } = arrangeGrid(tiles, placement, null, room, DEFAULT_DISPLAY);
  const samples = Array.from({ length: layout.tiles }, (_, at) =>
    topSample(tiles, order?.[at] ?? at),
  ).flatMap((sample) => sample ?? []);
  if (samples.length === 0) return nothing;
  const { zoom, tileWidth } = layout;
  const pitch = layout.tiles > 1 ? placeTile(layout, 1).left * zoom : tileWidth * zoom;
  const isBelow = layout.rows === 1 && layout.blocks === 1 && tileWidth * zoom >= LEAST;
  const columns = {
    "grid-template-columns": `repeat(${samples.length}, ${tileWidth * zoom}px)`,
    "column-gap": `${pitch - tileWidth * zoom}px`,
  };
  return html`<ol class="samples ${isBelow ? "" : "flowing"}" style=${styleMap(isBelow ? columns : {})}>
    ${samples.map(
      ({ sample, activation, text }) =>
        html`<li data-testid="sample-caption" title=${text}>${sample} <b>${activation}</b></li>`,
    )}
  </ol>`;
}

/** What excited a unit, outlined on the pictures of its samples. Templates of one moment; must not hold state. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { ArrangedGrid } from "../model/grid_layout.js";
import type { Tiles } from "../model/tiles.js";
import { placeFrames } from "../model/top_samples.js";

export const placeStyles = css`
  .places {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
    fill: none;
  }
  /* Dark and light, so that it is seen on any picture. */
  .places .around {
    stroke: #000000;
    stroke-width: 3;
    opacity: 0.65;
  }
  .places .line {
    stroke: #ffd54a;
    stroke-width: 1.25;
  }
`;

/** All outlines of a grid; nothing for records without places. */
export function placesTemplate(
  { layout, order }: ArrangedGrid,
  tiles: Tiles | null,
): TemplateResult | typeof nothing {
  const frames = tiles === null ? [] : placeFrames(layout, tiles, order);
  if (frames.length === 0) return nothing;
  const path = frames
    .map(({ left, top, width, height }) => `M${left} ${top}h${width}v${height}h${-width}z`)
    .join("");
  const shares = frames.map(({ tile, left, top, width, height }) => [
    tile,
    left,
    top,
    width,
    height,
  ]);
  return html`<svg
    class="places"
    aria-hidden="true"
    data-testid="places"
    data-frames=${JSON.stringify(shares)}
  >
    <path class="around" d=${path}></path>
    <path class="line" d=${path}></path>
  </svg>`;
}

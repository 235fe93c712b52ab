/** The heading over the panels of one layer; folds them. Stays in sight while they are scrolled through. */
import { css, html, type TemplateResult } from "lit";
import { formatCount } from "../model/format.js";
import type { LayerGroup } from "../model/layer_groups.js";

export const layerHeadingStyles = css`
  .layer-heading {
    z-index: 4;
    margin: 0;
    font: inherit;
  }
  /* Browsers follow each sticky element of hundreds at every frame, however far from sight. */
  .near > .layer-heading {
    position: sticky;
    top: var(--run-row, 0);
  }
  .layer-heading button {
    display: flex;
    align-items: baseline;
    gap: 10px;
    width: 100%;
    padding: 7px 4px 6px 0;
    border: 0;
    background: var(--page);
    color: var(--secondary);
    text-align: start;
  }
  .layer-heading svg {
    flex: none;
    align-self: center;
    width: 14px;
    height: 14px;
    fill: none;
    stroke: var(--mark);
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .layer-heading [aria-expanded="true"] svg {
    transform: rotate(90deg);
  }
  .layer-heading:hover svg,
  .layer-heading:hover .path {
    color: var(--ink);
    stroke: var(--ink);
  }
  .layer-heading .path {
    min-width: 0;
    font-weight: 600;
    color: var(--ink);
  }
  .layer-heading .rest {
    flex: none;
    font-size: calc(12 * var(--dot));
  }
`;

export function layerHeading(
  layer: LayerGroup,
  isOpen: boolean,
  onToggle: () => void,
): TemplateResult {
  const { path, layerType, layerIndex, parameters, panels } = layer;
  const facts = [
    ...(layerType === null ? [] : [layerType]),
    ...(layerIndex === null ? [] : [`layer ${layerIndex}`]),
    ...(parameters === null ? [] : [formatCount(parameters, "parameter")]),
    ...(isOpen ? [] : [formatCount(panels.length, "panel")]),
  ];
  return html`<h2 class="layer-heading">
    <button
      data-testid="layer"
      data-layer=${path}
      aria-expanded=${isOpen}
      @click=${onToggle}
    >
    <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
    <span class="path mono ellipsis" title=${path}>${path}</span>
    <span class="rest">${facts.join(" · ")}</span>
    </button>
  </h2>`;
}

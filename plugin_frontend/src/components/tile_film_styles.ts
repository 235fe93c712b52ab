/** The style of a film strip, whose steps and names of runs stay in sight. */
import { css } from "lit";

export const filmStyles = css`
  :host {
    display: block;
  }
  /* What is higher than a screen scrolls by itself, so that steps and names of runs stay in sight. */
  .film {
    display: grid;
    justify-content: start;
    overflow: auto;
    max-height: max(340px, 100vh - 200px);
    margin: -4px;
    padding: 0 4px 4px;
    scroll-padding: 30px 0 0 140px;
  }
  .names {
    display: grid;
    position: sticky;
    left: -4px;
    z-index: 2;
    margin-left: -4px;
    padding-left: 4px;
    background: var(--card);
  }
  .names > div {
    display: grid;
    align-content: center;
    min-width: 0;
    padding-right: 10px;
  }
  .run {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .range {
    color: var(--secondary);
    font-size: calc(12 * var(--dot));
  }
  .step {
    display: grid;
    padding: 0;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--secondary);
  }
  .step:hover {
    background: var(--chip);
  }
  .step[aria-current="step"] {
    color: var(--ink);
    font-weight: 600;
    box-shadow: inset 0 0 0 2px var(--accent);
  }
  .step[aria-current="step"] .label {
    box-shadow: inset 0 2px var(--accent), inset 2px 0 var(--accent), inset -2px 0 var(--accent);
  }
  .label,
  .corner {
    position: sticky;
    top: 0;
    z-index: 1;
    align-self: stretch;
    background: var(--card);
  }
  .label {
    display: grid;
    place-content: center;
    border-radius: 6px 6px 0 0;
    font-size: calc(12 * var(--dot));
    white-space: nowrap;
  }
  .step:hover .label {
    background: var(--chip);
  }
  .cell {
    display: grid;
    place-content: center;
  }
  .cell.earlier {
    opacity: 0.45;
  }
  .about {
    margin: -2px 0 4px;
    color: var(--secondary);
    font-size: calc(12 * var(--dot));
  }
  .cell.no {
    color: var(--faint);
  }
  canvas {
    display: block;
    image-rendering: pixelated;
  }
  canvas.smooth {
    image-rendering: auto;
  }
  .skeleton {
    border-radius: 3px;
    background: var(--chip);
  }
`;

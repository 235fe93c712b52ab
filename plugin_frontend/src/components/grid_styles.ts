/** The style of a grid. */
import { css } from "lit";

export const gridStyles = css`
  .none {
    margin: 0;
    color: var(--secondary);
  }
  /* Room for the lines round the tiles at the edges, which would be cut off with the rest. */
  .window {
    overflow: hidden;
    margin: -3px -3px 0;
    padding: 3px 3px 0;
  }
  .frame {
    position: relative;
  }
  .skeleton {
    min-height: 24px;
    border-radius: 4px;
    background: var(--chip);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton {
      animation: none;
    }
  }
  canvas {
    display: block;
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    image-rendering: pixelated;
  }
  canvas:focus-visible {
    outline: 2px solid var(--accent-ink);
    outline-offset: 3px;
  }
  canvas[hidden] {
    display: none;
  }
  canvas.shrunk {
    image-rendering: auto;
  }
  canvas[data-painted="false"],
  canvas[data-painted="false"] + .overlay {
    opacity: 0.55;
    transition: opacity 0.15s 0.25s;
  }
  canvas.pictures {
    inset: auto;
    pointer-events: none;
  }
  .overlay {
    inset: -1px;
    width: calc(100% + 2px);
    height: calc(100% + 2px);
    color: var(--faint);
    pointer-events: none;
  }
  .outline {
    display: var(--outline, block);
    position: absolute;
    pointer-events: none;
    outline: 2px solid var(--ink);
    outline-offset: 1px;
    border-radius: 1px;
  }
  .outline.pinned {
    outline-color: var(--accent);
  }
  /* Round the others, so that a tile may be all three. */
  .outline.found {
    outline: 2px dashed var(--accent-ink);
    outline-offset: 2px;
  }
  .label {
    position: absolute;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: calc(11 * var(--dot));
    line-height: 15px;
    color: var(--secondary);
    pointer-events: none;
  }
  .label.below {
    text-align: center;
  }
  .label.beside {
    text-align: end;
  }
`;

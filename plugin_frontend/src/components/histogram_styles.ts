/** The style of a histogram panel beyond what all panels share. */
import { css, unsafeCSS } from "lit";
import { ROW_GAP } from "../model/histogram_size.js";

export const histogramStyles = css`
  .body {
    padding: 10px 16px 10px;
  }
  .plots {
    display: grid;
  }
  .column {
    display: grid;
    align-content: start;
    gap: ${unsafeCSS(ROW_GAP)}px;
  }
  .plot {
    position: relative;
    min-width: 0;
  }
  .caption {
    gap: 7px;
  }
  .caption .against {
    display: flex;
    flex: none;
    align-items: center;
    gap: 6px;
    margin-left: auto;
    color: var(--secondary);
  }
  .swatch {
    flex: none;
    width: 10px;
    height: 10px;
    border: 1px solid var(--mark);
    border-radius: 2px;
    background: color-mix(in srgb, var(--secondary) 22%, transparent);
  }
  .layers,
  .runs {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 16px;
    min-height: 22px;
    margin-bottom: 6px;
    color: var(--secondary);
  }
  .runs .run {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .layer {
    display: flex;
    align-items: center;
    gap: 7px;
    min-width: 0;
  }
  .layer svg,
  .run svg {
    flex: none;
    width: 26px;
    height: 8px;
    stroke-width: 2;
  }
  .hint {
    min-height: 24px;
    padding: 1px 9px;
    border: 0;
    border-radius: 10px;
    background: var(--amber-chip);
    color: var(--amber);
    font-size: calc(12 * var(--dot));
  }
  .hint.red {
    background: var(--red-chip);
    color: var(--red);
  }
  .skeleton {
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
  .empty {
    display: grid;
    place-content: center;
    border: 1px dashed var(--line);
    border-radius: 4px;
    color: var(--secondary);
    text-align: center;
  }
  .failed {
    overflow: auto;
  }
  nnviz-histogram-statistics {
    position: var(--stick, static);
    left: 17px;
    width: calc(var(--header, 100% + 32px) - 32px);
    margin-top: 8px;
    padding-top: 2px;
    border-top: 1px solid var(--line);
  }
`;

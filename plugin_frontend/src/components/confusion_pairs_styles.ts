/** The style of the lists of pairs of classes that are taken for one another. */
import { css } from "lit";

export const pairsStyles = css`
  .pair-list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .pair {
    display: grid;
    grid-auto-flow: column;
    grid-template-columns: min(58%, var(--names)) minmax(40px, 1fr) 6ch;
    grid-auto-columns: 8ch;
    align-items: center;
    gap: 10px;
    min-height: 24px;
    padding: 0 6px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
  }
  .pair:hover,
  .pair[aria-pressed="true"] {
    background: var(--chip);
  }
  .pair:focus-visible {
    outline-offset: -2px;
  }
  .pair .bar {
    height: 6px;
  }
  .pair .bar span {
    display: block;
    height: 100%;
    min-width: 2px;
    border-radius: 2px;
    background: #d55e4a;
  }
  .gained .bar span {
    background: var(--bar-positive);
  }
  .lost .bar span {
    background: var(--bar-negative);
  }
  .pair .number {
    text-align: end;
    color: var(--secondary);
  }
`;

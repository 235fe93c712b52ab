/** The style of a panel. */
import { css } from "lit";

export const panelStyles = css`
  :host {
    display: block;
  }
  section {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
    min-height: 40px;
    padding: 6px 16px 6px 8px;
  }
  header.open {
    border-bottom: 1px solid var(--line);
  }
  h2 {
    margin: 0;
    max-width: 40ch;
    font-weight: 500;
    font-size: 13px;
  }
  .facts {
    color: var(--secondary);
  }
  nnviz-legend {
    margin-left: auto;
  }
  .fold {
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    margin-right: -6px;
    padding: 0;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--faint);
  }
  .fold:hover {
    background: var(--chip);
  }
  .fold svg {
    width: 12px;
    height: 12px;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
    transition: transform 0.12s;
  }
  header.open .fold svg {
    transform: rotate(90deg);
  }
  .columns {
    display: grid;
    padding: 12px 16px 16px;
  }
  .column {
    min-width: 0;
  }
  .caption {
    display: flex;
    align-items: center;
    gap: 7px;
    height: 22px;
    margin-bottom: 6px;
  }
  /* One line, so that the grids of all columns start at the same height: what is too long is cut, the name last. */
  .caption .name {
    flex-shrink: 1;
  }
  .caption .chip {
    flex-shrink: 100;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .moment {
    flex-shrink: 100;
    min-width: 0;
    color: var(--secondary);
  }
  nnviz-grid {
    display: block;
  }
  .more {
    display: block;
    width: 100%;
    padding: 8px 16px;
    border: 0;
    border-top: 1px solid var(--line);
    border-radius: 0 0 var(--radius) var(--radius);
    background: none;
    color: var(--secondary);
    font: inherit;
    text-align: center;
    cursor: pointer;
  }
  .more:hover {
    background: var(--chip);
    color: var(--ink);
  }
  .absent {
    border: 1px dashed var(--line);
    border-radius: 4px;
  }
  .told {
    padding: 12px 14px;
    color: var(--secondary);
  }
  .scalar {
    display: flex;
    align-items: baseline;
    gap: 14px;
    margin: 0;
  }
  .scalar .number {
    font-size: 20px;
    line-height: 24px;
  }
  .scalar .since {
    color: var(--secondary);
  }
  .failed {
    padding: 12px 14px;
    border-radius: 6px;
    background: var(--red-chip);
    color: var(--red);
  }
  .failed p {
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
`;

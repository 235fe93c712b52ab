/** The style of the table of statistics of a histogram panel. */
import { css } from "lit";
import { NARROW_COUNT_COLUMN } from "../model/histogram_size.js";

export const statisticsStyles = css`
  :host {
    display: block;
  }
  .scroll {
    --edge: color-mix(in srgb, var(--ink) 28%, transparent);
    overflow-x: auto;
    /* Shadows at the edges behind which there is more; what moves along covers them at the ends. */
    background:
      linear-gradient(to right, var(--card) 40%, transparent) left / 36px 100% no-repeat local,
      linear-gradient(to left, var(--card) 40%, transparent) right / 36px 100% no-repeat local,
      linear-gradient(to right, var(--edge), transparent) left / 14px 100% no-repeat scroll,
      linear-gradient(to left, var(--edge), transparent) right / 14px 100% no-repeat scroll;
  }
  table {
    width: calc(100% - 4px);
    max-width: 1680px;
    table-layout: fixed;
    border-collapse: collapse;
  }
  th {
    height: 24px;
    padding: 0;
    font-weight: 400;
    font-size: calc(12 * var(--dot));
    color: var(--faint);
    text-align: end;
    white-space: nowrap;
  }
  th[scope="row"] {
    padding-left: 0;
    font-size: calc(12.5 * var(--dot));
    color: var(--ink);
    text-align: start;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 7px;
  }
  .unseen {
    position: absolute;
    clip-path: inset(50%);
    width: 1px;
    height: 1px;
    overflow: hidden;
  }
  .dash {
    flex: none;
    width: 18px;
    height: 8px;
  }
  .first {
    width: var(--first, 150px);
  }
  thead td {
    height: 24px;
  }
  tbody td {
    height: 28px;
    padding: 0 0 0 6px;
    white-space: nowrap;
    text-align: end;
  }
  tr + tr td,
  tr + tr th {
    border-top: 1px solid var(--line);
  }
  .cell {
    display: inline-flex;
    align-items: center;
    justify-content: end;
    gap: 8px;
  }
  .spark {
    flex: none;
    overflow: visible;
  }
  .spark path {
    fill: none;
    stroke: var(--run);
    stroke-width: 1.3;
    stroke-linejoin: round;
    opacity: 0.75;
  }
  .spark circle {
    fill: var(--run);
    stroke: var(--card);
    stroke-width: 1;
  }
  th .pad {
    display: inline-block;
    width: calc(var(--spark) + 8px);
  }
  :host([narrow]) .cell {
    flex-direction: column;
    align-items: end;
    gap: 0;
  }
  :host([narrow]) tbody td {
    height: 44px;
    padding-left: 4px;
    font-size: calc(12.5 * var(--dot));
  }
  :host([narrow]) .non-finite {
    width: ${NARROW_COUNT_COLUMN}px;
  }
  :host([narrow]) .pad {
    display: none;
  }
`;

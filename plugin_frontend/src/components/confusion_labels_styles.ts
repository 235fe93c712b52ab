/** The style of the table of several labels, and of its pages. */
import { css } from "lit";

export const labelsStyles = css`
  .labels-frame {
    overflow-x: auto;
  }
  table.labels {
    border-collapse: collapse;
    font-size: 0.96em;
  }
  .labels th,
  .labels td {
    padding: 2px 5px;
    text-align: end;
    font-weight: 400;
  }
  .labels th:first-child {
    text-align: start;
  }
  .labels th[scope="row"] .ellipsis {
    display: block;
    max-width: 200px;
  }
  .labels thead th {
    border-bottom: 1px solid var(--line);
  }
  .labels thead button {
    padding: 3px 2px;
    border: 0;
    background: none;
    color: var(--secondary);
    font-size: 0.92em;
    white-space: nowrap;
  }
  .labels [aria-sort="ascending"] button,
  .labels [aria-sort="descending"] button {
    color: var(--ink);
    font-weight: 600;
  }
  .labels .count {
    min-width: 58px;
    padding: 3px 8px;
    border: 0;
    border-radius: 3px;
    background: none;
    text-align: end;
    line-height: 18px;
  }
  .labels .count.zero {
    color: var(--faint);
  }
  .labels .count.looked {
    box-shadow: inset 0 0 0 2px var(--secondary);
  }
  .labels .count.pinned {
    box-shadow: inset 0 0 0 2px var(--ink);
    font-weight: 600;
  }
  .pager {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-top: 10px;
    color: var(--secondary);
  }
  .pager .button {
    padding: 2px 12px;
  }
  .pager .button:disabled {
    color: var(--faint);
    cursor: default;
  }
`;

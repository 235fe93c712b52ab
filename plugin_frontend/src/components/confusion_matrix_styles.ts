/** The style of a matrix whose cells are elements. */
import { css } from "lit";

export const matrixStyles = css`
  :host {
    display: block;
  }
  .matrix {
    display: grid;
    width: max-content;
    max-width: 100%;
    gap: var(--gap);
  }
  .row {
    display: contents;
  }
  .cell {
    position: relative;
    display: grid;
    place-items: center;
    width: var(--cell);
    height: calc(var(--cell) * 0.86);
    overflow: hidden;
    border-radius: 3px;
    cursor: pointer;
    font-size: 0.96em;
    line-height: 1;
    white-space: nowrap;
  }
  .matrix.bare .cell {
    height: var(--cell);
    border-radius: 1px;
  }
  .cell:has(nnviz-confusion-picture) {
    height: var(--cell);
  }
  .cell.zero {
    color: var(--faint);
  }
  .cell:focus-visible {
    outline-offset: 0;
    z-index: 1;
  }
  .cell.looked {
    box-shadow: inset 0 0 0 2px var(--secondary);
  }
  .cell.worst {
    outline: 1.5px dashed var(--secondary);
    outline-offset: -1.5px;
  }
  .cell.pinned {
    box-shadow: inset 0 0 0 2px var(--ink);
    font-weight: 600;
  }
  /* Over pictures too. */
  .cell.looked:has(nnviz-confusion-picture)::after,
  .cell.pinned:has(nnviz-confusion-picture)::after {
    content: "";
    position: absolute;
    inset: 0;
    border: 2px solid var(--secondary);
    border-radius: 3px;
  }
  .cell.pinned:has(nnviz-confusion-picture)::after {
    border-color: var(--ink);
  }
  .name,
  .edge,
  .axes {
    display: flex;
    align-items: center;
    min-width: 0;
    color: var(--secondary);
    font-size: 0.92em;
  }
  .name[role="rowheader"] {
    justify-content: flex-end;
    padding-right: 8px;
  }
  .name[role="columnheader"] {
    justify-content: center;
    overflow: hidden;
  }
  .name.upright {
    align-items: flex-start;
    writing-mode: vertical-rl;
    transform: rotate(180deg);
    padding-top: 4px;
  }
  .along {
    grid-column: 1 / -1;
    height: 18px;
    padding-left: calc(var(--names) + 6px);
    font-size: 0.85em;
    line-height: 18px;
    color: var(--faint);
  }
  .axes {
    align-items: flex-end;
    justify-content: flex-end;
    padding: 0 8px 2px 0;
    font-size: 0.85em;
    color: var(--faint);
    white-space: nowrap;
  }
  .edge {
    justify-content: flex-end;
    white-space: nowrap;
  }
  .edge[role="columnheader"],
  .edge.start {
    align-items: flex-end;
    font-size: 0.85em;
    color: var(--faint);
  }
  .edge[role="columnheader"] {
    padding-bottom: 2px;
  }
  .edge.start {
    align-items: center;
    padding-right: 8px;
  }
  .edge.below {
    justify-content: center;
    height: 24px;
  }
  .edge.accuracy {
    color: var(--ink);
    font-weight: 600;
  }
`;

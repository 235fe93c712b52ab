/** The style of the list of runs. The colour of a run is a box of the browser that looks like a dot. */
import { css } from "lit";

export const runListStyles = css`
  .field {
    width: 100%;
    margin-bottom: 6px;
  }
  .invalid,
  .none {
    margin: 0 0 8px;
    font-size: calc(12 * var(--dot));
    color: var(--secondary);
    overflow-wrap: anywhere;
  }
  .invalid {
    color: var(--red);
  }
  /* The last row of a list that goes on is cut in its middle, which tells that it does. */
  ul {
    max-height: 40vh;
    max-height: calc(round(down, 40vh - 14px, 28px) + 14px);
    margin: 0 -8px;
    padding: 0;
    overflow-y: auto;
    scrollbar-width: thin;
    list-style: none;
  }
  li {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    padding: 0 8px;
    border-radius: 5px;
  }
  li:hover,
  li:focus-within {
    background: var(--chip);
  }
  input[type="checkbox"] {
    flex: none;
    width: 15px;
    height: 15px;
    margin: 0;
    cursor: pointer;
  }
  input[type="color"] {
    flex: none;
    width: 24px;
    height: 24px;
    margin: 0 -6px;
    padding: 6px;
    border: 0;
    border-radius: 50%;
    background: none;
    appearance: none;
    cursor: pointer;
  }
  input[type="color"]:hover {
    background: var(--track);
  }
  input[type="color"]::-webkit-color-swatch-wrapper {
    padding: 0;
  }
  input[type="color"]::-webkit-color-swatch {
    border: 0;
    border-radius: 50%;
  }
  input[type="color"]::-moz-color-swatch {
    border: 0;
    border-radius: 50%;
  }
  .name {
    flex: 1;
    min-width: 0;
    line-height: 28px;
    cursor: pointer;
  }
  /* The actions take the place of the number of steps, so that names keep their width. */
  .end {
    display: grid;
    flex: none;
    align-items: center;
    justify-items: end;
  }
  .end > * {
    grid-area: 1 / 1;
  }
  .steps {
    font-size: calc(12 * var(--dot));
    color: var(--faint);
  }
  @media (width < 1500px) {
    .word {
      display: none;
    }
  }
  .sampled {
    color: var(--amber);
  }
  .actions {
    display: flex;
    gap: 4px;
    opacity: 0;
  }
  li.pinned .actions,
  li:hover .actions,
  li:focus-within .actions {
    opacity: 1;
  }
  /* What is pinned is always said; the rest comes where one points. */
  li.pinned:not(:hover, :focus-within) .actions > :not([aria-pressed="true"]) {
    visibility: hidden;
  }
  .link[aria-pressed="true"] {
    color: var(--accent-ink);
  }
  li.pinned .steps,
  li:hover .steps,
  li:focus-within .steps {
    visibility: hidden;
  }
  @media (hover: none) {
    .actions {
      opacity: 1;
    }
    .steps {
      visibility: hidden;
    }
  }
`;

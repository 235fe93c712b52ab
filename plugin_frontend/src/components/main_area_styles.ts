/** The style of the scrolling middle. */
import { css } from "lit";

export const mainAreaStyles = css`
  :host {
    display: block;
    padding: 0 20px 40px;
    overflow: auto scroll;
    background: var(--page);
  }
  .content {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding-top: 8px;
  }
  .layer {
    display: flex;
    flex-direction: column;
    gap: 12px;
  }
  /* Panels of many runs scroll sideways together; what is said of them stays. */
  .wide {
    --stick: sticky;
    --header: calc(var(--in-sight) - 2px);
    --line-of-header: 0px;
    --line-of-body: 1px;
  }
  .wide > :is(nnviz-layer-player, .without),
  .wide .layer-heading {
    position: sticky;
    left: 0;
    width: var(--in-sight);
  }
  /* Nothing looks out beside it of the tiles that scroll below it. */
  .wide .layer-heading button {
    box-shadow:
      -20px 0 var(--page),
      20px 0 var(--page);
  }
  .wide > nnviz-layer-player[playing-one] {
    left: -20px;
    width: calc(var(--in-sight) + 40px);
  }
  nnviz-run-row {
    position: sticky;
    top: 0;
    z-index: 5;
    height: var(--run-row);
    margin: -8px -20px -10px;
    padding: 0 37px;
  }
  nnviz-layer-player ~ nnviz-run-row {
    margin-top: -4px;
  }
  .without {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 7px;
    margin: 0;
    color: var(--secondary);
    font-size: calc(12 * var(--dot));
  }
  .layer > .layer-heading {
    margin-bottom: -6px;
  }
  .slot {
    scroll-margin-top: calc(40px + var(--run-row));
  }
  /* Rows of one table, nearly. */
  .slot.low + .slot.low {
    margin-top: -7px;
  }
  .slot:focus {
    outline: none;
  }
  .slot:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 3px;
    border-radius: var(--radius);
  }
  .card {
    box-sizing: border-box;
    height: 100%;
    padding: 11px 32px;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--faint);
  }
`;

/** The style of the scrolling middle. */
import { css } from "lit";

export const mainAreaStyles = css`
  :host {
    display: block;
    padding: 0 20px 40px;
    overflow-y: scroll;
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
  .layer > .layer-heading {
    margin-bottom: -6px;
  }
  .slot {
    scroll-margin-top: 40px;
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

/** The look of the cards that a tile in the large is made of: headings, columns of runs, captions. */
import { css } from "lit";

export const tileCardStyles = css`
  .card {
    min-width: 0;
    padding: 12px 16px 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
  }
  .heading {
    display: flex;
    align-items: center;
    gap: 10px;
    margin-bottom: 6px;
  }
  h3 {
    margin: 0;
    font-size: calc(13 * var(--dot));
    font-weight: 500;
  }
  .columns {
    display: grid;
    justify-content: start;
    overflow-x: auto;
    /* Room for the lines round the tiles, which would be cut off. */
    margin: -4px;
    padding: 4px;
  }
  .caption {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    color: var(--secondary);
    white-space: nowrap;
    overflow: hidden;
  }
  .large {
    display: block;
    min-width: 0;
    /* What is shown in the large is outlined among others, not here. */
    --outline: none;
  }
  .said {
    color: var(--secondary);
  }
`;

/** The style of a tile in the large. */
import { css } from "lit";

export const tileStyles = css`
  :host {
    display: block;
    min-height: 100%;
  }
  header {
    position: sticky;
    top: 0;
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    padding: 10px 20px;
    border-bottom: 1px solid var(--line);
    background: var(--page);
  }
  header .button {
    padding: 3px 10px;
  }
  .button[disabled] {
    color: var(--faint);
    cursor: default;
    opacity: 0.6;
  }
  h2 {
    display: flex;
    align-items: baseline;
    white-space: nowrap;
    gap: 0 8px;
    margin: 0;
    font-size: 14px;
    font-weight: 500;
  }
  h2 .name {
    font-weight: 600;
  }
  h3 {
    margin: 0;
    font-size: 13px;
    font-weight: 500;
  }
  /* Of all that stands here, these may be cut. */
  .facts {
    flex: 1 1 24px;
    min-width: 0;
    color: var(--secondary);
  }
  nnviz-legend {
    --legend-bar: 84px;
  }
  .tools,
  .steps {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .tools {
    gap: 12px;
    margin-inline-start: auto;
  }
  .steps .button {
    min-width: 32px;
    font-size: 15px;
    line-height: 1.2;
  }
  .place {
    min-width: 8ch;
    color: var(--secondary);
    text-align: center;
  }
  .link {
    width: 24ch;
    padding: 4px 8px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--card);
  }
  .content {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 14px 20px 40px;
  }
  .plots {
    display: grid;
    gap: 14px;
  }
  .plots > .card {
    min-height: calc(var(--plot-height) + 28px);
  }
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
    margin-bottom: 8px;
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
  .caption .name {
    color: var(--ink);
  }
  /* The numbers stand beside the tile where there is room, else below it. */
  .body {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 12px 24px;
  }
  nnviz-tile-numbers {
    flex: 1 1 150px;
  }
  .large {
    display: block;
    min-width: 0;
    /* What is shown in the large is outlined among others, not here. */
    --outline: none;
  }
  .said {
    padding: 24px 14px;
    border: 1px dashed var(--line);
    border-radius: 4px;
    color: var(--secondary);
    text-align: center;
  }
  .said.red {
    color: var(--red);
  }
`;

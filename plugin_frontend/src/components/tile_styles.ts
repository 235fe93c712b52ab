/** The style of a tile in the large, besides that of its cards. */
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
  /* On a low screen it would hide what is scrolled below it. */
  @media (height < 600px) {
    header {
      position: static;
    }
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
    font-size: calc(14 * var(--dot));
    font-weight: 500;
  }
  h2 .name {
    font-weight: 600;
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
  button.chip {
    border: 0;
  }
  button.chip:hover {
    color: var(--ink);
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
    font-size: calc(15 * var(--dot));
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
  .caption .name {
    color: var(--ink);
  }
  .caption svg {
    flex: none;
    width: 26px;
    height: 8px;
    stroke-width: 2;
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
  .said {
    padding: 24px 14px;
    border: 1px dashed var(--line);
    border-radius: 4px;
    text-align: center;
  }
  .said.red {
    color: var(--red);
  }
`;

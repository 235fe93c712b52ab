/** The style of a panel that is low: see `low_panels.ts` for its sizes. */
import { css, unsafeCSS } from "lit";
import { LOW_CAPTION, LOW_GAP, LOW_PADDING, LOW_TITLE } from "../model/low_panels.js";

const px = (length: number): ReturnType<typeof unsafeCSS> => unsafeCSS(`${length}px`);

export const lowPanelStyles = css`
  .low {
    display: grid;
    grid-template: auto / var(--title) var(--runs) var(--aside);
    gap: 0 ${px(LOW_GAP)};
    padding: ${px(LOW_PADDING)} 16px;
  }
  .low header {
    gap: 10px;
    min-height: ${px(LOW_TITLE)};
    margin-left: -8px;
    padding: 0;
  }
  .low .words {
    flex: 1;
    display: block;
  }
  .low .fold {
    margin-top: 0;
  }
  .low h3,
  .low h2 {
    line-height: 24px;
  }
  .low .facts {
    display: block;
    font-size: calc(12 * var(--dot));
    line-height: 18px;
  }
  .low .runs {
    grid-area: 1 / 2;
    min-width: 0;
  }
  .low .aside {
    display: flex;
    flex-wrap: wrap;
    align-content: flex-start;
    align-items: center;
    justify-content: flex-end;
    gap: 4px 8px;
    grid-area: 1 / 3;
    min-height: 24px;
    min-width: 0;
  }
  .low .aside .chip {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .low nnviz-legend {
    --legend-bar: 72px;
    --legend-wrap: wrap;
    max-width: 100%;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0 14px;
    margin-left: 0;
    min-height: 24px;
  }
  .low .columns {
    padding: 0;
  }
  .low .axis-sliders {
    padding: 0 0 6px;
  }
  .low .caption {
    height: ${px(LOW_CAPTION - 2)};
    margin-bottom: 2px;
    font-size: calc(12 * var(--dot));
  }
  .low .scalar {
    gap: 10px;
  }
  .low .scalar .number {
    font-size: calc(15 * var(--dot));
  }
  .low .scalar .since {
    font-size: calc(12 * var(--dot));
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .low .more {
    padding: 4px 0;
    border: 0;
    text-align: start;
  }
  .low.stacked {
    grid-template: auto auto / minmax(0, 1fr) auto;
  }
  .low.stacked .aside {
    grid-area: 1 / 2;
  }
  .low.stacked .runs {
    grid-area: 2 / 1 / auto / span 2;
  }
`;

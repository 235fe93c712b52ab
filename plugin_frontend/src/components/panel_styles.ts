/** The style of a panel, and of one that is low: see `low_panels.ts` for its sizes. */
import { css, unsafeCSS } from "lit";
import { LOW_CAPTION, LOW_GAP, LOW_PADDING, LOW_TITLE } from "../model/low_panels.js";

const px = (length: number): ReturnType<typeof unsafeCSS> => unsafeCSS(`${length}px`);

export const panelStyles = css`
  :host {
    display: block;
  }
  section {
    min-height: var(--panel-height, 0);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
  }
  header {
    display: flex;
    align-items: flex-start;
    gap: 6px 18px;
    padding: 6px 16px 6px 8px;
  }
  /* What has no room goes on below; the legend stays at the end of the first line. */
  .words {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    min-width: 0;
    min-height: 28px;
  }
  header .words .chip {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  header.alone {
    padding-left: 16px;
  }
  header.open {
    border-bottom: 1px solid var(--line);
  }
  h2,
  h3 {
    margin: 0;
    max-width: 60ch;
    font-weight: 500;
    font-size: 1em;
  }
  .facts {
    color: var(--secondary);
  }
  nnviz-legend {
    flex: none;
    min-height: 28px;
  }
  /* Of a narrow screen the words need more. */
  @media (width < 1400px) {
    nnviz-legend {
      --legend-bar: 84px;
    }
  }
  /* On the widest screens the other end of the line is too far away. */
  @media (width > 2600px) {
    header .words {
      flex: 0 1 auto;
    }
  }
  .fold {
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    margin-right: -6px;
    padding: 0;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--faint);
  }
  .fold:hover {
    background: var(--chip);
  }
  .fold svg {
    width: 12px;
    height: 12px;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
    transition: transform 0.12s;
  }
  .fold[aria-expanded="true"] svg {
    transform: rotate(90deg);
  }
  .columns {
    display: grid;
    padding: 12px 16px 16px;
  }
  .column {
    min-width: 0;
  }
  .caption {
    display: flex;
    align-items: center;
    gap: 7px;
    height: 22px;
    margin-bottom: 6px;
    overflow: hidden;
    container: caption / inline-size;
  }
  /* One line, so that the grids of all columns start at the same height: what is too long is cut, the name first. */
  .caption .name {
    flex-shrink: 100;
  }
  .caption .chip {
    flex-shrink: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* That a run stands elsewhere is to be seen however long its name is. */
  .caption .chip.mark {
    min-width: 12ch;
  }
  /* Numbers of this run go after what only names it. */
  .caption .chip.firm {
    flex: none;
  }
  .caption .chip.short {
    flex: none;
  }
  .moment {
    flex-shrink: 0;
    color: var(--secondary);
  }
  @container caption (width < 380px) {
    .phase {
      display: none;
    }
  }
  /* As wide with the next step, so that stepping does not move the header. */
  header .chip[data-testid="change"] {
    min-width: 20ch;
    text-align: center;
  }
  nnviz-grid {
    display: block;
  }
  .more {
    display: block;
    width: 100%;
    padding: 8px 16px;
    border: 0;
    border-top: 1px solid var(--line);
    border-radius: 0 0 var(--radius) var(--radius);
    background: none;
    color: var(--secondary);
    font: inherit;
    text-align: center;
    cursor: pointer;
  }
  .more:hover {
    background: var(--chip);
    color: var(--ink);
  }
  .more.room {
    visibility: hidden;
  }
  .absent {
    border: 1px dashed var(--line);
    border-radius: 4px;
  }
  .absent-runs {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 7px;
    padding: 0 16px 14px;
    color: var(--secondary);
  }
  .absent-runs .dot {
    margin-left: 5px;
  }
  .told {
    padding: 12px 14px;
    color: var(--secondary);
  }
  .scalar {
    display: flex;
    align-items: baseline;
    gap: 14px;
    margin: 0;
  }
  .scalar .number {
    font-size: 20px;
    line-height: 24px;
  }
  .scalar .since {
    color: var(--secondary);
  }
  .failed {
    padding: 12px 14px;
    border-radius: 6px;
    background: var(--red-chip);
    color: var(--red);
  }
  .failed p {
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
`;

export const lowPanelStyles = css`
  .low {
    display: grid;
    grid-template: auto / var(--title) var(--runs) var(--aside);
    gap: 0 ${px(LOW_GAP)};
    padding: ${px(LOW_PADDING)} 16px;
  }
  .low header {
    flex-wrap: nowrap;
    align-items: flex-start;
    gap: 10px;
    min-height: ${px(LOW_TITLE)};
    margin-left: -8px;
    padding: 0;
  }
  .low .words {
    display: block;
  }
  .low h3,
  .low h2 {
    line-height: 24px;
  }
  .low .facts {
    display: block;
    font-size: 12px;
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
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0 14px;
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
    font-size: 12px;
  }
  .low .scalar {
    gap: 10px;
  }
  .low .scalar .number {
    font-size: 15px;
  }
  .low .scalar .since {
    font-size: 12px;
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

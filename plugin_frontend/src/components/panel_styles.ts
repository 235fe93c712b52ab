/** The style of a panel. */
import { css } from "lit";

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
  /* In the part of a wide panel that is in sight. */
  header,
  .more,
  .axis-sliders,
  .absent-runs {
    position: var(--stick, static);
    left: 1px;
    width: var(--header, auto);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 6px 10px;
    padding: 6px 16px 6px 8px;
  }
  /* What has no room goes on below; the legend stays at the end of the first line while the words keep some of it. */
  .words {
    flex: 1 1 230px;
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
  button.chip {
    border: 0;
    cursor: pointer;
  }
  button.chip:hover {
    color: var(--ink);
  }
  header.alone {
    padding-left: 16px;
  }
  header.open {
    border-bottom: var(--line-of-header, 1px) solid var(--line);
  }
  /* The line goes on where the header ends. */
  header.open + * {
    border-top: var(--line-of-body, 0) solid var(--line);
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
    margin-left: 8px;
  }
  /* Of a narrow screen the words need more. */
  @media (width < 1400px) {
    nnviz-legend {
      --legend-bar: 84px;
    }
  }
  /* Of what is cut the rest is in a title, which needs a pointer: on the narrow ones, nothing is. */
  @media (width < 1100px) {
    header .words :is(.chip, h2, h3) {
      white-space: normal;
      overflow-wrap: anywhere;
    }
  }
  /* On the widest screens the other end of the line is too far away. */
  @media (width > 2600px) {
    header .words {
      flex: 0 1 auto;
    }
    header .export {
      margin-left: 0;
    }
  }
  .fold {
    display: grid;
    place-items: center;
    flex: none;
    width: 24px;
    height: 24px;
    margin: 2px -6px 2px 0;
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
  .export {
    flex: none;
    display: grid;
    place-items: center;
    width: 26px;
    height: 26px;
    margin: 1px -10px 1px auto;
    padding: 0;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--faint);
  }
  .export:hover {
    background: var(--chip);
    color: var(--ink);
  }
  .export svg {
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .columns {
    display: grid;
    padding: 12px 16px 16px;
  }
  /* The names of the runs stand above all panels. */
  .columns.named {
    padding-top: 6px;
  }
  .column {
    min-width: 0;
  }
  .thin header.open,
  .thin header.open + * {
    border: 0;
  }
  .thin .columns {
    padding: 0 16px 7px;
  }
  .thin .caption {
    height: 20px;
    margin-bottom: 2px;
    font-size: calc(12 * var(--dot));
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
  /* What must be read with care stays when there is no room for mere facts. */
  .caption .chip[data-kind="fact"] {
    flex-shrink: 99999;
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
  .bars-scale .bar {
    display: inline-block;
    width: 12px;
    height: 8px;
  }
  .bars-scale .negative {
    border-right: 1px solid var(--mark);
    background: var(--bar-negative);
  }
  .bars-scale .positive {
    width: 8px;
    margin-right: 4px;
    background: var(--bar-positive);
  }
  .more {
    display: block;
    width: var(--header, 100%);
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
  .scalar.stale {
    opacity: 0.55;
    transition: opacity 0.15s 0.25s;
  }
  .scalar .number {
    font-size: calc(20 * var(--dot));
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

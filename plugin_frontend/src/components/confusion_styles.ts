/** The style of a card of a confusion. */
import { css } from "lit";

export const confusionStyles = css`
  .choices {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 6px 16px;
    min-height: 28px;
  }
  .choices .tick,
  .choices .sort {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--secondary);
    white-space: nowrap;
  }
  .choices .tick input {
    width: 15px;
    height: 15px;
    margin: 0;
    accent-color: var(--accent-ink);
  }
  .choices select {
    height: 28px;
  }
  .choices .segments {
    grid-auto-columns: auto;
  }
  .choices .segments button {
    padding: 0 12px;
  }
  .runs {
    display: grid;
    gap: 24px 28px;
    padding: 10px 16px 16px;
  }
  .run {
    min-width: 0;
  }
  .run > .caption {
    height: auto;
    min-height: 22px;
    flex-wrap: wrap;
  }
  .stale .parts {
    opacity: 0.55;
    transition: opacity 0.15s 0.25s;
  }
  .parts {
    display: grid;
    gap: 18px;
    min-width: 0;
  }
  .parts.wide {
    gap: 32px;
  }
  .cells {
    min-width: 0;
    overflow-x: auto;
    /* Room for the ring round a cell that has the focus. */
    margin: -3px;
    padding: 3px;
  }
  .aside {
    display: grid;
    align-content: start;
    min-width: 0;
  }
  .detail {
    grid-column: 1 / -1;
  }
  .aside section {
    min-width: 0;
    min-height: 0;
    border: 0;
    border-radius: 0;
    background: none;
    box-shadow: none;
  }
  .parts .section-title {
    display: flex;
    align-items: center;
    gap: 10px;
    max-width: none;
    height: 28px;
    margin: 0 0 8px;
    font-weight: 400;
    white-space: nowrap;
    border-bottom: 1px solid var(--line);
    padding-bottom: 5px;
  }
  /* One line whatever the classes are called, so that looking at another cell moves nothing. */
  .section-title > span {
    min-width: 3ch;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .section-title > .mono {
    flex-shrink: 0;
    max-width: min(70%, calc(100% - 250px));
  }
  .section-title .chip,
  .section-title .link {
    flex: none;
    margin-left: auto;
  }
  .shelf {
    display: flex;
    flex-wrap: wrap;
    align-content: flex-start;
    gap: 8px 14px;
  }
  .figure {
    position: relative;
    display: flex;
    flex: none;
    flex-direction: column;
    align-items: center;
    gap: 2px;
    padding: 0;
    border: 0;
    border-radius: 3px;
    background: none;
    font-size: 0.88em;
    line-height: 18px;
    color: var(--secondary);
  }
  .figure.bare {
    padding: 4px 6px;
    border: 1px solid var(--line);
  }
  .figure[aria-pressed="true"] {
    outline: 2px solid var(--ink);
    outline-offset: 2px;
  }
  .figure:focus-visible {
    outline: 2px solid var(--accent-ink);
    outline-offset: 2px;
  }
  /* For those who hear the screen: the picture itself says nothing. */
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .figure:hover {
    color: var(--ink);
  }
  .figure .caption-text {
    max-width: 100%;
    line-height: 15px;
  }
  .figure em {
    font-style: normal;
    color: var(--red);
  }
  /* Two lines: what it is, and where else it is to be found. */
  .sample-line {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    height: 40px;
    margin: 8px 0 0;
    line-height: 20px;
    color: var(--secondary);
  }
  .quiet {
    margin: 0;
    color: var(--faint);
  }
  .sample-line.quiet {
    margin-top: 8px;
  }
  .link {
    padding: 0 2px;
    border: 0;
    background: none;
    color: var(--accent-ink);
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .chip.unpin {
    border: 0;
    font-weight: 400;
  }
  .chip.unpin:hover {
    color: var(--ink);
  }
  .pair-list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .pair {
    display: grid;
    grid-auto-flow: column;
    grid-template-columns: min(58%, var(--names)) minmax(40px, 1fr) 6ch;
    grid-auto-columns: 8ch;
    align-items: center;
    gap: 10px;
    min-height: 24px;
    padding: 0 6px;
    border: 0;
    border-radius: 4px;
    background: none;
    text-align: start;
  }
  .pair:hover,
  .pair[aria-pressed="true"] {
    background: var(--chip);
  }
  .pair:focus-visible {
    outline-offset: -2px;
  }
  .pair .bar {
    height: 6px;
  }
  .pair .bar span {
    display: block;
    height: 100%;
    min-width: 2px;
    border-radius: 2px;
    background: #d55e4a;
  }
  .gained .bar span {
    background: var(--bar-positive);
  }
  .lost .bar span {
    background: var(--bar-negative);
  }
  [data-testid="reference-samples"] .section-title {
    margin-top: 10px;
  }
  .pair .number {
    text-align: end;
    color: var(--secondary);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    margin: 10px 0 0;
    font-size: 0.92em;
    color: var(--secondary);
  }
  .ramp {
    width: 84px;
    height: 9px;
    margin-right: 6px;
    border-radius: 2px;
    box-shadow: inset 0 0 0 1px rgb(128 128 128 / 25%);
  }
  .crumbs {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    margin: 0 0 6px;
    min-height: 20px;
    color: var(--secondary);
  }
  .crumbs.quiet {
    color: var(--faint);
  }
  .refused {
    display: inline-block;
    margin: 0 0 8px;
    white-space: normal;
  }
  .skeleton {
    height: 560px;
    border-radius: 6px;
    background: var(--chip);
  }
  .labels-frame {
    overflow-x: auto;
  }
  table.labels {
    border-collapse: collapse;
    font-size: 0.96em;
  }
  .labels th,
  .labels td {
    padding: 2px 5px;
    text-align: end;
    font-weight: 400;
  }
  .labels th:first-child {
    text-align: start;
  }
  .labels th[scope="row"] .ellipsis {
    display: block;
    max-width: 200px;
  }
  .labels thead th {
    border-bottom: 1px solid var(--line);
  }
  .labels thead button {
    padding: 3px 2px;
    border: 0;
    background: none;
    color: var(--secondary);
    font-size: 0.92em;
    white-space: nowrap;
  }
  .labels [aria-sort="ascending"] button,
  .labels [aria-sort="descending"] button {
    color: var(--ink);
    font-weight: 600;
  }
  .labels .count {
    min-width: 58px;
    padding: 3px 8px;
    border: 0;
    border-radius: 3px;
    background: none;
    text-align: end;
    line-height: 18px;
  }
  .labels .count.zero {
    color: var(--faint);
  }
  .labels .count.looked {
    box-shadow: inset 0 0 0 2px var(--secondary);
  }
  .labels .count.pinned {
    box-shadow: inset 0 0 0 2px var(--ink);
    font-weight: 600;
  }
  .pager {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-top: 10px;
    color: var(--secondary);
  }
  .pager .button {
    padding: 2px 12px;
  }
  .pager .button:disabled {
    color: var(--faint);
    cursor: default;
  }
`;

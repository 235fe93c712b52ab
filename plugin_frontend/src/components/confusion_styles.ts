/** The style of a card of a confusion. */
import { css } from "lit";

export const confusionStyles = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 6px 16px;
    min-height: 28px;
  }
  @media (width < 760px) {
    .choices {
      flex: 1 1 200px;
      justify-content: flex-start;
    }
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
  .runs > * {
    grid-row: span 2;
  }
  /* Runs begin alike below their captions, however many lines these have. */
  .run {
    display: grid;
    grid-template: subgrid / minmax(0, 1fr);
    gap: 0;
    align-items: start;
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
  [data-testid="reference-samples"] .section-title {
    margin-top: 10px;
  }
  .section-title .chip,
  .section-title .link {
    flex: none;
    margin-left: auto;
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
`;

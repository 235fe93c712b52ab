/**
 * The design tokens and the few rules that every component shares. Colours in both themes, one table; must not hold
 * the style of any single component.
 */
import { css } from "lit";

/** Custom properties; set once on the app's host and inherited through every shadow root. */
export const tokens = css`
  :host {
    --page: #f5f6f8;
    --card: #ffffff;
    --rail: #ffffff;
    --ink: #1f2328;
    --secondary: #5f6672;
    /* Of text; 4.5 to 1 on cards, chips and the page. */
    --faint: #656c78;
    /* Of ticks and icons that say nothing alone. */
    --mark: #8a919e;
    --line: #e3e6eb;
    --chip: #eef0f4;
    --track: #d6dae1;
    --accent: #f57c00;
    --accent-ink: #b35900;
    --amber: #8a5300;
    --amber-chip: #fff1dc;
    --green: #146c3a;
    --green-chip: #e2f4e8;
    --red: #b3261e;
    --red-chip: #fde8e6;
    --bar-negative: #2f74b5;
    --bar-positive: #c1403d;
    --shadow: 0 1px 2px rgb(31 35 40 / 6%);
    --tooltip: #1f2328;
    --mono: "Roboto Mono", ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
    --radius: 8px;
    /* What letters are measured in: larger only where the screen is so wide that its dots must be small. */
    --dot: clamp(1px, 100vw / 3250, 16px / 13);
    color-scheme: light;
  }
  :host([data-theme="dark"]) {
    --page: #202124;
    --card: #2a2c30;
    --rail: #26282c;
    --ink: #e8eaed;
    --secondary: #b0b5bd;
    --faint: #9fa5af;
    --mark: #868c96;
    --line: #3a3d43;
    --chip: #36393f;
    --track: #4a4e56;
    --accent-ink: #ffa040;
    --amber: #ffc46b;
    --amber-chip: #46351a;
    --green: #7fd8a2;
    --green-chip: #1f3d2b;
    --red: #ff8a80;
    --red-chip: #4a2522;
    --bar-negative: #5b9fd8;
    --bar-positive: #e8776d;
    --shadow: none;
    --tooltip: #15161a;
    color-scheme: dark;
  }
`;

export const shared = css`
  :host {
    box-sizing: border-box;
    font: calc(13 * var(--dot)) / 1.4 Roboto, system-ui, "Segoe UI", sans-serif;
    font-variant-numeric: tabular-nums;
    color: var(--ink);
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--accent-ink);
    outline-offset: 2px;
  }
  .mono {
    font-family: var(--mono);
    font-size: 0.96em;
  }
  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* For those who hear the screen. */
  .unseen {
    position: absolute;
    overflow: hidden;
    clip-path: inset(50%);
    width: 1px;
    height: 1px;
    white-space: nowrap;
  }
  .ends {
    display: flex;
  }
  .ends > :first-child {
    min-width: 3ch;
  }
  .ends > :last-child {
    flex: none;
  }
  .dot {
    flex: none;
    width: 10px;
    height: 10px;
    border-radius: 50%;
  }
  .chip {
    display: inline-block;
    padding: 1px 9px;
    border-radius: 10px;
    font-size: calc(12 * var(--dot));
    background: var(--chip);
    color: var(--secondary);
    white-space: nowrap;
  }
  .chip.amber {
    background: var(--amber-chip);
    color: var(--amber);
  }
  .chip.green {
    background: var(--green-chip);
    color: var(--green);
  }
  .chip.red {
    background: var(--red-chip);
    color: var(--red);
  }
  .button {
    padding: 5px 12px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--card);
    color: var(--ink);
  }
  .button:hover {
    background: var(--chip);
  }
`;

/** The style of the export dialog's content. */
import { css } from "lit";

export const exportFormStyles = css`
  :host {
    display: block;
  }
  header,
  footer,
  .range,
  .outcome {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  header {
    justify-content: space-between;
    margin: -4px -8px 10px 0;
  }
  h2 {
    margin: 0;
    font-size: calc(16 * var(--dot));
    font-weight: 500;
  }
  .icon svg {
    fill: none;
    stroke-width: 1.4;
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .row {
    min-height: 38px;
  }
  /* As wide as its words, and on several lines where these are too long: what is chosen is to be read in full. */
  .segments {
    grid-auto-columns: auto;
    margin: 2px 0;
  }
  .segments button {
    height: auto;
    min-height: 28px;
    padding: 4px 8px;
    font-size: calc(12.5 * var(--dot));
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .segments button[aria-disabled="true"] {
    color: var(--faint);
    cursor: default;
    background: repeating-linear-gradient(-45deg, transparent 0 5px, var(--chip) 5px 6px);
  }
  .about {
    margin: 0 0 4px calc(5.4em * 13 / 12);
    min-height: 1.4em;
    font-size: calc(12 * var(--dot));
    color: var(--secondary);
  }
  .range select {
    flex: 1;
  }
  .file {
    margin-top: 6px;
    padding-top: 8px;
    border-top: 1px solid var(--line);
  }
  .name {
    color: var(--ink);
    overflow-wrap: anywhere;
  }
  .size {
    display: block;
    font-size: calc(12 * var(--dot));
  }
  .size.large {
    color: var(--amber);
  }
  .outcome {
    min-height: 40px;
    color: var(--secondary);
    overflow-wrap: anywhere;
  }
  .outcome.failed {
    margin: 6px 0;
    padding: 8px 12px;
    border-radius: 6px;
    background: var(--red-chip);
    color: var(--red);
  }
  .left-out {
    margin: 4px 0 6px calc(5.4em * 13 / 12);
    font-size: calc(12 * var(--dot));
  }
  .lacking {
    max-height: 96px;
    margin: 0 0 8px;
    overflow-y: auto;
  }
  .left-out,
  .lacking {
    padding: 6px 12px;
    border-radius: 6px;
    background: var(--amber-chip);
    color: var(--amber);
    list-style: none;
    overflow-wrap: anywhere;
  }
  progress {
    flex: 1;
    height: 6px;
    appearance: none;
    border: 0;
    border-radius: 3px;
    background: var(--track);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--track);
  }
  progress::-webkit-progress-value,
  progress::-moz-progress-bar {
    background: var(--accent);
  }
  footer {
    justify-content: flex-end;
  }
  .primary {
    border-color: var(--accent);
    font-weight: 500;
  }
  .button:disabled {
    border-color: var(--line);
    color: var(--faint);
    cursor: default;
  }
`;

/** The style of the timeline. The thumb is 18 px wide; ticks and marks are inset by half of it to stand under it. */
import { css } from "lit";

export const timelineStyles = css`
  :host {
    display: flex;
    align-items: center;
    gap: 16px;
    min-height: 56px;
    padding: 8px 20px;
    border-bottom: 1px solid var(--line);
    background: var(--card);
  }
  .play {
    flex: none;
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: var(--accent);
    color: #ffffff;
  }
  .play:hover:enabled {
    filter: brightness(1.08);
  }
  .play:disabled {
    background: var(--track);
    cursor: default;
  }
  .play svg {
    width: 16px;
    height: 16px;
    fill: currentcolor;
  }
  .track {
    position: relative;
    flex: 1;
    min-width: 80px;
    height: 36px;
  }
  input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    background: none;
    appearance: none;
    cursor: pointer;
  }
  input:disabled {
    --accent: var(--track);
    cursor: default;
  }
  input:disabled::-webkit-slider-thumb {
    visibility: hidden;
  }
  input:disabled::-moz-range-thumb {
    visibility: hidden;
  }
  input:focus-visible {
    outline: none;
  }
  input::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(var(--accent), var(--accent)) 0 / calc(9px + var(--place) * (100% - 18px))
      100% no-repeat var(--track);
  }
  input::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(var(--accent), var(--accent)) 0 / calc(9px + var(--place) * (100% - 18px))
      100% no-repeat var(--track);
  }
  input::-webkit-slider-thumb {
    appearance: none;
    width: 18px;
    height: 18px;
    margin-top: -7px;
    border: 3px solid var(--card);
    border-radius: 50%;
    background: var(--accent);
    box-shadow: 0 0 0 1.5px var(--accent);
  }
  input::-moz-range-thumb {
    width: 12px;
    height: 12px;
    border: 3px solid var(--card);
    border-radius: 50%;
    background: var(--accent);
    box-shadow: 0 0 0 1.5px var(--accent);
  }
  input:focus-visible::-webkit-slider-thumb {
    box-shadow:
      0 0 0 1.5px var(--accent),
      0 0 0 6px rgb(245 124 0 / 30%);
  }
  input:focus-visible::-moz-range-thumb {
    box-shadow:
      0 0 0 1.5px var(--accent),
      0 0 0 6px rgb(245 124 0 / 30%);
  }
  .ticks,
  .marks {
    position: absolute;
    left: 9px;
    right: 9px;
  }
  .ticks {
    bottom: 0;
    height: 6px;
    pointer-events: none;
  }
  .ticks i {
    position: absolute;
    width: 1px;
    height: 6px;
    background: var(--faint);
  }
  .marks {
    top: -1px;
    height: 10px;
  }
  .marks svg {
    position: absolute;
    width: 10px;
    height: 10px;
    fill: var(--secondary);
  }
  .label {
    flex: none;
    min-width: 124px;
    line-height: 18px;
    text-align: end;
    color: var(--secondary);
    white-space: nowrap;
  }
  .label b {
    font-weight: 600;
    color: var(--ink);
  }
  .detail {
    height: 16px;
    font-size: 11.5px;
    line-height: 16px;
    color: var(--faint);
  }
  .detail.phase {
    color: var(--accent-ink);
  }
`;

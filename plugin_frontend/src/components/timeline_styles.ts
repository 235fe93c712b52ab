/** The style of the timeline. The thumb is 18 px wide; ticks and marks are inset by half of it to stand under it. */
import { css } from "lit";

export const timelineStyles = css`
  :host {
    display: flex;
    align-items: center;
    gap: clamp(8px, 1vw, 18px);
    min-height: 58px;
    padding: 6px 20px;
    border-bottom: 1px solid var(--line);
    background: var(--card);
  }
  .moves,
  .settings,
  .number {
    display: flex;
    align-items: center;
  }
  .moves {
    flex: none;
  }
  .settings {
    flex: none;
    gap: 6px;
  }
  .play {
    flex: none;
    display: grid;
    place-items: center;
    width: 34px;
    height: 34px;
    margin: 0 3px;
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
  .track input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    margin: 0;
    background: none;
    appearance: none;
    cursor: pointer;
  }
  .track input:disabled {
    --accent: var(--track);
    cursor: default;
  }
  .track input:disabled::-webkit-slider-thumb {
    visibility: hidden;
  }
  .track input:disabled::-moz-range-thumb {
    visibility: hidden;
  }
  .track input:focus-visible {
    outline: none;
  }
  .track input::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(var(--accent), var(--accent)) 0 / calc(9px + var(--place) * (100% - 18px))
      100% no-repeat var(--track);
  }
  .track input::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(var(--accent), var(--accent)) 0 / calc(9px + var(--place) * (100% - 18px))
      100% no-repeat var(--track);
  }
  .track input::-webkit-slider-thumb {
    appearance: none;
    width: 18px;
    height: 18px;
    margin-top: -7px;
    border: 3px solid var(--card);
    border-radius: 50%;
    background: var(--accent);
    box-shadow: 0 0 0 1.5px var(--accent);
  }
  .track input::-moz-range-thumb {
    width: 12px;
    height: 12px;
    border: 3px solid var(--card);
    border-radius: 50%;
    background: var(--accent);
    box-shadow: 0 0 0 1.5px var(--accent);
  }
  .track input:focus-visible::-webkit-slider-thumb {
    box-shadow:
      0 0 0 1.5px var(--accent),
      0 0 0 6px rgb(245 124 0 / 30%);
  }
  .track input:focus-visible::-moz-range-thumb {
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
    background: var(--mark);
  }
  .ticks i.low {
    bottom: 0;
    height: 3px;
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
  .marks.pinned svg {
    width: 14px;
    height: 14px;
    margin: -2px 0 0 -7px;
    fill: var(--accent);
    stroke: var(--accent);
  }
  .place {
    position: relative;
    flex: none;
    width: 198px;
  }
  .number {
    gap: 6px;
  }
  .number select {
    flex: none;
    width: 78px;
  }
  .number .field {
    flex: none;
    width: 54px;
    text-align: end;
    font-weight: 600;
  }
  .of {
    flex: 1;
    min-width: 0;
    color: var(--secondary);
  }
  .detail {
    position: absolute;
    inset: 100% 0 auto;
    height: 14px;
    padding-left: 6px;
    font-size: calc(11 * var(--dot));
    line-height: 14px;
    color: var(--secondary);
  }
  .detail.phase {
    color: var(--accent-ink);
  }
  .pin svg {
    fill: none;
  }
  .pin[aria-pressed="true"] svg {
    fill: currentcolor;
  }
  .loop svg {
    fill: none;
    stroke-width: 1.5;
  }
  .help {
    font-weight: 600;
    border-color: var(--line);
  }
  .follow {
    display: flex;
    align-items: center;
    gap: 7px;
    height: 28px;
    padding: 0 10px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--card);
    color: var(--secondary);
    white-space: nowrap;
  }
  .follow i {
    width: 9px;
    height: 9px;
    border: 1.5px solid currentcolor;
    border-radius: 50%;
  }
  .follow[aria-pressed="true"] {
    border-color: var(--accent);
    color: var(--accent-ink);
  }
  .follow[aria-pressed="true"] i {
    border-color: var(--accent);
    background: var(--accent);
  }
  @media (width < 1100px) {
    .first,
    .last,
    .follow span {
      display: none;
    }
    .follow {
      padding: 0 8px;
    }
  }
  @media (width < 760px) {
    :host {
      flex-wrap: wrap;
      padding: 6px 10px;
    }
    .place {
      width: 144px;
    }
    .of {
      display: none;
    }
  }
`;

/** The style of the bar that plays through the layers: a line with a dot for each stop, like a map of an underground. */
import { css } from "lit";

export const layerBarStyles = css`
  :host {
    display: block;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 10px 16px;
    min-height: 32px;
  }
  .one {
    flex-wrap: wrap;
    min-height: 58px;
    padding: 6px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: var(--shadow);
  }
  .segments {
    flex: none;
    grid-auto-columns: auto;
  }
  .segments button {
    padding: 0 12px;
    white-space: nowrap;
  }
  /* In a narrow bar the stops have a line of their own. */
  .narrow .stops,
  .narrow .track {
    order: 1;
    flex-basis: 100%;
  }
  .narrow .current {
    width: 160px;
  }
  .moves {
    flex: none;
    display: flex;
    align-items: center;
  }
  .icon[data-testid="play-layers"] {
    border-color: var(--line);
    border-radius: 50%;
    margin: 0 4px;
    color: var(--accent-ink);
  }
  .icon[data-testid="play-layers"]:disabled {
    color: var(--track);
  }
  .through {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    height: 28px;
    padding: 0 10px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--secondary);
  }
  .through:hover {
    background: var(--chip);
    color: var(--ink);
  }
  .through svg {
    width: 12px;
    height: 12px;
    fill: var(--accent-ink);
  }
  .stops {
    flex: 1;
    position: relative;
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    min-width: 240px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .stops li {
    position: relative;
    min-width: 0;
  }
  /* From this dot to the one before. */
  .stops li + li::before {
    content: "";
    position: absolute;
    top: 12px;
    left: calc(-50% + 9px);
    width: calc(100% - 18px);
    height: 3px;
    border-radius: 2px;
    background: var(--track);
  }
  .stops li.passed::before {
    background: var(--accent);
  }
  .stop {
    display: flex;
    flex-direction: column;
    align-items: center;
    width: 100%;
    padding: 4px 3px 2px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--secondary);
  }
  .stop i {
    position: relative;
    z-index: 1;
    width: 12px;
    height: 12px;
    margin: 3.5px 0;
    border: 2.5px solid var(--track);
    border-radius: 50%;
    background: var(--card);
  }
  .passed .stop i,
  .stop[aria-current="step"] i {
    border-color: var(--accent);
    background: var(--accent);
  }
  .stop[aria-current="step"] i {
    box-shadow:
      inset 0 0 0 2px var(--card),
      0 0 0 2px var(--accent);
  }
  .stop:hover {
    color: var(--ink);
  }
  .stop:hover i {
    border-color: var(--accent);
  }
  .stop[aria-current="step"] {
    color: var(--ink);
  }
  .stop .name {
    display: flex;
    max-width: 100%;
    font-size: calc(12 * var(--dot));
    line-height: 17px;
  }
  .stop[aria-current="step"] .name {
    font-weight: 600;
  }
  /* The head of a path goes before what tells it from others; shares below 1 in sum would let names run over. */
  .stop .name span:not(:last-child) {
    flex-shrink: 5;
  }
  .track {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-width: 200px;
  }
  .track input {
    width: 100%;
    margin: 0;
    accent-color: var(--accent-ink);
  }
  .ticks {
    position: relative;
    height: 5px;
    margin: 0 8px;
  }
  .ticks i {
    position: absolute;
    width: 1px;
    height: 5px;
    background: var(--mark);
  }
  .current {
    flex: none;
    width: 210px;
    min-width: 0;
  }
  .current .name {
    font-weight: 600;
  }
  .current .of {
    display: block;
    font-size: calc(12 * var(--dot));
    color: var(--secondary);
  }
  .sample {
    flex: none;
    display: flex;
    align-items: center;
    gap: 10px;
    margin-left: auto;
    color: var(--secondary);
  }
  .sample input {
    width: 110px;
    accent-color: var(--accent-ink);
  }
  .sample output {
    min-width: 6ch;
    max-width: 18ch;
    color: var(--ink);
  }
`;

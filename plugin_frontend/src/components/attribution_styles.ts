/** The style of a card of attributions. */
import { css } from "lit";

export const attributionStyles = css`
  .tools,
  .titles {
    background: var(--card);
  }
  .top {
    position: sticky;
    top: 0;
    z-index: 4;
    border-bottom: 1px solid var(--line);
    background: var(--card);
  }
  /* On a low screen it would hide what is scrolled below it. */
  @media (height < 600px) {
    .top {
      position: static;
    }
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 22px;
    min-height: 46px;
    padding: 6px 16px;
  }
  .runs {
    flex: 1 1 200px;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 18px;
    min-width: 0;
  }
  .runs .run {
    display: flex;
    align-items: center;
    gap: 7px;
    min-width: 0;
  }
  .tool {
    display: flex;
    align-items: center;
    gap: 10px;
    color: var(--secondary);
    white-space: nowrap;
  }
  .tool .segments {
    grid-auto-columns: auto;
  }
  .tool .segments button {
    padding: 0 11px;
  }
  .alpha input {
    display: block;
    width: 168px;
    margin: 0;
    accent-color: var(--accent-ink);
  }
  .alpha .ticks {
    position: relative;
    display: block;
    height: 12px;
    margin: 0 8px;
    font-size: calc(10 * var(--dot));
    line-height: 12px;
    color: var(--faint);
  }
  .alpha .ticks span {
    position: absolute;
    transform: translateX(-50%);
  }
  .alpha output {
    min-width: 5.5ch;
    color: var(--ink);
    font-weight: 500;
  }
  .titles,
  .row {
    display: grid;
    column-gap: var(--space);
    padding-left: 16px;
    padding-right: 16px;
  }
  .titles {
    padding-bottom: 6px;
    font-size: calc(10.5 * var(--dot));
    line-height: 15px;
    letter-spacing: 0.03em;
    text-transform: uppercase;
    color: var(--faint);
  }
  .titles > span {
    align-self: end;
    white-space: nowrap;
  }
  .titles .below {
    position: relative;
    display: block;
    height: 15px;
    color: var(--secondary);
    text-transform: none;
    letter-spacing: 0;
  }
  .titles .over span {
    position: absolute;
    text-align: center;
  }
  .titles .chosen {
    color: var(--ink);
    font-weight: 600;
  }
  .titles .as-is {
    text-transform: none;
    letter-spacing: 0;
  }
  .body.wide {
    overflow-x: auto;
  }
  .row {
    align-content: start;
    row-gap: var(--line-space);
    padding-top: var(--row-padding);
    padding-bottom: var(--row-padding);
    overflow: hidden;
  }
  /* For a moment, so that the eye finds it. */
  .row.sought {
    outline: 2px solid transparent;
    outline-offset: -2px;
    animation: sought 6s;
  }
  @keyframes sought {
    from,
    80% {
      outline-color: var(--accent);
    }
  }
  .row + .row {
    box-shadow: 0 -1px var(--line);
  }
  .cell {
    position: relative;
    min-width: 0;
    height: 100%;
  }
  .cell.below {
    grid-column: 2 / -1;
  }
  /* Where its column has no title. */
  .cell.curve.below::before {
    content: "F(α)";
    position: absolute;
    font-size: calc(10.5 * var(--dot));
    line-height: 15px;
    color: var(--faint);
  }
  .cell.input {
    display: flex;
    flex-direction: column;
  }
  .cell.input .told {
    flex: 0 1 112px;
  }
  .cell.proof {
    overflow: hidden;
  }
  .proof .classes {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .proof.narrow .classes {
    display: -webkit-box;
    white-space: normal;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .sample {
    display: flex;
    justify-content: space-between;
    gap: 6px;
    margin-top: 4px;
    font-size: calc(12 * var(--dot));
    line-height: 16px;
    color: var(--secondary);
  }
  .sample .index {
    flex: none;
    color: var(--faint);
  }
  .cell.interior nnviz-attribution-tiles {
    margin-top: var(--lower);
  }
  .cell.several::before {
    content: "";
    position: absolute;
    top: 0;
    left: -8px;
    height: var(--lines);
    width: 3px;
    border-radius: 2px;
    background: var(--run);
  }
  .told {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    justify-content: center;
    gap: 6px;
    height: 100%;
    max-height: 112px;
    padding: 6px 8px;
    overflow: hidden;
    border: 1px dashed var(--track);
    border-radius: 4px;
    font-size: calc(12 * var(--dot));
    line-height: 1.3;
    color: var(--secondary);
    overflow-wrap: anywhere;
  }
  .told span {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }
  .told.red {
    border: 0;
    background: var(--red-chip);
    color: var(--red);
  }
  .told.red span {
    -webkit-line-clamp: 3;
  }
  .told .button {
    flex: none;
    padding: 2px 9px;
  }
  .skeleton {
    height: 100%;
    max-height: 112px;
    border-radius: 4px;
    background: var(--chip);
  }
  .elsewhere {
    position: absolute;
    left: 0;
    bottom: 0;
  }
  .path {
    display: block;
    overflow: visible;
  }
  .path path {
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.8;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .path line {
    stroke: var(--line);
  }
  .path .zero {
    stroke: var(--track);
    stroke-dasharray: 2 3;
  }
  .path .at {
    stroke: var(--track);
  }
  .path circle {
    fill: currentcolor;
    stroke: var(--card);
    stroke-width: 1.5;
  }
  .path text {
    fill: var(--faint);
    font-size: calc(10.5 * var(--dot));
  }
  .proof p {
    margin: 0;
    line-height: 20px;
  }
  .proof .name-line {
    display: flex;
    align-items: center;
    gap: 7px;
    height: 20px;
    margin-bottom: 2px;
  }
  .proof .target {
    font-weight: 600;
  }
  .proof .sums {
    overflow: hidden;
    color: var(--secondary);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .proof .verdict {
    max-width: 100%;
    margin-top: 2px;
    white-space: normal;
    line-height: 17px;
  }
  .proof .flags {
    display: flex;
    gap: 5px;
    margin-top: 3px;
    line-height: 1.4;
  }
  .proof .flags .chip {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .stale .row .cell {
    opacity: 0.55;
    transition: opacity 0.15s 0.25s;
  }
  .reserved {
    padding: 16px;
  }
  .reserved .skeleton {
    height: 680px;
    max-height: none;
  }
  .none {
    margin: 0;
    padding: 16px;
    color: var(--secondary);
  }
`;

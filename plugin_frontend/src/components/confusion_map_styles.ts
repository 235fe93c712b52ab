/** The style of a matrix that is a picture. */
import { css } from "lit";

export const mapStyles = css`
  :host {
    display: block;
  }
  .map {
    position: relative;
    width: max-content;
    padding-bottom: 44px;
  }
  .frame {
    position: relative;
    cursor: crosshair;
    touch-action: none;
    user-select: none;
  }
  canvas {
    position: absolute;
    left: 0;
    top: 0;
    pointer-events: none;
  }
  .name,
  .edge,
  .along,
  .axes {
    position: absolute;
    font-size: calc(11 * var(--dot));
    line-height: 14px;
    color: var(--secondary);
  }
  .name:not(.top) {
    left: 0;
    text-align: end;
    transform: translateY(-50%);
  }
  .name.top {
    writing-mode: vertical-rl;
    transform: translateX(-50%) rotate(180deg);
  }
  .axes {
    display: flex;
    align-items: flex-end;
    justify-content: flex-end;
    left: 0;
    top: 0;
    padding: 0 8px 10px 0;
    color: var(--faint);
  }
  .along {
    top: 0;
    color: var(--faint);
  }
  .edge {
    display: flex;
    align-items: flex-end;
    top: 0;
    padding: 0 0 3px 6px;
    color: var(--faint);
  }
  .edge.below {
    left: 0;
    justify-content: flex-end;
    padding-top: 8px;
  }
  .mark,
  .line,
  .pulled {
    position: absolute;
    pointer-events: none;
  }
  .mark {
    border: 2px solid var(--secondary);
    border-radius: 2px;
  }
  .mark.pinned {
    border-color: var(--ink);
  }
  .line {
    background: var(--track);
  }
  .pulled {
    border: 1px solid var(--accent-ink);
    background: color-mix(in srgb, var(--accent) 18%, transparent);
  }
`;

/** The style of buttons, boxes and lists to choose from, as rail and timeline have them. */
import { css } from "lit";

export const controls = css`
  select,
  .field {
    height: 28px;
    min-width: 0;
    padding: 0 8px;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--card);
    color: var(--ink);
  }
  /* The browser's own arrow has the browser's own size. */
  select {
    padding: 0 20px 0 8px;
    background: var(--card)
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'%3E%3Cpath d='m2 3.5 3 3 3-3' fill='none' stroke='%23888f9a' stroke-width='1.4'/%3E%3C/svg%3E")
      right 5px center / 11px no-repeat;
    text-overflow: ellipsis;
    appearance: none;
    cursor: pointer;
  }
  select:hover,
  .field:hover {
    border-color: var(--track);
  }
  .field:disabled {
    color: var(--faint);
    cursor: default;
  }
  .field::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  .field[aria-invalid="true"] {
    border-color: var(--red);
  }
  .icon {
    flex: none;
    display: grid;
    place-items: center;
    width: 28px;
    height: 28px;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 6px;
    background: none;
    color: var(--secondary);
  }
  .icon:hover:enabled {
    background: var(--chip);
    color: var(--ink);
  }
  .icon:disabled {
    color: var(--track);
    cursor: default;
  }
  .icon svg {
    width: 16px;
    height: 16px;
    fill: currentcolor;
    stroke: currentcolor;
    stroke-width: 1.2;
    stroke-linejoin: round;
  }
  .icon[aria-pressed="true"] {
    border-color: var(--accent);
    color: var(--accent-ink);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** The box of a tooltip: its look, and where it is put so that all of it is in the frame. Must not know what it says. */
import { css } from "lit";

/** Distance from the frame's edges, in CSS pixels. */
const MARGIN = 6;

export const tooltipBox = css`
  .tooltip {
    position: fixed;
    left: 0;
    top: 0;
    z-index: 10;
    padding: 8px 12px;
    border-radius: 7px;
    background: var(--tooltip);
    color: #ffffff;
    font-size: calc(12.5 * var(--dot));
    box-shadow: 0 4px 14px rgb(0 0 0 / 28%);
    pointer-events: none;
  }
  p {
    margin: 0 0 4px;
  }
`;

/** What a tooltip is put beside, in CSS pixels of the frame; a pointer has no width and no height. */
export interface Anchor {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Below this and above `top` where given; else level with `top`. */
  readonly bottom?: number;
}

/** Puts the tooltip after what it is of, or before it where there is no room. */
export function placeTooltip(root: ParentNode, anchor: Anchor, distance: number): void {
  const tooltip = root.querySelector<HTMLElement>(".tooltip");
  if (tooltip === null) return;
  const { width, height } = tooltip.getBoundingClientRect();
  const { left, right, top, bottom } = anchor;
  const x = beside(left, right, width, window.innerWidth, distance);
  const y =
    bottom === undefined
      ? Math.max(MARGIN, Math.min(top, window.innerHeight - height - MARGIN))
      : beside(top, bottom, height, window.innerHeight, distance);
  tooltip.style.transform = `translate(${x}px, ${y}px)`;
}

/** The place of a tooltip beside the pointer. */
export const atPointer = ({ x, y }: { readonly x: number; readonly y: number }): Anchor => ({
  left: x,
  right: x,
  top: y,
  bottom: y,
});

function beside(start: number, end: number, size: number, room: number, distance: number): number {
  const after = end + distance;
  return Math.max(MARGIN, after + size + MARGIN > room ? start - distance - size : after);
}

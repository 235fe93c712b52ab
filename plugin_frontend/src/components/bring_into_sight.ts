/** Scrolls the panels so that a part of one is in sight. Knows slots of the main area; must not know what they show. */
import type { Session } from "../state/session.js";

/** Kept free above, for the heading of the layer, which stays at the top. */
const ABOVE = 40;

/** `top` and `height` in CSS pixels, of a part of an element inside a panel. A panel that is shown alone is in sight. */
export function bringIntoSight(
  session: Session,
  inside: Element,
  top: number,
  height: number,
): void {
  let element: Element | null = inside;
  let slot: HTMLElement | null = null;
  while (element !== null && slot === null) {
    slot = element.closest<HTMLElement>(".slot");
    const root: Node = element.getRootNode();
    element = root instanceof ShadowRoot ? root.host : null;
  }
  if (slot === null || element === null) return;
  const inSlot = inside.getBoundingClientRect().top - slot.getBoundingClientRect().top + top;
  const { clientHeight } = element;
  const isBelow = inSlot + height > clientHeight - 2 * ABOVE;
  const offset = isBelow ? Math.round(inSlot - (clientHeight - height) / 2) : -ABOVE;
  session.place.set({ tag: slot.dataset.tag ?? "", offset });
}

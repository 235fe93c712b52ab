/** Scrolls the panels so that a part of one is in sight. Knows slots of the main area; must not know what they show. */
import { hasRunRow } from "../state/columns_in_sight.js";
import type { Session } from "../state/session.js";
import { RUN_ROW } from "./run_row.js";

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
  const above = ABOVE + (hasRunRow(session.derived) ? RUN_ROW : 0);
  const isBelow = inSlot + height > clientHeight - above - ABOVE;
  const offset = isBelow ? Math.round(inSlot - (clientHeight + above - height) / 2) : -above;
  session.place.set({ tag: slot.dataset.tag ?? "", offset });
}

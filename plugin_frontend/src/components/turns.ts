/**
 * Renders several elements one after the other, a few a frame, where none of them is urgent: so that scrolling sideways
 * stays smooth while every panel gets a column. Must not know what is rendered.
 */
import type { ReactiveControllerHost } from "lit";

/** Elements that a frame renders. */
const AT_ONCE = 2;

const waiting = new Set<ReactiveControllerHost>();

/** Renders the element when it is its turn. */
export function takeTurn(host: ReactiveControllerHost): void {
  if (waiting.size === 0) requestAnimationFrame(next);
  waiting.add(host);
}

function next(): void {
  for (const host of [...waiting].slice(0, AT_ONCE)) {
    waiting.delete(host);
    host.requestUpdate();
  }
  if (waiting.size > 0) requestAnimationFrame(next);
}

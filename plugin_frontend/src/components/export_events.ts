/** The button of a panel that asks for its export, by an event. Must not know what an export is. */
import { html, type TemplateResult } from "lit";

/** Bubbles up from a panel; the slot it comes through is the one to be exported. */
export const EXPORT_EVENT = "nnviz-export";

/** Styled in `panel_styles.ts`. */
export function exportButton(name: string): TemplateResult {
  return html`<button
    class="export"
    data-testid="export"
    title="Export…  ( e )"
    aria-label=${`Export ${name}`}
    aria-haspopup="dialog"
    @click=${(event: Event) =>
      event.currentTarget?.dispatchEvent(
        new Event(EXPORT_EVENT, { bubbles: true, composed: true }),
      )}
  >
    <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1.5v6M3.5 5 6 7.5 8.5 5M1.5 8v2.5h9V8" /></svg>
  </button>`;
}

/** The tag of the slot that an event comes from; null where it comes from none. */
export function slotOf(event: Event): string | null {
  const slot = event
    .composedPath()
    .find(
      (each): each is HTMLElement => each instanceof HTMLElement && each.dataset.testid === "panel",
    );
  return slot?.dataset.tag ?? null;
}

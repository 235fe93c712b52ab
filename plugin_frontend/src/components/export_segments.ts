/** A row of the export dialog: a name, and buttons of which one is pressed. Must not know what is chosen. */
import { html, type TemplateResult } from "lit";

export interface SegmentOption<T> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen. */
  readonly refusal?: string | null;
}

export function segments<T extends string | number>(
  id: string,
  name: string,
  options: readonly SegmentOption<T>[],
  chosen: T,
  choose: (value: T) => void,
): TemplateResult {
  return html`<div class="row">
    <span id=${`${id}-name`}>${name}</span>
    <div class="segments" role="group" aria-labelledby=${`${id}-name`} data-testid=${id}>
      ${options.map(
        ({ value, label, refusal = null }) => html`<button
          type="button"
          aria-pressed=${value === chosen}
          aria-disabled=${refusal !== null}
          data-value=${value}
          title=${refusal ?? label}
          @click=${() => refusal === null && choose(value)}
        >
          ${label}
        </button>`,
      )}
    </div>
  </div>`;
}

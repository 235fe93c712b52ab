/** Rows of the rail in which one of a few things is chosen. Must not know what is chosen. */
import { css, html, type TemplateResult } from "lit";

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly title?: string;
}

export const choiceStyles = css`
  .row {
    display: grid;
    grid-template-columns: 5.4em minmax(0, 1fr);
    align-items: center;
    min-height: 34px;
    color: var(--secondary);
  }
  .segments {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 6px;
  }
  .segments button {
    height: 26px;
    min-width: 0;
    padding: 0;
    border: 0;
    background: var(--card);
    color: var(--secondary);
    font-size: calc(12.5 * var(--dot));
  }
  /* Four choices of two words each. */
  .segments.two-rows {
    grid-auto-flow: row;
    grid-template-columns: 1fr 1fr;
    margin: 4px 0;
  }
  .segments.two-rows button:nth-child(odd) {
    border-left: 0;
  }
  .segments.two-rows button:nth-child(n + 3) {
    border-top: 1px solid var(--line);
  }
  @media (width < 1500px) {
    .segments button {
      font-size: calc(11.5 * var(--dot));
    }
    /* A short name gives its room to choices of three words. */
    .row.long {
      grid-template-columns: auto minmax(0, 1fr);
      column-gap: 10px;
    }
    .row.long select {
      padding-left: 6px;
      font-size: calc(11.5 * var(--dot));
    }
  }
  .segments button + button {
    border-left: 1px solid var(--line);
  }
  .segments button:hover {
    color: var(--ink);
  }
  .segments button[aria-pressed="true"] {
    background: var(--chip);
    color: var(--ink);
    font-weight: 500;
    box-shadow: inset 0 -2px var(--accent);
  }
  .segments button:focus-visible {
    outline-offset: -2px;
  }
`;

/** Buttons side by side; the pressed one holds. */
export function segmentsRow<T>(
  id: string,
  name: string,
  choices: readonly Choice<T>[],
  chosen: T,
  choose: (value: T) => void,
  rows: "one-row" | "two-rows" = "one-row",
): TemplateResult {
  return html`<div class="row">
    <span id=${`${id}-name`}>${name}</span>
    <div class="segments ${rows}" role="group" aria-labelledby=${`${id}-name`} data-testid=${id}>
      ${choices.map(
        ({ value, label, title }) => html`<button
          aria-pressed=${value === chosen}
          data-value=${value}
          title=${title ?? label}
          @click=${() => choose(value)}
        >
          ${label}
        </button>`,
      )}
    </div>
  </div>`;
}

/** A list that opens. `long`: its choices are of several words, and need the room that the name leaves. */
export function selectRow<T extends string>(
  id: string,
  name: string,
  choices: readonly Choice<T>[],
  chosen: T,
  choose: (value: T) => void,
  length: "short" | "long" = "short",
): TemplateResult {
  const onChange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const found = choices.find((choice) => choice.value === value);
    if (found !== undefined) choose(found.value);
  };
  return html`<label class="row ${length}">
    <span>${name}</span>
    <select data-testid=${id} .value=${chosen} @change=${onChange}>
      ${choices.map(
        ({ value, label, title }) =>
          html`<option value=${value} title=${title ?? label} ?selected=${value === chosen}>
            ${label}
          </option>`,
      )}
    </select>
  </label>`;
}

/** A box to tick. */
export function tickBox(
  id: string,
  name: string,
  title: string,
  ticked: boolean,
  tick: (ticked: boolean) => void,
): TemplateResult {
  return html`<label class="tick" title=${title}>
    <input
      type="checkbox"
      data-testid=${id}
      .checked=${ticked}
      @change=${(event: Event) => tick((event.target as HTMLInputElement).checked)}
    />
    ${name}
  </label>`;
}

/** What the export dialog says of an export: how far it is, what was saved and what is not in it, what went wrong. */
import { html, nothing, type TemplateResult } from "lit";
import { bytesText } from "./export_words.js";

export type ExportOutcome =
  | { readonly status: "none" }
  | {
      readonly status: "running";
      readonly done: number;
      readonly of: number;
      readonly words: string;
    }
  | {
      readonly status: "saved";
      readonly name: string;
      readonly bytes: number;
      readonly lacking: readonly string[];
    }
  | { readonly status: "failed"; readonly message: string };

export function outcomeTemplate(outcome: ExportOutcome, tabVisible: boolean): TemplateResult {
  switch (outcome.status) {
    case "none":
      return html`<div class="outcome" role="status"></div>`;
    case "running": {
      const { done, of, words } = outcome;
      const hidden = tabVisible ? "" : " · waits while the tab is hidden";
      return html`<div class="outcome" role="status">
        <progress aria-label="Export" max=${of} value=${done}></progress>
        <span data-testid="export-progress">${words}${hidden}</span>
      </div>`;
    }
    case "saved":
      return html`<div class="outcome" role="status" data-testid="export-saved">
          Saved ${outcome.name}, ${bytesText(outcome.bytes)}
        </div>
        ${
          outcome.lacking.length === 0
            ? nothing
            : html`<ul class="lacking" role="alert" tabindex="0" data-testid="export-lacking">
              ${outcome.lacking.map((text) => html`<li>Not in it: ${text}</li>`)}
            </ul>`
        }`;
    case "failed":
      return html`<div class="outcome failed" role="alert" data-testid="export-error">${outcome.message}</div>`;
  }
}

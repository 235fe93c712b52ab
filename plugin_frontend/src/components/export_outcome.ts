/**
 * What the export dialog says of an export: its file, what it will lack, how far it is, what was saved and what is not
 * in it, what went wrong.
 */
import { html, nothing, type TemplateResult } from "lit";
import { formatCount } from "../model/format.js";
import type { Told } from "./export_told.js";
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

/** More are counted. */
const MOST_NAMED = 3;

/** What will not be in the file, and why. */
export function leftOutTemplate(lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  const others = lines.length - MOST_NAMED;
  return html`<ul class="left-out" data-testid="export-left-out">
    ${lines.slice(0, MOST_NAMED).map((text) => html`<li>Left out: ${text}</li>`)}
    ${others > 0 ? html`<li title=${lines.slice(MOST_NAMED).join("\n")}>and ${formatCount(others, "other")}</li>` : nothing}
  </ul>`;
}

/** The file's name and size. Of a saved one the outcome says how large it is; the place stays. */
export function fileTemplate({ name, size }: Told, isSaved: boolean): TemplateResult {
  return html`<div class="row file">
    <span>File</span>
    <span>
      <span class="mono name" data-testid="export-name">${name}</span>
      ${
        size === null || size.text === ""
          ? nothing
          : html`<span
              class=${size.isLarge ? "size large" : "size"}
              style=${isSaved ? "visibility: hidden" : ""}
              data-testid="export-size"
              >${size.text}</span
            >`
      }
    </span>
  </div>`;
}

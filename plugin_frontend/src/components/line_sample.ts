/** A short line as curves have it, for legends. A template of one moment; must not know what it stands for. */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";

export function lineSample(dash: string, colour: string): TemplateResult {
  return html`<svg aria-hidden="true" style=${styleMap({ stroke: colour })}>
    <line x2="26" y1="4" y2="4" stroke-dasharray=${dash || nothing} />
  </svg>`;
}

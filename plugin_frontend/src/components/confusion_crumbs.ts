/** Which part of a large matrix is shown, and the way out of it. Templates of one moment; must not hold state. */
import { html, type TemplateResult } from "lit";
import type { Zoom } from "../model/confusion_display.js";
import { isWhole, zoomAbout } from "../model/confusion_order.js";
import { cutBoth } from "../model/cut_text.js";
import { formatWhole } from "../model/format.js";

export interface CrumbsContext {
  readonly zoom: Zoom;
  /** Of the classes, in their order. */
  readonly names: readonly string[];
  /** Null for all classes. */
  readonly zoomTo: (zoom: Zoom | null) => void;
}

/** Of the first and the last class together. */
const LETTERS = 48;

export function crumbsTemplate({ zoom, names, zoomTo }: CrumbsContext): TemplateResult {
  const count = names.length;
  if (isWhole(zoom, count))
    return html`<p class="crumbs quiet">${formatWhole(count)} classes · drag over a part to zoom in</p>`;
  const { top, bottom, left, right } = zoom;
  const out = (): void =>
    zoomTo(zoomAbout(zoom, (top + bottom - 1) / 2, (left + right - 1) / 2, 2, count));
  return html`<p class="crumbs" data-testid="crumbs">
    <button class="link" data-testid="zoom-reset" @click=${() => zoomTo(null)}>all ${formatWhole(count)} classes</button>
    <span aria-hidden="true">›</span>
    <span>true ${span(names, top, bottom)}</span> <span>predicted ${span(names, left, right)}</span>
    <button class="link" data-testid="zoom-out" @click=${out}>zoom out</button>
  </p>`;
}

// Places in an order would be taken for classes, which are often named by numbers.
function span(names: readonly string[], start: number, end: number): TemplateResult {
  const [first = "", last = ""] = [names[start], names[end - 1]];
  return html`<span title=${`${first} to ${last}`}>${cutBoth(first, last, LETTERS).join(" … ")}</span>`;
}

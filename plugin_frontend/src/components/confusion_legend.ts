/** What the colours of cells mean, below them. Templates of one moment; must not hold state. */
import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Theme } from "../model/colours.js";
import { changeColour, cssColour, mapColour, shareColour } from "../model/confusion_colours.js";
import { pointsText } from "../model/confusion_words.js";

interface Meaning {
  /** True of a picture of many classes. */
  readonly isMap: boolean;
  readonly isChange: boolean;
  /** The largest change of a share that is shown. */
  readonly mostChange: number;
  readonly theme: Theme;
}

const STOPS = Array.from({ length: 11 }, (_, index) => index / 10);

export function legendTemplate(
  { isMap, isChange, mostChange, theme }: Meaning,
  isUnchanged: boolean,
): TemplateResult {
  if (!isChange) {
    const colourOf = isMap ? mapColour : shareColour;
    return html`<p class="legend" data-testid="confusion-legend">
      <span>right</span>${ramp((share) => cssColour(colourOf(share, true, theme)))}
      <span>wrong</span>${ramp((share) => cssColour(colourOf(share, false, theme)))}
      <span class="quiet">0 to 100 % of the true class</span>
    </p>`;
  }
  if (isUnchanged) return html`<p class="legend" data-testid="confusion-legend">no difference</p>`;
  return html`<p class="legend" data-testid="confusion-legend">
    <span>${pointsText(-mostChange)}</span>
    ${ramp((place) => cssColour(changeColour((2 * place - 1) * mostChange, mostChange, theme)))}
    <span>${pointsText(mostChange)}</span>
    <span class="quiet">percentage points of the true class</span>
  </p>`;
}

function ramp(colourAt: (place: number) => string): TemplateResult {
  const background = `linear-gradient(to right, ${STOPS.map(colourAt).join(", ")})`;
  return html`<span class="ramp" aria-hidden="true" style=${styleMap({ background })}></span>`;
}

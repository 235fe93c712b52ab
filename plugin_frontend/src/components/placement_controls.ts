/**
 * Where the grid axes of a panel go: a list for each axis in the header, and a slider below it for each axis that stands
 * on one. Must not know what is laid out.
 */
import { css, html, nothing, type TemplateResult } from "lit";
import type { Placement } from "../model/display.js";
import { axisWords } from "../model/facts.js";
import { extendedAxes } from "../model/layout.js";
import {
  type AxisPlace,
  fitPlacement,
  moveAxis,
  moveSlider,
  PLACES,
  placeOf,
} from "../model/placement.js";
import type { Axis } from "../model/record.js";
import { positionText } from "../model/sample_axis.js";

export const placementStyles = css`
  .axis {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: calc(12 * var(--dot));
    color: var(--secondary);
    white-space: nowrap;
  }
  .axis select {
    height: 24px;
    color: var(--ink);
    font-size: calc(12 * var(--dot));
  }
  .axis-sliders {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 28px;
    padding: 12px 16px 0;
  }
  .axis-sliders label {
    display: flex;
    align-items: center;
    gap: 10px;
    color: var(--secondary);
  }
  .axis-sliders .end {
    margin: 0 -4px;
    font-size: calc(12 * var(--dot));
  }
  .axis-sliders input {
    width: 180px;
    accent-color: var(--accent-ink);
  }
  .axis-sliders output {
    min-width: 9ch;
    color: var(--ink);
  }
`;

const PLACE_WORDS: Readonly<Record<AxisPlace, string>> = {
  rows: "↓ rows",
  columns: "→ columns",
  slider: "slider",
};

/** What is chosen now: a change is of this, which may be newer than what has been drawn. */
type Chosen = () => Placement | null;
type OnPlace = (placement: Placement) => void;
/** `axis` is the one that was moved along its slider. */
type OnSlide = (placement: Placement, axis: string) => void;

/** A list for each axis that extends; nothing for arrays without. */
export function axisMenus(
  axes: readonly Axis[],
  chosen: Chosen,
  onPlace: OnPlace,
): readonly TemplateResult[] {
  const now = (): Placement => fitPlacement(chosen(), axes);
  const placement = now();
  return extendedAxes(axes).map((axis) => {
    const words = axisWords(axis);
    const chosenPlace = placeOf(placement, axis.name);
    const onChange = (event: Event): void => {
      const place = PLACES.find((each) => each === (event.target as HTMLSelectElement).value);
      if (place !== undefined) onPlace(moveAxis(now(), axes, axis.name, place));
    };
    return html`<label class="axis" title=${`Where the ${axis.size} ${words} go`}
      >${words}
      <select data-testid="placement" data-axis=${axis.name} .value=${chosenPlace ?? ""} @change=${onChange}>
        ${PLACES.map(
          (place) =>
            html`<option value=${place} ?selected=${place === chosenPlace}>
              ${PLACE_WORDS[place]}
            </option>`,
        )}
      </select>
    </label>`;
  });
}

/** A slider for each axis that stands on one. */
export function axisSliders(
  axes: readonly Axis[],
  chosen: Chosen,
  onSlide: OnSlide,
): TemplateResult | typeof nothing {
  const now = (): Placement => fitPlacement(chosen(), axes);
  const placement = now();
  if (placement.sliders.size === 0) return nothing;
  return html`<div class="axis-sliders">
    ${axes
      .filter(({ name }) => placement.sliders.has(name))
      .map((axis) => {
        const index = placement.sliders.get(axis.name) ?? 0;
        const at = positionText(axis, index);
        return html`<label
          >${axisWords(axis)}
          <span class="end">0</span
          ><input
            type="range"
            data-testid="axis-slider"
            data-axis=${axis.name}
            min="0"
            max=${axis.size - 1}
            .value=${String(index)}
            aria-valuetext=${at}
            @input=${(event: Event) =>
              onSlide(
                moveSlider(now(), axis.name, Number((event.target as HTMLInputElement).value)),
                axis.name,
              )}
          /><span class="end">${axis.size - 1}</span>
          <output>${at}</output>
        </label>`;
      })}
  </div>`;
}

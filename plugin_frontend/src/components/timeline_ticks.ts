/**
 * What stands along the slider: ticks where points are, lower ones where not every run has the point, and flags over
 * what is no ordinary training. Templates; must not know what moves the slider.
 */
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { styleMap } from "lit/directives/style-map.js";
import { pointText } from "../model/reference.js";
import { pointLabel } from "../model/steps.js";
import { isOfAxis, positionIndex } from "../model/time_axis.js";
import { pointAtShare, tickedPoints, whoHasText } from "../model/timeline_ticks.js";
import type { Session } from "../state/session.js";
import { phaseAt } from "../state/timeline_label.js";
import { runsAtPoint } from "../state/timeline_runs.js";

/** More ticks than this would run into one line. */
const MAX_TICKS = 60;
/** Half the thumb: the slider's ends are so far within its box. In CSS pixels. */
const INSET = 9;

export function ticksTemplate({ derived }: Session): TemplateResult {
  const { points } = derived;
  return html`<div class="ticks" aria-hidden="true">
    ${guard([points], () =>
      tickedPoints(points.length, MAX_TICKS).map((index) => {
        const isLow = runsAtPoint(derived, index).lacking.length > 0;
        return html`<i class=${isLow ? "low" : ""} style=${styleMap(placeOf(index, points.length))}></i>`;
      }),
    )}
  </div>`;
}

// Over the points before training or restored after it; and where a fit begins.
export function marksTemplate({ derived, state }: Session): TemplateResult {
  const { points } = derived;
  const marks = points.flatMap((point, index) => {
    const previous = points[index - 1];
    const begins = previous !== undefined && previous.fit !== point.fit;
    const text = [begins ? `fit ${point.fit} begins` : "", phaseAt(point, state.value, derived)];
    const said = text.filter((part) => part !== "").join(", ");
    return said === "" ? [] : [{ index, said }];
  });
  if (marks.length > MAX_TICKS) return html`${nothing}`;
  return html`<div class="marks">
    ${marks.map(
      ({ index, said }) =>
        html`<svg viewBox="0 0 10 10" style=${styleMap(placeOf(index, points.length))}>
          <title>${said}</title>
          <path d="M1.5 10V1h6.5L6 3.5 8 6H2.5v4z" />
        </svg>`,
    )}
  </div>`;
}

// At the last point of this view that is not after the pinned one.
export function pinnedMarkTemplate(
  { derived, state }: Session,
  icon: string,
): TemplateResult | typeof nothing {
  const { points, axis } = derived;
  const { point } = state.value.reference;
  if (point === null || points.length === 0 || !isOfAxis(point, axis)) return nothing;
  const index = positionIndex(points, { at: "point", point });
  return html`<div class="marks pinned">
    <svg
      viewBox="0 0 16 16"
      data-testid="pinned-mark"
      data-index=${index}
      style=${styleMap(placeOf(index, points.length))}
    >
      <title>pinned: ${pointText(point, axis)}</title>
      <path d=${icon} />
    </svg>
  </div>`;
}

/** What the slider says of the point under the pointer: its name, and the runs that have it. */
export function tellPoint({ derived }: Session, event: PointerEvent): void {
  const slider = event.currentTarget as HTMLElement;
  const { left, width } = slider.getBoundingClientRect();
  const share = (event.clientX - left - INSET) / (width - 2 * INSET);
  const index = pointAtShare(share, derived.points.length);
  const point = derived.points[index];
  if (point === undefined) return;
  const { unit, value, fit } = pointLabel(point, derived.points, derived.axis);
  const { having, lacking } = runsAtPoint(derived, index);
  const texts = [`${unit} ${value}`, fit, whoHasText(having, lacking)];
  slider.title = texts.filter((text) => text !== "").join(" · ");
}

function placeOf(index: number, count: number): Record<string, string> {
  return { left: `${count < 2 ? 0 : (100 * index) / (count - 1)}%` };
}

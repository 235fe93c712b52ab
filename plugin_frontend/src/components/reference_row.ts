/**
 * The row of the rail that says what is pinned, lets go of it, and pins the shown point. Templates of one moment; must
 * not know what is compared.
 */
import { css, html, nothing, type TemplateResult } from "lit";
import { pointText } from "../model/reference.js";
import { comparePoints } from "../model/time_axis.js";
import type { Session } from "../state/session.js";

export const referenceStyles = css`
  .pinned {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    min-width: 0;
    padding: 3px 0;
  }
  .pinned button {
    max-width: 100%;
    height: 24px;
    padding: 0 8px;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--card);
    color: var(--secondary);
    font-size: calc(12.5 * var(--dot));
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pinned .held {
    background: var(--chip);
    color: var(--ink);
  }
  .pinned button:hover {
    color: var(--ink);
    border-color: var(--track);
  }
`;

export function referenceRow(session: Session): TemplateResult {
  const { run, point: pinned } = session.state.value.reference;
  const { axis, point, pinnedName } = session.derived;
  const isHere = pinned !== null && point !== null && comparePoints(pinned, point) === 0;
  const held = (id: string, text: string, letGo: () => void): TemplateResult =>
    html`<button class="held" data-testid=${id} title=${`Pinned: ${text}. Click to let go`} @click=${letGo}>
      ${text} <span aria-hidden="true">×</span>
    </button>`;
  return html`<div class="row">
    <span id="pinned-name">Pinned</span>
    <div class="pinned" role="group" aria-labelledby="pinned-name" data-testid="reference">
      ${run === null ? nothing : held("unpin-run", pinnedName ?? run, () => session.pins.setRun(null))}
      ${pinned === null ? nothing : held("unpin-point", pointText(pinned, axis), () => session.pins.setPoint(null))}
      ${
        point === null || isHere
          ? nothing
          : html`<button
              data-testid="pin-point"
              title=${`Compare with ${pointText(point, axis)} wherever the timeline goes`}
              @click=${() => session.pins.setPoint(point)}
            >
              pin ${pointText(point, axis)}
            </button>`
      }
    </div>
  </div>`;
}

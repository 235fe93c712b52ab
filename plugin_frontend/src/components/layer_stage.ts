/**
 * The stage of a walk through the layers: the one panel that is shown alone, and the names of the runs that lack its
 * layer. Knows sizes in CSS pixels; must not know what a panel shows.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { PanelEntry } from "../model/runs.js";
import type { Session } from "../state/session.js";
import { runsWithoutStop } from "../state/stage.js";
import { runNames } from "./run_caption.js";

/** However low the screen is. */
export const LEAST_STAGE = 260;

/** The panel's own header and captions. */
const AROUND_GRIDS = 108;
const BELOW = 40;
/** The line of the runs that lack the layer. */
const ABSENT = 34;

/** One element for all stops, so that its frame and its grids stay where they are from stop to stop. */
export function stageTemplate(
  session: Session,
  panel: PanelEntry,
  width: number,
  height: number,
): TemplateResult | typeof nothing {
  if (width === 0) return nothing;
  return html`<nnviz-panel
    class="stage"
    data-testid="stage"
    data-tag=${panel.tag}
    style=${styleMap({ "--panel-height": `${height}px` })}
    .session=${session}
    .panel=${panel}
    .width=${width}
    .stage=${height - AROUND_GRIDS - (runsWithoutStop(session.derived).length > 0 ? ABSENT : 0)}
  ></nnviz-panel>`;
}

/** From the top of the stage down to the end of what is in sight of a scrolling area. */
export function stageHeightIn(area: HTMLElement, stage: Element): number {
  const above = stage.getBoundingClientRect().top - area.getBoundingClientRect().top;
  const left = area.clientHeight - area.scrollTop - above - BELOW;
  return Math.max(LEAST_STAGE, Math.floor(left));
}

/** Of so many runs without the layer the names are written out. */
const NAMED = 6;

/** The runs that lack the layer, in a line below the others; nothing where all have it. */
export function absentRuns({ state, derived }: Session): TemplateResult | typeof nothing {
  const absent = runsWithoutStop(derived);
  const { stage } = derived;
  if (stage === null || absent.length === 0) return nothing;
  return html`<div class="absent-runs" data-testid="absent-layer">
    <span>Nothing of <span class="mono">${stage.name}</span> is logged in</span>
    ${runNames(absent, state.value.runColours, NAMED, "more-absent")}
  </div>`;
}

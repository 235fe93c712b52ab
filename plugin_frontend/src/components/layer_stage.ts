/**
 * The stage of a walk through the layers: the one panel that is shown alone, and the place of a run that lacks its
 * layer. Knows sizes in CSS pixels; must not know what a panel shows.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { RunEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { Session } from "../state/session.js";
import { runName } from "./run_caption.js";

/** However low the screen is. */
export const LEAST_STAGE = 260;

/** The panel's own header and captions. */
const AROUND_GRIDS = 108;
const BELOW = 40;

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
    .stage=${height - AROUND_GRIDS}
  ></nnviz-panel>`;
}

/** From the top of the stage down to the end of what is in sight of a scrolling area. */
export function stageHeightIn(area: HTMLElement, stage: Element): number {
  const above = stage.getBoundingClientRect().top - area.getBoundingClientRect().top;
  const left = area.clientHeight - area.scrollTop - above - BELOW;
  return Math.max(LEAST_STAGE, Math.floor(left));
}

/** What stands where a run lacks the layer, so that the other runs stay where they are. */
export function absentRun(session: Session, { run, name }: RunEntry): TemplateResult {
  const colour = session.state.value.runColours.get(run) ?? "";
  const { stage } = session.derived;
  return html`<div class="column">
    <div class="caption">${runName(name, colour)}</div>
    <div class="absent told" data-testid="absent-layer">
      Nothing of <span class="mono">${stage?.name ?? "this layer"}</span> is logged in this run.
    </div>
  </div>`;
}

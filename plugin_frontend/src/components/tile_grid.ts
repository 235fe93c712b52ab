/** A grid of a tile in the large: what a run shows at a placement, as large as fits. Templates of one moment. */
import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Placement } from "../model/display.js";
import type { Tiles } from "../model/tiles.js";
import type { PanelColumn, PanelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";

export interface TileRoom {
  readonly width: number;
  readonly height: number;
}

/** `tiles`: what is painted, null while it is on its way. */
export function tileGrid(
  session: Session,
  tag: string,
  { display }: PanelView,
  { run, colouring, range }: PanelColumn,
  tiles: Tiles | null,
  placement: Placement | null,
  { width, height }: TileRoom,
): TemplateResult {
  const side = Math.min(width, height);
  return html`<nnviz-grid
    class="large"
    style=${styleMap(tiles === null ? { width: `${side}px` } : {})}
    .session=${session}
    .tag=${tag}
    .run=${run.run}
    .runName=${run.name}
    .tiles=${tiles}
    .show=${display.show}
    .available=${width}
    .reserved=${side}
    .stage=${height}
    .colouring=${colouring}
    .range=${range}
    .placement=${placement}
    .outlines=${display.outlines}
    .smooth=${display.smooth}
    .theme=${session.state.value.theme}
  ></nnviz-grid>`;
}

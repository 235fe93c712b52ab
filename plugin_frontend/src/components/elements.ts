/** Registers every element of the screen. The one place that knows them all by their tag names. */
import { NnvizApp } from "./app.js";
import { NnvizDeferredPanel } from "./deferred_panel.js";
import { NnvizDisplaySettings } from "./display_settings.js";
import { NnvizExport } from "./export.js";
import { NnvizFindTiles } from "./find_tiles.js";
import { NnvizGrid } from "./grid.js";
import { NnvizHelp } from "./help.js";
import { NnvizLayerPlayer } from "./layer_player.js";
import { NnvizLegend } from "./legend.js";
import { NnvizMainArea } from "./main_area.js";
import { NnvizMessage } from "./message.js";
import { NnvizNoData } from "./no_data.js";
import { NnvizPanel } from "./panel.js";
import { NnvizRail } from "./rail.js";
import { NnvizReports } from "./reports.js";
import { NnvizRunList } from "./run_list.js";
import { NnvizRunRow } from "./run_row.js";
import { NnvizTileOrder } from "./tile_order.js";
import { NnvizTilePlace } from "./tile_place.js";
import { NnvizTimeline } from "./timeline.js";
import { NnvizTooltip } from "./tooltip.js";

const ELEMENTS = {
  "nnviz-app": NnvizApp,
  "nnviz-deferred-panel": NnvizDeferredPanel,
  "nnviz-display-settings": NnvizDisplaySettings,
  "nnviz-find-tiles": NnvizFindTiles,
  "nnviz-export": NnvizExport,
  "nnviz-grid": NnvizGrid,
  "nnviz-help": NnvizHelp,
  "nnviz-layer-player": NnvizLayerPlayer,
  "nnviz-legend": NnvizLegend,
  "nnviz-main-area": NnvizMainArea,
  "nnviz-message": NnvizMessage,
  "nnviz-no-data": NnvizNoData,
  "nnviz-panel": NnvizPanel,
  "nnviz-rail": NnvizRail,
  "nnviz-reports": NnvizReports,
  "nnviz-run-list": NnvizRunList,
  "nnviz-tile-order": NnvizTileOrder,
  "nnviz-run-row": NnvizRunRow,
  "nnviz-tile-place": NnvizTilePlace,
  "nnviz-timeline": NnvizTimeline,
  "nnviz-tooltip": NnvizTooltip,
} as const;

export function defineElements(): void {
  for (const [name, element] of Object.entries(ELEMENTS)) {
    if (customElements.get(name) === undefined) customElements.define(name, element);
  }
}

declare global {
  interface HTMLElementTagNameMap extends InstanceMap {}
}

type InstanceMap = { [Name in keyof typeof ELEMENTS]: InstanceType<(typeof ELEMENTS)[Name]> };

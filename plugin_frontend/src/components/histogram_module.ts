/**
 * What is loaded when histograms are first shown: their elements, the panel made of them, and the plots of a tile in the
 * large, which are drawn alike.
 */
import { html } from "lit";
import type { DeferredModule } from "./deferred_modules.js";
import { NnvizHistogramPanel } from "./histogram_panel.js";
import { NnvizHistogramPlot } from "./histogram_plot.js";
import { NnvizHistogramRidge } from "./histogram_ridge.js";
import { NnvizHistogramStatistics } from "./histogram_statistics.js";
import { NnvizHistogramTooltip } from "./histogram_tooltip.js";
import { NnvizTileCurve } from "./tile_curve.js";
import { NnvizTileHistogram } from "./tile_histogram.js";
import { NnvizTileNumbers } from "./tile_numbers.js";

const ELEMENTS = {
  "nnviz-histogram-panel": NnvizHistogramPanel,
  "nnviz-histogram-plot": NnvizHistogramPlot,
  "nnviz-histogram-ridge": NnvizHistogramRidge,
  "nnviz-histogram-statistics": NnvizHistogramStatistics,
  "nnviz-histogram-tooltip": NnvizHistogramTooltip,
  "nnviz-tile-curve": NnvizTileCurve,
  "nnviz-tile-histogram": NnvizTileHistogram,
  "nnviz-tile-numbers": NnvizTileNumbers,
} as const;

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

export const panelTemplate: DeferredModule["panelTemplate"] = (group, session, width) =>
  html`<nnviz-histogram-panel .session=${session} .group=${group} .width=${width}></nnviz-histogram-panel>`;

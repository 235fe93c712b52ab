/** What is loaded when graphs are first shown: their elements, and the panel made of them. */
import { html } from "lit";
import type { DeferredModule } from "./deferred_modules.js";
import { NnvizGraphCard } from "./graph_card.js";
import { NnvizGraphPanel } from "./graph_panel.js";
import { NnvizGraphTooltip } from "./graph_tooltip.js";

const ELEMENTS = {
  "nnviz-graph-card": NnvizGraphCard,
  "nnviz-graph-panel": NnvizGraphPanel,
  "nnviz-graph-tooltip": NnvizGraphTooltip,
} as const;

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

export const panelTemplate: DeferredModule["panelTemplate"] = (
  { panels: [panel] },
  session,
  width,
) =>
  html`<nnviz-graph-panel .session=${session} .panel=${panel} .width=${width}></nnviz-graph-panel>`;

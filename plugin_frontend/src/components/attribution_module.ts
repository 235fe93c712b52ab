/** What is loaded when attributions are first shown: their elements, and the panel made of them. */
import { html } from "lit";
import { NnvizAttributionCard } from "./attribution_card.js";
import { NnvizAttributionTiles } from "./attribution_tiles.js";
import type { DeferredModule } from "./deferred_modules.js";

const ELEMENTS = {
  "nnviz-attribution-card": NnvizAttributionCard,
  "nnviz-attribution-tiles": NnvizAttributionTiles,
} as const;

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

export const panelTemplate: DeferredModule["panelTemplate"] = (
  { panels: [panel] },
  session,
  width,
) =>
  html`<nnviz-attribution-card .session=${session} .card=${panel} .width=${width}></nnviz-attribution-card>`;

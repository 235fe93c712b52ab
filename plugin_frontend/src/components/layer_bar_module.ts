/** What is loaded when activations are first shown: the bar that plays through the layers. */
import { html } from "lit";
import type { LayerBarModule } from "./deferred_modules.js";
import { NnvizLayerBar } from "./layer_bar.js";

if (customElements.get("nnviz-layer-bar") === undefined)
  customElements.define("nnviz-layer-bar", NnvizLayerBar);

export const barTemplate: LayerBarModule["barTemplate"] = (session, width) =>
  html`<nnviz-layer-bar .session=${session} .width=${width}></nnviz-layer-bar>`;

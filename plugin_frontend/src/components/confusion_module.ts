/** What is loaded when a confusion is first shown: its elements, and the panel made of them. */
import { html } from "lit";
import { NnvizConfusionCard } from "./confusion_card.js";
import { NnvizConfusionMap } from "./confusion_map.js";
import { NnvizConfusionMatrix } from "./confusion_matrix.js";
import { NnvizConfusionPicture } from "./confusion_picture.js";
import type { DeferredModule } from "./deferred_modules.js";

const ELEMENTS = {
  "nnviz-confusion-card": NnvizConfusionCard,
  "nnviz-confusion-map": NnvizConfusionMap,
  "nnviz-confusion-matrix": NnvizConfusionMatrix,
  "nnviz-confusion-picture": NnvizConfusionPicture,
} as const;

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

export const panelTemplate: DeferredModule["panelTemplate"] = (
  { panels: [panel] },
  session,
  width,
) =>
  html`<nnviz-confusion-card .session=${session} .card=${panel} .width=${width}></nnviz-confusion-card>`;

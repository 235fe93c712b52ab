/**
 * What is loaded when a tile is first shown in the large: its elements, and the one made of them. Its plots and numbers
 * are drawn as those of histograms, and loaded with these.
 */
import { html } from "lit";
import type { TileModule } from "./deferred_modules.js";
import { NnvizTile } from "./tile.js";
import { NnvizTileFilm } from "./tile_film.js";
import { NnvizTileRelated } from "./tile_related.js";

const ELEMENTS = {
  "nnviz-tile": NnvizTile,
  "nnviz-tile-film": NnvizTileFilm,
  "nnviz-tile-related": NnvizTileRelated,
} as const;

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

export const tileTemplate: TileModule["tileTemplate"] = (session) =>
  html`<nnviz-tile .session=${session}></nnviz-tile>`;

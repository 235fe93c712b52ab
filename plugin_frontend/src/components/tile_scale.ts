/** Which scale a tile in the large has, with the way to its own. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { SCALE_CHOICES } from "../model/choices.js";
import { showsPictures } from "../state/activations_view.js";
import type { Session } from "../state/session.js";
import type { TileView } from "../state/tile_view.js";

/** On a scale of all tiles, one of small values is almost blank. Its own the legend names; pictures have that of pictures. */
export function tileScale(session: Session, { panel }: TileView): TemplateResult | typeof nothing {
  const { scale } = session.state.value.display;
  const choice = SCALE_CHOICES.find(({ value }) => value === scale);
  if (scale === "per-tile" || choice === undefined || showsPictures(panel)) return nothing;
  return html`<button
    class="chip"
    data-testid="tile-scale"
    title=${`${choice.title}. The film strip below has a scale of its own. Click: this tile spans the whole colour map, in each run`}
    @click=${() => session.looks.setDisplay({ scale: "per-tile" })}
  >scale: ${choice.label} · own</button>`;
}

/**
 * Which panels of tiles show something now: the one on the stage, whatever the layer filter hides, else those in sight
 * that are not folded, and the one in which a tile is looked for. Pure functions of the state; must not know records.
 */
import { isAttributionCard, mapsOfCard } from "../model/attribution_cards.js";
import type { PanelEntry } from "../model/runs.js";
import { showsPictures } from "./activations_view.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";

export function openPanels(state: AppState, derived: Derived): readonly PanelEntry[] {
  if (derived.stage !== null) return [derived.stage.panel];
  const open = derived.panels.filter(
    (panel) =>
      (panel.kind === "tiles" || isAttributionCard(panel)) &&
      (panel.tag === state.findsIn ||
        (state.inSight.has(panel.tag) && !state.collapsed.has(panel.tag))),
  );
  return open.flatMap((panel) => (panel.weights === undefined ? [panel] : [panel, panel.weights]));
}

/** Those whose colours follow the chosen scale, with the tags that do: samples keep their own. */
export function scaledPanels(state: AppState, derived: Derived): readonly PanelEntry[] {
  return openPanels(state, derived)
    .filter((panel) => !showsPictures(panel))
    .map((panel) => (isAttributionCard(panel) ? mapsOfCard(panel) : panel));
}

/**
 * Which panels of tiles show something now: that of the tile in the large, else the one on the stage, whatever the layer
 * filter hides, else those in sight that are not folded, and the one in which a tile is looked for. Pure functions of
 * the state; must not know records.
 */
import { isAttributionCard, mapsOfCard } from "../model/attribution_cards.js";
import type { PinnedTile } from "../model/link.js";
import type { PanelEntry } from "../model/runs.js";
import { relatedTags } from "../model/units.js";
import { showsPictures } from "./activations_view.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";

export function openPanels(state: AppState, derived: Derived): readonly PanelEntry[] {
  if (state.opened !== null) return panelsOfTile(state.opened.tag, derived);
  if (derived.stage !== null) return [derived.stage.panel];
  const open = derived.panels.filter(
    (panel) =>
      (panel.kind === "tiles" || isAttributionCard(panel)) &&
      (panel.tag === state.findsIn ||
        (state.inSight.has(panel.tag) && !state.collapsed.has(panel.tag))),
  );
  return open.flatMap(withWeights);
}

// What the tile's layer says of its unit elsewhere stands beside it.
function panelsOfTile(tag: string, derived: Derived): readonly PanelEntry[] {
  const tags = [tag, ...relatedTags(tag, derived.runs).keys()];
  return tags.flatMap((each) => panelOfTag(derived, each) ?? []);
}

function withWeights(panel: PanelEntry): readonly PanelEntry[] {
  return panel.weights === undefined ? [panel] : [panel, panel.weights];
}

/**
 * The panel or card of the view that a tile is shown in: maps of the same tag stand in a card for each set of samples, of
 * which that is meant which has the tile's run. Null where the view has none.
 */
export function panelOfTile({ allPanels }: Derived, { tag, run }: PinnedTile): PanelEntry | null {
  const holding = allPanels.filter(({ members }) => members.some(({ entry }) => entry.tag === tag));
  const own = holding.find(({ members }) =>
    members.some((member) => member.entry.tag === tag && member.run.run === run),
  );
  return own ?? holding[0] ?? null;
}

/**
 * The panel of a tag, whatever the layer filter hides: a walk through the layers shows its input all the same. What
 * stands in a card of attributions, or in no panel of the view, is found by its own tag.
 */
export function panelOfTag({ allPanels, runs }: Derived, tag: string): PanelEntry | null {
  const found = allPanels.find((panel) => panel.tag === tag && !isAttributionCard(panel));
  if (found !== undefined) return found;
  const members = runs.flatMap((run) => {
    const entry = run.tags.find((each) => each.tag === tag);
    return entry === undefined ? [] : [{ run, entry }];
  });
  return members.length === 0 ? null : { tag, kind: "tiles", members };
}

/**
 * Those with a scale that several records share, with the tags that do: samples keep their own, and bars have one for all
 * runs whatever is chosen for colours.
 */
export function scaledPanels(state: AppState, derived: Derived): readonly PanelEntry[] {
  const { scale } = state.display;
  const open = openPanels(state, derived);
  const bars = new Set(open.flatMap(({ weights }) => weights ?? []));
  const isShared = scale === "fixed" || scale === "shared";
  return open
    .filter((panel) => !showsPictures(panel) && (isShared || bars.has(panel)))
    .map((panel) => (isAttributionCard(panel) ? mapsOfCard(panel) : panel));
}

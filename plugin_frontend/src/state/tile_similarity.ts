/** How alike the tile under the pointer is to the chosen one. Knows the display and the records; must not know the DOM. */
import { fitPlacement, positionOn, sortedAxis } from "../model/placement.js";
import type { PanelEntry } from "../model/runs.js";
import { similarities } from "../model/similarity.js";
import { gridAxes } from "../model/tiles.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";
import { chosenAmong, exact, type OrderedRun, positionName } from "./order_view.js";
import { panelPlacement } from "./panel_view.js";

export interface TileSimilarity {
  readonly cosine: number;
  /** Over how much of the tiles, 0 to 1: what is no finite number in one of them is left out. */
  readonly common: number;
  /** `unit 30`, and the run that it is in. */
  readonly text: string;
  readonly run: string;
}

/** Null where tiles are not compared, or cannot be. `own`: the column of the tile. */
export function tileSimilarity(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  columns: readonly OrderedRun[],
  own: OrderedRun,
  tile: number,
): TileSimilarity | null {
  if (state.display.sort !== "similar") return null;
  const chosen = chosenAmong(panel.tag, columns, state.display, own);
  const tiles = exact(own.record);
  const reference = chosen && exact(chosen.column.record);
  if (!chosen || !tiles || !reference || tiles === "pending" || reference === "pending")
    return null;
  const axes = gridAxes(tiles.header);
  const placement = fitPlacement(panelPlacement(panel, state, derived, tiles), axes);
  const axis = sortedAxis(placement);
  if (axis === null) return null;
  const found = similarities(tiles, placement, axis, reference, chosen.tile);
  if (found.status === "refused") return null;
  const position = positionOn(axes, axis, tile);
  return {
    cosine: found.cosines[position] ?? NaN,
    common: found.common[position] ?? 1,
    text: positionName(gridAxes(reference.header), axis, chosen.tile),
    run: chosen.column.run.name,
  };
}

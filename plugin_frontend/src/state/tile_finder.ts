/**
 * Finding tiles by number or label: goes from panel to panel that has them, and asks for the records of those that are
 * not here yet, one at a time, without scrolling to what has none. Knows panels and records; must not know the DOM.
 */
import type { Placement } from "../model/display.js";
import { findTiles } from "../model/find_tiles.js";
import type { LayerGroup } from "../model/layer_groups.js";
import type { RunEntry } from "../model/parse_index.js";
import { fitPlacement, moveSlider, positionOn, SAMPLE } from "../model/placement.js";
import type { Axis } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import { tilePlace } from "../model/tile_place.js";
import { gridAxes } from "../model/tiles.js";
import type { Acting } from "./acting.js";
import type { AppState } from "./app_state.js";
import { isColumnInSight } from "./columns_in_sight.js";
import { refOf } from "./comparison.js";
import { matchAt } from "./derived.js";
import { Observable } from "./observable.js";
import { type PanelView, panelView } from "./panel_view.js";
import type { Session } from "./session.js";

/** `hidden`: the tile is among the dead ones that are not shown. */
export type Found =
  | { readonly status: "none" | "looking" | "nowhere" }
  | { readonly status: "found"; readonly tag: string; readonly isHidden: boolean };

interface Search {
  /** In `panels`, of the next one to look into. */
  readonly at: number;
  readonly left: number;
}

/** The record that says which tiles a panel has. */
interface Source {
  readonly tag: string;
  readonly run: string;
  readonly axes: readonly Axis[];
}

/** Of a panel above what is in sight. */
const MARGIN = 40;

export class TileFinder {
  readonly found = new Observable<Found>({ status: "none" });
  readonly #session: Session;
  readonly #change: (change: Partial<AppState>) => void;
  #search: Search | null = null;

  constructor({ session, change }: Acting) {
    this.#session = session;
    this.#change = change;
  }

  /** Outlines the tiles that a text means, in all panels that have them; an empty one ends that. */
  look(find: string): void {
    this.#end({ status: "none" }, { find });
  }

  /** Goes to the next panel that has the tiles, or the first one from where the panels are scrolled to. */
  next(): void {
    const { state, place } = this.#session;
    const panels = this.#panels();
    if (state.value.find.trim() === "" || panels.length === 0) return;
    // Panels are looked into that are in sight, or can be.
    if (state.value.opened !== null) this.#change({ opened: null });
    const { value: found } = this.found;
    const last = found.status === "found" ? this.#indexOf(found.tag) + 1 : 0;
    const at = last > 0 ? last : Math.max(0, this.#indexOf(place.value?.tag ?? ""));
    this.#search = { at, left: panels.length };
    this.#session.soughtTile.set(null);
    this.found.set({ status: "looking" });
    this.goOn();
  }

  /** To be called when records have come: one of them may be waited for. */
  goOn(): void {
    while (this.#search !== null) {
      const { at, left } = this.#search;
      const panels = this.#panels();
      const panel = panels[at % Math.max(1, panels.length)];
      if (left === 0 || panel === undefined) {
        this.#end({ status: "nowhere" });
        return;
      }
      const source = this.#sourceOf(panel);
      if (source === "pending") {
        this.#waitFor(panel);
        return;
      }
      const tiles = source === null ? [] : findTiles(source.axes, this.#session.state.value.find);
      if (source !== null && tiles.length > 0) {
        const view = this.#viewOf(panel);
        // Which tiles are dead in all runs is known once all their records are here.
        if (view.display.hideDead && view.order.isPending) {
          this.#waitFor(panel);
          return;
        }
        this.#end({ status: "found", tag: panel.tag, isHidden: this.#show(view, source, tiles) });
        return;
      }
      this.#search = { at: at + 1, left: left - 1 };
    }
  }

  // Asks for what its panel shows, wherever it is.
  #waitFor({ tag }: PanelEntry): void {
    if (this.#session.state.value.findsIn !== tag) this.#change({ findsIn: tag });
  }

  #end(found: Found, change: Partial<AppState> = {}): void {
    this.#search = null;
    if (found.status !== "found") this.#session.soughtTile.set(null);
    this.#change({ ...change, findsIn: null });
    this.found.set(found);
  }

  #indexOf(tag: string): number {
    return this.#panels().findIndex((panel) => panel.tag === tag);
  }

  #panels(): readonly PanelEntry[] {
    const { stage, panels } = this.#session.derived;
    return stage === null ? panels.filter(({ kind }) => kind === "tiles") : [stage.panel];
  }

  /** Null where no run has a record at this point, or it cannot be had. */
  #sourceOf({ tag, members }: PanelEntry): Source | "pending" | null {
    const { state, derived, records } = this.#session;
    const isInSight = ({ run }: { readonly run: RunEntry }): boolean =>
      isColumnInSight(state.value, derived, run.run);
    const others = members.filter((member) => !isInSight(member));
    let isPending = false;
    for (const { run, entry } of [...members.filter(isInSight), ...others]) {
      const match = matchAt(derived, run.run, entry.series);
      const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
      const record = ref && records.state(ref);
      if (record?.status === "ready")
        return { tag, run: run.run, axes: gridAxes(record.tiles.header) };
      isPending ||= record?.status === "pending";
    }
    return isPending ? "pending" : null;
  }

  #viewOf(panel: PanelEntry): PanelView {
    const { state, derived, records, extremes } = this.#session;
    return panelView(panel, state.value, derived, (ref) => records.state(ref), extremes);
  }

  // Unfolds the panel, moves sliders to the tile and brings it into sight. True where it is hidden all the same.
  #show(
    { placement, axisOrder }: PanelView,
    { tag, run, axes }: Source,
    tiles: readonly number[],
  ): boolean {
    const session = this.#session;
    const ofLayer = ({ panels }: LayerGroup): boolean => panels.some((each) => each.tag === tag);
    const layer = session.derived.groups.find(ofLayer);
    session.folding.setCollapsed([tag, ...(layer === undefined ? [] : [layer.key])], false);
    session.place.set({ tag, offset: -MARGIN });
    if (!isColumnInSight(session.state.value, session.derived, run))
      session.left.set({ run, offset: 0 });
    const { axis = "", hidden = [] } = axisOrder ?? {};
    const shown = tiles.filter((tile) => !hidden.includes(positionOn(axes, axis, tile)));
    const fitted = fitPlacement(placement, axes);
    const isOnSliders = (tile: number): boolean =>
      [...fitted.sliders].every(([name, index]) => positionOn(axes, name, tile) === index);
    const tile = shown.find(isOnSliders) ?? shown[0];
    if (tile !== undefined) this.#moveSliders(tag, fitted, axes, tile);
    session.soughtTile.set(
      tile === undefined ? null : { tag, tile, run, place: tilePlace(axes, tile) },
    );
    return tile === undefined;
  }

  #moveSliders(tag: string, placement: Placement, axes: readonly Axis[], tile: number): void {
    let moved = placement;
    for (const [name, index] of placement.sliders) {
      const position = positionOn(axes, name, tile);
      if (position === index) continue;
      if (name === SAMPLE) this.#session.looks.setSample(position);
      else moved = moveSlider(moved, name, position);
    }
    if (moved !== placement) this.#session.looks.setPlacement(tag, moved);
  }
}

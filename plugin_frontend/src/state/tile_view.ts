/**
 * What is shown of a tile in the large: of each run the tile itself, what it was at the start, its numbers, its curve, its
 * film strip and what else is logged of it. Pure reading of the session; must not know the DOM.
 */

import { isMapTag } from "../model/attribution_cards.js";
import { isUnchanged } from "../model/difference.js";
import type { Placement } from "../model/display.js";
import { describeTile } from "../model/format.js";
import type { PinnedTile } from "../model/link.js";
import type { RunEntry } from "../model/parse_index.js";
import { arrange, fitPlacement } from "../model/placement.js";
import type { PanelEntry } from "../model/runs.js";
import { type TilePlace, tileAtPlace } from "../model/tile_place.js";
import { gridAxes } from "../model/tiles.js";
import {
  placementOfTile,
  type Relation,
  relatedTags,
  type Subject,
  subjectOf,
} from "../model/units.js";
import { type Compared, refOf } from "./comparison.js";
import { type DrawnPoint, drawnSteps } from "./drawn_steps.js";
import { panelOfTag } from "./open_panels.js";
import { type PanelColumn, type PanelView, panelView } from "./panel_view.js";
import type { Session } from "./session.js";
import type { TileBook, TileState } from "./tile_book.js";
import { type Film, filmOf } from "./tile_film.js";
import { shownAt, type TileReading, tileReading } from "./tile_reading.js";
import { tileNeeds } from "./tile_wishes.js";

/** One run of the tile; `isUnchanged` is of the tile alone. */
export interface TileColumn extends PanelColumn {
  /** The tile as it was logged; null where the run has nothing so early. */
  readonly now: TileState | null;
  readonly start: TileState | null;
  /** What is shown of it: values, or a change. */
  readonly shown: Compared | null;
  /** That shows the tile alone in what is painted; null where it is not there, or its axes are not known. */
  readonly placement: Placement | null;
  /** Why the run has no such tile; null where it has, or nothing is here. */
  readonly lacks: string | null;
}

export interface TilePoint extends DrawnPoint {
  readonly tile: TileState;
}

export interface TileCurve {
  readonly run: RunEntry;
  readonly points: readonly TilePoint[];
}

export interface TileView {
  /** With the run by whose axes it is numbered. */
  readonly opened: PinnedTile;
  /** Null until these are known. */
  readonly place: TilePlace | null;
  readonly panel: PanelEntry;
  readonly view: PanelView;
  readonly columns: readonly TileColumn[];
  /** `unit 30`; empty for an array that is one tile. */
  readonly name: string;
  readonly subject: Subject;
  /** The tiles in the order in which the grids show them. */
  readonly order: readonly number[];
  readonly curves: readonly TileCurve[];
  readonly film: Film;
  /** How many of the records that curves and film are made of are here. */
  readonly progress: { readonly read: number; readonly of: number };
  /** What else is logged of its unit or its sample. */
  readonly related: readonly { readonly panel: PanelEntry; readonly relation: Relation }[];
}

/** Null where nothing is opened, or no shown run has the tag. */
export function tileView(session: Session, book: TileBook): TileView | null {
  const { derived, records: store } = session;
  const state = session.state.value;
  const { opened } = state;
  const panel = opened && panelOfTag(derived, opened.tag);
  if (opened === null || panel === null) return null;
  const records = store.state.bind(store);
  const reading = tileReading(panel, state, derived, book, records);
  if (reading === null) return null;
  const { place, read } = reading;
  // A link may say any number.
  const isThere = place !== null && tileAtPlace(place.axes, place).status === "found";
  const view = panelView(panel, state, derived, records, session.extremes);
  const steps = drawnSteps(panel, derived);
  const all = tileNeeds(reading, panel);
  return {
    opened: { ...opened, run: reading.run.run },
    place,
    panel,
    view,
    columns: view.columns.map((column) => tileColumn(column, reading)),
    name: place === null ? "" : nameOf(place, isThere),
    subject: subjectOf(isThere ? place.axes : [], opened.tile),
    order: place === null ? [] : orderOf(place, view),
    curves: steps.curves.map(({ run, points }) => ({
      run,
      points: points.map((point) => ({
        ...point,
        tile: read({ ref: point.ref, exact: isMapTag(point.ref.tag) }),
      })),
    })),
    film: filmOf(reading, panel, view, steps),
    progress: {
      read: all.filter((need) => read(need).status !== "pending").length,
      of: all.length,
    },
    // Of what it is, is known by its place.
    related: [...(!isThere ? [] : relatedTags(opened.tag, derived.runs))].flatMap(
      ([tag, relation]) => {
        const each = panelOfTag(derived, tag);
        return each === null ? [] : [{ panel: each, relation }];
      },
    ),
  };
}

function tileColumn(column: PanelColumn, reading: TileReading): TileColumn {
  const { match, run, entry, painted } = column;
  const { place, comparing, read, axesOf } = reading;
  const index = match.match === "none" ? null : match.index;
  const ref = index === null ? null : refOf(run.run, entry, index);
  const first = index === null ? null : refOf(run.run, entry, 0);
  const now = ref && read({ ref, exact: true });
  const shown = index === null ? null : shownAt(reading, column, index);
  // While the next record is on its way, the last picture stays.
  const known = ref && axesOf(ref);
  const axes = painted?.status === "ready" ? gridAxes(painted.tiles.header) : known;
  const found = axes && place && tileAtPlace(axes, place);
  return {
    ...column,
    isUnchanged:
      comparing.show !== "value" && shown?.status === "ready" && isUnchanged(shown.tiles),
    now,
    start: first && read({ ref: first, exact: true }),
    shown,
    placement: axes && found?.status === "found" ? placementOfTile(axes, found.tile) : null,
    lacks: now?.status === "refused" ? now.message : null,
  };
}

function nameOf({ axes, tile }: TilePlace, isThere: boolean): string {
  return isThere ? describeTile(axes, tile) : `there is no tile ${tile}`;
}

function orderOf({ axes }: TilePlace, { placement, axisOrder }: PanelView): readonly number[] {
  return [...arrange(axes, fitPlacement(placement, axes), axisOrder).order];
}

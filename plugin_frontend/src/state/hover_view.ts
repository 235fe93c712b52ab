/**
 * The values under the pointer: of the hovered run and, at the same cell, of the panel's other runs, with what they have
 * changed by. Pure reading of the session; must not know the DOM.
 */
import { cellValue, lacksLowPlane } from "../model/dequantise.js";
import { counterpart } from "../model/difference.js";
import type { Show } from "../model/display.js";
import { formatSigned, formatWithin } from "../model/format.js";
import { type Cell, cellIndex } from "../model/layout.js";
import type { RunEntry } from "../model/parse_index.js";
import { errorBound } from "../model/precision.js";
import type { Moment, TilesHeader } from "../model/record.js";
import { isPinned } from "../model/reference.js";
import { sumOverGrid, tilesOfSum } from "../model/summed_tiles.js";
import { type TilePlace, tileAtPlace, tilePlace } from "../model/tile_place.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import { topSampleText } from "../model/top_samples.js";
import { panelOfTag } from "./open_panels.js";
import { type RunColumn, runColumns } from "./run_columns.js";
import type { Session } from "./session.js";
import { type TileSimilarity, tileSimilarity } from "./tile_similarity.js";

/** The change of a cell since another record. */
export interface HoverChange {
  /** One entry a channel, like the values. */
  readonly values: readonly number[];
  /** False where a change is within the precision of the two records. */
  readonly resolved: boolean;
  /** One entry a channel. */
  readonly texts: readonly string[];
  readonly since: Moment;
}

/** `values` has one entry, or three for a colour cell. */
export interface HoverValue {
  readonly run: RunEntry;
  readonly values: readonly number[];
  readonly exact: boolean;
  /** One entry a channel. */
  readonly texts: readonly string[];
  /** What the run shows where it lacks the step of the timeline; null where it has it. */
  readonly earlier: Moment | null;
  /** True where the value is of other samples than the hovered one: then the two are not to be compared. */
  readonly ofOtherSamples: boolean;
  /** Null where the other record is not here, or there is none. */
  readonly sinceStart: HoverChange | null;
  readonly sincePrevious: HoverChange | null;
  /** Null too where nothing is pinned, or it cannot be compared. */
  readonly toPinned: HoverChange | null;
  /** Why the exact value cannot be had, where asking for it failed. */
  readonly error: string | null;
}

export interface HoverView {
  readonly header: TilesHeader;
  readonly cell: Cell;
  /** What the tile is, where it is one of the samples that excite a unit; null else. */
  readonly sample: string | null;
  readonly own: HoverValue;
  /** Where tiles are sorted by their similarity to one of them; null else. */
  readonly similarity: TileSimilarity | null;
  /** True where the screen shows the sum of the values of a cell. */
  readonly summed: boolean;
  readonly others: readonly HoverValue[];
  /** How many runs more have a value there. */
  readonly untold: number;
}

/** Null while nothing is hovered or the hovered record is not here. */
export function hoverView(session: Session): HoverView | null {
  const { hover, derived, records } = session;
  const at = hover.value;
  const panel = at === null ? null : panelOfTag(derived, at.tag);
  if (at === null || panel === null) return null;
  const { reference: pinned } = session.state.value;
  const columns = (show: Show): readonly RunColumn[] =>
    runColumns(panel, derived, (ref) => records.state(ref), { show, reference: pinned });
  const previous = columns("change-since-previous");
  const started = columns("change-since-start");
  const differing = isPinned(pinned) ? columns("difference") : [];
  const hovered = started.find(({ run }) => run.run === at.run);
  const place =
    hovered?.record?.status === "ready" ? placeIn(hovered.record.tiles, at.cell.tile) : null;
  const here = started.flatMap(({ run, match, record, reference }, index) => {
    if (record?.status !== "ready") return [];
    const compared = [reference, previous[index]?.reference].map((other) =>
      match.match !== "none" && match.index > 0 && other?.status === "ready" ? other.tiles : null,
    );
    const [start = null, before = null] = compared;
    const other = differing[index];
    const isOther = other?.reference?.status === "ready" && other.refused === null;
    const pinnedTiles =
      isOther && other.reference.tiles !== record.tiles ? other.reference.tiles : null;
    const { tiles, fineError: error } = record;
    const cell = run.run === at.run ? at.cell : place && cellAt(place, at.cell, tiles);
    if (cell === null || !holds(shownTiles(tiles), cell)) return [];
    const earlier = match.match === "earlier" ? tiles.header.moment : null;
    return [{ run, cell, tiles, error, earlier, start, before, pinnedTiles }];
  });
  const own = here.find(({ run }) => run.run === at.run);
  if (own === undefined) return null;
  const sample = topSampleText(own.tiles, at.cell.tile);
  const others = here.filter(
    (other) => other !== own && sample === null && isComparable(other.tiles, own.tiles),
  );
  const { show } = session.state.value.display;
  const told = nearest(
    others,
    here,
    own,
    pinned.run,
    show === "value" ? MOST_VALUES : MOST_CHANGES,
  );
  return {
    header: shownTiles(own.tiles).header,
    cell: at.cell,
    sample,
    own:
      sample === null
        ? valueAt(own, samplesOf(own))
        : { ...valueAt(own, samplesOf(own)), ...NO_CHANGES },
    similarity:
      hovered === undefined
        ? null
        : tileSimilarity(panel, session.state.value, derived, started, hovered, at.cell.tile),
    summed: isOfMaps(own.tiles),
    others: told.map((other) => valueAt(other, samplesOf(own))),
    untold: others.length - told.length,
  };
}

/** Beside the hovered run so many others are told of, with changes in two lines each: more would cover what is pointed at. */
const MOST_VALUES = 9;
const MOST_CHANGES = 4;

// The pinned one and those that stand next to the hovered one, in their order.
function nearest(
  others: readonly Here[],
  all: readonly Here[],
  own: Here,
  pinned: string | null,
  most: number,
): readonly Here[] {
  const distance = (other: Here): number =>
    other.run.run === pinned ? 0 : Math.abs(all.indexOf(other) - all.indexOf(own));
  const chosen = new Set(others.toSorted((a, b) => distance(a) - distance(b)).slice(0, most));
  return others.filter((other) => chosen.has(other));
}

const NO_CHANGES = { sinceStart: null, sincePrevious: null, toPinned: null };

function placeIn(tiles: Tiles, tile: number): TilePlace {
  return tilePlace(gridAxes(shownTiles(tiles).header), tile);
}

// The same tile of another run, whose array may have more or fewer.
function cellAt(place: TilePlace, cell: Cell, tiles: Tiles): Cell | null {
  const found = tileAtPlace(gridAxes(shownTiles(tiles).header), place);
  return found.status === "found" ? { ...cell, tile: found.tile } : null;
}

function holds({ shape }: Tiles, { tile, row, column }: Cell): boolean {
  return tile < shape.tiles && row < shape.height && column < shape.width;
}

interface Here {
  readonly run: RunEntry;
  /** The hovered cell, by this run's tiles. */
  readonly cell: Cell;
  readonly tiles: Tiles;
  readonly error: string | null;
  readonly earlier: Moment | null;
  /** The records to compare with, where they are here. */
  readonly start: Tiles | null;
  readonly before: Tiles | null;
  readonly pinnedTiles: Tiles | null;
}

function samplesOf({ tiles }: Here): string | null {
  return tiles.header.source.samplesDigest;
}

/** `samples`: the digest of those that the hovered value is of. */
function valueAt(here: Here, samples: string | null): HoverValue {
  const { run, cell, tiles, error, earlier, start, before, pinnedTiles } = here;
  const { values, exact } = readCell(tiles, cell);
  const bound = boundOf(tiles, cell.tile);
  const texts = values.map((value) =>
    exact ? formatWithin(value, bound) : `≈ ${formatSigned(value)}`,
  );
  const since = (other: Tiles | null): HoverChange | null =>
    other === null ? null : changeAt(tiles, other, cell);
  return {
    run,
    values,
    exact,
    texts,
    earlier,
    error,
    ofOtherSamples: samplesOf(here) !== samples,
    sinceStart: since(start),
    sincePrevious: since(before),
    toPinned: since(pinnedTiles),
  };
}

function readCell(
  tiles: Tiles,
  cell: Cell,
): { readonly values: readonly number[]; readonly exact: boolean } {
  const shown = shownTiles(tiles);
  const first = cellIndex(shown.shape, cell);
  const cells = Array.from({ length: shown.shape.channels }, (_, channel) =>
    cellValue(shown, first + channel),
  );
  const exact = cells.every((each) => each.exact) && !(shown !== tiles && lacksLowPlane(tiles));
  return { values: cells.map(({ value }) => value), exact };
}

// Attributions of several channels are shown as their sums, all else as it is.
function shownTiles(tiles: Tiles): Tiles {
  return isOfMaps(tiles) ? sumOverGrid(tiles) : tiles;
}

function isOfMaps({ header }: Tiles): boolean {
  const { role } = header.source;
  return role !== null && SUMMED_ROLES.has(role);
}

// A gray value beside three of a colour is of other samples; those of attributions have a card of their own.
function isComparable(other: Tiles, own: Tiles): boolean {
  if (other.shape.channels !== own.shape.channels) return false;
  return !isOfMaps(own) || other.header.source.samplesDigest === own.header.source.samplesDigest;
}

const SUMMED_ROLES: ReadonlySet<string> = new Set([
  "integrated_gradients",
  "interior_gradients",
  "spread",
]);

function boundOf(tiles: Tiles, tile: number): number {
  if (shownTiles(tiles) === tiles) return errorBound(tiles, tile);
  return tilesOfSum(tiles, tile).reduce((sum, member) => sum + errorBound(tiles, member), 0);
}

function changeAt(tiles: Tiles, other: Tiles, cell: Cell): HoverChange | null {
  const tile = counterpart(shownTiles(tiles), cell.tile, shownTiles(other));
  if (tile === null) return null;
  const now = readCell(tiles, cell);
  const then = readCell(other, { ...cell, tile });
  if (!now.exact || !then.exact) return null;
  const values = now.values.map((value, channel) => value - (then.values[channel] ?? NaN));
  const bound = boundOf(tiles, cell.tile) + boundOf(other, tile);
  const resolved = bound === 0 || values.some((value) => !(Math.abs(value) <= bound));
  const texts = values.map((value) => formatWithin(value, bound));
  return { values, resolved, texts, since: other.header.moment };
}

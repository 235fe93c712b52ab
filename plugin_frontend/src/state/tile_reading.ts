/**
 * What is read of one tile: where it stands, which records it takes to show it at a step, and what is shown of it then.
 * Pure functions of the state, the index and the book; must not know which steps are drawn, nor the screen.
 */
import { isMapTag } from "../model/attribution_cards.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { Axis } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { TilePlace } from "../model/tile_place.js";
import { displayOf } from "./activations_view.js";
import type { AppState } from "./app_state.js";
import { type Compared, paintedRecord, refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { type Comparing, referenced, refOfReference, whyRefused } from "./references.js";
import type { TileBook, TileNeed, TileState } from "./tile_book.js";

export type Member = PanelEntry["members"][number];

export type RecordStates = (ref: RecordRef) => RecordState;

/** A tile that is read, at the moment of one state. */
export interface TileReading {
  /** The run by whose axes the tile is numbered. */
  readonly run: RunEntry;
  /** Null until a record of that run is here. */
  readonly place: TilePlace | null;
  /** The record that the place waits for. */
  readonly awaited: RecordRef | null;
  readonly comparing: Comparing;
  readonly derived: Derived;
  readonly read: (need: TileNeed) => TileState;
  /** The grid axes of a record, as far as they are known. */
  readonly axesOf: (ref: RecordRef) => readonly Axis[] | null;
}

/** Null where nothing is opened, or no shown run has the tag. */
export function tileReading(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  book: TileBook,
  records: RecordStates,
): TileReading | null {
  const { opened, reference } = state;
  const numbered = opened && numberedBy(panel, opened, derived, book, records);
  if (!numbered) return null;
  return {
    ...numbered,
    // What pictures show is theirs: they are not compared.
    comparing: { show: displayOf(panel, state.display).show, reference },
    derived,
    read: (need) => book.state(numbered.place, need, records),
    axesOf: (ref) => book.axes(ref, records),
  };
}

// A tile is numbered in the run in which it was chosen, shown or not; where it is not known which, or what that run has
// cannot be read, in the first one.
function numberedBy(
  panel: PanelEntry,
  { tag, tile, run: chosen }: NonNullable<AppState["opened"]>,
  derived: Derived,
  book: TileBook,
  records: RecordStates,
): Pick<TileReading, "run" | "place" | "awaited"> | null {
  const own = derived.allRuns.find(({ run }) => run === chosen);
  const entry = own?.tags.find((each: TagEntry) => each.tag === tag && each.kind === "tiles");
  const all = [...(own && entry ? [{ run: own, entry }] : []), ...panel.members];
  for (const { run, entry: of } of all) {
    const match = matchAt(derived, run.run, of.series);
    const ref = refOf(run.run, of, match.match === "none" ? 0 : match.index);
    if (ref === null) continue;
    const place = book.place(tile, ref, records);
    if (place !== null) return { run, place, awaited: null };
    if (records(ref).status !== "failed") return { run, place, awaited: ref };
  }
  const [first] = panel.members;
  return first === undefined ? null : { run: first.run, place: null, awaited: null };
}

/** The records that it takes to show a tile of a run's record: that one, and what it is compared with. */
export function needsOf(
  { comparing, derived }: Pick<TileReading, "comparing" | "derived">,
  { run, entry }: Member,
  index: number,
  pointIndex: number,
): readonly TileNeed[] {
  const ref = refOf(run.run, entry, index);
  if (ref === null) return [];
  // Of maps in colour sums are shown, and the errors of the high planes would add up.
  if (comparing.show === "value") return [{ ref, exact: isMapTag(ref.tag) }];
  const point = derived.points[pointIndex] ?? null;
  const other = refOfReference(referenced(comparing, derived, run, entry, index, point));
  return [{ ref, exact: true }, ...(other === null ? [] : [{ ref: other, exact: true }])];
}

/** What is shown of the tile of a run's record: its values, a change or a difference, or why there is none. */
export function shownAt(
  reading: TileReading,
  member: Member,
  index: number,
  pointIndex = reading.derived.pointIndex,
): Compared {
  const { comparing, derived, read } = reading;
  const { run, entry } = member;
  const { show } = comparing;
  const [own] = needsOf(reading, member, index, pointIndex);
  if (own === undefined) return { status: "pending" };
  const tile = read(own);
  if (show === "value" || tile.status === "refused") return tile;
  const point = derived.points[pointIndex] ?? null;
  const found = referenced(comparing, derived, run, entry, index, point);
  const ref = refOfReference(found);
  const other = ref && read({ ref, exact: true });
  if (other?.status === "refused")
    return {
      status: "refused",
      message: `${NOTHING[show]}: what it is compared with lacks the tile.`,
    };
  return paintedRecord(show, tile, other, whyRefused(comparing, run, tile, found, other));
}

const NOTHING = {
  difference: "No difference",
  "change-since-start": "No change",
  "change-since-previous": "No change",
} as const;

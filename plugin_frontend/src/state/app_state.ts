/**
 * What the screen is in: the index, the user's choices and where the timeline stands. One readonly snapshot, replaced
 * as a whole. Must not hold records (they are in the record store) nor anything that follows from it (`derived.ts`).
 */
import type { Theme } from "../model/colours.js";
import type { Cell } from "../model/layout.js";
import { DEFAULT_LINKED_STATE, type LinkedState } from "../model/link.js";
import type { Index } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import type { Colours } from "../model/run_colours.js";
import type { TilePlace } from "../model/tile_place.js";

export type Loadable<T> =
  | { readonly status: "pending" }
  | { readonly status: "error"; readonly message: string }
  | { readonly status: "ready"; readonly value: T };

export interface AppState extends LinkedState {
  readonly index: Loadable<Index>;
  /** Why the last reload failed while an older index is still shown. */
  readonly reloadError: string | null;
  /** Moments by run and step, of the runs whose timeline has come. */
  readonly timelines: ReadonlyMap<string, ReadonlyMap<number, Moment>>;
  /** The colour of every run: the user's choice, else the one that it got when it was first seen. */
  readonly runColours: ReadonlyMap<string, string>;
  readonly assignedColours: ReadonlyMap<string, string>;
  /** Whether a run is ticked before the user has chosen; fixed when it is first seen. */
  readonly runDefaults: ReadonlyMap<string, boolean>;
  /** The panel whose record tells whether it has the tiles that are looked for, while that is on its way; null else. */
  readonly findsIn: string | null;
  readonly playing: boolean;
  readonly playingLayers: boolean;
  /** Whether what is shown is being written to a file: nothing plays, and what is logged meanwhile waits. */
  readonly held: boolean;
  readonly theme: Theme;
  readonly tabVisible: boolean;
  /** Tags of the panels that are on screen or nearly so. */
  readonly inSight: ReadonlySet<string>;
  /** Runs whose columns are on screen or nearly so; null before that is known. */
  readonly columnsInSight: ReadonlySet<string> | null;
}

/** The cell under the pointer, and where the pointer is, in CSS pixels of the frame. */
export interface Hover {
  readonly tag: string;
  readonly run: string;
  readonly cell: Cell;
  /** Where its tile stands in its array; absent where that is not known. */
  readonly place?: TilePlace;
  /** The sample that the cell is of; null or absent where it is of none. */
  readonly sample?: number | null;
  /** Of all samples of its record; likewise. */
  readonly samplesDigest?: string | null;
  readonly x: number;
  readonly y: number;
}

export const INITIAL_STATE: AppState = {
  ...DEFAULT_LINKED_STATE,
  index: { status: "pending" },
  reloadError: null,
  timelines: new Map(),
  runColours: new Map(),
  assignedColours: new Map(),
  runDefaults: new Map(),
  findsIn: null,
  playing: false,
  playingLayers: false,
  held: false,
  theme: "light",
  tabVisible: true,
  inSight: new Set(),
  columnsInSight: null,
};

/** What the colours of runs change of the state: a choice goes before what was assigned. */
export function withColours(
  assignedColours: Colours,
  chosenColours: Colours,
): Pick<AppState, "assignedColours" | "chosenColours" | "runColours"> {
  const runColours = new Map([...assignedColours, ...chosenColours]);
  return { assignedColours, chosenColours, runColours };
}

/** The set with the member, or without it where it was there. */
export function toggled(members: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const changed = new Set(members);
  if (!changed.delete(member)) changed.add(member);
  return changed;
}

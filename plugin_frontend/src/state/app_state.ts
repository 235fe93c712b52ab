/**
 * What the screen is in: the index, the user's choices and where the timeline stands. One readonly snapshot, replaced
 * as a whole. Must not hold records (they are in the record store) nor anything that follows from it (`derived.ts`).
 */
import {
  type AttributionDisplay,
  DEFAULT_ATTRIBUTION_DISPLAY,
} from "../model/attribution_display.js";
import type { ClassSort } from "../model/class_bars.js";
import type { Theme } from "../model/colours.js";
import { type ConfusionDisplay, DEFAULT_CONFUSION_DISPLAY } from "../model/confusion_display.js";
import { DEFAULT_DISPLAY, type Display, type Placement } from "../model/display.js";
import { DEFAULT_GRAPH_DISPLAY, type GraphDisplay } from "../model/graph_display.js";
import { DEFAULT_HISTOGRAM_DISPLAY, type HistogramDisplay } from "../model/histogram_display.js";
import type { LayerMode } from "../model/layer_player.js";
import type { Cell } from "../model/layout.js";
import type { PinnedTile } from "../model/link.js";
import type { Index } from "../model/parse_index.js";
import type { Moment } from "../model/record.js";
import { NO_REFERENCE, type Reference } from "../model/reference.js";
import type { Colours } from "../model/run_colours.js";
import type { Position, TimeAxis } from "../model/time_axis.js";

export type Loadable<T> =
  | { readonly status: "pending" }
  | { readonly status: "error"; readonly message: string }
  | { readonly status: "ready"; readonly value: T };

export interface AppState {
  readonly index: Loadable<Index>;
  /** Why the last reload failed while an older index is still shown. */
  readonly reloadError: string | null;
  /** Moments by run and step, of the runs whose timeline has come. */
  readonly timelines: ReadonlyMap<string, ReadonlyMap<number, Moment>>;
  /** The colour of every run: the user's choice, else the one that it got when it was first seen. */
  readonly runColours: ReadonlyMap<string, string>;
  readonly assignedColours: ReadonlyMap<string, string>;
  readonly chosenColours: ReadonlyMap<string, string>;
  readonly runFilter: string;
  /** Runs the user has ticked or unticked; the others follow the default. */
  readonly runChoices: ReadonlyMap<string, boolean>;
  /** Runs in the order of their columns, where the user has moved one; others follow as they are listed. */
  readonly runOrder: readonly string[];
  /** Whether a run is ticked before the user has chosen; fixed when it is first seen. */
  readonly runDefaults: ReadonlyMap<string, boolean>;
  readonly view: string;
  /** What the layer filter says; empty for all layers. */
  readonly layerFilter: string;
  /** Which tiles are looked for; empty for none. */
  readonly find: string;
  /** The panel whose record tells whether it has them, while that is on its way; null else. */
  readonly findsIn: string | null;
  /** Whether the layers' outputs are all shown, or one at a time. */
  readonly layerMode: LayerMode;
  /** The tag of the stop that is shown one at a time; empty for the first. */
  readonly layerStop: string;
  readonly playingLayers: boolean;
  /** The sample that is shown where one at a time is; a panel with fewer shows its last. */
  readonly sample: number;
  readonly timeAxis: TimeAxis;
  readonly position: Position;
  readonly playing: boolean;
  /** Playing starts over at the last point. */
  readonly loop: boolean;
  /** Of `SPEEDS`: 1 is four points a second. */
  readonly speed: number;
  readonly display: Display;
  /** What is pinned, for differences to it. */
  readonly reference: Reference;
  readonly histogramDisplay: HistogramDisplay;
  readonly graphDisplay: GraphDisplay;
  readonly attributionDisplay: AttributionDisplay;
  readonly confusionDisplay: ConfusionDisplay;
  /** The class by whose weights the units of a panel are sorted. */
  readonly classSort: ClassSort | null;
  /** Panels whose grid axes the user has placed, by tag. */
  readonly placements: ReadonlyMap<string, Placement>;
  /** The tile that is shown in the large, instead of the panels; null while these are. */
  readonly opened: PinnedTile | null;
  readonly theme: Theme;
  readonly tabVisible: boolean;
  /** Tags of the panels that are on screen or nearly so. */
  readonly inSight: ReadonlySet<string>;
  /** Runs whose columns are on screen or nearly so; null before that is known. */
  readonly columnsInSight: ReadonlySet<string> | null;
  readonly collapsed: ReadonlySet<string>;
  /** Tags whose grids are shown in full height, and models of graphs whose inside is shown, as `graph:path`. */
  readonly unfolded: ReadonlySet<string>;
}

/** The cell under the pointer, and where the pointer is, in CSS pixels of the frame. */
export interface Hover {
  readonly tag: string;
  readonly run: string;
  readonly cell: Cell;
  /** The sample that the cell is of; null or absent where it is of none. */
  readonly sample?: number | null;
  /** Of all samples of its record; likewise. */
  readonly samplesDigest?: string | null;
  readonly x: number;
  readonly y: number;
}

export const INITIAL_STATE: AppState = {
  index: { status: "pending" },
  reloadError: null,
  timelines: new Map(),
  runColours: new Map(),
  assignedColours: new Map(),
  chosenColours: new Map(),
  runFilter: "",
  runChoices: new Map(),
  runOrder: [],
  runDefaults: new Map(),
  view: "weights",
  layerFilter: "",
  find: "",
  findsIn: null,
  layerMode: "all",
  layerStop: "",
  playingLayers: false,
  sample: 0,
  timeAxis: "epoch",
  position: { at: "latest" },
  playing: false,
  loop: false,
  speed: 1,
  display: DEFAULT_DISPLAY,
  reference: NO_REFERENCE,
  histogramDisplay: DEFAULT_HISTOGRAM_DISPLAY,
  graphDisplay: DEFAULT_GRAPH_DISPLAY,
  attributionDisplay: DEFAULT_ATTRIBUTION_DISPLAY,
  confusionDisplay: DEFAULT_CONFUSION_DISPLAY,
  classSort: null,
  placements: new Map(),
  opened: null,
  theme: "light",
  tabVisible: true,
  inSight: new Set(),
  columnsInSight: null,
  collapsed: new Set(),
  unfolded: new Set(),
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

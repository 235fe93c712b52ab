/** What a link reopens: every choice of the screen, with what it is by default. Must not know how it is written. */
import { type AttributionDisplay, DEFAULT_ATTRIBUTION_DISPLAY } from "./attribution_display.js";
import type { ClassSort } from "./class_bars.js";
import { type ConfusionDisplay, DEFAULT_CONFUSION_DISPLAY } from "./confusion_display.js";
import { DEFAULT_DISPLAY, type Display, type Placement } from "./display.js";
import { DEFAULT_GRAPH_DISPLAY, type GraphDisplay } from "./graph_display.js";
import { DEFAULT_HISTOGRAM_DISPLAY, type HistogramDisplay } from "./histogram_display.js";
import type { LayerMode } from "./layer_player.js";
import type { Axis } from "./record.js";
import { NO_REFERENCE, type Reference } from "./reference.js";
import { sameTile, type TilePlace } from "./tile_place.js";
import type { Position, TimeAxis } from "./time_axis.js";

/** The panel at the top of what is in sight, and how many pixels of it are above. */
export interface Place {
  readonly tag: string;
  readonly offset: number;
}

/** The run at the left edge of what is in sight, and how many pixels of its column are beyond. */
export interface ColumnPlace {
  readonly run: string;
  readonly offset: number;
}

export interface PinnedTile {
  readonly tag: string;
  readonly tile: number;
  /** The samples, by their digest, of whose records alone it is a tile; absent where it is one of any. */
  readonly samples?: string;
  /** The run in which it was chosen; absent where that is not known. It is outlined in every run. */
  readonly run?: string;
  /** Where it stands in that run's array; absent until that is known. A link does not say it. */
  readonly place?: TilePlace;
}

/** The tile of a grid with these axes that is kept outlined; null where none is. */
export function pinnedTileOf(
  pinned: PinnedTile | null,
  tag: string,
  samplesDigest: string | null,
  axes: readonly Axis[] | null,
): number | null {
  if (pinned?.tag !== tag) return null;
  const { samples, place, tile } = pinned;
  if (samples !== undefined && samples !== samplesDigest) return null;
  return sameTile(tile, place ?? null, axes);
}

/** What of the state a link reopens. Runs by TensorBoard's names. */
export interface LinkedState {
  readonly view: string;
  readonly runFilter: string;
  /** Runs the user has ticked or unticked; the others follow the default. */
  readonly runChoices: ReadonlyMap<string, boolean>;
  /** Runs in the order of their columns, where the user has moved one; others follow as they are listed. */
  readonly runOrder: readonly string[];
  readonly chosenColours: ReadonlyMap<string, string>;
  /** What the layer filter says; empty for all layers. */
  readonly layerFilter: string;
  /** Which tiles are looked for; empty for none. */
  readonly find: string;
  /** Whether the layers' outputs are all shown, or one at a time. */
  readonly layerMode: LayerMode;
  /** The tag of the stop that is shown one at a time; empty for the first. */
  readonly layerStop: string;
  /** The sample that is shown where one at a time is; a panel with fewer shows its last. */
  readonly sample: number;
  readonly timeAxis: TimeAxis;
  readonly position: Position;
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
  readonly collapsed: ReadonlySet<string>;
  /** Tags whose grids are shown in full height, and models of graphs whose inside is shown, as `graph:path`. */
  readonly unfolded: ReadonlySet<string>;
  /** The tile that is shown in the large, instead of the panels: that which is pinned; null while these are. */
  readonly opened: PinnedTile | null;
}

/** What a link reopens: of the state, and what is kept beside it because it changes with every move. */
export interface Link extends LinkedState {
  readonly pinned: PinnedTile | null;
  readonly place: Place | null;
  readonly left: ColumnPlace | null;
}

export const DEFAULT_LINKED_STATE: LinkedState = {
  view: "weights",
  runFilter: "",
  runChoices: new Map(),
  runOrder: [],
  chosenColours: new Map(),
  layerFilter: "",
  find: "",
  layerMode: "all",
  layerStop: "",
  sample: 0,
  timeAxis: "epoch",
  position: { at: "latest" },
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
  collapsed: new Set(),
  unfolded: new Set(),
  opened: null,
};

export const DEFAULT_LINK: Link = {
  ...DEFAULT_LINKED_STATE,
  pinned: null,
  place: null,
  left: null,
};

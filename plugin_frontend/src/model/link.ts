/** What a link reopens: every choice of the screen, with what it is by default. Must not know how it is written. */
import { type AttributionDisplay, DEFAULT_ATTRIBUTION_DISPLAY } from "./attribution_display.js";
import type { ClassSort } from "./class_bars.js";
import { type ConfusionDisplay, DEFAULT_CONFUSION_DISPLAY } from "./confusion_display.js";
import { DEFAULT_DISPLAY, type Display, type Placement } from "./display.js";
import { DEFAULT_GRAPH_DISPLAY, type GraphDisplay } from "./graph_display.js";
import { DEFAULT_HISTOGRAM_DISPLAY, type HistogramDisplay } from "./histogram_display.js";
import type { LayerMode } from "./layer_player.js";
import { NO_REFERENCE, type Reference } from "./reference.js";
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
}

/** The tile of a grid that is kept outlined; null where none is. */
export function pinnedTileOf(
  pinned: PinnedTile | null,
  tag: string,
  samplesDigest: string | null,
): number | null {
  if (pinned?.tag !== tag) return null;
  return pinned.samples === undefined || pinned.samples === samplesDigest ? pinned.tile : null;
}

/** What a link reopens. Runs by TensorBoard's names. */
export interface Link {
  readonly view: string;
  readonly runFilter: string;
  readonly runChoices: ReadonlyMap<string, boolean>;
  readonly runOrder: readonly string[];
  readonly chosenColours: ReadonlyMap<string, string>;
  readonly layerFilter: string;
  readonly find: string;
  readonly layerMode: LayerMode;
  readonly layerStop: string;
  readonly sample: number;
  readonly timeAxis: TimeAxis;
  readonly position: Position;
  readonly loop: boolean;
  readonly speed: number;
  readonly display: Display;
  readonly reference: Reference;
  readonly histogramDisplay: HistogramDisplay;
  readonly graphDisplay: GraphDisplay;
  readonly attributionDisplay: AttributionDisplay;
  readonly confusionDisplay: ConfusionDisplay;
  readonly classSort: ClassSort | null;
  readonly placements: ReadonlyMap<string, Placement>;
  readonly collapsed: ReadonlySet<string>;
  readonly unfolded: ReadonlySet<string>;
  readonly pinned: PinnedTile | null;
  /** The pinned tile, where it is shown in the large. */
  readonly opened: PinnedTile | null;
  readonly place: Place | null;
  readonly left: ColumnPlace | null;
}

export const DEFAULT_LINK: Link = {
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
  pinned: null,
  opened: null,
  place: null,
  left: null,
};

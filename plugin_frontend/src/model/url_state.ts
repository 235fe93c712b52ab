/**
 * What a link reopens, as short texts by key, and back. Only what differs from the defaults is written; what cannot be
 * read is passed over, each value by itself. Must not know the address, nor what the values do.
 */
import {
  ALPHA_MODES,
  type AttributionDisplay,
  DEFAULT_ATTRIBUTION_DISPLAY,
  OVERLAYS,
} from "./attribution_display.js";
import { LAYERS_PER_PLOT } from "./choices.js";
import { type ClassSort, readClassSort, writeClassSort } from "./class_bars.js";
import { COLOUR_CHOICES } from "./colours.js";
import {
  CELL_CONTENTS,
  type ConfusionDisplay,
  DEFAULT_CONFUSION_DISPLAY,
  LABEL_SORTS,
  MATRIX_SORTS,
  readPinned,
  readZooms,
  writePinned,
  writeZooms,
} from "./confusion_display.js";
import {
  DEFAULT_DISPLAY,
  type Display,
  type Placement,
  readColumns,
  SCALES,
  SHOWS,
  SORTS,
  TILE_SIZES,
} from "./display.js";
import {
  DEFAULT_GRAPH_DISPLAY,
  GRAPH_DIRECTIONS,
  GRAPH_FORMS,
  type GraphDisplay,
  readViewports,
  writeViewports,
} from "./graph_display.js";
import {
  DEFAULT_HISTOGRAM_DISPLAY,
  HISTOGRAM_HEIGHTS,
  HISTOGRAM_PLOTS,
  type HistogramDisplay,
} from "./histogram_display.js";
import { LAYER_MODES, type LayerMode } from "./layer_player.js";
import { isColour } from "./run_colours.js";
import { type Position, SPEEDS, TIME_AXES, type TimeAxis } from "./time_axis.js";
import {
  readCount,
  readInteger,
  readList,
  readPairs,
  readShare,
  readWord,
  writeList,
  writePairs,
} from "./url_text.js";
import { readPlacement, readPoint, writePlacement, writePoint } from "./url_values.js";

/** The panel at the top of what is in sight, and how many pixels of it are above. */
export interface Place {
  readonly tag: string;
  readonly offset: number;
}

export interface PinnedTile {
  readonly tag: string;
  readonly tile: number;
  /** The samples, by their digest, of whose records alone it is a tile; absent where it is one of any. */
  readonly samples?: string;
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
  readonly chosenColours: ReadonlyMap<string, string>;
  readonly layerFilter: string;
  readonly layerMode: LayerMode;
  readonly layerStop: string;
  readonly sample: number;
  readonly timeAxis: TimeAxis;
  readonly position: Position;
  readonly loop: boolean;
  readonly speed: number;
  readonly display: Display;
  readonly histogramDisplay: HistogramDisplay;
  readonly graphDisplay: GraphDisplay;
  readonly attributionDisplay: AttributionDisplay;
  readonly confusionDisplay: ConfusionDisplay;
  readonly classSort: ClassSort | null;
  readonly placements: ReadonlyMap<string, Placement>;
  readonly collapsed: ReadonlySet<string>;
  readonly unfolded: ReadonlySet<string>;
  readonly pinned: PinnedTile | null;
  readonly place: Place | null;
}

export const DEFAULT_LINK: Link = {
  view: "weights",
  runFilter: "",
  runChoices: new Map(),
  chosenColours: new Map(),
  layerFilter: "",
  layerMode: "all",
  layerStop: "",
  sample: 0,
  timeAxis: "epoch",
  position: { at: "latest" },
  loop: false,
  speed: 1,
  display: DEFAULT_DISPLAY,
  histogramDisplay: DEFAULT_HISTOGRAM_DISPLAY,
  graphDisplay: DEFAULT_GRAPH_DISPLAY,
  attributionDisplay: DEFAULT_ATTRIBUTION_DISPLAY,
  confusionDisplay: DEFAULT_CONFUSION_DISPLAY,
  classSort: null,
  placements: new Map(),
  collapsed: new Set(),
  unfolded: new Set(),
  pinned: null,
  place: null,
};

/** Texts by key; a key with the default value is absent. */
export type LinkTexts = Readonly<Record<string, string>>;

/** How one value is written and read; `read` gives null for what it cannot read. */
interface Codec<T> {
  readonly write: (value: T) => string;
  readonly read: (text: string) => T | null;
}

const text: Codec<string> = { write: (value) => value, read: (value) => value };
const flag: Codec<boolean> = {
  write: (value) => (value ? "1" : "0"),
  read: (value) => (value === "1" ? true : value === "0" ? false : null),
};
const words = <const W extends string>(all: readonly W[]): Codec<W> => ({
  write: (value) => value,
  read: (value) => readWord(value, all),
});
/** A whole number from `least`; null is the empty text. */
const countOrNone = (least: number): Codec<number | null> => ({
  write: (value) => (value === null ? "" : String(value)),
  read: (value) => readCount(value, least),
});
const tags: Codec<ReadonlySet<string>> = {
  write: writeList,
  read: (value) => new Set(readList(value)),
};
const choices: Codec<ReadonlyMap<string, boolean>> = {
  write: (value) => [...value].map(([run, on]) => `${on ? "" : "!"}${writeList([run])}`).join(","),
  read: (value) =>
    new Map(
      value
        .split(",")
        .flatMap((item) =>
          readList(item.replace("!", "")).map((run) => [run, !item.startsWith("!")] as const),
        ),
    ),
};
const colours: Codec<ReadonlyMap<string, string>> = {
  write: (value) => writePairs([...value].map(([run, colour]) => [run, colour.slice(1)])),
  read: (value) => readPairs(value, (hex) => (isColour(`#${hex}`) ? `#${hex}` : null)),
};
const position: Codec<Position> = {
  write: (value) => (value.at === "latest" ? "" : writePoint(value.point)),
  read: (value) => {
    const point = readPoint(value);
    return point === null ? null : { at: "point", point };
  },
};
/** `tag:number`. */
const tagged = <T>(
  write: (value: T) => readonly [string, number],
  make: (tag: string, number: number) => T,
  readInteger: (text: string) => number | null,
): Codec<T | null> => ({
  write: (value) => {
    if (value === null) return "";
    const [tag, number] = write(value);
    return writePairs([[tag, String(number)]]);
  },
  read: (value) => {
    const [pair] = readPairs(value, readInteger);
    return pair === undefined ? null : make(...pair);
  },
});
const placements: Codec<ReadonlyMap<string, Placement>> = {
  write: (value) => writePairs([...value].map(([tag, each]) => [tag, writePlacement(each)])),
  read: (value) => readPairs(value, readPlacement),
};

/** Every key of the address, with the place of its value in a link. */
const KEYS: readonly {
  readonly key: string;
  readonly write: (link: Link) => string;
  readonly read: (text: string, link: Link) => Link;
}[] = [
  field("view", "view", text),
  field("runs", "runChoices", choices),
  field("run_filter", "runFilter", text),
  field("run_colours", "chosenColours", colours),
  field("layers", "layerFilter", text),
  field("layer_mode", "layerMode", words(LAYER_MODES)),
  field("layer", "layerStop", text),
  field("sample", "sample", { write: String, read: readCount }),
  field("axis", "timeAxis", words(TIME_AXES)),
  field("at", "position", position),
  field("loop", "loop", flag),
  field("speed", "speed", {
    write: String,
    read: (value) => SPEEDS.find((speed) => String(speed) === value) ?? null,
  }),
  display("show", "show", words(SHOWS)),
  display("scale", "scale", words(SCALES)),
  display("colours", "colours", words(COLOUR_CHOICES)),
  display("sort", "sort", words(SORTS)),
  display("tile_size", "tileSize", words(TILE_SIZES)),
  display("columns", "columns", {
    write: (value) => (value === null ? "" : String(value)),
    read: (value) => readColumns(value) ?? null,
  }),
  display("outlines", "outlines", flag),
  display("smooth", "smooth", flag),
  histogram("plot", "plot", words(HISTOGRAM_PLOTS)),
  histogram("height", "height", words(HISTOGRAM_HEIGHTS)),
  histogram("pinned_step", "pinnedStep", countOrNone(0)),
  histogram("layers_per_plot", "layersPerPlot", {
    write: String,
    read: (value) => LAYERS_PER_PLOT.find((each) => String(each.value) === value)?.value ?? null,
  }),
  attribution("alpha", "alpha", { write: String, read: readShare }),
  attribution("alphas", "alphas", words(ALPHA_MODES)),
  attribution("overlay", "overlay", words(OVERLAYS)),
  confusion("cells", "content", words(CELL_CONTENTS)),
  confusion("weighted", "weighted", flag),
  confusion("matrix_sort", "sort", words(MATRIX_SORTS)),
  confusion("label_sort", "labelSort", words(LABEL_SORTS)),
  confusion("reversed", "labelsReversed", flag),
  confusion("errors_only", "errorsOnly", flag),
  confusion("cell", "pinned", { write: writePinned, read: readPinned }),
  confusion("zoom", "zooms", { write: writeZooms, read: readZooms }),
  inner("graphDisplay", "graph_form", "form", words(GRAPH_FORMS)),
  inner("graphDisplay", "graph_direction", "direction", words(GRAPH_DIRECTIONS)),
  inner("graphDisplay", "graph_at", "viewports", { write: writeViewports, read: readViewports }),
  field(
    "class_sort",
    "classSort",
    tagged(writeClassSort, readClassSort, (value) => readInteger(value) || null),
  ),
  field("axes", "placements", placements),
  field("collapsed", "collapsed", tags),
  field("unfolded", "unfolded", tags),
  field(
    "tile",
    "pinned",
    tagged(
      ({ tag, tile }) => [tag, tile],
      (tag, tile) => ({ tag, tile }),
      readCount,
    ),
  ),
  {
    key: "tile_samples",
    write: ({ pinned }: Link) => pinned?.samples ?? "",
    read: (samples: string, link: Link): Link =>
      link.pinned === null || samples === ""
        ? link
        : { ...link, pinned: { ...link.pinned, samples } },
  },
  field(
    "top",
    "place",
    tagged(
      ({ tag, offset }) => [tag, offset],
      (tag, offset) => ({ tag, offset }),
      readInteger,
    ),
  ),
];

/** All keys that a link may have. */
export const LINK_KEYS: readonly string[] = KEYS.map(({ key }) => key);

/** What is not as by default. */
export function encodeLink(link: Link): LinkTexts {
  const texts: Record<string, string> = {};
  for (const { key, write } of KEYS) {
    const written = write(link);
    if (written !== write(DEFAULT_LINK)) texts[key] = written;
  }
  return texts;
}

/** The link of some texts; unknown keys and what cannot be read are passed over. */
export function decodeLink(texts: LinkTexts): Link {
  return KEYS.reduce((link, { key, read }) => {
    const written = texts[key];
    return written === undefined ? link : read(written, link);
  }, DEFAULT_LINK);
}

function field<K extends keyof Link>(key: string, name: K, codec: Codec<Link[K]>) {
  return {
    key,
    write: (link: Link) => codec.write(link[name]),
    read: (written: string, link: Link): Link => {
      const value = codec.read(written);
      return value === null ? link : { ...link, [name]: value };
    },
  };
}

function display<K extends keyof Display>(key: string, name: K, codec: Codec<Display[K]>) {
  return inner("display", key, name, codec);
}

function histogram<K extends keyof HistogramDisplay>(
  key: string,
  name: K,
  codec: Codec<HistogramDisplay[K]>,
) {
  return inner("histogramDisplay", key, name, codec);
}

function attribution<K extends keyof AttributionDisplay>(
  key: string,
  name: K,
  codec: Codec<AttributionDisplay[K]>,
) {
  return inner("attributionDisplay", key, name, codec);
}

function confusion<K extends keyof ConfusionDisplay>(
  key: string,
  name: K,
  codec: Codec<ConfusionDisplay[K]>,
) {
  return inner("confusionDisplay", key, name, codec);
}

function inner<
  G extends
    | "display"
    | "histogramDisplay"
    | "attributionDisplay"
    | "confusionDisplay"
    | "graphDisplay",
  K extends keyof Link[G],
>(group: G, key: string, name: K, codec: Codec<Link[G][K]>) {
  return {
    key,
    write: (link: Link) => codec.write(link[group][name]),
    read: (written: string, link: Link): Link => {
      const value = codec.read(written);
      return value === null ? link : { ...link, [group]: { ...link[group], [name]: value } };
    },
  };
}

/**
 * What a link reopens, as short texts by key, and back. Only what differs from the defaults is written; what cannot be
 * read is passed over, each value by itself. Must not know the address, nor what the values do.
 */
import { ALPHA_MODES, OVERLAYS } from "./attribution_display.js";
import { LAYERS_PER_PLOT } from "./choices.js";
import { readClassSort, writeClassSort } from "./class_bars.js";
import { COLOUR_CHOICES } from "./colours.js";
import {
  CELL_CONTENTS,
  LABEL_SORTS,
  MATRIX_SORTS,
  readPinned,
  readZooms,
  writePinned,
  writeZooms,
} from "./confusion_display.js";
import { readColumns, SCALES, SHOWS, SORTS, TILE_SIZES } from "./display.js";
import { GRAPH_DIRECTIONS, GRAPH_FORMS, readViewports, writeViewports } from "./graph_display.js";
import { HISTOGRAM_HEIGHTS, HISTOGRAM_PLOTS } from "./histogram_display.js";
import { LAYER_MODES } from "./layer_player.js";
import { DEFAULT_LINK, type Link } from "./link.js";
import { SPEEDS, TIME_AXES } from "./time_axis.js";
import {
  type Codec,
  choices,
  colours,
  flag,
  list,
  placements,
  point,
  position,
  tagged,
  tags,
  text,
  textOrNone,
  words,
} from "./url_codecs.js";
import { readCount, readInteger, readPairs, readShare, writePairs } from "./url_text.js";
import { readTileOfRun, writeTileOfRun } from "./url_values.js";

/** What the change of a key does to the browser's history: a new entry, or the one that is there in another form. */
export type HistoryKind = "push" | "replace";

/** Whether the change of a key's text is a choice; where not, it replaces the entry that is there. */
type ChoiceTest = (before: string, after: string) => boolean;

/** Texts by key; a key with the default value is absent. */
export type LinkTexts = Readonly<Record<string, string>>;

/**
 * Every key of the address. A choice is an entry of its own in the browser's history ("push", as by default); what
 * changes by moving, scrolling or playing replaces the entry that is there. All typing within one stay in a filter is
 * one choice, see `Session.typing`.
 */
const KEYS: readonly Key[] = [
  field("view", "view", text),
  field("runs", "runChoices", choices),
  field("run_order", "runOrder", list),
  field("run_filter", "runFilter", text),
  field("run_colours", "chosenColours", colours, "replace"),
  field("layers", "layerFilter", text),
  field("find", "find", text),
  field("layer_mode", "layerMode", words(LAYER_MODES)),
  field("layer", "layerStop", text, "replace"),
  field("sample", "sample", { write: String, read: readCount }, "replace"),
  field("axis", "timeAxis", words(TIME_AXES)),
  field("at", "position", position, "replace"),
  field("loop", "loop", flag),
  field("speed", "speed", {
    write: String,
    read: (value) => SPEEDS.find((speed) => String(speed) === value) ?? null,
  }),
  inner("display", "show", "show", words(SHOWS)),
  inner("display", "scale", "scale", words(SCALES)),
  inner("display", "colours", "colours", words(COLOUR_CHOICES)),
  inner("display", "sort", "sort", words(SORTS)),
  // `reversed` is of the labels of confusions.
  inner("display", "sort_reversed", "reversed", flag),
  inner("display", "order_run", "orderRun", textOrNone),
  inner("display", "similar_to", "similarTo", { write: writeTileOfRun, read: readTileOfRun }),
  inner("display", "hide_dead", "hideDead", flag),
  inner("display", "tile_size", "tileSize", words(TILE_SIZES)),
  inner("display", "columns", "columns", {
    write: (value) => (value === null ? "" : String(value)),
    read: (value) => readColumns(value) ?? null,
  }),
  inner("display", "outlines", "outlines", flag),
  inner("display", "smooth", "smooth", flag),
  inner("reference", "pinned_run", "run", { write: (run) => run ?? "", read: (run) => run }),
  inner("reference", "pinned_point", "point", point),
  inner("histogramDisplay", "plot", "plot", words(HISTOGRAM_PLOTS)),
  inner("histogramDisplay", "height", "height", words(HISTOGRAM_HEIGHTS)),
  inner("histogramDisplay", "layers_per_plot", "layersPerPlot", {
    write: String,
    read: (value) => LAYERS_PER_PLOT.find((each) => String(each.value) === value)?.value ?? null,
  }),
  inner("attributionDisplay", "alpha", "alpha", { write: String, read: readShare }, "replace"),
  inner("attributionDisplay", "alphas", "alphas", words(ALPHA_MODES)),
  inner("attributionDisplay", "overlay", "overlay", words(OVERLAYS)),
  inner("confusionDisplay", "cells", "content", words(CELL_CONTENTS)),
  inner("confusionDisplay", "weighted", "weighted", flag),
  inner("confusionDisplay", "matrix_sort", "sort", words(MATRIX_SORTS)),
  inner("confusionDisplay", "label_sort", "labelSort", words(LABEL_SORTS)),
  inner("confusionDisplay", "reversed", "labelsReversed", flag),
  inner("confusionDisplay", "errors_only", "errorsOnly", flag),
  inner("confusionDisplay", "cell", "pinned", { write: writePinned, read: readPinned }),
  inner("confusionDisplay", "zoom", "zooms", { write: writeZooms, read: readZooms }),
  inner("graphDisplay", "graph_form", "form", words(GRAPH_FORMS)),
  inner("graphDisplay", "graph_direction", "direction", words(GRAPH_DIRECTIONS)),
  inner(
    "graphDisplay",
    "graph_at",
    "viewports",
    { write: writeViewports, read: readViewports },
    "replace",
  ),
  field(
    "class_sort",
    "classSort",
    tagged(writeClassSort, readClassSort, (value) => readInteger(value) || null),
  ),
  field(
    "axes",
    "placements",
    placements,
    (before, after) => withoutSliderPlaces(before) !== withoutSliderPlaces(after),
  ),
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
    history: "push",
    write: ({ pinned }: Link) => pinned?.samples ?? "",
    read: (samples: string, link: Link): Link =>
      link.pinned === null || samples === ""
        ? link
        : { ...link, pinned: { ...link.pinned, samples } },
  },
  {
    key: "tile_run",
    history: "push",
    write: ({ pinned }: Link) => pinned?.run ?? "",
    read: (run: string, link: Link): Link =>
      link.pinned === null || run === "" ? link : { ...link, pinned: { ...link.pinned, run } },
  },
  {
    // After the keys that say which tile it is.
    key: "open",
    history: "push",
    // The tile that is outlined, or another one, which was outlined before what is now.
    write: ({ opened, pinned }: Link) => {
      if (opened === null) return "";
      const isOutlined = opened.tag === pinned?.tag && opened.tile === pinned.tile;
      return isOutlined ? "1" : writePairs([[opened.tag, String(opened.tile)]]);
    },
    read: (written: string, link: Link): Link => {
      if (written === "1") return { ...link, opened: link.pinned };
      const [pair] = readPairs(written, readCount);
      return pair === undefined ? link : { ...link, opened: { tag: pair[0], tile: pair[1] } };
    },
  },
  field(
    "top",
    "place",
    tagged(
      ({ tag, offset }) => [tag, offset],
      (tag, offset) => ({ tag, offset }),
      readInteger,
    ),
    "replace",
  ),
  field(
    "left",
    "left",
    tagged(
      ({ run, offset }) => [run, offset],
      (run, offset) => ({ run, offset }),
      readCount,
    ),
    "replace",
  ),
];

/** All keys that a link may have. */
export const LINK_KEYS: readonly string[] = KEYS.map(({ key }) => key);

/** The keys that have other texts after a change. */
export function changedKeys(before: LinkTexts, after: LinkTexts): readonly string[] {
  return LINK_KEYS.filter((key) => (before[key] ?? "") !== (after[key] ?? ""));
}

/** Those of them whose change is a choice. */
export function chosenKeys(before: LinkTexts, after: LinkTexts): readonly string[] {
  const changed = new Set(changedKeys(before, after));
  return KEYS.flatMap(({ key, history }) => {
    const isChoice =
      typeof history === "string"
        ? history === "push"
        : history(before[key] ?? "", after[key] ?? "");
    return isChoice && changed.has(key) ? [key] : [];
  });
}

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

function withoutSliderPlaces(written: string): string {
  return written.replace(/!\d+/g, "");
}

/** A key of the address, with the place of its value in a link. */
interface Key {
  readonly key: string;
  readonly history: HistoryKind | ChoiceTest;
  readonly write: (link: Link) => string;
  readonly read: (text: string, link: Link) => Link;
}

function field<K extends keyof Link>(
  key: string,
  name: K,
  codec: Codec<Link[K]>,
  history: HistoryKind | ChoiceTest = "push",
): Key {
  return {
    key,
    history,
    write: (link) => codec.write(link[name]),
    read: (written, link) => {
      const value = codec.read(written);
      return value === null ? link : { ...link, [name]: value };
    },
  };
}

/** The displays that a link holds, each with keys of its own. */
type Group = {
  [K in keyof Link]: K extends "display" | "reference" | `${string}Display` ? K : never;
}[keyof Link];

function inner<G extends Group, K extends keyof Link[G]>(
  group: G,
  key: string,
  name: K,
  codec: Codec<Link[G][K]>,
  history: HistoryKind = "push",
): Key {
  return {
    key,
    history,
    write: (link) => codec.write(link[group][name]),
    read: (written, link) => {
      const value = codec.read(written);
      return value === null ? link : { ...link, [group]: { ...link[group], [name]: value } };
    },
  };
}

/** What the choices of the rail are called, in their order. Plain words; must not know controls. */
import type { AlphaMode, Overlay } from "./attribution_display.js";
import { COLOUR_CHOICES, type ColourChoice } from "./colours.js";
import type { Scale, Show, Sort, TileSize } from "./display.js";
import type { HistogramHeight, HistogramPlot } from "./histogram_display.js";

export interface Named<T> {
  readonly value: T;
  readonly label: string;
  readonly title?: string;
}

export const SHOW_CHOICES: readonly Named<Show>[] = [
  { value: "value", label: "value" },
  { value: "change-since-start", label: "change since start" },
  { value: "change-since-previous", label: "change since previous" },
  { value: "difference", label: "difference to pinned" },
];

export const SCALE_CHOICES: readonly Named<Scale>[] = [
  { value: "per-tile", label: "tile", title: "Every tile spans the whole colour map" },
  {
    value: "per-run",
    label: "each run",
    title: "One range for the tiles of a panel, for each run its own",
  },
  {
    value: "shared",
    label: "all runs",
    title: "One range for the tiles of a panel, shared over all shown runs",
  },
  { value: "fixed", label: "all steps", title: "Shared over runs and the same at all steps" },
];

export const COLOUR_NAMES: readonly Named<ColourChoice>[] = COLOUR_CHOICES.map((value) => ({
  value,
  label: value === "red_blue" ? "red–blue" : value,
}));

export const SORT_CHOICES: readonly Named<Sort>[] = [
  { value: "index", label: "index" },
  { value: "norm", label: "norm" },
  { value: "change", label: "change", title: "change since start" },
  { value: "previous", label: "last change", title: "change since previous" },
  {
    value: "difference",
    label: "difference",
    title: "what is shown: values, changes or differences",
  },
  { value: "variance", label: "variance" },
  { value: "similar", label: "similarity", title: "similarity to a tile" },
  { value: "dead", label: "dead first" },
];

/** Sorts that say nothing of samples. */
const OF_TILES: ReadonlySet<Sort> = new Set(["difference", "similar"]);

/** Of samples with their attributions. */
export const SAMPLE_SORT_CHOICES: readonly Named<Sort>[] = [
  ...SORT_CHOICES.filter(({ value }) => !OF_TILES.has(value)).map((choice) => {
    if (choice.value === "dead") return { ...choice, label: "zero first" };
    return choice.value === "index" ? choice : { ...choice, label: `${choice.label} ↓` };
  }),
  { value: "error", label: "map error ↓", title: "The least certain map first" },
];

export const ALPHA_MODE_CHOICES: readonly Named<AlphaMode>[] = [
  { value: "one", label: "one α", title: "Interior gradients at the α of the slider" },
  { value: "all", label: "all α", title: "Interior gradients at every logged α, side by side" },
];

export const OVERLAY_CHOICES: readonly Named<Overlay>[] = [
  {
    value: "signed",
    label: "signed",
    title: "Red and blue by sign, as opaque as the attribution is strong, over the input in gray",
  },
  {
    value: "mask",
    label: "mask",
    title: "The input’s own pixels, as bright as the attribution is strong, on black",
  },
  { value: "off", label: "off", title: "No overlay" },
];

export const TILE_SIZE_CHOICES: readonly Named<TileSize>[] = [
  { value: "auto", label: "auto", title: "Tiles fill the width" },
  { value: "small", label: "S", title: "Small tiles" },
  { value: "medium", label: "M", title: "Medium tiles" },
  { value: "large", label: "L", title: "Large tiles" },
];

export const PLOT_CHOICES: readonly Named<HistogramPlot>[] = [
  { value: "overlay", label: "overlay", title: "The shown step over the start or what is pinned" },
  { value: "ridge", label: "ridge", title: "All steps, one behind the other" },
  { value: "runs", label: "runs", title: "The shown step of all runs in one plot" },
];

export const HEIGHT_CHOICES: readonly Named<HistogramHeight>[] = [
  { value: "count", label: "count", title: "How many values are in a bin" },
  { value: "log-count", label: "log", title: "The same on a logarithmic axis" },
  { value: "density", label: "density", title: "Share of the values for each unit of width" },
];

export const LAYERS_PER_PLOT: readonly Named<number>[] = [1, 2, 3, 4, 6].map((value) => ({
  value,
  label: String(value),
  title: value === 1 ? "A plot for each layer" : `${value} layers share a plot`,
}));

/** The choice after this one, the first after the last. */
export function nextChoice<T>(choices: readonly Named<T>[], chosen: T): T {
  const at = choices.findIndex(({ value }) => value === chosen);
  return choices[(at + 1) % choices.length]?.value ?? chosen;
}

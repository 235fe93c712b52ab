/**
 * The stops of a walk through the layers, from the input to the last output, and how one goes from stop to stop. Knows
 * panels and axes; must not know time, records or the screen.
 */
import type { Placement } from "./display.js";
import { tagPath } from "./facts.js";
import { extendedAxes } from "./layout.js";
import { SAMPLE } from "./placement.js";
import type { Axis } from "./record.js";
import { isSamplesPanel, type PanelEntry } from "./runs.js";

/** All panels below one another, or one stop after the other. */
export const LAYER_MODES = ["all", "one"] as const;
export type LayerMode = (typeof LAYER_MODES)[number];

export interface LayerStop {
  /** What the stop is called: `input`, `conv2d_2`. */
  readonly name: string;
  /** Null for inputs, and where it is not known. */
  readonly layerType: string | null;
  readonly panel: PanelEntry;
}

/** The view whose layers can be walked through. */
export const PLAYED_VIEW = "activations";

/**
 * The inputs, whatever is filtered, then the outputs of the layers that pass the filter, in the order of the panels. What
 * a layer computes before its activation is no stop of its own, unless nothing else passes. Without a layer there is
 * nowhere to go to from the input: then there are no stops.
 */
export function layerStops(
  all: readonly PanelEntry[],
  passing: readonly PanelEntry[],
): readonly LayerStop[] {
  const layers = passing.filter((panel) => panel.kind === "tiles" && !isSamplesPanel(panel));
  if (layers.length === 0) return [];
  const outputs = layers.filter((panel) => !isPreActivation(panel));
  return [
    ...all.filter(isSamplesPanel).map(inputStop),
    ...(outputs.length === 0 ? layers : outputs).map(layerStop),
  ];
}

/**
 * The stop of a tag. Where the tag is no stop, as a pre-activation or a layer that the filter hides, it is the last stop
 * that stands before it in `order`, the tags of all panels; else the first. −1 where there are no stops.
 */
export function fitStop(
  stops: readonly LayerStop[],
  tag: string,
  order: readonly string[],
): number {
  if (stops.length === 0) return -1;
  const exact = stops.findIndex(({ panel }) => panel.tag === tag);
  if (exact >= 0) return exact;
  const place = order.indexOf(tag);
  const before = stops.findLastIndex(({ panel }) => {
    const at = order.indexOf(panel.tag);
    return at >= 0 && at < place;
  });
  return Math.max(0, before);
}

/** Where playing goes from a stop: to the next one, from the last to the first where it loops; null where it ends. */
export function stopAfter(count: number, index: number, loop: boolean): number | null {
  if (index + 1 < count) return index + 1;
  return loop && count > 1 ? 0 : null;
}

/**
 * How the grid axes of a stop are placed: one sample, whatever it shows of it as large as it can be. Other axes are
 * where they would be by default.
 */
export function stagePlacement(axes: readonly Axis[], sample: number): Placement {
  const names = extendedAxes(axes).map(({ name }) => name);
  const others = names.filter((name) => name !== SAMPLE);
  return {
    rows: others.slice(0, -1),
    columns: others.slice(-1),
    sliders: new Map(names.includes(SAMPLE) ? [[SAMPLE, sample]] : []),
  };
}

/** A name in two parts, of which the second tells it from the others: `block_1/` and `conv2d`. */
export function splitStopName(name: string): readonly [head: string, tail: string] {
  const at = name.lastIndexOf("/") + 1;
  return [name.slice(0, at), name.slice(at)];
}

function isPreActivation({ tag, members }: PanelEntry): boolean {
  return members[0]?.entry.source.role === "pre_activation" || tag.endsWith("/pre_activation");
}

function inputStop(panel: PanelEntry): LayerStop {
  const path = tagPath(panel.tag);
  return { name: path === panel.tag ? "input" : `input ${path}`, layerType: null, panel };
}

function layerStop(panel: PanelEntry): LayerStop {
  const layerType = panel.members[0]?.entry.source.layerType ?? null;
  return { name: tagPath(panel.tag), layerType, panel };
}

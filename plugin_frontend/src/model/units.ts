/**
 * What a tile is of: which unit of its layer and which sample. The same unit is found in the layer's other arrays by it.
 * Knows axes and the index; must not know records.
 */
import { isClassWeights } from "./class_weights.js";
import type { Placement } from "./display.js";
import type { RunEntry, TagEntry } from "./parse_index.js";
import { positionOn, SAMPLE } from "./placement.js";
import type { Axis } from "./record.js";

/** What a layer has several of, as its arrays call it: one of weights has no other name for what the layer gives. */
const UNIT_AXES: ReadonlySet<string> = new Set(["unit", "filter", "channel"]);

/** The unit that a tile is of; null where it is of none, or of all. */
export function unitOf(axes: readonly Axis[], tile: number): number | null {
  const axis = axes.find(({ name }) => UNIT_AXES.has(name));
  return axis === undefined ? null : positionOn(axes, axis.name, tile);
}

/** The places of axes at which an array shows this unit alone, its other axes along a row; null where it lacks it. */
export function placementOfUnit(axes: readonly Axis[], unit: number): Placement | null {
  const axis = axes.find(({ name }) => UNIT_AXES.has(name));
  if (axis === undefined || unit >= axis.size) return null;
  const columns = axes.filter((each) => each !== axis && each.size > 1).map(({ name }) => name);
  return { rows: [], columns, sliders: new Map([[axis.name, unit]]) };
}

/** The placement that shows one tile alone. */
export function placementOfTile(axes: readonly Axis[], tile: number): Placement {
  const sliders = new Map(axes.map(({ name }) => [name, positionOn(axes, name, tile)]));
  return { rows: [], columns: [], sliders };
}

/** The first tile of a unit in an array with these grid axes. */
export function firstTileOf(axes: readonly Axis[], unit: number): number {
  let stride = 1;
  for (const { name, size } of axes.toReversed()) {
    if (UNIT_AXES.has(name)) return unit * stride;
    stride *= size;
  }
  return 0;
}

/** True where a tile's layer may say more of the tile's unit. */
const OF_UNITS: ReadonlySet<string> = new Set(["weights", "activations", "templates"]);

/**
 * The tags of the same layer that say more of a unit, in the order in which they are shown: what excites it most, its
 * template, and what classes weigh onto it. Not the tag itself.
 */
export function relatedTags(tag: string, runs: readonly RunEntry[]): readonly string[] {
  const own = runs.flatMap(({ tags }) => tags.find((each) => each.tag === tag) ?? []);
  const layers = new Set(
    own
      .filter(({ view }) => OF_UNITS.has(view))
      .flatMap(({ source: { layerPath } }) => layerPath ?? []),
  );
  if (layers.size === 0) return [];
  const rank = (entry: TagEntry): number =>
    entry.view === "top_samples"
      ? 0
      : entry.view !== "templates"
        ? NaN
        : isClassWeights(entry)
          ? 2
          : entry.source.role === "template"
            ? 1
            : NaN;
  const found = new Map<string, number>();
  for (const entry of runs.flatMap(({ tags }) => tags)) {
    const { layerPath } = entry.source;
    if (entry.tag === tag || entry.kind !== "tiles" || layerPath === null) continue;
    if (layers.has(layerPath) && !Number.isNaN(rank(entry))) found.set(entry.tag, rank(entry));
  }
  return [...found].sort(([, a], [, b]) => a - b).map(([each]) => each);
}

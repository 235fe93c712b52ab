/**
 * What a tile is of: which unit of its layer and which sample. What else is logged of these is found by it. Knows axes
 * and the index; must not know records.
 */
import { isClassWeights } from "./class_weights.js";
import type { Placement } from "./display.js";
import type { RunEntry, TagEntry } from "./parse_index.js";
import { arrange, positionOn, SAMPLE } from "./placement.js";
import type { Axis } from "./record.js";
import { sampleOf } from "./sample_axis.js";

/** What a layer has several of, as its arrays call it: one of weights has no other name for what the layer gives. */
const UNIT_AXES: ReadonlySet<string> = new Set(["unit", "filter", "channel"]);

/** The unit that a tile is of; null where it is of none, or of all. */
export function unitOf(axes: readonly Axis[], tile: number): number | null {
  const axis = axes.find(({ name }) => UNIT_AXES.has(name));
  return axis === undefined ? null : positionOn(axes, axis.name, tile);
}

/** The placement that shows one tile alone. */
export function placementOfTile(axes: readonly Axis[], tile: number): Placement {
  const sliders = new Map(axes.map(({ name }) => [name, positionOn(axes, name, tile)]));
  return { rows: [], columns: [], sliders };
}

/** What an array that is shown beside a tile is shown of: the tile's unit, or its sample. */
export interface Subject {
  readonly unit: number | null;
  readonly sample: number | null;
}

export function subjectOf(axes: readonly Axis[], tile: number): Subject {
  return { unit: unitOf(axes, tile), sample: sampleOf(axes, tile) };
}

/**
 * The placement at which an array shows this subject alone, its other axes along a row; null where the array lacks it.
 * An array has an axis of one of the two.
 */
export function placementOfSubject(axes: readonly Axis[], subject: Subject): Placement | null {
  const axis = axes.find(({ name }) => UNIT_AXES.has(name) || name === SAMPLE);
  const index = axis?.name === SAMPLE ? subject.sample : subject.unit;
  if (axis === undefined || index === null || index >= axis.size) return null;
  const columns = axes.filter((each) => each !== axis && each.size > 1).map(({ name }) => name);
  return { rows: [], columns, sliders: new Map([[axis.name, index]]) };
}

/** The first of the tiles that an array has of this subject; null where it lacks it. */
export function tileOfSubject(axes: readonly Axis[], subject: Subject): number | null {
  const placement = placementOfSubject(axes, subject);
  return placement === null ? null : (arrange(axes, placement).order[0] ?? null);
}

/** The views whose tiles are of a unit of a layer, and those whose tiles are of a sample. */
const OF_UNITS: ReadonlySet<string> = new Set(["weights", "activations", "templates"]);
const OF_SAMPLES: ReadonlySet<string> = new Set(["activations", "attributions"]);

export const RELATIONS = ["sample", "top samples", "template", "class weights"] as const;
/** What an array says of a tile of another one. */
export type Relation = (typeof RELATIONS)[number];

/** What an array says of the tiles of another one of the same run; null where nothing. */
export function relationOf(entry: TagEntry, own: TagEntry): Relation | null {
  if (entry.tag === own.tag || entry.kind !== "tiles") return null;
  const { layerPath, samplesDigest, role } = entry.source;
  if (entry.view === "samples") {
    const isSame = samplesDigest !== null && samplesDigest === own.source.samplesDigest;
    return isSame && OF_SAMPLES.has(own.view) ? "sample" : null;
  }
  if (layerPath === null || layerPath !== own.source.layerPath || !OF_UNITS.has(own.view))
    return null;
  if (entry.view === "top_samples") return "top samples";
  if (entry.view !== "templates") return null;
  if (isClassWeights(entry)) return "class weights";
  return role === "template" ? "template" : null;
}

/** The tags that say more of the tiles of a tag, in the order in which they are shown. */
export function relatedTags(tag: string, runs: readonly RunEntry[]): ReadonlyMap<string, Relation> {
  const found = new Map<string, Relation>();
  for (const { tags } of runs) {
    const own = tags.find((each) => each.tag === tag);
    if (own === undefined) continue;
    for (const entry of tags) {
      const relation = relationOf(entry, own);
      if (relation !== null) found.set(entry.tag, relation);
    }
  }
  const rank = (relation: Relation): number => RELATIONS.indexOf(relation);
  return new Map([...found].sort(([, a], [, b]) => rank(a) - rank(b)));
}

/**
 * How many parameters layers have: entries of their logged variables, whatever panels are shown of them. Pure; must not
 * know panels.
 */
import type { Source } from "./record.js";

/** A run's tags; `layerParameters` where a file holds not all that is logged of a layer. */
export interface CountedRun {
  readonly tags: readonly { readonly source: Source }[];
  readonly layerParameters?: ReadonlyMap<string, number>;
}

const counted = new WeakMap<CountedRun, ReadonlyMap<string, number>>();

/** By path of the layer. */
export function layerParameters(run: CountedRun): ReadonlyMap<string, number> {
  const known = counted.get(run);
  if (known !== undefined) return known;
  const own = countParameters(run.tags.map(({ source }) => source));
  const all = new Map([...own, ...(run.layerParameters ?? [])]);
  counted.set(run, all);
  return all;
}

/** Each variable once, however many tags show it. */
export function countParameters(sources: readonly Source[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, Map<string, number>>();
  for (const { layerPath, variablePath, variableShape } of sources) {
    if (!layerPath || !variablePath || variableShape === null) continue;
    const ofLayer = sizes.get(layerPath) ?? new Map<string, number>();
    sizes.set(layerPath, ofLayer);
    const size = variableShape.reduce((product, length) => product * length, 1);
    ofLayer.set(variablePath, Math.max(size, ofLayer.get(variablePath) ?? 0));
  }
  return new Map(
    [...sizes].map(([path, ofLayer]) => [path, [...ofLayer.values()].reduce((a, b) => a + b, 0)]),
  );
}

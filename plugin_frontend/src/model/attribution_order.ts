/** In which order the samples of a card stand: by what its maps and their proofs say. Knows statistics only. */
import type { Sort } from "./display.js";
import type { StatisticName } from "./record.js";
import { varianceFrom } from "./sort.js";
import { isZero, type Tiles } from "./tiles.js";

/**
 * Samples in the order in which they are shown. `maps` has a tile for each; null while it is not here. Norm, changes,
 * variance and error: the largest first, an error that is not known before all others; dead: maps of zeros first. Equals
 * and what has no number stay in the order of the index.
 */
export function orderSamples(maps: Tiles | null, samples: number, sort: Sort): readonly number[] {
  const all = Array.from({ length: samples }, (_, sample) => sample);
  if (maps === null || sort === "index") return all;
  const keys = all.map((sample) => keyOf(maps, sample, sort));
  const rank = (sample: number): number => {
    const key = keys[sample] ?? NaN;
    return Number.isNaN(key) ? Infinity : key;
  };
  return all.sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? a - b : first - second;
  });
}

function keyOf(maps: Tiles, sample: number, sort: Exclude<Sort, "index">): number {
  const read = (name: StatisticName): number => maps.statistics.get(name)?.[sample] ?? NaN;
  switch (sort) {
    case "norm":
      return -read("l2_norm");
    case "change":
      return -read("change_since_start");
    case "previous":
      return -read("change_since_previous");
    // Of tiles alone.
    case "difference":
    case "similar":
      return NaN;
    case "variance": {
      const cells = maps.shape.height * maps.shape.width * maps.shape.channels;
      return -varianceFrom(read("l2_norm") ** 2 / cells, read("mean"));
    }
    case "dead":
      return isZero(maps.statistics, sample) ? -1 : read("l2_norm");
    case "error": {
      const error = read("refinement_error");
      const isLogged = maps.statistics.has("refinement_error") && sample < maps.shape.tiles;
      return isLogged && Number.isNaN(error) ? -Infinity : -error;
    }
  }
}

/**
 * In which order tiles are shown: by their logged statistics, which need no payload, or by any other number of each.
 * Where several grid axes span the grid, only the outermost is reordered and the statistics are joined over the others,
 * so that rows stay rows. Of what layers make of samples the channels are reordered, by all samples together: the same
 * order beside each. Knows statistics and placements; must not know the screen.
 */
import type { Placement, Sort } from "./display.js";
import { type AxisOrder, arrange, positionsOn, SAMPLE, sortedAxis } from "./placement.js";
import type { StatisticName } from "./record.js";
import { gridAxes, isDead, isZero, type Tiles } from "./tiles.js";

/** The sorts that statistics decide. */
type StatisticSort = Exclude<Sort, "index" | "similar" | "error">;

/**
 * The order of the outermost shown axis; null for the order of the index, also where the statistic was not logged.
 * Norm, changes and variance: the largest first; `difference` is the norm of the tiles that are given. Dead: those whose
 * tiles are all dead, then by norm, the least first. What has no number comes last, equals stay in the order of the index.
 */
export function sortPositions(
  tiles: Tiles,
  placement: Placement,
  sort: Sort,
  isReversed = false,
): AxisOrder | null {
  const axis = sortedAxis(placement);
  if (axis === null || sort === "similar" || sort === "error") return null;
  const members = membersOf(tiles, placement, axis);
  if (sort !== "index")
    return orderBy(
      axis,
      members.keys(),
      (at) => keyOf(tiles, members.get(at) ?? [], sort),
      isReversed,
    );
  return isReversed ? orderBy(axis, members.keys(), (at) => at, true) : null;
}

/** Positions by their keys, the least first; null where none has a number. */
export function orderBy(
  axis: string,
  positions: Iterable<number>,
  keyAt: (position: number) => number,
  isReversed: boolean,
): AxisOrder | null {
  const keys = new Map([...positions].map((at) => [at, isReversed ? -keyAt(at) : keyAt(at)]));
  if (![...keys.values()].some((key) => !Number.isNaN(key))) return null;
  const rank = (position: number): number => {
    const key = keys.get(position) ?? NaN;
    return Number.isNaN(key) ? Infinity : key;
  };
  const ordered = [...keys.keys()].sort((a, b) => a - b);
  // Infinity − Infinity is NaN, which is falsy: then the index decides.
  return { axis, positions: ordered.sort((a, b) => rank(a) - rank(b) || a - b) };
}

/** True for what is of samples: their tiles are joined over all samples, whichever are shown. */
export function isOverSamples({ header }: Tiles): boolean {
  return gridAxes(header).some(({ name }) => name === SAMPLE);
}

/** The tiles at each position of an axis that count for its order. */
export function membersOf(
  tiles: Tiles,
  placement: Placement,
  axis: string,
): ReadonlyMap<number, readonly number[]> {
  const axes = gridAxes(tiles.header);
  const shown = isOverSamples(tiles)
    ? Array.from({ length: tiles.shape.tiles }, (_, tile) => tile)
    : arrange(axes, placement).order;
  const positionOf = positionsOn(axes, axis);
  const members = new Map<number, number[]>();
  for (const tile of shown) {
    const position = positionOf(tile);
    const known = members.get(position);
    if (known === undefined) members.set(position, [tile]);
    else known.push(tile);
  }
  return members;
}

/** Variances below this share of the mean square are what float64 leaves of a constant. */
const ROUNDING = 1e-13;

/** Least first. Dead ones come before any norm. */
function keyOf(tiles: Tiles, members: readonly number[], sort: StatisticSort): number {
  const { statistics } = tiles;
  switch (sort) {
    case "norm":
    case "difference":
      return -sumOfSquares(statistics, "l2_norm", members);
    case "change":
      return -sumOfSquares(statistics, "change_since_start", members);
    case "previous":
      return -sumOfSquares(statistics, "change_since_previous", members);
    case "variance":
      return -variance(tiles, members);
    case "dead":
      return members.every((tile) => (isOverSamples(tiles) ? isZero : isDead)(statistics, tile))
        ? -1
        : sumOfSquares(statistics, "l2_norm", members);
  }
}

function sumOfSquares(
  statistics: Tiles["statistics"],
  name: StatisticName,
  members: readonly number[],
): number {
  const values = statistics.get(name);
  return members.reduce((sum, tile) => sum + (values?.[tile] ?? NaN) ** 2, 0);
}

// Over all finite cells of the members together: the mean of squares minus the square of the mean.
function variance({ shape, statistics }: Tiles, members: readonly number[]): number {
  const cells = shape.height * shape.width * shape.channels;
  let count = 0;
  let sum = 0;
  for (const tile of members) {
    const nonFinite = (["nan_count", "posinf_count", "neginf_count"] as const).reduce(
      (total, name) => total + (statistics.get(name)?.[tile] ?? 0),
      0,
    );
    count += cells - nonFinite;
    if (cells > nonFinite) sum += (cells - nonFinite) * (statistics.get("mean")?.[tile] ?? NaN);
  }
  return varianceFrom(sumOfSquares(statistics, "l2_norm", members) / count, sum / count);
}

/** The mean of squares minus the square of the mean; 0 where that is all that rounding leaves of it. */
export function varianceFrom(meanSquare: number, mean: number): number {
  const difference = meanSquare - mean ** 2;
  return Math.abs(difference) <= ROUNDING * meanSquare ? 0 : difference;
}

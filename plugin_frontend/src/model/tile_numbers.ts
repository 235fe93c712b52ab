/**
 * The numbers of one tile: its logged statistics and what follows from them, with their names. Knows statistics; must
 * not know payloads or components.
 */
import { formatColumn, formatSignedColumn, formatWhole } from "./format.js";
import { percentText } from "./histogram_words.js";
import type { StatisticName } from "./record.js";
import { varianceFrom } from "./sort.js";
import type { TileShape } from "./tiles.js";

const TILE_NUMBERS = [
  "l2_norm",
  "mean",
  "std",
  "min",
  "max",
  "zero_fraction",
  "nan_count",
  "infinite_count",
  "change_since_start",
  "update_ratio",
] as const;
export type TileNumber = (typeof TILE_NUMBERS)[number];

/** Those that a change has as well: what is logged of changes is of the values. */
const OF_CHANGES: ReadonlySet<TileNumber> = new Set([
  "l2_norm",
  "mean",
  "std",
  "min",
  "max",
  "nan_count",
  "infinite_count",
]);

/** The numbers of values, or of what they have changed by; zeros are counted only of what layers make of samples. */
export function numbersOf(
  of: "values" | "change",
  statistics: ReadonlyMap<StatisticName, Float64Array> | null,
): readonly TileNumber[] {
  if (of === "change") return TILE_NUMBERS.filter((name) => OF_CHANGES.has(name));
  const isCounted = statistics?.has("zero_fraction") ?? false;
  return TILE_NUMBERS.filter((name) => name !== "zero_fraction" || isCounted);
}

export const MOST_NUMBERS = TILE_NUMBERS.length;

/** As many columns as fit, or fewer, so that no number stands alone below rows of several; seven in threes cannot. */
export function numberColumns(count: number, fitting: number): number {
  const evenly = (most: number): number => Math.ceil(count / Math.ceil(count / most));
  const most = Math.min(count, fitting);
  for (let each = most; each > 1; each--) {
    if (count % evenly(each) !== 1) return evenly(each);
  }
  return evenly(most);
}

export interface TileNumberWords {
  readonly label: string;
  readonly title: string;
  readonly text: (value: number) => string;
}

const DIGITS = 4;
const plain = (value: number): string => formatColumn(value, DIGITS);
const signed = (value: number): string => formatSignedColumn(value, DIGITS);

export const TILE_NUMBER_WORDS: Readonly<Record<TileNumber, TileNumberWords>> = {
  l2_norm: { label: "norm", title: "L2 norm of the finite values", text: plain },
  mean: { label: "mean", title: "Mean of the finite values", text: signed },
  std: { label: "std", title: "Standard deviation of the finite values", text: plain },
  min: { label: "min", title: "Smallest finite value", text: signed },
  max: { label: "max", title: "Largest finite value", text: signed },
  zero_fraction: { label: "zeros", title: "Share of values that are 0", text: percentText },
  nan_count: { label: "NaN", title: "Cells that hold NaN", text: formatWhole },
  infinite_count: { label: "±∞", title: "Cells that hold an infinity", text: formatWhole },
  change_since_start: {
    label: "Δ start",
    title: "L2 norm of the change since the first step",
    text: plain,
  },
  update_ratio: {
    label: "update",
    title: "L2 norm of the change since the previous step ÷ norm",
    text: plain,
  },
};

/** A number of the one tile of these statistics; NaN where it was not logged, or there is nothing to say. */
export function tileNumber(
  name: TileNumber,
  statistics: ReadonlyMap<StatisticName, Float64Array>,
  shape: TileShape,
): number {
  const logged = (of: StatisticName): number => statistics.get(of)?.[0] ?? NaN;
  // A count that is absent is zero.
  const count = (of: StatisticName): number => statistics.get(of)?.[0] ?? 0;
  const infinite = count("posinf_count") + count("neginf_count");
  switch (name) {
    case "infinite_count":
      return infinite;
    case "nan_count":
      return count("nan_count");
    case "std": {
      const cells = shape.height * shape.width * shape.channels;
      const finite = cells - count("nan_count") - infinite;
      return Math.sqrt(varianceFrom(logged("l2_norm") ** 2 / finite, logged("mean")));
    }
    case "update_ratio":
      return logged("change_since_previous") / logged("l2_norm");
    default:
      return logged(name);
  }
}

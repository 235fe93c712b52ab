/**
 * A logged histogram in memory: its bins as stored and its statistics. Knows the layout of the payload blobs; must not
 * know how histograms are drawn. `binning.ts` brings several of them onto the same bins.
 */
import type { Bins } from "./binning.js";
import { attempt, type Parsed, ParseError } from "./parse.js";
import type { HistogramHeader, HistogramStatisticName } from "./record.js";
import type { Blobs } from "./tiles.js";

export interface Histogram extends Bins {
  readonly header: HistogramHeader;
  /** NaN where there is nothing to say: the mean of no value, the update ratio of the first record. */
  readonly statistics: ReadonlyMap<HistogramStatisticName, number>;
  /** Sum of the counts: how many values are finite. */
  readonly total: number;
}

/** Joins a header with its expanded `paint` blobs. */
export function decodeHistogram(header: HistogramHeader, blobs: Blobs): Parsed<Histogram> {
  return attempt(() => {
    const statistics = float64s(blobs, "statistics");
    if (statistics.length !== header.statistics.length) {
      throw new ParseError(
        `the record names ${header.statistics.length} statistics but has ${statistics.length}`,
      );
    }
    const counts = float64s(blobs, "counts");
    if (counts.some((count) => !(count >= 0 && Number.isInteger(count)))) {
      throw new ParseError("the counts of a histogram must be whole numbers from 0");
    }
    return {
      header,
      exponent: header.exponent,
      first: header.first,
      counts,
      statistics: new Map(header.statistics.map((name, row) => [name, statistics[row] ?? NaN])),
      total: counts.reduce((sum, count) => sum + count, 0),
    };
  });
}

/** A statistic by its name; NaN where it was not logged. */
export function statisticOf(histogram: Histogram, name: HistogramStatisticName): number {
  return histogram.statistics.get(name) ?? NaN;
}

/** As `statisticOf`, but NaN where no value is finite and the statistic describes the finite ones. */
export function knownStatistic(histogram: Histogram, name: HistogramStatisticName): number {
  const isCount = name === "count" || isNonFiniteCount(name);
  return histogram.total === 0 && !isCount ? NaN : statisticOf(histogram, name);
}

const NON_FINITE: ReadonlySet<HistogramStatisticName> = new Set([
  "nan_count",
  "posinf_count",
  "neginf_count",
]);

/** True for statistics that count values which are no finite number. */
export function isNonFiniteCount(name: HistogramStatisticName): boolean {
  return NON_FINITE.has(name);
}

export interface NonFinite {
  readonly nan: number;
  readonly posinf: number;
  readonly neginf: number;
}

/** How many values are no finite number. A count that was not logged is none. */
export function nonFiniteCounts(histogram: Histogram): NonFinite {
  const count = (name: HistogramStatisticName): number => histogram.statistics.get(name) ?? 0;
  return {
    nan: count("nan_count"),
    posinf: count("posinf_count"),
    neginf: count("neginf_count"),
  };
}

/** The one value that all finite values have; null where they differ or there is none. */
export function constantOf(histogram: Histogram): number | null {
  const min = statisticOf(histogram, "min");
  return histogram.total > 0 && min === statisticOf(histogram, "max") ? min : null;
}

function float64s(blobs: Blobs, name: "statistics" | "counts"): Float64Array {
  const bytes = blobs.get(name);
  if (bytes === undefined) throw new ParseError(`the record lacks its blob ${name}`);
  if (bytes.length % 8 !== 0) {
    throw new ParseError(`the blob ${name} must have 8 bytes a number; got ${bytes.length} bytes`);
  }
  // Copied, so that a few numbers do not keep the whole answer of a request in memory.
  return new Float64Array(bytes.slice().buffer);
}

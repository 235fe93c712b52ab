/** Histograms in words: bins, counts, statistics, and what a plot shows. Knows typography; must not know components. */
import { edgeValue, type Frame } from "./binning.js";
import { formatColumn, formatCount, formatSigned, formatWhole } from "./format.js";
import { constantOf, type Histogram, nonFiniteCounts, statisticOf } from "./histogram.js";
import type { HistogramHeight } from "./histogram_display.js";
import { densityOf, shortCount } from "./histogram_heights.js";
import type { HistogramStatisticName } from "./record.js";

/** Digits of the edges of a bin: enough to tell 256 of them apart. */
const EDGE_DIGITS = 4;

/** `−0.0125 to −0.0117`: the values a bin holds. */
export function binText({ exponent, first }: Frame, bin: number): string {
  const edges = [first + bin, first + bin + 1].map((index) => edgeValue(index, exponent));
  // Far from zero, narrow bins need more digits to differ.
  for (let digits = EDGE_DIGITS; ; digits += 2) {
    const [low = "", high = ""] = edges.map((edge) => formatSigned(edge, Math.min(17, digits)));
    if (low !== high || digits >= 17) return `${low} to ${high}`;
  }
}

/** What a bin has more than another, as the heights are chosen; and what both have. */
export function binDifference(
  [count, total]: readonly [count: number, total: number],
  [other, others]: readonly [count: number, total: number],
  { exponent }: Frame,
  mode: HistogramHeight,
): readonly [value: string, detail: string] {
  const detail = `${formatWhole(count)} − ${formatWhole(other)}`;
  if (mode !== "density") return [withSign(count - other, formatWhole), detail];
  const change = densityOf(count, total, exponent) - densityOf(other, others, exponent);
  return [withSign(change, shortCount), detail];
}

/** `+3`, `−3`, `0`. */
function withSign(number: number, write: (size: number) => string): string {
  if (Number.isNaN(number)) return "–";
  if (number === 0) return "0";
  return `${number > 0 ? "+" : "−"}${write(Math.abs(number))}`;
}

/** What a bin holds, as the heights are chosen: its count and share, or its density and count. */
export function binValues(
  count: number,
  total: number,
  { exponent }: Frame,
  mode: HistogramHeight,
): readonly [value: string, detail: string] {
  const whole = formatWhole(count);
  if (mode === "density") return [shortCount(densityOf(count, total, exponent)), `${whole} values`];
  return [whole, percentText(total === 0 ? 0 : count / total)];
}

/** `12.3 %`, `0.04 %`, `0 %`; what is more than nothing never becomes it. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const percent = 100 * share;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  const digits = percent === 0 || percent === 100 ? 0 : percent < 1 ? 2 : 1;
  return `${percent.toFixed(digits)} %`;
}

export interface StatisticWords {
  readonly name: HistogramStatisticName;
  readonly label: string;
  readonly title: string;
  readonly text: (value: number) => string;
  /** Of a difference, with its sign. */
  readonly differenceText: (difference: number) => string;
}

const TABLE_DIGITS = 4;
const plain = (value: number): string =>
  Number.isNaN(value) ? "–" : formatColumn(value, TABLE_DIGITS);
const signed = (value: number): string => (value > 0 ? `+${plain(value)}` : plain(value));

function numbers(
  name: HistogramStatisticName,
  label: string,
  title: string,
  text: (value: number) => string,
): StatisticWords {
  const size = text === formatWhole ? text : plain;
  return {
    name,
    label,
    title,
    text,
    differenceText: (difference) => withSign(difference, size),
  };
}

const ALWAYS: readonly StatisticWords[] = [
  numbers("mean", "mean", "Mean of the finite values", signed),
  numbers("std", "std", "Standard deviation of the finite values", plain),
  numbers("min", "min", "Smallest finite value", signed),
  numbers("max", "max", "Largest finite value", signed),
  numbers("l2_norm", "norm", "L2 norm of the finite values", plain),
  {
    name: "zero_fraction",
    label: "zeros",
    title: "Share of values that are 0",
    text: percentText,
    // In percentage points.
    differenceText: (difference) =>
      withSign(difference, (size) => percentText(size).replace("%", "pp")),
  },
  {
    name: "update_ratio",
    label: "update ratio",
    title: "‖ΔW‖ / ‖W‖: change since the previous record by the norm of the values",
    text: (value) => (Number.isNaN(value) ? "–" : formatColumn(value, 3)),
    differenceText: (difference) => withSign(difference, (size) => formatColumn(size, 3)),
  },
];

const WHERE_ANY: readonly StatisticWords[] = [
  numbers("nan_count", "NaN", "Values that are NaN", formatWhole),
  numbers("posinf_count", "+∞", "Values that are +∞", formatWhole),
  numbers("neginf_count", "−∞", "Values that are −∞", formatWhole),
];

/** The statistics of the histograms; counts of NaN and infinities only where there are any, and first: they alarm. */
export function shownStatistics(histograms: readonly Histogram[]): readonly StatisticWords[] {
  const any = WHERE_ANY.filter(({ name }) =>
    histograms.some((histogram) => statisticOf(histogram, name) > 0),
  );
  return [...any, ...ALWAYS];
}

/** `401,408 values from −0.21 to +0.19, mean −0.0012`: a histogram for those who cannot see it. */
export function summaryText(histogram: Histogram): string {
  const { nan, posinf, neginf } = nonFiniteCounts(histogram);
  const values = formatCount(histogram.total, "value");
  const constant = constantOf(histogram);
  const finite =
    histogram.total === 0
      ? "no finite value"
      : constant !== null
        ? `${values}, all ${formatSigned(constant, 4)}`
        : `${values} from ${signed(statisticOf(histogram, "min"))} to ${signed(statisticOf(histogram, "max"))}, ` +
          `mean ${signed(statisticOf(histogram, "mean"))}`;
  const others = [
    ...(nan > 0 ? [`${formatWhole(nan)} NaN`] : []),
    ...(posinf + neginf > 0 ? [`${formatWhole(posinf + neginf)} infinite`] : []),
  ];
  return [finite, ...others].join(", ");
}

/**
 * Ticks of an axis of values between two edges of bins: round numbers, all written alike. Knows typography and the
 * limits of floating point; must not know pixels.
 */
import { ticks } from "d3-array";
import { edgeValue, type Frame } from "./binning.js";

export interface AxisTick {
  readonly value: number;
  /** Place on the axis, from 0 to 1. */
  readonly at: number;
  readonly label: string;
}

const MINUS = "\u2212";

/** Below this, and above its inverse, round steps are no longer exact: the ends of the axis are labelled instead. */
const SMALLEST_SPAN = 1e-300;

/** The ends of a frame as values; an edge beyond the largest number is drawn as that number. */
export function frameEnds({ exponent, first, size }: Frame): readonly [low: number, high: number] {
  const kept = (value: number): number =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  return [kept(edgeValue(first, exponent)), kept(edgeValue(first + size, exponent))];
}

/** About `count` ticks. Zero is always one of them where the axis holds it. */
export function axisTicks(frame: Frame, count: number): readonly AxisTick[] {
  const [low, high] = frameEnds(frame);
  // Halves, because the difference of the two ends may be no finite number.
  const halfSpan = high / 2 - low / 2;
  const values = halfSpan > SMALLEST_SPAN ? roundValues(low, high, count) : [low, high];
  const label = tickLabels(values);
  return values.map((value) => ({
    value,
    at: (value / 2 - low / 2) / halfSpan,
    label: label(value),
  }));
}

function roundValues(low: number, high: number, count: number): readonly number[] {
  if (high / 2 - low / 2 > Number.MAX_VALUE / 4) {
    return ticks(low / 4, high / 4, count).map((value) => 4 * value);
  }
  const values = ticks(low, high, count);
  return values.length < 2 ? [low, high] : values;
}

/** Plain decimals of one length where they stay short, else powers of ten with as many digits as tell ticks apart. */
export function tickLabels(values: readonly number[]): (value: number) => string {
  const step = Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const stepPower = Math.floor(Math.log10(step) + 1e-9);
  const plain = largest < 1e6 && step >= 1e-4;
  return (value) => {
    if (value === 0) return "0";
    const size = Math.abs(value);
    const digits = Math.min(15, Math.max(0, Math.floor(Math.log10(size) + 1e-9) - stepPower));
    const text = plain
      ? size.toFixed(Math.max(0, -stepPower))
      : size.toExponential(Number.isFinite(digits) ? digits : 2).replace("+", "");
    return (value < 0 ? MINUS : "") + text.replace("-", MINUS);
  };
}

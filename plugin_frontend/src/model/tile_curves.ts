/**
 * The scale of a curve over the steps: which values it spans and which of them are labelled. Knows numbers; must not
 * know pixels or components.
 */
import { ticks } from "d3-array";
import { tickLabels } from "./axis_ticks.js";

export interface ValueScale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

const TICKS = 3;
/** Free above and below the curves, as a share of what they span. */
const PADDING = 0.08;

/** The scale of finite values, rounded to nothing; null where there are none. Values from 0 start at it where they come near. */
export function valueScale(values: readonly number[]): ValueScale | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const least = Math.min(...finite);
  const most = Math.max(...finite);
  const span = most > least ? most - least : Math.abs(most) || 1;
  const isNearZero = least >= 0 && least < span;
  const low = isNearZero ? 0 : least - PADDING * span;
  const high = most + PADDING * span;
  const labelled = ticks(low, high, TICKS);
  const label = tickLabels(labelled);
  return { low, high, ticks: labelled.map((value) => ({ value, label: label(value) })) };
}

/** Of so many places the indices of about `most` that are labelled, with the first and the last. */
export function labelledPlaces(places: number, most: number): readonly number[] {
  const count = Math.max(0, Math.min(places, most));
  if (count < 2) return count === 0 ? [] : [0];
  return Array.from({ length: count }, (_, at) => Math.round((at * (places - 1)) / (count - 1)));
}

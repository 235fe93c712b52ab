/** Places on the path from the baseline to the input: which were logged, which is meant, what they are called. Pure. */
import type { Axis } from "./record.js";

export const ALPHA = "alpha";

/** The numbers of an axis of α, by its labels; null where a label is no number from 0 to 1. */
export function alphasOf(axis: Axis | undefined): readonly number[] | null {
  if (axis === undefined || axis.labels?.length !== axis.size) return null;
  const numbers = axis.labels.map((label) => (label.trim() === "" ? NaN : Number(label)));
  return numbers.every((number) => number >= 0 && number <= 1) ? numbers : null;
}

/** Index of the α nearest to the wanted one, of two as near the smaller; −1 where there is none. */
export function snapAlpha(alphas: readonly number[], wanted: number): number {
  let best = -1;
  for (const [index, alpha] of alphas.entries()) {
    const distance = Math.abs(alpha - wanted);
    const before = alphas[best];
    const least = before === undefined ? Infinity : Math.abs(before - wanted);
    if (distance < least || (distance === least && before !== undefined && alpha < before))
      best = index;
  }
  return best;
}

/** The α so many places on; the wanted one where there is none. */
export function stepAlpha(alphas: readonly number[], wanted: number, offset: number): number {
  const index = snapAlpha(alphas, wanted);
  if (index < 0) return wanted;
  return alphas[Math.max(0, Math.min(alphas.length - 1, index + offset))] ?? wanted;
}

/** `0.25`, at most four decimals. */
export function alphaText(alpha: number): string {
  return String(Number(alpha.toFixed(4)));
}

/** `1/4` where α is a whole number of sixteenths, as the rule has them, else the decimal. */
export function alphaFraction(alpha: number): string {
  let over = 16 * alpha;
  if (!Number.isInteger(over) || over === 0 || over === 16) return alphaText(alpha);
  let under = 16;
  while (over % 2 === 0) {
    over /= 2;
    under /= 2;
  }
  return `${over}/${under}`;
}

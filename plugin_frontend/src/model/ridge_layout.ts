/** Where the curves of a ridge stand, one below the other. Knows CSS pixels only. */

export interface RidgeLayout {
  /** From one base line to the next. */
  readonly spacing: number;
  /** Height of the highest curve above its base line. */
  readonly amplitude: number;
  /** From the top to the last base line. */
  readonly height: number;
}

const AMPLITUDE = 84;
const FULL_HEIGHT = 200;
const WIDEST = 22;

export function ridgeLayout(count: number): RidgeLayout {
  const gaps = Math.max(1, count - 1);
  const spacing = Math.min(WIDEST, FULL_HEIGHT / gaps);
  return { spacing, amplitude: AMPLITUDE, height: AMPLITUDE + spacing * Math.max(0, count - 1) };
}

/**
 * The curve under a point: the foremost one whose area holds it, else the one whose base line is nearest. `shareAt` is
 * a curve's height at the pointer's bin, as a share of the amplitude.
 */
export function ridgeAt(
  { spacing, amplitude }: RidgeLayout,
  count: number,
  y: number,
  shareAt: (index: number) => number,
): number {
  for (let index = count - 1; index >= 0; index--) {
    const base = amplitude + index * spacing;
    if (y <= base && y >= base - shareAt(index) * amplitude) return index;
  }
  const nearest = Math.round((y - amplitude) / spacing);
  return Math.max(0, Math.min(count - 1, nearest));
}

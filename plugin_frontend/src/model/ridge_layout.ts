/** Where the curves of a ridge stand, one below the other. Knows CSS pixels only. */

export interface RidgeLayout {
  /** From one base line to the next. */
  readonly spacing: number;
  /** Height of the highest curve above its base line. */
  readonly amplitude: number;
  /** From the top to the first base line. */
  readonly top: number;
  /** From the top to the end of the last curve. */
  readonly height: number;
}

const AMPLITUDE = 84;
const FULL_HEIGHT = 200;
const WIDEST = 22;

/** `isSigned`: of differences, which go down as far as up, in the same room. */
export function ridgeLayout(count: number, isSigned = false): RidgeLayout {
  const gaps = Math.max(1, count - 1);
  const spacing = Math.min(WIDEST, FULL_HEIGHT / gaps);
  const amplitude = isSigned ? AMPLITUDE / 2 : AMPLITUDE;
  const height = AMPLITUDE + spacing * Math.max(0, count - 1);
  return { spacing, amplitude, top: amplitude, height };
}

/**
 * The curve under a point: the foremost one whose area holds it, else the one whose base line is nearest. `shareAt` is
 * a curve's height at the pointer's bin, as a share of the amplitude.
 */
export function ridgeAt(
  { spacing, amplitude, top }: RidgeLayout,
  count: number,
  y: number,
  shareAt: (index: number) => number,
): number {
  for (let index = count - 1; index >= 0; index--) {
    const base = top + index * spacing;
    const end = base - shareAt(index) * amplitude;
    if (y <= Math.max(base, end) && y >= Math.min(base, end)) return index;
  }
  const nearest = Math.round((y - top) / spacing);
  return Math.max(0, Math.min(count - 1, nearest));
}

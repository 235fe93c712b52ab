/**
 * Bins whose width is a power of two and whose edges are whole multiples of it, so that any two histograms come onto
 * the same bins by adding, without error. Knows integers and powers of two; must not know records or screens.
 */

/** Bin i covers [(first + i)·2^exponent, (first + i + 1)·2^exponent); `first` is a whole number up to ±2^53. */
export interface Bins {
  readonly exponent: number;
  readonly first: number;
  readonly counts: Float64Array;
}

/** The place of bins without their counts: what several histograms have in common once they are re-binned. */
export interface Frame {
  readonly exponent: number;
  readonly first: number;
  readonly size: number;
}

/** Beyond this shift every index of ±2^53 lies in bin 0 or −1, and 2^shift would not stay a finite number. */
const MAX_SHIFT = 54;

/** Above this, neighbouring whole numbers are no longer told apart. */
const MAX_INDEX = 2 ** 53;

/** floor(index / 2^shift), exact for whole numbers up to ±2^53 and any shift ≥ 0. */
export function shiftIndex(index: number, shift: number): number {
  if (shift >= MAX_SHIFT) return index < 0 ? -1 : 0;
  // A division by a power of two only moves the point, so nothing is rounded before the floor.
  return Math.floor(index / 2 ** shift);
}

/** The value of an edge: index·2^exponent, ±Infinity beyond the largest number. */
export function edgeValue(index: number, exponent: number): number {
  return index * 2 ** exponent;
}

/** Counts of a histogram in the bins of a frame that covers it; what lies outside would be lost, so it throws. */
export function countsIn(bins: Bins, frame: Frame): Float64Array {
  const counts = new Float64Array(frame.size);
  bins.counts.forEach((count, bin) => {
    if (count === 0) return;
    const index = shiftBy(bins, bin, frame.exponent) - frame.first;
    if (index < 0 || index >= frame.size) {
      throw new RangeError(`bin ${bin} lies outside a frame of ${frame.size} bins`);
    }
    counts[index] = (counts[index] ?? 0) + count;
  });
  return counts;
}

/**
 * The finest bins that all histograms can be brought onto and of which at most `limit` span them all: the widest of
 * their own, then doubled. Null where no histogram has a bin.
 */
export function commonFrame(histograms: readonly Bins[], limit: number): Frame | null {
  const filled = histograms.filter(({ counts }) => counts.length > 0);
  if (filled.length === 0) return null;
  let exponent = filled.reduce((widest, bins) => Math.max(widest, bins.exponent), -Infinity);
  for (;;) {
    const frame = frameAt(filled, exponent);
    if (frame !== null && frame.size <= limit) return frame;
    exponent += 1;
  }
}

/** The frame with `padding` empty bins more at either end. */
export function padded(frame: Frame, padding: number): Frame {
  const first = frame.first - padding;
  const end = frame.first + frame.size + padding;
  if (Math.max(-first, end) > MAX_INDEX) return frame;
  return { ...frame, first, size: end - first };
}

/**
 * Bins for histograms that all fall into one: `limit` bins at most about their value, as far as half its size, or from
 * −1 to 1 about zero. A constant so becomes one visible bar with an axis round it.
 */
export function frameAround(lone: Frame, limit: number): Frame {
  const low = edgeValue(lone.first, lone.exponent);
  const high = edgeValue(lone.first + lone.size, lone.exponent);
  const isZero = low <= 0 && high >= 0;
  const reach = isZero ? 1 : Math.min(Math.abs(low), Math.abs(high)) / 2;
  // The smallest exponent with 2·reach ≤ (limit − 2)·2^exponent; two bins are kept for edges that do not fit.
  const wanted = Math.ceil(Math.log2(reach) - Math.log2((limit - 2) / 2));
  const exponent = Math.min(1023, Math.max(lone.exponent, wanted, -1074));
  const shift = exponent - lone.exponent;
  const first = shiftIndex(lone.first, shift);
  const end = shiftIndex(lone.first + lone.size - 1, shift) + 1;
  const bins = Math.min(Math.floor((limit - (end - first)) / 2), Math.ceil(reach / 2 ** exponent));
  return padded({ exponent, first, size: end - first }, Math.max(1, bins));
}

function frameAt(histograms: readonly Bins[], exponent: number): Frame | null {
  let first = Infinity;
  let last = -Infinity;
  for (const bins of histograms) {
    if (bins.counts.length === 0) continue;
    first = Math.min(first, shiftBy(bins, 0, exponent));
    last = Math.max(last, shiftBy(bins, bins.counts.length - 1, exponent));
  }
  return last === -Infinity ? null : { exponent, first, size: last - first + 1 };
}

function shiftBy(bins: Bins, bin: number, exponent: number): number {
  if (exponent < bins.exponent) {
    throw new RangeError(`bins of width 2^${bins.exponent} cannot be cut to width 2^${exponent}`);
  }
  return shiftIndex(bins.first + bin, exponent - bins.exponent);
}

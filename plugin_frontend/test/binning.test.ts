import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Bins,
  commonFrame,
  countsIn,
  edgeValue,
  frameAround,
  padded,
  shiftIndex,
} from "../src/model/binning.js";

const MAX_INDEX = 2 ** 53;

const index = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.maxSafeInteger(),
  fc.constantFrom(MAX_INDEX, -MAX_INDEX, MAX_INDEX - 1, 1 - MAX_INDEX),
);
const counts = fc
  .array(fc.nat({ max: 1e6 }), { minLength: 1, maxLength: 512 })
  .map((list) => Float64Array.from(list));
/** Bins that lie within ±2^53 as the schema has them. */
const bins = fc
  .record({ exponent: fc.integer({ min: -1074, max: 960 }), first: index, counts })
  .map(({ first, ...rest }): Bins => ({ ...rest, first: Math.min(first, MAX_INDEX - 512) }));

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** floor(index / 2^shift) in whole numbers of any size: BigInt shifts towards −∞. */
const exactShift = (value: number, shift: number): number => Number(BigInt(value) >> BigInt(shift));

/** The same counts in bins of width 2^exponent, over the fewest of them. */
function coarsen({ exponent: own, first, counts }: Bins, exponent: number): Bins {
  const shift = exponent - own;
  const low = shiftIndex(first, shift);
  const size = shiftIndex(first + counts.length - 1, shift) - low + 1;
  const frame = { exponent, first: low, size };
  return { exponent, first: low, counts: countsIn({ exponent: own, first, counts }, frame) };
}

describe("an index moved to wider bins", () => {
  test("is the floor of the exact quotient, for negative indices and any shift", () => {
    fc.assert(
      fc.property(index, fc.integer({ min: 0, max: 2200 }), (value, shift) => {
        expect(shiftIndex(value, shift) + 0).toBe(exactShift(value, shift));
      }),
    );
  });

  test("goes down, never towards zero", () => {
    expect([shiftIndex(-1, 1), shiftIndex(-4, 2), shiftIndex(-5, 2), shiftIndex(7, 2)]).toEqual([
      -1, -1, -2, 1,
    ]);
    expect([shiftIndex(-1, 2000), shiftIndex(1, 2000)]).toEqual([-1, 0]);
  });
});

describe("coarsening", () => {
  test("puts every count where its edges say, and loses none", () => {
    fc.assert(
      fc.property(bins, fc.integer({ min: 0, max: 1100 }), (fine, shift) => {
        const exponent = fine.exponent + shift;
        const expected = new Map<number, number>();
        fine.counts.forEach((count, bin) => {
          const at = exactShift(fine.first + bin, shift);
          expected.set(at, (expected.get(at) ?? 0) + count);
        });
        const wide = coarsen(fine, exponent);
        expect(wide.counts).toHaveLength(expected.size);
        wide.counts.forEach((count, bin) => {
          expect(count).toBe(expected.get(wide.first + bin));
        });
        expect(sum(wide.counts)).toBe(sum(fine.counts));
      }),
    );
  });

  test("in two goes gives what one gives", () => {
    const shift = fc.integer({ min: 0, max: 600 });
    fc.assert(
      fc.property(bins, shift, shift, (fine, one, two) => {
        const middle = coarsen(fine, fine.exponent + one);
        expect(coarsen(middle, fine.exponent + one + two)).toEqual(
          coarsen(fine, fine.exponent + one + two),
        );
      }),
    );
  });

  test("to narrower bins is refused", () => {
    const wide = { exponent: 0, first: 0, counts: Float64Array.of(1) };
    expect(() => coarsen(wide, -1)).toThrow("bins of width 2^0 cannot be cut to width 2^-1");
  });
});

describe("common bins", () => {
  const several = fc.array(bins, { minLength: 1, maxLength: 5 });

  test("hold every histogram whole, within the limit, and are the finest that do", () => {
    fc.assert(
      fc.property(several, fc.integer({ min: 24, max: 256 }), (histograms, limit) => {
        const frame = commonFrame(histograms, limit);
        if (frame === null) throw new Error("no frame");
        expect(frame.size).toBeLessThanOrEqual(limit);
        for (const each of histograms) expect(sum(countsIn(each, frame))).toBe(sum(each.counts));
        const widest = Math.max(...histograms.map(({ exponent }) => exponent));
        if (frame.exponent === widest) return;
        const ends = histograms.map((each) => coarsen(each, frame.exponent - 1));
        const first = Math.min(...ends.map((each) => each.first));
        const end = Math.max(...ends.map((each) => each.first + each.counts.length));
        expect(end - first).toBeGreaterThan(limit);
      }),
    );
  });

  test("are none where nothing is finite", () => {
    expect(commonFrame([], 256)).toBeNull();
    expect(commonFrame([{ exponent: 0, first: 0, counts: new Float64Array() }], 256)).toBeNull();
  });

  test("that do not hold a histogram are refused instead of dropping counts", () => {
    const fine = { exponent: 0, first: 0, counts: Float64Array.of(1, 1) };
    expect(() => countsIn(fine, { exponent: 0, first: 0, size: 1 })).toThrow("outside a frame");
  });
});

describe("bins round a constant", () => {
  test("leave room on both sides and keep its count in one visible bin", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1074, max: 960 }),
        fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 53), max: 2 ** 53 })),
        (exponent, first) => {
          const lone = { exponent, first, counts: Float64Array.of(7) };
          const frame = frameAround({ exponent, first, size: 1 }, 256);
          const drawn = countsIn(lone, frame);
          const at = drawn.indexOf(7);
          expect(frame.size).toBeLessThanOrEqual(256);
          expect(sum(drawn)).toBe(7);
          // A bar of at least 1/256 of the plot, with empty bins before and after it.
          expect(at).toBeGreaterThan(0);
          expect(at).toBeLessThan(frame.size - 1);
        },
      ),
    );
  });

  test("go from −1 to 1 about zero, and half its size about another value", () => {
    const zero = frameAround({ exponent: -1074, first: 0, size: 1 }, 256);
    expect(edgeValue(zero.first, zero.exponent)).toBeCloseTo(-1, 1);
    expect(edgeValue(zero.first + zero.size, zero.exponent)).toBeCloseTo(1, 1);
    // 1 is 2^52 · 2^−52.
    const one = frameAround({ exponent: -52, first: 2 ** 52, size: 1 }, 256);
    expect(edgeValue(one.first, one.exponent)).toBeCloseTo(0.5, 1);
    expect(edgeValue(one.first + one.size, one.exponent)).toBeCloseTo(1.5, 1);
  });
});

test("padding adds empty bins, but none whose index would not be exact", () => {
  expect(padded({ exponent: 0, first: 5, size: 10 }, 2)).toEqual({
    exponent: 0,
    first: 3,
    size: 14,
  });
  const last = { exponent: 0, first: MAX_INDEX - 1, size: 1 };
  expect(padded(last, 2)).toEqual(last);
});

test("powers of two are exact down to the smallest denormal", () => {
  const smallest = new DataView(new ArrayBuffer(8));
  smallest.setUint32(4, 1);
  expect(edgeValue(1, -1074)).toBe(smallest.getFloat64(0));
  expect(edgeValue(3, -1074)).toBe(3 * Number.MIN_VALUE);
  expect(edgeValue(2 ** 53, 1023)).toBe(Infinity);
});

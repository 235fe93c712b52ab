import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeValues } from "../src/model/dequantise.js";
import { counterpart, difference } from "../src/model/difference.js";
import { PairCache } from "../src/model/pair_cache.js";
import { errorBound } from "../src/model/precision.js";
import type { Tiles } from "../src/model/tiles.js";
import { exactTiles, paintTiles } from "./decode.js";
import type { TilesSpec } from "./encode.js";

const float = fc.float({ noNaN: true, min: -1e6, max: 1e6 });
const anyFloat = fc.oneof(
  { weight: 12, arbitrary: float },
  fc.constantFrom(NaN, Infinity, -Infinity),
);
const PRECISIONS = ["uint16", "uint8", "float32"] as const;

const units = (tiles: number, height: number, width: number) => [
  { name: "unit", size: tiles },
  { name: "height", size: height },
  { name: "width", size: width },
];

/** Two tiles of six cells each, twice; some cells do not change. */
const twoRecords = fc
  .record({
    before: fc.array(anyFloat, { minLength: 12, maxLength: 12 }),
    after: fc.array(fc.option(anyFloat, { nil: null }), { minLength: 12, maxLength: 12 }),
  })
  .map(({ before, after }) => ({
    before: Float32Array.from(before),
    after: Float32Array.from(after, (value, index) => value ?? before[index] ?? 0),
  }));

const recordOf = (values: Float32Array, precision: TilesSpec["precision"]): Tiles =>
  exactTiles({ axes: units(2, 2, 3), values, precision });

function compared(shown: Tiles, reference: Tiles): Tiles {
  const result = difference(shown, reference);
  if (result.status !== "ready") throw new Error(result.message);
  return result.tiles;
}

const valuesOf = ({ payload }: Tiles): Float32Array => {
  if (payload.precision !== "float32") throw new Error("a change is float32");
  return payload.values;
};

describe("the difference of two records", () => {
  for (const precision of PRECISIONS) {
    test(`of ${precision} is that of their values, rounded once, and NaN where one is no number`, () => {
      fc.assert(
        fc.property(twoRecords, ({ before, after }) => {
          const [shown, reference] = [recordOf(after, precision), recordOf(before, precision)];
          const [now, then] = [decodeValues(shown), decodeValues(reference)];
          valuesOf(compared(shown, reference)).forEach((change, index) => {
            const [a, b] = [now[index] ?? NaN, then[index] ?? NaN];
            const finite = Number.isFinite(a) && Number.isFinite(b);
            expect(change).toBe(finite ? Math.fround(a - b) : NaN);
          });
        }),
      );
    });

    test(`of ${precision} has the true sign wherever it is not marked as unresolved`, () => {
      fc.assert(
        fc.property(twoRecords, ({ before, after }) => {
          const change = compared(recordOf(after, precision), recordOf(before, precision));
          valuesOf(change).forEach((value, index) => {
            const truth = (after[index] ?? NaN) - (before[index] ?? NaN);
            if (change.unresolved?.mask[index] === 1 || !Number.isFinite(truth)) return;
            expect(Math.sign(value)).toBe(Math.sign(truth));
          });
        }),
      );
    });
  }

  test("has statistics of its own", () => {
    const axes = units(2, 1, 3);
    const spec = { axes, precision: "float32" } as const;
    const before = exactTiles({ ...spec, values: Float32Array.of(1, 1, 1, 0, NaN, Infinity) });
    const after = exactTiles({ ...spec, values: Float32Array.of(4, 1, -3, 2, 0, 0) });
    const change = compared(after, before);
    // 3, 0, −4 | 2, NaN, NaN
    const row = (name: Parameters<Tiles["statistics"]["get"]>[0]) => [
      ...(change.statistics.get(name) ?? []),
    ];
    expect(row("min")).toEqual([-4, 2]);
    expect(row("max")).toEqual([3, 2]);
    expect(row("mean")).toEqual([-1 / 3, 2]);
    expect(row("l2_norm")).toEqual([5, 2]);
    expect(row("nan_count")).toEqual([0, 2]);
    expect(change.header).toMatchObject({ meaning: "signed", precision: "float32" });
  });

  test("marks cells within both records' error bounds, and counts them", () => {
    const axes = units(1, 1, 3);
    // Half a code step of [0, 252] in 252 steps is 1/2, and rounding adds 252·2⁻²⁴; twice that is just over 1.
    const before = exactTiles({ axes, values: Float32Array.of(0, 100, 252), precision: "uint8" });
    const after = exactTiles({ axes, values: Float32Array.of(0, 101, 252), precision: "uint8" });
    expect(errorBound(before, 0)).toBe(0.5 + 252 * 2 ** -24);
    const change = compared(after, before);
    expect([...valuesOf(change)]).toEqual([0, 1, 0]);
    expect(change.unresolved).toEqual({ mask: Uint8Array.of(1, 1, 1), count: 3 });
    const more = exactTiles({ axes, values: Float32Array.of(0, 102, 252), precision: "uint8" });
    expect(compared(more, before).unresolved?.mask).toEqual(Uint8Array.of(1, 0, 1));
  });

  test("of float32 records and of constant tiles is exact: nothing is unresolved", () => {
    fc.assert(
      fc.property(twoRecords, ({ before, after }) => {
        const change = compared(recordOf(after, "float32"), recordOf(before, "float32"));
        expect(change.unresolved).toBeNull();
      }),
    );
    const flat = (value: number) =>
      exactTiles({
        axes: units(1, 1, 2),
        values: Float32Array.of(value, value),
        precision: "uint16",
      });
    expect(compared(flat(3), flat(2)).unresolved).toBeNull();
    expect([...valuesOf(compared(flat(3), flat(2)))]).toEqual([1, 1]);
  });

  test("of a record and itself is zero, also from the high plane alone", () => {
    const spec = { axes: units(1, 1, 3), values: Float32Array.of(1, 2, NaN) } as const;
    const record = paintTiles({ ...spec, precision: "uint16" });
    const change = compared(record, record);
    expect([...valuesOf(change)]).toEqual([0, 0, NaN]);
    expect(change.unresolved).toBeNull();
  });

  test("marks a colour cell only where no channel has changed for certain", () => {
    const axes = [...units(1, 1, 2), { name: "color", size: 3 }];
    const before = Float32Array.of(0, 0, 252, 0, 0, 0);
    const after = Float32Array.of(0, 0, 252, 0, 9, 0);
    const record = (values: Float32Array) => exactTiles({ axes, values, precision: "uint8" });
    expect(compared(record(after), record(before)).unresolved).toEqual({
      mask: Uint8Array.of(1, 0),
      count: 1,
    });
  });

  test("compares the tiles that both have, by position along every axis, and says so", () => {
    const grid = (units: number, channels: number) =>
      exactTiles({
        axes: [
          { name: "unit", size: units },
          { name: "in_channel", size: channels },
          { name: "height", size: 1 },
          { name: "width", size: 1 },
        ],
        // The value says which tile it is: 10·unit + channel.
        values: Float32Array.from(
          { length: units * channels },
          (_, tile) => 10 * Math.floor(tile / channels) + (tile % channels),
        ),
        precision: "float32",
      });
    const change = compared(grid(2, 3), grid(3, 2));
    expect(change.shape.tiles).toBe(4);
    expect([...valuesOf(change)]).toEqual([0, 0, 0, 0]);
    expect(change.header.notes).toEqual(["changes of 4 tiles: the record compared with lacks 2"]);
    expect(counterpart(grid(2, 3), 4, grid(3, 2))).toBe(3);
    expect(counterpart(grid(2, 3), 5, grid(3, 2))).toBeNull();
  });

  test("says why tiles of another size cannot be compared", () => {
    const record = (width: number) =>
      exactTiles({
        axes: units(1, 1, width),
        values: new Float32Array(width),
        precision: "float32",
      });
    expect(difference(record(2), record(3))).toEqual({
      status: "refused",
      message: "The shapes differ: 1×1×2 now, 1×1×3 in the record to compare with.",
    });
  });

  test("is computed once for a pair of records", () => {
    const [a, b] = [
      recordOf(new Float32Array(12), "uint8"),
      recordOf(new Float32Array(12), "uint8"),
    ];
    expect(difference(a, b)).toBe(difference(a, b));
    expect(difference(b, a)).not.toBe(difference(a, b));
  });
});

describe("a cache of pairs", () => {
  test("forgets what was asked for longest ago once its budget is spent", () => {
    const cache = new PairCache<object, string>(10);
    const [a, b] = [{}, {}];
    cache.set(a, a, "aa", 4);
    cache.set(a, b, "ab", 4);
    expect(cache.get(a, a)).toBe("aa");
    cache.set(b, a, "ba", 4);
    expect([cache.get(a, a), cache.get(a, b), cache.get(b, a)]).toEqual(["aa", null, "ba"]);
    // The newest stays whatever its size.
    cache.set(b, b, "bb", 99);
    expect([cache.get(a, a), cache.get(b, a), cache.get(b, b)]).toEqual([null, null, "bb"]);
    cache.set(b, b, "BB", 1);
    cache.set(a, a, "AA", 9);
    expect([cache.get(b, b), cache.get(a, a)]).toEqual(["BB", "AA"]);
  });
});

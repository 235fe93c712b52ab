import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pointAtShare, tickedPoints, tickStride, whoHasText } from "../src/model/timeline_ticks.js";

describe("ticks", () => {
  test("are at every point while there is room, then at every 2nd, 5th, 10th, 20th, …", () => {
    expect([1, 60, 61, 120, 121, 301, 3000, 3001].map((count) => tickStride(count, 60))).toEqual([
      1, 1, 2, 2, 5, 10, 50, 100,
    ]);
    expect(tickedPoints(5, 60)).toEqual([0, 1, 2, 3, 4]);
    expect(tickedPoints(3000, 60)).toHaveLength(60);
  });

  test("are never more than there is room for, nor fewer than a fifth of that", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 1, max: 99 }),
        (count, most) => {
          const ticks = tickedPoints(count, most);
          expect(ticks.length).toBeLessThanOrEqual(most);
          expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(Math.min(count, most / 2.5)));
          expect(ticks.every((index) => index < count)).toBe(true);
        },
      ),
    );
  });
});

describe("the point under the pointer", () => {
  test("is the nearest one, at the ends too", () => {
    expect([-1, 0, 0.12, 0.13, 0.5, 1, 2].map((share) => pointAtShare(share, 5))).toEqual([
      0, 0, 0, 1, 2, 4, 4,
    ]);
    expect(pointAtShare(0.5, 0)).toBe(0);
  });
});

describe("who has a point", () => {
  test("is said where there are several runs, by name where one lacks it", () => {
    expect(whoHasText(["a"], [])).toBe("");
    expect(whoHasText(["a", "b"], [])).toBe("in both runs");
    expect(whoHasText(["a", "b", "c"], [])).toBe("in all 3 runs");
    expect(whoHasText(["a"], ["b"])).toBe("in a; not in b, whose nearest earlier record is shown");
    const many = Array.from({ length: 8 }, (_, index) => `r${index}`);
    expect(whoHasText(many, ["b", "c"])).toBe(
      "in r0, r1, r2, r3, r4, r5 and 2 more; not in b, c, whose nearest earlier records are shown",
    );
  });
});

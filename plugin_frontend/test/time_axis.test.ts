import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Moment, Phase } from "../src/model/record.js";
import {
  comparePoints,
  findNumber,
  indexOfPoint,
  matchPoint,
  offeredAxes,
  type Point,
  pointsOfRun,
  positionAt,
  positionIndex,
  stepPoint,
  type TimeAxis,
  unionPoints,
} from "../src/model/time_axis.js";

type Numbers = { fit?: number; epoch?: number | null; batch?: number | null; phase?: Phase };

/** Moments by step; epochs and batches are unknown unless given. */
function momentsOf(all: Record<number, Numbers>): ReadonlyMap<number, Moment> {
  return new Map(
    Object.entries(all).map(([key, { fit = 1, epoch = null, batch = null, phase = "during" }]) => {
      const step = Number(key);
      return [step, { step, epoch, batch, fit, phase, wallTime: 0 }];
    }),
  );
}

const stepsOf = (moments: ReadonlyMap<number, Moment>): number[] => [...moments.keys()];
const point = (value: number, phase: Phase = "during", fit = 1, repeat = 0): Point => ({
  fit,
  value,
  phase,
  repeat,
});
const placed = (moments: ReadonlyMap<number, Moment>, axis: TimeAxis = "epoch") => ({
  steps: stepsOf(moments),
  points: pointsOfRun(stepsOf(moments), moments, axis),
});

// One run logged after every epoch, the other after every 50 batches; an epoch has 100.
const BY_EPOCH = momentsOf({
  0: { epoch: 0, batch: 0, phase: "before" },
  1: { epoch: 1, batch: 100 },
  2: { epoch: 2, batch: 200 },
  3: { epoch: 2, batch: 200, phase: "restored" },
});
const BY_BATCH = momentsOf({
  0: { epoch: 0, batch: 0, phase: "before" },
  50: { epoch: 0.5, batch: 50 },
  100: { epoch: 1, batch: 100 },
  150: { epoch: 1.5, batch: 150 },
});

describe("the points of runs", () => {
  test("are found among those of a later timeline, which are other objects", () => {
    const points = [stepPoint(0), stepPoint(3), stepPoint(7)];
    expect(points.map((_, at) => indexOfPoint(points, stepPoint([0, 3, 7][at] ?? 0)))).toEqual([
      0, 1, 2,
    ]);
    expect(indexOfPoint(points, stepPoint(4))).toBe(-1);
  });

  test("are their steps on the axis of steps", () => {
    const runs = [placed(BY_EPOCH, "step"), placed(BY_BATCH, "step")];
    expect(unionPoints(runs)).toEqual([0, 1, 2, 3, 50, 100, 150].map(stepPoint));
  });

  test("are one where epoch or batch are the same, whatever the steps; before, during and restored apart", () => {
    const runs = (axis: TimeAxis) => unionPoints([placed(BY_EPOCH, axis), placed(BY_BATCH, axis)]);
    expect(runs("epoch")).toEqual([
      point(0, "before"),
      point(0.5),
      point(1),
      point(1.5),
      point(2),
      point(2, "restored"),
    ]);
    expect(runs("batch").map(({ value }) => value)).toEqual([0, 50, 100, 150, 200, 200]);
  });

  test("come fit by fit, because epochs restart", () => {
    const twice = momentsOf({ 0: { epoch: 1 }, 1: { epoch: 1, fit: 2 }, 2: { epoch: 2, fit: 2 } });
    const once = momentsOf({ 0: { epoch: 1 }, 1: { epoch: 5 } });
    expect(unionPoints([placed(twice), placed(once)])).toEqual([
      point(1),
      point(5),
      point(1, "during", 2),
      point(2, "during", 2),
    ]);
  });

  test("count a fit where numbers go back without a new one", () => {
    const resumed = momentsOf({
      0: { epoch: 1 },
      1: { epoch: 2 },
      2: { epoch: 1 },
      3: { epoch: 2 },
    });
    expect([...placed(resumed).points.values()]).toEqual([
      point(1),
      point(2),
      point(1, "during", 2),
      point(2, "during", 2),
    ]);
  });

  test("of steps without a number stand beside their neighbours; a run that knows none goes by step", () => {
    const partly = momentsOf({ 0: {}, 1: {}, 2: { epoch: 1 }, 3: {}, 4: { epoch: 2 } });
    expect([...placed(partly).points.values()]).toEqual([
      point(1, "during", 1, -2),
      point(1, "during", 1, -1),
      point(1),
      point(1, "during", 1, 1),
      point(2),
    ]);
    const none = [point(0, "before"), point(3)];
    expect([...pointsOfRun([0, 3], momentsOf({ 0: {}, 3: {} }), "epoch").values()]).toEqual(none);
    expect([...pointsOfRun([0, 3], undefined, "batch").values()]).toEqual(none);
  });

  test("strictly increase with the step, whatever the log says", () => {
    const moment = fc.record({
      fit: fc.integer({ min: 1, max: 3 }),
      epoch: fc.option(fc.integer({ min: 0, max: 4 })),
      batch: fc.option(fc.nat(9)),
      phase: fc.constantFrom<Phase>("before", "during", "restored"),
    });
    fc.assert(
      fc.property(
        fc.array(moment, { maxLength: 12 }),
        fc.constantFrom("epoch", "batch"),
        (all, axis) => {
          const moments = momentsOf({ ...all });
          const points = [...placed(moments, axis).points.values()];
          expect(points).toHaveLength(all.length);
          for (const [index, later] of points.slice(1).entries()) {
            expect(comparePoints(points[index] ?? later, later)).toBeLessThan(0);
          }
        },
      ),
    );
  });

  test("are offered on the axes that some run knows", () => {
    expect(offeredAxes([])).toEqual(["step"]);
    expect(offeredAxes([momentsOf({ 0: {} }), momentsOf({ 0: { batch: 3 } })])).toEqual([
      "step",
      "batch",
    ]);
    expect(offeredAxes([BY_EPOCH])).toEqual(["step", "epoch", "batch"]);
  });
});

describe("a run at a point", () => {
  const { steps, points } = placed(BY_BATCH);

  test("shows the record of the point, else its nearest earlier one, never a later one", () => {
    expect(matchPoint(steps, points, point(1))).toEqual({ match: "exact", index: 2, step: 100 });
    expect(matchPoint(steps, points, point(2))).toEqual({ match: "earlier", index: 3, step: 150 });
    expect(matchPoint([100, 150], points, point(0.5))).toEqual({ match: "none", first: 100 });
    expect(matchPoint([], points, point(0.5))).toEqual({ match: "none", first: null });
    expect(matchPoint(steps, points, null)).toEqual({ match: "none", first: 0 });
  });

  test("shows on the axis of steps what has no higher step", () => {
    const step = (at: number) =>
      matchPoint([2, 5], pointsOfRun([2, 5], undefined, "step"), stepPoint(at));
    expect(step(5)).toEqual({ match: "exact", index: 1, step: 5 });
    expect(step(4)).toEqual({ match: "earlier", index: 0, step: 2 });
    expect(step(1)).toEqual({ match: "none", first: 2 });
  });
});

describe("the position on the timeline", () => {
  const at = (...steps: number[]) => steps.map(stepPoint);

  test("survives new points, and follows the latest if it was there", () => {
    expect(positionIndex(at(0, 1, 2, 3), positionAt(at(0, 1, 2), 1))).toBe(1);
    expect(positionIndex(at(0, 1, 2, 3), positionAt(at(0, 1, 2), 2))).toBe(3);
  });

  test("is kept within the points that exist", () => {
    expect(positionAt(at(0, 1, 2), -1)).toEqual({ at: "point", point: stepPoint(0) });
    expect(positionAt([], 0)).toEqual({ at: "latest" });
    expect(positionIndex([], { at: "latest" })).toBe(-1);
    expect(positionIndex(at(4, 6), { at: "point", point: stepPoint(5) })).toBe(0);
    expect(positionIndex(at(4, 6), { at: "point", point: stepPoint(1) })).toBe(0);
  });

  test("goes there and back", () => {
    const steps = fc.uniqueArray(fc.nat(), { minLength: 1 });
    fc.assert(
      fc.property(steps, fc.nat(), (all, number) => {
        const points = at(...all.sort((a, b) => a - b));
        const index = number % points.length;
        expect(positionIndex(points, positionAt(points, index))).toBe(index);
      }),
    );
  });

  test("is found by a number: in its own fit, there or the nearest earlier", () => {
    const points = [
      point(0, "before"),
      point(2),
      point(2, "restored"),
      point(0, "before", 2),
      point(2, "during", 2),
    ];
    const found = (fit: number, value: number) => findNumber(points, fit, value);
    expect([found(1, 0), found(1, 1), found(1, 2), found(1, 99), found(1, -5)]).toEqual([
      0, 0, 1, 2, 0,
    ]);
    expect([found(2, 0.5), found(2, 2), found(2, 99)]).toEqual([3, 4, 4]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Moment } from "../src/model/record.js";
import {
  matchStep,
  momentText,
  phaseText,
  positionAt,
  positionIndex,
  sampledText,
  stepLabel,
  unionSteps,
} from "../src/model/steps.js";

const series = (...steps: number[]) => ({ steps, wallTimes: steps, logged: null });
const moment = (step: number, epoch: number | null, phase: Moment["phase"] = "during"): Moment => ({
  step,
  epoch,
  batch: null,
  fit: 1,
  phase,
  wallTime: 0,
});

describe("steps of several runs", () => {
  test("are united in order", () => {
    expect(unionSteps([series(0, 5, 9), series(1, 5)])).toEqual([0, 1, 5, 9]);
    expect(unionSteps([])).toEqual([]);
  });

  test("match exactly, else the nearest earlier one, never a later one", () => {
    expect(matchStep(series(2, 5), 5)).toEqual({ match: "exact", index: 1, step: 5 });
    expect(matchStep(series(2, 5), 4)).toEqual({ match: "earlier", index: 0, step: 2 });
    expect(matchStep(series(2, 5), 1)).toEqual({ match: "none", first: 2 });
    expect(matchStep(series(), 1)).toEqual({ match: "none", first: null });
  });
});

describe("the position on the timeline", () => {
  test("survives new steps, and follows the latest if it was there", () => {
    expect(positionIndex([0, 1, 2, 3], positionAt([0, 1, 2], 1))).toBe(1);
    expect(positionIndex([0, 1, 2, 3], positionAt([0, 1, 2], 2))).toBe(3);
  });

  test("is kept within the steps that exist", () => {
    expect(positionAt([0, 1, 2], -1)).toEqual({ at: "step", step: 0 });
    expect(positionAt([], 0)).toEqual({ at: "latest" });
    expect(positionIndex([], { at: "latest" })).toBe(-1);
    expect(positionIndex([4, 6], { at: "step", step: 5 })).toBe(0);
    expect(positionIndex([4, 6], { at: "step", step: 1 })).toBe(0);
  });

  test("goes there and back", () => {
    const steps = fc
      .uniqueArray(fc.nat(), { minLength: 1 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(steps, fc.nat(), (all, number) => {
        const index = number % all.length;
        expect(positionIndex(all, positionAt(all, index))).toBe(index);
      }),
    );
  });
});

describe("a step in words", () => {
  test("is its epoch where that is known, else its number", () => {
    const moments = new Map(
      [moment(0, 0, "before"), moment(40, 2.5), moment(60, 8)].map((m) => [m.step, m]),
    );
    const label = (step: number, last: number) =>
      Object.values(stepLabel(step, last, (at) => moments.get(at))).join(" ");
    expect(label(60, 60)).toBe("epoch 8 8");
    expect(label(40, 60)).toBe("epoch 2.5 8");
    expect(label(41, 60)).toBe("step 41 60");
    expect(label(40, 99)).toBe("epoch 2.5 ");
    expect(momentText(moment(7, null))).toBe("step 7");
  });

  test("says what is not ordinary training", () => {
    expect(phaseText(moment(0, 0, "before"))).toBe("before training");
    expect(phaseText(moment(9, 9, "restored"))).toBe("restored weights");
    expect(phaseText(moment(3, 3))).toBe("");
  });

  test("is said to be one of a sample where TensorBoard kept only some", () => {
    expect(sampledText({ ...series(1, 2), logged: 60 })).toBe("2 of 60 steps");
    expect(sampledText({ ...series(1, 2), logged: 2 })).toBeNull();
    expect(sampledText(series(1, 2))).toBeNull();
  });
});

import { describe, expect, test } from "vitest";
import type { Moment } from "../src/model/record.js";
import { momentText, phaseText, pointLabel, sampledText, stepText } from "../src/model/steps.js";
import { stepPoint } from "../src/model/time_axis.js";

const series = (...steps: number[]) => ({ steps, wallTimes: steps, logged: null });
const moment = (step: number, epoch: number | null, phase: Moment["phase"] = "during"): Moment => ({
  step,
  epoch,
  batch: null,
  fit: 1,
  phase,
  wallTime: 0,
});

describe("a point in words", () => {
  test("is its number of the last, and its fit where there are several", () => {
    const at = (value: number, fit = 1) => ({ fit, value, phase: "during" as const, repeat: 0 });
    const one = [at(0), at(2.5), at(8)];
    expect(pointLabel(at(2.5), one, "epoch")).toEqual({
      unit: "epoch",
      value: "2.5",
      of: "8",
      fit: "",
    });
    const two = [...one, at(1, 2), at(3, 2)];
    expect(pointLabel(at(1, 2), two, "epoch")).toMatchObject({ value: "1", of: "3", fit: "fit 2" });
    expect(pointLabel(stepPoint(40), [stepPoint(40), stepPoint(60)], "step")).toMatchObject({
      unit: "step",
      value: "40",
      of: "60",
    });
  });

  test("has at most two decimals", () => {
    expect(pointLabel({ ...stepPoint(0), value: 1 / 3 }, [], "epoch").value).toBe("0.33");
  });
});

describe("a moment in words", () => {
  test("is its epoch where that is known, else its step", () => {
    expect(momentText(moment(7, 2.5), "epoch")).toBe("epoch 2.5");
    expect(momentText(moment(7, null), "epoch")).toBe("step 7");
  });

  test("is what the timeline counts", () => {
    const known = { ...moment(7, 2.5), batch: 60 };
    expect(momentText(known, "batch")).toBe("batch 60");
    expect(momentText(known, "step")).toBe("step 7");
    expect(momentText(moment(7, 2.5), "batch")).toBe("step 7");
    expect(stepText(7, known, "batch")).toBe("batch 60");
    expect(stepText(7, undefined, "batch")).toBe("step 7");
  });

  test("says what is not ordinary training", () => {
    expect(phaseText(moment(0, 0, "before"))).toBe("before training");
    expect(phaseText(moment(9, 9, "restored"))).toBe("restored weights");
    expect(phaseText(moment(3, 3))).toBe("");
  });
});

describe("a run", () => {
  test("is said to be a sample where TensorBoard kept only some steps", () => {
    expect(sampledText({ ...series(1, 2), logged: 60 })).toBe("2 of 60 steps");
    expect(sampledText({ ...series(1, 2), logged: 2 })).toBeNull();
    expect(sampledText(series(1, 2))).toBeNull();
  });
});

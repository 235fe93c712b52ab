import { describe, expect, test } from "vitest";
import { pointNames } from "../src/model/point_names.js";
import type { Moment, Phase } from "../src/model/record.js";
import { pointsOfRun, type TimeAxis, unionPoints } from "../src/model/time_axis.js";

function moment(
  step: number,
  epoch: number | null,
  { batch = null as number | null, fit = 1, phase = "during" as Phase } = {},
): Moment {
  return { step, epoch, batch, fit, phase, wallTime: 0 };
}

function namesOf(axis: TimeAxis, ...logged: readonly (readonly Moment[])[]): readonly string[] {
  const runs = logged.map((all) => {
    const moments = new Map(all.map((each) => [each.step, each]));
    const steps = [...moments.keys()];
    return { steps, moments, points: pointsOfRun(steps, moments, axis) };
  });
  return pointNames(unionPoints(runs), axis, runs);
}

describe("points beside one another", () => {
  test("are called by their number, and by their fit from the second one on", () => {
    expect(
      namesOf("epoch", [moment(0, 0, { phase: "before" }), moment(1, 1), moment(2, 2)]),
    ).toEqual(["epoch 0", "epoch 1", "epoch 2"]);
    expect(namesOf("epoch", [moment(0, 1), moment(1, 1, { fit: 2 })])).toEqual([
      "epoch 1",
      "epoch 1, fit 2",
    ]);
    expect(namesOf("step", [moment(0, 0), moment(7, 0)])).toEqual(["step 0", "step 7"]);
  });

  test("within one epoch have their batch, and those of other epochs have not", () => {
    const logged = [
      moment(0, 0, { batch: 0 }),
      moment(501, 0.501, { batch: 501 }),
      moment(504, 0.504, { batch: 504 }),
      moment(1000, 1, { batch: 1000 }),
    ];
    expect(namesOf("epoch", logged)).toEqual([
      "epoch 0",
      "epoch 0.5, batch 501",
      "epoch 0.5, batch 504",
      "epoch 1",
    ]);
  });

  test("that are the same epoch twice have their step where no batch is known", () => {
    expect(namesOf("epoch", [moment(3, 1), moment(4, 1), moment(5, 2)])).toEqual([
      "epoch 1, step 3",
      "epoch 1, step 4",
      "epoch 2",
    ]);
  });

  test("are told apart by their phase where that is enough", () => {
    const last = { batch: 80 };
    const logged = [moment(0, 8, last), moment(1, 8, { ...last, phase: "restored" })];
    expect(namesOf("epoch", logged)).toEqual(["epoch 8", "epoch 8, restored weights"]);
  });

  test("are each called otherwise, whatever runs have logged", () => {
    const all = namesOf("epoch", [moment(5, 0.501)], [moment(5, 0.504)], [moment(9, 0.504)]);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(["epoch 0.5, record 1", "epoch 0.5, record 2"]);
  });
});

/**
 * Steps over several runs: which exist, which one a run shows, and what a step is called. Knows series and moments;
 * must not know the slider or what is fetched.
 */
import { bisectRight } from "d3-array";
import type { Series } from "./parse_index.js";
import type { Moment } from "./record.js";

/** Where the timeline stands: at a step, or wherever the newest step is. */
export type Position = { readonly at: "latest" } | { readonly at: "step"; readonly step: number };

/** What a series shows at a step. `first` is where its data begins. */
export type StepMatch =
  | { readonly match: "exact"; readonly index: number; readonly step: number }
  | { readonly match: "earlier"; readonly index: number; readonly step: number }
  | { readonly match: "none"; readonly first: number | null };

/** All steps of all series, increasing. */
export function unionSteps(series: Iterable<Series>): readonly number[] {
  const all = new Set<number>();
  for (const { steps } of series) for (const step of steps) all.add(step);
  return [...all].sort((a, b) => a - b);
}

/** The step itself, else the nearest earlier one, else nothing: a run never shows its future. */
export function matchStep(series: Series, step: number): StepMatch {
  const index = bisectRight(series.steps, step) - 1;
  const found = series.steps[index];
  if (found === undefined) return { match: "none", first: series.steps[0] ?? null };
  return { match: found === step ? "exact" : "earlier", index, step: found };
}

/** Index of the timeline's position in `steps`; −1 where there are none. A vanished step gives its earlier neighbour. */
export function positionIndex(steps: readonly number[], position: Position): number {
  if (steps.length === 0) return -1;
  if (position.at === "latest") return steps.length - 1;
  return Math.max(0, bisectRight(steps, position.step) - 1);
}

/** The position at an index, kept within the steps. The last one means "follow the latest". */
export function positionAt(steps: readonly number[], index: number): Position {
  const step = steps[Math.max(0, index)];
  if (step === undefined || index >= steps.length - 1) return { at: "latest" };
  return { at: "step", step };
}

/** `epoch 8 of 8` where the step's epoch is known, else `step 40 of 60`. */
export function stepLabel(
  step: number,
  last: number,
  momentAt: (step: number) => Moment | undefined,
): { readonly unit: string; readonly value: string; readonly of: string } {
  const epoch = momentAt(step)?.epoch;
  const lastEpoch = momentAt(last)?.epoch;
  if (epoch === undefined || epoch === null) {
    return { unit: "step", value: String(step), of: String(last) };
  }
  const whole = lastEpoch ?? null;
  return { unit: "epoch", value: epochText(epoch), of: whole === null ? "" : epochText(whole) };
}

/** `epoch 8`, or `step 40` where no epoch is known. */
export function momentText(moment: Moment): string {
  return moment.epoch === null ? `step ${moment.step}` : `epoch ${epochText(moment.epoch)}`;
}

/** What is special about a moment; empty during ordinary training. */
export function phaseText(moment: Moment): string {
  switch (moment.phase) {
    case "before":
      return "before training";
    case "restored":
      return "restored weights";
    case "during":
      return "";
  }
}

/** `10 of 60 steps` where TensorBoard sampled the log, else null. */
export function sampledText(series: Series): string | null {
  const { logged, steps } = series;
  return logged !== null && logged > steps.length ? `${steps.length} of ${logged} steps` : null;
}

function epochText(epoch: number): string {
  return String(Number(epoch.toFixed(2)));
}

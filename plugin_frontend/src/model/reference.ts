/**
 * What is pinned, for differences to it: a run, a point of the timeline, or both. Plain data and words; must not know
 * which records follow from it.
 */
import { numberText, phaseText } from "./steps.js";
import type { Point, TimeAxis } from "./time_axis.js";

export interface Reference {
  /** TensorBoard's name of the run; null for each run itself. */
  readonly run: string | null;
  /** Null for the point that is shown. */
  readonly point: Point | null;
}

export const NO_REFERENCE: Reference = { run: null, point: null };

export function isPinned({ run, point }: Reference): boolean {
  return run !== null || point !== null;
}

/** `epoch 3`; in `fit 2` from the second one on. */
export function pointText(point: Point, axis: TimeAxis): string {
  const phase = phaseText(point);
  const parts = [
    `${axis} ${numberText(point.value)}`,
    ...(point.fit > 1 ? [`fit ${point.fit}`] : []),
    ...(phase === "" ? [] : [phase]),
  ];
  return parts.join(", ");
}

/** `mlp-512 at epoch 3`, `mlp-512`, `epoch 3`; empty where nothing is pinned. `name`: of the run. */
export function referenceText({ point }: Reference, name: string | null, axis: TimeAxis): string {
  const parts = [name, point && pointText(point, axis)].filter((part) => part !== null);
  return parts.join(" at ");
}

/**
 * Which records are wanted, most urgent first: those of the panels in sight at the shown step, the low planes that the
 * pointer or mixed infinities ask for, then the neighbouring steps. Pure; sending is the record store's work.
 */
import { needsLowPlane } from "../model/dequantise.js";
import type { TagEntry } from "../model/parse_index.js";
import { matchStep } from "../model/steps.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";
import type { RecordRef, RecordState, Wish } from "./record_store.js";

/** Steps ahead and back that are fetched before they are asked for; more ahead while playing. */
const NEIGHBOURS = [1, -1];
const NEIGHBOURS_PLAYING = [1, 2, 3];

/** The record that a run shows for a tag at a step, if any. */
export function refAt(run: string, entry: TagEntry, step: number): RecordRef | null {
  const match = matchStep(entry.series, step);
  if (match.match === "none") return null;
  const wallTime = entry.series.wallTimes[match.index] ?? 0;
  return { run, tag: entry.tag, step: match.step, wallTime };
}

/** All wishes of a state; `hoveredTag` is the tag under the pointer. Nothing while the tab is hidden. */
export function planWishes(
  state: AppState,
  derived: Derived,
  hoveredTag: string | null,
  recordState: (ref: RecordRef) => RecordState,
): readonly Wish[] {
  if (!state.tabVisible) return [];
  const now = refsAt(state, derived, derived.stepIndex);
  const fine = now.filter((ref) => {
    const record = recordState(ref);
    return record.status === "ready" && (ref.tag === hoveredTag || needsLowPlane(record.tiles));
  });
  const soon = (state.playing ? NEIGHBOURS_PLAYING : NEIGHBOURS).flatMap((offset) =>
    refsAt(state, derived, derived.stepIndex + offset),
  );
  return [
    ...now.map((ref): Wish => ({ ref, part: "paint", urgency: "now" })),
    ...fine.map((ref): Wish => ({ ref, part: "fine", urgency: "now" })),
    ...soon.map((ref): Wish => ({ ref, part: "paint", urgency: "soon" })),
  ];
}

/** True once nothing of the shown step is on its way: what playing waits for. */
export function isSettled(
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => RecordState,
): boolean {
  return refsAt(state, derived, derived.stepIndex).every(
    (ref) => recordState(ref).status !== "pending",
  );
}

function refsAt(state: AppState, derived: Derived, stepIndex: number): readonly RecordRef[] {
  const step = derived.steps[stepIndex];
  if (step === undefined) return [];
  return derived.panels
    .filter(({ tag }) => state.inSight.has(tag) && !state.collapsed.has(tag))
    .flatMap(({ members }) => members.map(({ run, entry }) => refAt(run.run, entry, step)))
    .filter((ref) => ref !== null);
}

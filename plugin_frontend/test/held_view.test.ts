import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { heldView, isAwaited } from "../src/state/held_view.js";
import { panelView } from "../src/state/panel_view.js";
import type { RecordRef, RecordState } from "../src/state/record_store.js";
import { openSession, settle, TAG } from "./scale_session.js";

const PENDING: RecordState = { status: "pending" };
const FAILED: RecordState = { status: "failed", message: "the server is gone" };
const STEPS = { steps: [0, 1] };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs a and b with all records here, and how their panel looks where some of these are in another state. */
async function open() {
  const { session, view } = openSession({ a: STEPS, b: STEPS });
  session.setTabVisible(true);
  await settle();
  session.setInSight(new Set([TAG]));
  await settle();
  const [panel] = session.derived.panels;
  if (panel === undefined) throw new Error("no panel");
  const viewWhere = (stateOf: (ref: RecordRef) => RecordState | null) =>
    panelView(
      panel,
      session.state.value,
      session.derived,
      (ref) => stateOf(ref) ?? session.records.state(ref),
      session.extremes,
    );
  return { whole: view(), viewWhere };
}

const isOfA = ({ run }: RecordRef): boolean => run.startsWith("a");

test("nothing is awaited once all is here, has failed, or one run is painted before the others", async () => {
  const { whole, viewWhere } = await open();
  expect(whole.loaded).toHaveLength(2);
  expect(isAwaited(whole)).toBe(false);
  expect(isAwaited(viewWhere(() => FAILED))).toBe(false);
  const first = viewWhere((ref) => (isOfA(ref) ? null : PENDING));
  expect(isAwaited(first)).toBe(true);
  expect(isAwaited({ ...first, waits: false })).toBe(false);
});

test("while a step is awaited all is said of what is still painted, and nothing is painted anew", async () => {
  const { whole, viewWhere } = await open();
  // The range of one run alone would be another than that of the colours on screen.
  for (const isHere of [() => false, isOfA]) {
    const now = viewWhere((ref) => (isHere(ref) ? null : PENDING));
    const held = heldView(whole, now);
    expect(held.loaded).toBe(whole.loaded);
    expect(held.shared).toEqual(whole.shared);
    expect(held.colouring).toBe(whole.colouring);
    expect(held.columns.map(({ painted }) => painted)).toEqual(
      whole.columns.map(({ painted }) => painted),
    );
    expect([held.settled, held.waits]).toEqual([false, true]);
  }
});

test("that a record could not be had is said while another one is awaited", async () => {
  const { whole, viewWhere } = await open();
  const now = viewWhere((ref) => (isOfA(ref) ? FAILED : PENDING));
  expect(isAwaited(now)).toBe(true);
  const [a, b] = heldView(whole, now).columns;
  expect(a).toEqual(now.columns[0]);
  expect(b?.painted).toBe(whole.columns[1]?.painted);
});

import { describe, expect, test, vi } from "vitest";
import { PanelWatcher } from "../src/components/panel_watcher.js";
import { Observable } from "../src/state/observable.js";
import { Session } from "../src/state/session.js";

const TAG = "weights/dense/kernel";

/** A panel that is connected and has rendered once; `render` does so again and says whether it was asked for. */
function open(inSight: readonly string[] = []) {
  const never = () => new Promise<never>(() => {});
  const session = new Session({ fetchIndex: never, fetchTimeline: never, fetchRecords: never });
  session.setInSight(new Set(inSight));
  const records = new Observable<null>(null);
  const requestUpdate = vi.fn();
  const host = {
    addController: () => {},
    removeController: () => {},
    requestUpdate,
    updateComplete: Promise.resolve(true),
  };
  const read: unknown[] = [];
  const watcher = new PanelWatcher(host, {
    session: () => session,
    tag: () => TAG,
    records: () => records,
    reads: () => [...read],
  });
  watcher.hostConnected();
  watcher.hostUpdate();
  const wasAsked = (): boolean => {
    const asked = requestUpdate.mock.calls.length > 0;
    requestUpdate.mockClear();
    if (asked) watcher.hostUpdate();
    return asked;
  };
  return { session, records, read, watcher, wasAsked };
}

describe("a panel in sight", () => {
  test("renders when the state changes", () => {
    const { session, wasAsked } = open([TAG]);
    session.setLayerFilter("dense");
    expect(wasAsked()).toBe(true);
  });

  test("renders when a record that it reads has come, and not for those of other panels", () => {
    const { records, read, wasAsked } = open([TAG]);
    records.notify();
    expect(wasAsked()).toBe(false);
    read.push({});
    records.notify();
    expect(wasAsked()).toBe(true);
    read[0] = {};
    records.notify();
    expect(wasAsked()).toBe(true);
    records.notify();
    expect(wasAsked()).toBe(false);
  });

  test("does not render because others come into sight or leave it", () => {
    const { session, wasAsked } = open([TAG]);
    session.setInSight(new Set([TAG, "other"]));
    expect(wasAsked()).toBe(false);
  });
});

describe("a panel out of sight", () => {
  test("makes up for a change of the state once it comes into sight", () => {
    const { session, wasAsked } = open();
    session.setLayerFilter("dense");
    expect(wasAsked()).toBe(false);
    session.setInSight(new Set([TAG]));
    expect(wasAsked()).toBe(true);
  });

  test("makes up for records that came, once", () => {
    const { session, records, wasAsked } = open();
    records.notify();
    session.setInSight(new Set([TAG]));
    expect(wasAsked()).toBe(true);
    session.setInSight(new Set());
    session.setInSight(new Set([TAG]));
    expect(wasAsked()).toBe(false);
  });

  test("makes up for what it missed while it was not in the document", () => {
    const { session, watcher, wasAsked } = open([TAG]);
    watcher.hostDisconnected();
    session.setLayerFilter("dense");
    expect(wasAsked()).toBe(false);
    session.setInSight(new Set());
    watcher.hostConnected();
    session.setInSight(new Set([TAG]));
    expect(wasAsked()).toBe(true);
  });
});

describe("what is in sight", () => {
  test("is in the state, of which only those hear who watch what is in sight", () => {
    const { session } = open();
    const heard: string[] = [];
    session.state.subscribe(() => heard.push("state"));
    session.sight.subscribe(() => heard.push("sight"));
    session.setInSight(new Set([TAG]));
    expect(session.state.value.inSight.has(TAG)).toBe(true);
    expect(heard).toEqual(["sight"]);
  });
});

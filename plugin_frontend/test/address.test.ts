import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openAddress } from "../src/api/address.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import type { LinkTexts } from "../src/model/url_state.js";
import { rememberColours } from "../src/state/colour_memory.js";
import { Session } from "../src/state/session.js";
import { type Address, keepInAddress } from "../src/state/url_state.js";

const KEYS = ["view", "at"];

function stubWindow(tensorboard: unknown, hash = "") {
  const listeners: (() => void)[] = [];
  const session = new Map<string, string>();
  const parent = {
    tensorboard,
    addEventListener: (_: string, on: () => void) => listeners.push(on),
  };
  const location = { hash, pathname: "/entry", search: "?name=nnviz" };
  const frame = {
    parent,
    location,
    history: {
      replaceState: (_state: unknown, _title: string, url: string) => {
        location.hash = url.slice(url.indexOf("#"));
      },
    },
    sessionStorage: {
      getItem: (key: string) => session.get(key) ?? null,
      setItem: (key: string, text: string) => session.set(key, text),
    },
    addEventListener: (_: string, on: () => void) => listeners.push(on),
  };
  vi.stubGlobal("window", frame);
  return { frame, location, listeners, session };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the address", () => {
  test("is TensorBoard's, where that can be had", () => {
    const stored = new Map<string, string>([["p.nnviz.view", "histograms"]]);
    const { listeners } = stubWindow({
      tf_storage: {
        getString: (key: string) => stored.get(key),
        setString: (key: string, text: string, options: unknown) => {
          expect(options).toEqual({ defaultValue: "", useLocationReplace: true });
          if (text === "") stored.delete(key);
          else stored.set(key, text);
        },
      },
    });
    const address = openAddress();
    expect(address.read(KEYS)).toEqual({ view: "histograms" });
    address.write({ view: "", at: "3" });
    expect([...stored]).toEqual([["p.nnviz.at", "3"]]);
    const onChange = vi.fn();
    address.watch(onChange);
    for (const listener of listeners) listener();
    expect(onChange).toHaveBeenCalledTimes(1);
    stored.set("__tab__", "scalars");
    for (const listener of listeners) listener();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  test("is the frame's own in a host that has none, is of another origin, or fails", () => {
    const failing = {
      tf_storage: {
        getString: () => {
          throw new Error("changed");
        },
        setString: () => {
          throw new Error("changed");
        },
      },
    };
    for (const tensorboard of [undefined, {}, failing]) {
      const { location } = stubWindow(tensorboard, "#p.nnviz.at=2&other=1");
      const address = openAddress();
      expect(address.read(KEYS)).toEqual({ at: "2" });
      address.write({ at: "", view: "a b&c" });
      expect(location.hash).toBe("#other=1&p.nnviz.view=a+b%26c");
      expect(address.read(KEYS)).toEqual({ view: "a b&c" });
    }
    const { frame } = stubWindow(undefined);
    Object.defineProperty(frame, "parent", {
      get: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    });
    expect(openAddress().read(KEYS)).toEqual({});
  });

  test("is kept by the session of the browser where a reload loses the frame's own", () => {
    const { location } = stubWindow(undefined);
    const address = openAddress();
    address.write({ at: "2" });
    location.hash = "";
    expect(address.read(KEYS)).toEqual({ at: "2" });
  });
});

describe("the session in the address", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function open(texts: Record<string, string>) {
    let onChange = (): void => undefined;
    const writes: LinkTexts[] = [];
    const address: Address = {
      read: () => ({ ...texts }),
      write: (changes) => {
        writes.push(changes);
        Object.assign(texts, changes);
      },
      watch: (callback) => {
        onChange = callback;
      },
    };
    const session = new Session({
      fetchIndex: () => new Promise(() => undefined),
      fetchTimeline: () => new Promise(() => undefined),
      fetchRecords: () => new Promise(() => undefined),
    });
    keepInAddress(session, address);
    return { session, writes, change: () => onChange() };
  }

  test("is opened as the address says", () => {
    const { session } = open({
      view: "histograms",
      tile: "weights/x:3",
      top: "weights/x:40",
      show: "nonsense",
    });
    expect(session.state.value).toMatchObject({
      view: "histograms",
      display: DEFAULT_LINK.display,
    });
    expect(session.pinned.value).toEqual({ tag: "weights/x", tile: 3 });
    expect(session.place.value).toEqual({ tag: "weights/x", offset: 40 });
  });

  test("is written some time after the last of several changes, only what has changed", () => {
    const { session, writes } = open({ view: "histograms" });
    session.setDisplay({ smooth: true });
    vi.advanceTimersByTime(200);
    session.setSpeed(2);
    session.place.set({ tag: "weights/x", offset: 1 });
    vi.advanceTimersByTime(200);
    expect(writes).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(writes).toEqual([{ smooth: "1", speed: "2", top: "weights/x:1" }]);
    session.setDisplay({ smooth: false });
    vi.advanceTimersByTime(400);
    expect(writes.at(-1)).toEqual({ smooth: "" });
  });

  test("follows the address when the reader goes back, and does not take its own writing for that", () => {
    const texts: Record<string, string> = {};
    const { session, change } = open(texts);
    session.setView("histograms");
    vi.advanceTimersByTime(400);
    session.setLoop(true);
    change();
    expect(session.state.value).toMatchObject({ view: "histograms", loop: true });
    delete texts.view;
    texts.speed = "2";
    change();
    expect(session.state.value).toMatchObject({ view: "weights", loop: false, speed: 2 });
  });

  test("stays, and is written anew, where the address has been emptied", () => {
    const texts: Record<string, string> = { view: "histograms" };
    const { session, change } = open(texts);
    delete texts.view;
    change();
    expect(session.state.value.view).toBe("histograms");
    vi.advanceTimersByTime(400);
    expect(texts).toEqual({ view: "histograms" });
  });
});

describe("colours from visit to visit", () => {
  test("are those that were kept, and are kept when chosen", async () => {
    const index = {
      version: 1,
      runs: [{ run: "a/nnviz", name: "a", tags: [], series: [], notices: [], skipped: [] }],
    };
    const session = new Session({
      fetchIndex: async () => index,
      fetchTimeline: () => new Promise(() => undefined),
      fetchRecords: () => new Promise(() => undefined),
    });
    let kept: string | null = JSON.stringify({ assigned: { "a/nnviz": "#ee3377" }, chosen: {} });
    rememberColours(session, {
      read: () => kept,
      write: (text) => {
        kept = text;
      },
    });
    session.setTabVisible(true);
    await vi.waitFor(() => expect(session.state.value.runColours.get("a/nnviz")).toBe("#ee3377"));
    session.setRunColour("a/nnviz", "#000001");
    expect(JSON.parse(kept)).toEqual({
      assigned: { "a/nnviz": "#ee3377" },
      chosen: { "a/nnviz": "#000001" },
    });
  });
});

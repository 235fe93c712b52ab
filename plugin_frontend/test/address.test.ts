import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openAddress } from "../src/api/address.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import type { LinkTexts } from "../src/model/url_state.js";
import type { AppState } from "../src/state/app_state.js";
import { rememberColours } from "../src/state/colour_memory.js";
import { Session } from "../src/state/session.js";
import { type Address, keepInAddress } from "../src/state/url_state.js";

const KEYS = ["view", "at"];

function stubWindow(tensorboard: unknown, hash = "") {
  const listeners: (() => void)[] = [];
  const frameListeners: (() => void)[] = [];
  const session = new Map<string, string>();
  const parent = {
    tensorboard,
    addEventListener: (_: string, on: () => void) => listeners.push(on),
  };
  const location = { hash, pathname: "/entry", search: "?name=nnviz" };
  const entries = [hash];
  const goTo = (url: string): void => {
    location.hash = url.slice(url.indexOf("#"));
    entries[entries.length - 1] = location.hash;
  };
  const hostHistory = {
    state: { theirs: 1 } as unknown,
    replaceState: (state: unknown) => {
      hostHistory.state = state;
    },
  };
  const history = {
    state: null as unknown,
    replaceState: (state: unknown, _title: string, url: string) => {
      history.state = state;
      goTo(url);
    },
    pushState: (state: unknown, title: string, url: string) => {
      entries.push("");
      history.replaceState(state, title, url);
    },
  };
  const frame = {
    parent: Object.assign(parent, { history: hostHistory }),
    location,
    history,
    sessionStorage: {
      getItem: (key: string) => session.get(key) ?? null,
      setItem: (key: string, text: string) => session.set(key, text),
    },
    addEventListener: (_: string, on: () => void) => frameListeners.push(on),
  };
  vi.stubGlobal("window", frame);
  return { frame, location, listeners, session, entries, hostHistory };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the address", () => {
  test("is TensorBoard's, where that can be had", () => {
    const stored = new Map<string, string>([["p.nnviz.view", "histograms"]]);
    const replaced: boolean[] = [];
    const { listeners, hostHistory } = stubWindow({
      tf_storage: {
        getString: (key: string) => stored.get(key),
        setString: (key: string, text: string, options: { useLocationReplace: boolean }) => {
          expect(options).toMatchObject({ defaultValue: "" });
          replaced.push(options.useLocationReplace);
          if (text === "") stored.delete(key);
          else stored.set(key, text);
        },
      },
    });
    const address = openAddress();
    expect(address.read(KEYS)).toEqual({ view: "histograms" });
    expect(address.write({ view: "", at: "3" }, "replace")).toBe(true);
    expect([...stored]).toEqual([["p.nnviz.at", "3"]]);
    expect(replaced).toEqual([true, true]);
    // Of several keys the first alone makes an entry of the history.
    expect(address.write({ view: "graph", at: "4", show: "value" }, "push")).toBe(true);
    expect(replaced.slice(2)).toEqual([false, true, true]);
    // An entry of ours without keys is told from an address that says nothing of us.
    stored.clear();
    expect(hostHistory.state).toEqual({ theirs: 1, nnviz: true });
    expect(address.read(KEYS)).toEqual({});
    hostHistory.state = null;
    expect(address.read(KEYS)).toBeNull();
    const onChange = vi.fn();
    address.watch(onChange);
    for (const listener of listeners) listener();
    expect(onChange).toHaveBeenCalledTimes(1);
    stored.set("__tab__", "scalars");
    for (const listener of listeners) listener();
    expect(onChange).toHaveBeenCalledTimes(1);
    // Nor is another tab's address written to.
    expect(address.write({ at: "5" }, "push")).toBe(false);
    expect(stored.get("p.nnviz.at")).toBeUndefined();
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
      const { location, entries } = stubWindow(tensorboard, "#p.nnviz.at=2&other=1");
      const address = openAddress();
      expect(address.read(KEYS)).toEqual({ at: "2" });
      address.write({ at: "", view: "a b&c" }, "replace");
      expect(location.hash).toBe("#other=1&p.nnviz.view=a+b%26c");
      expect(address.read(KEYS)).toEqual({ view: "a b&c" });
      address.write({ view: "graph" }, "push");
      expect(entries).toEqual(["#other=1&p.nnviz.view=a+b%26c", "#other=1&p.nnviz.view=graph"]);
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
    const { location, frame } = stubWindow(undefined);
    const address = openAddress();
    address.write({ at: "2" }, "replace");
    location.hash = "";
    frame.history.state = null;
    expect(address.read(KEYS)).toEqual({ at: "2" });
    // Where it is we who have left it empty, all is as by default.
    address.write({ at: "" }, "push");
    expect(address.read(KEYS)).toEqual({});
  });
});

describe("the session in the address", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  // A browser: what the address has in each entry of the history.
  function open(texts: Record<string, string>, fetchIndex?: () => Promise<unknown>) {
    let onChange = (): void => undefined;
    let entries: readonly (LinkTexts | null)[] = [texts];
    let isOurs = true;
    const writes: LinkTexts[] = [];
    const here = (): LinkTexts | null => entries.at(-1) ?? null;
    const address: Address = {
      read: here,
      write: (changes, history) => {
        if (!isOurs) return false;
        writes.push(changes);
        const changed = Object.entries({ ...here(), ...changes }).filter(([, text]) => text !== "");
        const kept = history === "push" ? entries : entries.slice(0, -1);
        entries = [...kept, Object.fromEntries(changed)];
        return true;
      },
      watch: (callback) => {
        onChange = callback;
      },
    };
    const session = new Session({
      fetchIndex: fetchIndex ?? (() => new Promise(() => undefined)),
      fetchTimeline: () => new Promise(() => undefined),
      fetchRecords: () => new Promise(() => undefined),
    });
    keepInAddress(session, address);
    return {
      session,
      writes,
      entries: () => entries,
      setOurs: (ours: boolean) => {
        isOurs = ours;
        if (ours) onChange();
      },
      back: () => {
        entries = entries.slice(0, -1);
        onChange();
      },
      go: (changed: LinkTexts | null) => {
        entries = [...entries, changed];
        onChange();
      },
    };
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

  test("has an entry of the history for every choice, whatever changes along with it", () => {
    const { session, entries } = open({ view: "histograms" });
    session.looks.setDisplay({ smooth: true });
    session.place.set({ tag: "weights/x", offset: 1 });
    vi.advanceTimersByTime(10);
    session.timeline.setSpeed(2);
    vi.advanceTimersByTime(10);
    expect(entries()).toEqual([
      { view: "histograms" },
      { view: "histograms", smooth: "1", top: "weights/x:1" },
      { view: "histograms", smooth: "1", top: "weights/x:1", speed: "2" },
    ]);
    session.looks.setDisplay({ smooth: false });
    vi.advanceTimersByTime(10);
    expect(entries().at(-1)).toEqual({ view: "histograms", top: "weights/x:1", speed: "2" });
  });

  // Five runs, of which the first four are ticked; then a sixth that comes before all of them.
  async function openRuns(names: string, texts: Record<string, string> = {}) {
    let shown = names;
    const opened = open(texts, async () => ({
      version: 1,
      runs: [...shown].map((name) => ({
        run: name,
        name,
        tags: [],
        series: [],
        notices: [],
        skipped: [],
      })),
    }));
    const settle = () => vi.advanceTimersByTimeAsync(1000);
    opened.session.setTabVisible(true);
    await settle();
    const ticked = () => opened.session.derived.runs.map(({ name }) => name).join("");
    const reload = async (runs: string) => {
      shown = runs;
      opened.session.reload();
      await settle();
    };
    return { ...opened, settle, ticked, reload };
  }

  test("says of as many runs as it takes to tick the same ones in another browser", async () => {
    const { session, entries, ticked, settle } = await openRuns("bcdefg");
    const toggleAll = async (runs: string) => {
      for (const run of runs) {
        session.runs.toggle(run);
        await settle();
        const link = entries().at(-1) ?? {};
        expect((await openRuns("bcdefg", link)).ticked(), link.runs ?? "").toBe(ticked());
      }
      return [ticked(), entries().at(-1)?.runs];
    };
    expect(await toggleAll("f")).toEqual(["bcdef", "b,c,d,e,f"]);
    expect(await toggleAll("cc")).toEqual(["bcdef", "b,c,d,e,f"]);
    expect(await toggleAll("bf")).toEqual(["cde", "!b,c,d,e,!f,!g"]);
  });

  test("says which runs are shown where later ones would take their place, in the entry that is there", async () => {
    const { session, entries, ticked, reload, back, settle } = await openRuns("bcdef");
    session.setView("histograms");
    await settle();
    expect(entries()).toEqual([{}, { view: "histograms" }]);
    await reload("abcdef");
    expect(ticked()).toBe("bcde");
    expect(entries()).toEqual([{}, { view: "histograms", runs: "b,c,d,e" }]);
    session.runs.toggle("a");
    await settle();
    expect(entries().slice(1)).toEqual([
      { view: "histograms", runs: "b,c,d,e" },
      { view: "histograms", runs: "a,b,c,d,e" },
    ]);
    back();
    expect(ticked()).toBe("bcde");
  });

  test("ticks the same runs as in another browser also in a page that was opened with others", async () => {
    for (const runs of ["b,c,d,e,f,g", "b,c", "!b,!c,!d,!e,!f,!g", "f"]) {
      const { ticked, go, settle, entries } = await openRuns("bcdefg", { runs });
      go({ view: "histograms" });
      await settle();
      expect(ticked()).toBe("bcde");
      expect(entries().at(-1)).toEqual({ view: "histograms" });
    }
  });

  test("is written into the entry that is there when moving has paused, only what has changed", () => {
    const { session, writes, entries } = open({ view: "histograms" });
    session.looks.setSample(1);
    vi.advanceTimersByTime(200);
    session.looks.setSample(2);
    session.place.set({ tag: "weights/x", offset: 1 });
    vi.advanceTimersByTime(200);
    expect(writes).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(writes).toEqual([{ sample: "2", top: "weights/x:1" }]);
    expect(entries()).toHaveLength(1);
  });

  test("is written where playing stops, also where nothing else changes by that", () => {
    const { session, writes } = open({});
    const set = (change: Partial<AppState>): void => {
      session.state.set({ ...session.state.value, ...change });
      vi.advanceTimersByTime(1000);
    };
    // Slowly: without points there is nothing to play on to.
    set({ speed: 0.01 });
    writes.length = 0;
    set({ playing: true });
    for (const sample of [1, 2, 3]) set({ sample });
    expect(writes).toEqual([]);
    set({ playing: false });
    expect(writes).toEqual([{ sample: "3" }]);
    set({ theme: "dark" });
    expect(writes).toHaveLength(1);
  });

  test("is written at once where somebody is about to copy it", () => {
    const { session, entries } = open({});
    for (const tile of [1, 2, 3]) {
      session.openTile({ tag: "weights/x", tile });
      vi.advanceTimersByTime(20);
    }
    // A choice held down is written when it has paused.
    expect(entries().at(-1)?.tile).toBe("weights/x:2");
    session.openTile({ tag: "weights/x", tile: 4 });
    session.addressWanted.notify();
    expect(entries().at(-1)?.tile).toBe("weights/x:4");
    expect(entries()).toHaveLength(3);
    vi.advanceTimersByTime(1000);
    expect(entries()).toHaveLength(3);
  });

  test("leaves what has moved before a choice in the entry before it", () => {
    const { session, entries } = open({});
    session.looks.setSample(3);
    vi.advanceTimersByTime(50);
    session.setView("activations");
    session.looks.setSample(4);
    vi.advanceTimersByTime(50);
    expect(entries()).toEqual([{ sample: "3" }, { view: "activations", sample: "4" }]);
  });

  test("keeps what is typed within one stay in a field, and a choice held down, in one entry", () => {
    const { session, entries } = open({});
    for (const [stay, text] of [
      [1, "c"],
      [1, "co"],
      [1, "con"],
      [2, "conv"],
    ] as const) {
      session.typing = stay;
      session.setLayerFilter(text);
      vi.advanceTimersByTime(2000);
    }
    expect(entries()).toEqual([{}, { layers: "con" }, { layers: "conv" }]);
    session.typing = 0;
    for (const speed of [2, 4, 8]) {
      session.timeline.setSpeed(speed);
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(400);
    session.timeline.setSpeed(1);
    vi.advanceTimersByTime(400);
    expect(entries().slice(3)).toEqual([{ layers: "conv", speed: "8" }, { layers: "conv" }]);
  });

  test("moves the slider of an axis within an entry, and has one for another place of the axis", () => {
    const { session, entries } = open({});
    const placement = { rows: ["gate"], columns: [], sliders: new Map([["unit", 1]]) };
    session.looks.setPlacement("weights/x", placement);
    vi.advanceTimersByTime(400);
    session.looks.setPlacement("weights/x", { ...placement, sliders: new Map([["unit", 2]]) });
    vi.advanceTimersByTime(400);
    expect(entries()).toEqual([{}, { axes: "weights/x:gate||unit!2" }]);
  });

  test("follows the address when the reader goes back, and does not take its own writing for that", () => {
    const { session, back, go, entries } = open({});
    session.setView("histograms");
    vi.advanceTimersByTime(400);
    session.timeline.setLoop(true);
    go(entries().at(-1) ?? {});
    expect(session.state.value).toMatchObject({ view: "histograms", loop: true });
    vi.advanceTimersByTime(400);
    go({ speed: "2" });
    expect(session.state.value).toMatchObject({ view: "weights", loop: false, speed: 2 });
    back();
    expect(session.state.value).toMatchObject({ view: "histograms", loop: true, speed: 1 });
    vi.advanceTimersByTime(400);
    expect(entries().at(-1)).toEqual({ view: "histograms", loop: "1" });
  });

  test("stays, and is written anew into the same entry, where the address has been emptied", () => {
    const { session, go, entries } = open({ view: "histograms" });
    go(null);
    expect(session.state.value.view).toBe("histograms");
    vi.advanceTimersByTime(400);
    expect(entries()).toEqual([{ view: "histograms" }, { view: "histograms" }]);
  });

  test("waits, where another tab has the address, until that is ours again", () => {
    const { session, entries, setOurs } = open({});
    setOurs(false);
    session.setView("histograms");
    session.looks.setSample(2);
    vi.advanceTimersByTime(2000);
    expect(entries()).toEqual([{}]);
    setOurs(true);
    vi.advanceTimersByTime(400);
    expect(entries()).toEqual([{ view: "histograms", sample: "2" }]);
  });

  test("leaves alone what it cannot read until something changes", () => {
    const { session, entries } = open({ show: "nonsense", sample: "1" });
    vi.advanceTimersByTime(2000);
    expect(entries()).toEqual([{ show: "nonsense", sample: "1" }]);
    session.looks.setSample(2);
    vi.advanceTimersByTime(400);
    expect(entries()).toEqual([{ sample: "2" }]);
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
    session.runs.setColour("a/nnviz", "#000001");
    expect(JSON.parse(kept)).toEqual({
      assigned: { "a/nnviz": "#ee3377" },
      chosen: { "a/nnviz": "#000001" },
    });
  });
});

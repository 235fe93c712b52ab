import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pressKey } from "../src/components/keys.js";
import {
  fitStop,
  layerStops,
  splitStopName,
  stagePlacement,
  stopAfter,
} from "../src/model/layer_player.js";
import { DEFAULT_LINK } from "../src/model/link.js";
import { parseIndex } from "../src/model/parse_index.js";
import type { Axis } from "../src/model/record.js";
import { NO_REFERENCE } from "../src/model/reference.js";
import { panelsOf } from "../src/model/runs.js";
import { scaleOverSteps } from "../src/state/scale_over_steps.js";
import { Session } from "../src/state/session.js";
import { placementOnStage, runsWithoutStop, stageSamples } from "../src/state/stage.js";
import { encodeTiles, itemOf } from "./encode.js";

const ALL = [
  "samples",
  "activations/conv2d",
  "activations/conv2d/pre_activation",
  "activations/conv2d_1",
  "activations/conv2d_1/pre_activation",
  "activations/block/dense#2",
];

function tagOf(tag: string): unknown {
  const view = tag.split("/")[0];
  const path = tag.split("/").slice(1).join("/");
  const role = tag.endsWith("/pre_activation") ? "pre_activation" : "output";
  const layer = { layer_path: path.replace("/pre_activation", ""), layer_type: "Conv2D", role };
  const source = view === "samples" ? { role: "samples" } : layer;
  return { tag, kind: "tiles", view, series: 0, source };
}

function indexOf(runs: Record<string, readonly string[]>, steps: readonly number[]): unknown {
  return {
    version: 1,
    runs: Object.entries(runs).map(([name, tags]) => ({
      run: `${name}/nnviz`,
      name,
      tags: tags.map(tagOf),
      series: [{ steps, wall_times: steps, logged: steps.length }],
      notices: [],
      skipped: [],
    })),
  };
}

function panels(tags: readonly string[] = ALL) {
  const parsed = parseIndex(indexOf({ a: tags }, [0]));
  if (!parsed.ok) throw new Error(parsed.message);
  return panelsOf(parsed.value.runs, "activations");
}

const names = (passing = ALL) => {
  const all = panels();
  return layerStops(
    all,
    all.filter(({ tag }) => passing.includes(tag)),
  ).map(({ name }) => name);
};

const VALUES = { show: "value", reference: NO_REFERENCE } as const;

describe("the stops of a walk through the layers", () => {
  test("are the input and the output of every layer, in network order, whatever comes before activations", () => {
    expect(names()).toEqual(["input", "conv2d", "conv2d_1", "block/dense#2"]);
  });

  test("are those of the filter, and the input always", () => {
    expect(names(["activations/conv2d_1"])).toEqual(["input", "conv2d_1"]);
  });

  test("are what comes before the activations where nothing else passes the filter", () => {
    expect(names(["activations/conv2d/pre_activation"])).toEqual([
      "input",
      "conv2d/pre_activation",
    ]);
  });

  test("are none where there is no layer to go to", () => {
    expect(names([])).toEqual([]);
    expect(names(["samples"])).toEqual([]);
    expect(layerStops([], [])).toEqual([]);
  });

  test("name each input of several", () => {
    const all = panels(["samples/left", "samples/right", "activations/dense"]);
    const found = layerStops(all, all);
    expect(found.map(({ name }) => name)).toEqual(["input left", "input right", "dense"]);
    expect(found.map(({ layerType }) => layerType)).toEqual([null, null, "Conv2D"]);
  });
});

describe("the stop of an address", () => {
  const stops = layerStops(panels(), panels());
  const at = (tag: string) => fitStop(stops, tag, ALL);

  test("is the one of its tag", () => {
    expect(ALL.map(at)).toEqual([0, 1, 1, 2, 2, 3]);
  });

  test("is the first where the tag is unknown, and none where there are no stops", () => {
    expect(at("")).toBe(0);
    expect(at("activations/gone")).toBe(0);
    expect(fitStop([], "activations/conv2d", ALL)).toBe(-1);
  });

  test("is the last one before a layer that is filtered out", () => {
    const few = stops.filter(({ name }) => name !== "conv2d_1");
    expect(fitStop(few, "activations/conv2d_1", ALL)).toBe(1);
  });

  test("always is a stop, of those whose tag stands no later where there is one", () => {
    fc.assert(
      fc.property(
        fc.subarray([...stops], { minLength: 1 }),
        fc.constantFrom(...ALL, "other"),
        (some, tag) => {
          const index = fitStop(some, tag, ALL);
          const found = some[index];
          expect(found).toBeDefined();
          const place = ALL.indexOf(tag);
          const earlier = some.filter(({ panel }) => ALL.indexOf(panel.tag) <= place);
          expect(found).toBe(earlier.at(-1) ?? some[0]);
        },
      ),
    );
  });
});

describe("playing through the stops", () => {
  test("goes to every stop once and ends, or begins again where it loops", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), (count) => {
        const seen = [0];
        for (let at = stopAfter(count, 0, false); at !== null; at = stopAfter(count, at, false))
          seen.push(at);
        expect(seen).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(stopAfter(count, count - 1, true)).toBe(0);
      }),
    );
  });

  test("goes nowhere from a lone stop", () => {
    expect([stopAfter(1, 0, false), stopAfter(1, 0, true), stopAfter(0, -1, false)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("the stage", () => {
  const axis = (name: string, size: number): Axis => ({
    name,
    size,
    fullSize: size,
    labels: null,
    represents: null,
  });

  test("shows one sample, its channels side by side", () => {
    expect(stagePlacement([axis("sample", 8), axis("channel", 16)], 3)).toEqual({
      rows: [],
      columns: ["channel"],
      sliders: new Map([["sample", 3]]),
    });
    expect(stagePlacement([axis("sample", 8)], 3)).toEqual({
      rows: [],
      columns: [],
      sliders: new Map([["sample", 3]]),
    });
  });

  test("leaves the other axes where they are by default", () => {
    const volume = [axis("sample", 8), axis("channel", 4), axis("depth", 5)];
    expect(stagePlacement(volume, 0)).toMatchObject({ rows: ["channel"], columns: ["depth"] });
    expect(stagePlacement([axis("sample", 1), axis("unit", 4)], 2)).toEqual({
      rows: [],
      columns: ["unit"],
      sliders: new Map(),
    });
  });

  test("parts the name of a stop so that its own part can stay whole", () => {
    expect(splitStopName("block_1/unit_2/conv2d")).toEqual(["block_1/unit_2/", "conv2d"]);
    expect(splitStopName("conv2d")).toEqual(["", "conv2d"]);
  });
});

const AXES = [
  { name: "sample", size: 3 },
  { name: "height", size: 1 },
  { name: "width", size: 2 },
];

async function open(runs: Record<string, readonly string[]> = { a: ALL }, steps = [0, 1, 2]) {
  const values = new Float32Array(6).fill(1);
  const asked: string[] = [];
  const held = { tags: new Set<string>() };
  const session = new Session({
    fetchIndex: async () => indexOf(runs, steps),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: async (items, part) => {
      asked.push(...items.map(({ tag, step }) => `${tag.split("/").slice(1).join("/")}@${step}`));
      while (items.some(({ tag }) => held.tags.has(tag))) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return items.map(({ step }) =>
        itemOf(encodeTiles({ axes: AXES, values, precision: "uint8", step }), part),
      );
    },
  });
  session.setView("activations");
  session.setTabVisible(true);
  await settle();
  return { session, asked, held };
}

const settle = () => vi.advanceTimersByTimeAsync(1);
const stopOf = ({ derived }: Session) => derived.stage?.name ?? null;

describe("the player of layers", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("shows all layers at first, and offers stops in the activations alone", async () => {
    const { session } = await open({ a: [...ALL, "templates/conv2d"] });
    expect(stopOf(session)).toBeNull();
    expect(session.derived.stops).toHaveLength(4);
    session.setView("templates");
    expect(session.derived.stops).toHaveLength(0);
    session.layers.togglePlaying();
    session.layers.setMode("one");
    expect(session.state.value).toMatchObject({ layerMode: "all", playingLayers: false });
  });

  test("plays a layer a second from the input to the last, and stays there", async () => {
    const { session } = await open();
    session.layers.togglePlaying();
    const seen = [stopOf(session)];
    for (let second = 0; second < 5; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      seen.push(stopOf(session));
    }
    expect(seen).toEqual([
      "input",
      "conv2d",
      "conv2d_1",
      "block/dense#2",
      "block/dense#2",
      "block/dense#2",
    ]);
    expect(session.state.value.playingLayers).toBe(false);
    session.layers.togglePlaying();
    expect(stopOf(session)).toBe("input");
  });

  test("begins again where the timeline's loop is chosen, at the timeline's speed", async () => {
    const { session } = await open();
    session.timeline.setLoop(true);
    session.timeline.setSpeed(2);
    session.layers.goTo(3);
    session.layers.togglePlaying();
    expect(stopOf(session)).toBe("input");
    await vi.advanceTimersByTimeAsync(4 * 500 + 10);
    expect(stopOf(session)).toBe("input");
    expect(session.state.value.playingLayers).toBe(true);
  });

  test("and the timeline never play at once", async () => {
    const { session } = await open();
    session.timeline.togglePlaying();
    session.layers.togglePlaying();
    expect(session.state.value).toMatchObject({ playing: false, playingLayers: true });
    session.timeline.togglePlaying();
    expect(session.state.value).toMatchObject({ playing: true, playingLayers: false });
  });

  test("stops where another view, all layers, a link or another tab is shown", async () => {
    const { session } = await open({ a: [...ALL, "templates/conv2d"] });
    const leaves = [
      () => session.setView("templates"),
      () => session.layers.setMode("all"),
      () => session.restore({ ...DEFAULT_LINK, view: "activations", layerMode: "one" }),
      () => session.setTabVisible(false),
      () => session.setLayerFilter("no such layer"),
      () => session.layers.move(1),
    ];
    for (const leave of leaves) {
      session.setTabVisible(true);
      session.setLayerFilter("");
      session.setView("activations");
      session.layers.togglePlaying();
      expect(session.state.value.playingLayers).toBe(true);
      leave();
      expect(session.state.value.playingLayers).toBe(false);
    }
  });

  test("asks for what the next stops show before it is there", async () => {
    const { session, asked } = await open();
    session.layers.goTo(1);
    await settle();
    expect(asked.slice(0, 3).toSorted()).toEqual(["@2", "conv2d@2", "conv2d_1@2"]);
    expect(asked).not.toContain("block/dense#2@2");
    session.layers.togglePlaying();
    await settle();
    expect(asked).toContain("block/dense#2@2");
  });

  test("waits at a stop until the next one is here", async () => {
    const { session, held } = await open();
    session.layers.goTo(0);
    await settle();
    held.tags.add("activations/conv2d_1");
    session.layers.togglePlaying();
    await vi.advanceTimersByTimeAsync(4000);
    expect(stopOf(session)).toBe("conv2d");
    held.tags.clear();
    await vi.advanceTimersByTimeAsync(1200);
    expect(stopOf(session)).toBe("conv2d_1");
  });

  test("goes to the layer that was in sight, and back to it", async () => {
    const { session } = await open();
    session.place.set({ tag: "activations/conv2d_1/pre_activation", offset: 10 });
    session.layers.setMode("one");
    expect(stopOf(session)).toBe("conv2d_1");
    session.layers.move(1);
    session.layers.move(1);
    expect(stopOf(session)).toBe("block/dense#2");
    session.layers.setMode("all");
    expect(session.place.value?.tag).toBe("activations/block/dense#2");
    session.layers.goTo(17);
    expect(session.state.value.layerMode).toBe("all");
  });

  test("names the runs that lack the layer", async () => {
    const { session } = await open({ a: ALL.slice(0, 2), b: ALL });
    session.layers.goTo(2);
    const { stage } = session.derived;
    expect(stage?.panel.members.map(({ run }) => run.name)).toEqual(["b"]);
    expect(runsWithoutStop(session.derived).map(({ name }) => name)).toEqual(["a"]);
    session.layers.goTo(0);
    expect(runsWithoutStop(session.derived)).toEqual([]);
  });

  test("shows the chosen sample, none beyond the last", async () => {
    const { session } = await open();
    expect(stageSamples(session)).toBeNull();
    session.layers.goTo(1);
    await settle();
    session.looks.setSample(1);
    expect(stageSamples(session)).toEqual({ count: 3, index: 1, text: "1" });
    session.looks.setSample(12);
    expect(stageSamples(session)).toMatchObject({ index: 2 });
    const { stage, allPanels } = session.derived;
    const axes = [{ name: "sample", size: 3, fullSize: 3, labels: null, represents: null }];
    const placed = (tag: string) => {
      const panel = allPanels.find((each) => each.tag === tag);
      return panel && placementOnStage(panel, session.state.value, session.derived, axes);
    };
    expect(placed(stage?.panel.tag ?? "")?.sliders).toEqual(new Map([["sample", 12]]));
    expect(placed("samples")).toBeNull();
  });

  test("reads all steps of a layer where the scale is fixed over them, and no samples for it", async () => {
    const { session, asked } = await open(undefined, [0, 1, 2, 3, 4, 5]);
    session.setLayerFilter("conv2d_1");
    session.looks.setDisplay({ scale: "fixed" });
    const progress = () => {
      const { stage } = session.derived;
      return (
        stage && scaleOverSteps(stage.panel, VALUES, session.derived, session.extremes).progress
      );
    };
    session.layers.goTo(0);
    await settle();
    // The latest step and the one before it; the name of the samples has no second part.
    expect(asked.filter((each) => each.startsWith("@")).toSorted()).toEqual(["@4", "@5"]);
    session.layers.goTo(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(stopOf(session)).toBe("conv2d_1");
    expect(progress()).toEqual({ read: 6, of: 6 });
  });

  test("has keys: to play, to choose, and from layer to layer", async () => {
    const { session } = await open();
    const goToPanel = vi.fn();
    const screen = {
      session,
      focusFilter: vi.fn(),
      goToPanel,
      goToRun: vi.fn(),
      moveTile: vi.fn(),
      showHelp: vi.fn(),
      exportPanel: vi.fn(),
    };
    pressKey(screen, "]");
    expect(goToPanel).toHaveBeenCalledWith(1);
    pressKey(screen, "m");
    pressKey(screen, "]");
    pressKey(screen, "]");
    pressKey(screen, "[");
    expect(stopOf(session)).toBe("conv2d");
    expect(goToPanel).toHaveBeenCalledTimes(1);
    pressKey(screen, "p");
    expect(session.state.value.playingLayers).toBe(true);
    expect(session.state.value.histogramDisplay).toEqual(DEFAULT_LINK.histogramDisplay);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadText, responseTitle, sampleFacts, zerosText } from "../src/model/activation_words.js";
import { deadChannels, zeroShare } from "../src/model/dead_channels.js";
import { decodeValues } from "../src/model/dequantise.js";
import { otherShapeText } from "../src/model/facts.js";
import { layoutTiles, NO_WISHES, placeTile } from "../src/model/layout.js";
import { pinnedTileOf } from "../src/model/link.js";
import { linkedTile } from "../src/model/linked_tiles.js";
import type { Source } from "../src/model/record.js";
import { tilePlace } from "../src/model/tile_place.js";
import type { Tiles } from "../src/model/tiles.js";
import { deadMarks, paintMarks } from "../src/render/dead_marks.js";
import { areOtherSamples } from "../src/state/activations_view.js";
import { exactTiles } from "./decode.js";
import type { AxisSpec, TilesSpec } from "./encode.js";

const SOURCE: Source = {
  variablePath: null,
  layerPath: "block/conv2d",
  layerIndex: 1,
  layerType: "Conv2D",
  role: "output",
  variableShape: null,
  samplesDigest: null,
};

const maps = (sample: number, channel: number, side = 2): readonly AxisSpec[] => [
  { name: "sample", size: sample },
  { name: "channel", size: channel },
  { name: "height", size: side },
  { name: "width", size: side },
];
const strips = (sample: number, width: number, fullSize = width): readonly AxisSpec[] => [
  { name: "sample", size: sample },
  { name: "height", size: 1 },
  { name: "width", size: width, fullSize, represents: "unit" },
];

function record(
  axes: readonly AxisSpec[],
  values: readonly number[],
  precision: TilesSpec["precision"] = "float32",
  meaning: "signed" | "non_negative" | "image" = "non_negative",
): Tiles {
  return exactTiles({ axes, values: Float32Array.from(values), precision, meaning });
}

const blank = (axes: readonly AxisSpec[], meaning?: "image" | "signed") =>
  record(axes, new Array(axes.reduce((n, { size }) => n * size, 1)).fill(0), "float32", meaning);

describe("dead channels", () => {
  test("are those that are 0 at every place for every sample", () => {
    // Channel 0 responds to sample 1 only, channel 1 to none, channel 2 is −1 throughout: constant, but not dead.
    const values = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [-1, -1, -1, -1],
      [0, 0, 3, 0],
      [0, 0, 0, 0],
      [-1, -1, -1, -1],
    ];
    const found = deadChannels(record(maps(2, 3), values.flat()));
    expect([...(found?.mask ?? [])]).toEqual([0, 1, 0]);
    expect(found).toMatchObject({ along: "tiles", word: "channel", dead: 1, of: 3, samples: 2 });
  });

  test("are none of those that hold NaN or an infinity", () => {
    for (const odd of [Number.NaN, Infinity, -Infinity]) {
      expect(deadChannels(record(maps(1, 1), [0, odd, 0, 0]))?.dead).toBe(0);
      expect(deadChannels(record(strips(1, 2), [0, odd]))?.mask).toEqual(Uint8Array.of(1, 0));
    }
  });

  test("of strips and sequences are columns, and say where small values may count as 0", () => {
    const found = deadChannels(record(strips(2, 3), [0, 0, 1, 0, 2, 0]));
    expect(found).toMatchObject({ along: "width", word: "unit", dead: 1, rounded: false });
    expect(found?.mask).toEqual(Uint8Array.of(1, 0, 0));
    expect(deadChannels(record(strips(1, 3), [0, 0, 1], "uint8"))?.rounded).toBe(true);
    const sequence = [
      { name: "sample", size: 1 },
      { name: "height", size: 2, represents: "step" },
      { name: "width", size: 2, represents: "channel" },
    ];
    expect(deadChannels(record(sequence, [0, 0, 0, 5]))?.mask).toEqual(Uint8Array.of(1, 0));
  });

  test("are not asked of records without samples or channels", () => {
    expect(deadChannels(blank(maps(2, 2).slice(1)))).toBeNull();
    const pictures = maps(2, 2).filter(({ name }) => name !== "channel");
    expect(deadChannels(blank(pictures))).toBeNull();
  });

  test("are the same by statistics and by values, whatever the axes and the precision", () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }));
    const precision = fc.constantFrom<TilesSpec["precision"]>("float32", "uint8");
    fc.assert(
      fc.property(
        sizes,
        precision,
        fc.infiniteStream(fc.constantFrom(0, 0, 0, 1)),
        (size, kind, stream) => {
          const [samples, channels] = size;
          const cells = [...stream.take(samples * channels * 4)];
          const tiles = record(maps(samples, channels), cells, kind);
          const values = decodeValues(tiles);
          const mask = Array.from({ length: channels }, (_, channel) =>
            values.every(
              (value, index) => Math.floor(index / 4) % channels !== channel || value === 0,
            )
              ? 1
              : 0,
          );
          expect([...(deadChannels(tiles)?.mask ?? [])]).toEqual(mask);
          const vectors = record(
            strips(samples, channels),
            cells.slice(0, samples * channels),
            kind,
          );
          const columns = Array.from({ length: channels }, (_, unit) =>
            decodeValues(vectors).every((value, index) => index % channels !== unit || value === 0)
              ? 1
              : 0,
          );
          expect([...(deadChannels(vectors)?.mask ?? [])]).toEqual(columns);
        },
      ),
    );
  });

  test("are painted gray where they are shown, and nothing else is", () => {
    const values = [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1];
    const tiles = record(maps(2, 2), values);
    const content = { tiles: 4, rowLength: 2, tileHeight: 2, tileWidth: 2 };
    const layout = layoutTiles(content, { width: 400, height: 400 }, NO_WISHES);
    // Columns exchanged: channel 0, which is dead, stands on the right.
    const order = Int32Array.of(1, 0, 3, 2);
    const marks = deadMarks(layout, tiles, order, deadChannels(tiles));
    const right = [1, 3].map((place) => placeTile(layout, place));
    expect(marks).toEqual(right.map((place) => ({ ...place, width: 2, height: 2 })));
    const pixels = new Uint32Array(layout.width * layout.height);
    paintMarks(pixels, layout, marks, "light");
    expect(pixels.filter((pixel) => pixel !== 0)).toHaveLength(2 * 4);
    for (const { left, top } of right) expect(pixels[top * layout.width + left]).not.toBe(0);
    expect(deadMarks(layout, tiles, order, null)).toEqual([]);
  });

  test("of a folded strip are found in all its lines", () => {
    const tiles = record(
      strips(1, 40),
      Array.from({ length: 40 }, (_, unit) => unit % 20),
    );
    const content = { tiles: 1, rowLength: null, tileHeight: 1, tileWidth: 40 };
    const layout = layoutTiles(content, { width: 160, height: 400 }, NO_WISHES);
    expect(layout.folded).toBe(true);
    const marks = deadMarks(layout, tiles, null, deadChannels(tiles));
    const cells = marks.map(({ left, top }) => top * layout.tileWidth + left);
    expect(cells).toEqual([0, 20]);
  });
});

describe("what is said of activations", () => {
  test("is what the tiles are, and how many of what there are", () => {
    const facts = (axes: readonly AxisSpec[], meaning?: "image" | "signed") =>
      sampleFacts(blank(axes, meaning).header)?.join(" · ");
    const cut = maps(16, 8, 26).map((axis) =>
      axis.name === "channel" ? { ...axis, fullSize: 32 } : axis,
    );
    expect(facts(cut)).toBe("26×26 maps · 8 of 32 channels · 16 samples");
    expect(facts(strips(16, 64, 128))).toBe("128 units · 16 samples");
    const pictures = maps(4, 1).filter(({ name }) => name !== "channel");
    expect(facts(pictures, "image")).toBe("2×2 pictures · 4 samples");
    expect(facts([...pictures, { name: "color", size: 3 }], "image")).toBe(
      "2×2 colour pictures · 4 samples",
    );
    const table = strips(1, 8).map(({ name, size }) => ({ name, size }));
    expect(facts(table, "signed")).toBe("8 values · 1 sample");
    const sequence = [
      { name: "sample", size: 2 },
      { name: "height", size: 28, represents: "step" },
      { name: "width", size: 32, represents: "channel" },
    ];
    expect(facts(sequence)).toBe("28 steps ↓ 32 channels → · 2 samples");
    expect(facts(maps(2, 2).slice(1))).toBeUndefined();
  });

  test("of another run is only what differs", () => {
    const header = (samples: number, channels: number) => blank(maps(samples, channels)).header;
    expect(otherShapeText(header(10, 8), header(16, 8))).toBe("10 samples");
    expect(otherShapeText(header(16, 8), header(16, 8))).toBe("");
  });

  test("names outputs, calls and what comes before the activation", () => {
    const title = (path: string, role: string | null = "output") =>
      responseTitle(path, { ...SOURCE, role });
    expect(title("block/conv2d")).toBe("output");
    expect(title("block/conv2d/pre_activation", "pre_activation")).toBe("pre-activation");
    expect(title("block/conv2d#2:1")).toBe("call 2 · output 1");
    expect(title("block/conv2d:0/pre_activation", "pre_activation")).toBe("pre-activation 0");
    expect(title("block/conv2d_1")).toBeNull();
    expect(title("block/conv2d", "kernel")).toBeNull();
  });

  test("counts dead channels and zeros, and says over what", () => {
    const tiles = record(strips(2, 3, 9), [0, 0, 1, 0, 2, 0], "uint8");
    const dead = deadText(deadChannels(tiles));
    expect(dead).toMatchObject({ text: "1 of 3 units dead", short: "1 of 3 dead" });
    expect(dead?.title).toContain("3 shown of 9 units");
    expect(dead?.title).toContain("2 samples");
    expect(deadText(null)).toBeNull();
    expect(zerosText(tiles)).toBeNull();
    const statistics = new Map(tiles.statistics).set("zero_fraction", Float64Array.of(0.5, 0.32));
    const counted = { ...tiles, statistics };
    expect(zeroShare(counted)).toBeCloseTo(0.41, 12);
    expect(zerosText(counted)?.text).toBe("41 % zeros");
    expect(zerosText(counted)?.title).toContain("2 samples");
    const nearlyAll = new Map(tiles.statistics).set("zero_fraction", Float64Array.of(0.999, 0.999));
    expect(zerosText({ ...tiles, statistics: nearlyAll })?.text).toBe("99.9 % zeros");
  });

  test("links a tile with those of the same layer, in all runs, and with its own sample", () => {
    const hovered = { tag: "activations/a", tile: 7, sample: 2, samplesDigest: "x" };
    expect(linkedTile(hovered, "activations/a", "y")).toBe(7);
    expect(linkedTile(hovered, "activations/a/pre_activation", "y")).toBe(7);
    expect(linkedTile(hovered, "activations/b", "x")).toBeNull();
    expect(linkedTile(hovered, "samples", "x")).toBe(2);
    expect(linkedTile(hovered, "samples/left", "x")).toBe(2);
    expect(linkedTile(hovered, "samples", "y")).toBeNull();
    expect(linkedTile({ ...hovered, samplesDigest: null }, "samples", null)).toBeNull();
  });

  test("links a tile with that of the same filter and channel where an array has other axes", () => {
    const axis = (name: string, size: number) =>
      ({ name, size, fullSize: size, labels: null, represents: null }) as const;
    const kernel = (filters: number, channels: number) => [
      axis("filter", filters),
      axis("in_channel", channels),
    ];
    const tag = "weights/conv/kernel";
    const hovered = (tile: number) => {
      const place = tilePlace(kernel(4, 3), tile);
      return { tag, tile, place, sample: null, samplesDigest: null };
    };
    expect(linkedTile(hovered(6), tag, null, kernel(4, 1))).toBe(2);
    expect(linkedTile(hovered(7), tag, null, kernel(4, 1))).toBeNull();
    expect(linkedTile(hovered(7), tag, null, kernel(4, 3))).toBe(7);
    expect(pinnedTileOf(hovered(6), tag, null, kernel(4, 1))).toBe(2);
    expect(pinnedTileOf(hovered(7), tag, null, kernel(4, 1))).toBeNull();
    // Of a link it is not known where its number stands.
    expect(pinnedTileOf({ tag, tile: 7 }, tag, null, kernel(4, 1))).toBe(7);
  });

  test("tells runs on other samples from the first, and only those", () => {
    expect(areOtherSamples(["a", "a", "b", null])).toEqual([false, false, true, false]);
    expect(areOtherSamples([null, "b", "b", "a"])).toEqual([false, false, false, true]);
  });
});

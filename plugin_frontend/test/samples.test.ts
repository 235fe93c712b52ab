import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrangeGrid, shownPart } from "../src/model/grid_layout.js";
import { placeTile } from "../src/model/layout.js";
import { guessPanel } from "../src/model/placeholder.js";
import {
  arrange,
  defaultPlacement,
  fitPlacement,
  positionOn,
  SAMPLE,
} from "../src/model/placement.js";
import type { Axis } from "../src/model/record.js";
import {
  activationsPlacement,
  atSample,
  positionText,
  sampleOf,
} from "../src/model/sample_axis.js";
import { commonSize, fitPicture, pictureSize, ROW_PITCH } from "../src/model/sample_pictures.js";
import { sortPositions } from "../src/model/sort.js";
import { gridAxes, type Tiles } from "../src/model/tiles.js";
import { exactTiles } from "./decode.js";

const axis = (name: string, size: number, labels: string[] | null = null): Axis => ({
  name,
  size,
  fullSize: size,
  labels,
  represents: null,
});

const axesOf = (sizes: Readonly<Record<string, number>>): readonly Axis[] =>
  Object.entries(sizes).map(([name, size]) => axis(name, size));

function record(sizes: Readonly<Record<string, number>>, value = (index: number) => index): Tiles {
  const axes = Object.entries(sizes).map(([name, size]) => ({ name, size }));
  const cells = axes.reduce((product, { size }) => product * size, 1);
  const values = Float32Array.from({ length: cells }, (_, index) => value(index));
  return exactTiles({ axes, values, precision: "float32" });
}

/** Tiles of a shape without values, for what only lays them out. */
function hollow(sizes: Readonly<Record<string, number>>): Tiles {
  const base = record({ sample: 1, height: 1, width: 1 });
  const { height = 1, width = 1, ...grid } = sizes;
  const tiles = Object.values(grid).reduce((product, size) => product * size, 1);
  const header = { ...base.header, axes: axesOf(sizes) };
  return { ...base, header, shape: { tiles, height, width, channels: 1 } };
}

const someAxes = fc.constantFrom(
  [SAMPLE],
  [SAMPLE, "channel"],
  [SAMPLE, "channel", "depth"],
  ["channel"],
);
const someGrid = someAxes.chain((names) =>
  fc
    .tuple(...names.map(() => fc.integer({ min: 1, max: 20 })))
    .map((sizes) => names.map((name, index) => axis(name, sizes[index] ?? 1))),
);

describe("samples and channels", () => {
  test("are rows and columns up to 16 channels; with more, one sample is shown at a time", () => {
    const place = (sizes: Record<string, number>) => activationsPlacement(null, axesOf(sizes), 3);
    const rows = { rows: [SAMPLE], columns: ["channel"], sliders: new Map() };
    expect(place({ sample: 16, channel: 16 })).toEqual(rows);
    const slid = { rows: [], columns: ["channel"], sliders: new Map([[SAMPLE, 3]]) };
    expect(place({ sample: 16, channel: 17 })).toEqual(slid);
    // Three slices of six channels are eighteen tiles; slices run along the columns.
    expect(place({ sample: 16, channel: 6, depth: 3 })).toMatchObject({
      rows: ["channel"],
      columns: ["depth"],
    });
    // A single sample is not worth a slider.
    expect(place({ sample: 1, channel: 64 })).toMatchObject({ rows: [], columns: ["channel"] });
  });

  test("of strips are rows of samples, and pictures alone wrap", () => {
    const axes = axesOf({ sample: 16 });
    expect(activationsPlacement(null, axes, 0)).toMatchObject({ rows: [SAMPLE], columns: [] });
    expect(defaultPlacement(axes)).toMatchObject({ rows: [], columns: [SAMPLE] });
  });

  test("stay where the user placed them, the slider at the sample of all panels, within each", () => {
    const chosen = { rows: ["channel"], columns: [], sliders: new Map([[SAMPLE, 0]]) };
    const axes = axesOf({ sample: 8, channel: 4 });
    const placed = activationsPlacement(chosen, axes, 12);
    expect(placed.rows).toEqual(["channel"]);
    expect(fitPlacement(placed, axes).sliders.get(SAMPLE)).toBe(7);
    const none = { rows: [SAMPLE], columns: [], sliders: new Map() };
    expect(atSample(none, 5)).toBe(none);
  });

  test("show every tile once, or those of one sample, whatever the axes", () => {
    fc.assert(
      fc.property(someGrid, fc.nat({ max: 30 }), (axes, sample) => {
        const placement = fitPlacement(activationsPlacement(null, axes, sample), axes);
        const { order } = arrange(axes, placement);
        expect(new Set(order).size).toBe(order.length);
        const shown = placement.sliders.get(SAMPLE);
        const tiles = axes.reduce((product, { size }) => product * size, 1);
        const samples = axes.find(({ name }) => name === SAMPLE)?.size ?? 1;
        expect(order).toHaveLength(shown === undefined ? tiles : tiles / samples);
        for (const tile of order) {
          const of = sampleOf(axes, tile);
          if (shown !== undefined) expect(of).toBe(Math.min(sample, samples - 1));
          if (of !== null) expect(of).toBe(positionOn(axes, SAMPLE, tile));
        }
      }),
    );
  });

  test("are told by number and label", () => {
    const digits = axis(SAMPLE, 3, ["7", "2", "1"]);
    expect(positionText(digits, 2)).toBe("sample 2 · 1");
    expect(positionText(axis(SAMPLE, 3), 2)).toBe("sample 2");
    expect(positionText(axis("gate", 2, ["input", "forget"]), 1)).toBe("gate 1 (forget)");
  });
});

describe("the order of channels", () => {
  // Two samples of three channels of two cells; channel 1 is dead, channel 0 responds to the second sample alone.
  const values = [
    [0, 0],
    [0, 0],
    [2, 1],
    [9, 9],
    [0, 0],
    [1, 1],
  ].flat();
  const sizes = { sample: 2, channel: 3, height: 1, width: 2 };
  const tiles = record(sizes, (index) => values[index] ?? 0);
  const axes = gridAxes(tiles.header);

  test("is by all samples together, the same whichever is shown", () => {
    const rows = defaultPlacement(axes);
    expect(sortPositions(tiles, rows, "norm")).toEqual({ axis: "channel", positions: [0, 2, 1] });
    expect(sortPositions(tiles, rows, "dead")).toEqual({ axis: "channel", positions: [1, 2, 0] });
    for (const sample of [0, 1]) {
      const slid = { rows: [], columns: ["channel"], sliders: new Map([[SAMPLE, sample]]) };
      expect(sortPositions(tiles, slid, "norm")?.positions).toEqual([0, 2, 1]);
    }
  });

  test("is never one of samples: they keep theirs in all panels", () => {
    const strips = record({ sample: 3, height: 1, width: 2 });
    const placement = activationsPlacement(null, gridAxes(strips.header), 0);
    expect(sortPositions(strips, placement, "norm")).toBeNull();
  });
});

describe("the pictures of samples", () => {
  const spec = (names: readonly string[], meaning: "image" | "signed") =>
    exactTiles({
      axes: names.map((name) => ({ name, size: name === "color" ? 3 : 4 })),
      values: new Float32Array(names.reduce((n, name) => n * (name === "color" ? 3 : 4), 1)),
      precision: "float32",
      meaning,
    });

  test("are gray or coloured images, no numbers, volumes or channels", () => {
    const size = { height: 4, width: 4 };
    expect(pictureSize(spec([SAMPLE, "height", "width"], "image"))).toEqual(size);
    expect(pictureSize(spec([SAMPLE, "height", "width", "color"], "image"))).toEqual(size);
    expect(pictureSize(spec([SAMPLE, "height", "width"], "signed"))).toBeNull();
    expect(pictureSize(spec([SAMPLE, "depth", "height", "width"], "image"))).toBeNull();
    expect(pictureSize(record({ sample: 2, height: 1, width: 8 }))).toBeNull();
  });

  test("keep their proportion and need no more than their room", () => {
    const side = fc.integer({ min: 1, max: 300 });
    const size = fc.record({ height: side, width: side });
    fc.assert(
      fc.property(size, size, (picture, room) => {
        const { height, width } = fitPicture(picture, room);
        expect(height).toBeLessThanOrEqual(Math.max(1, room.height));
        expect(width).toBeLessThanOrEqual(Math.max(1, room.width));
        // Rounded to whole pixels, of which there is at least one.
        const scale = Math.min(room.height / picture.height, room.width / picture.width);
        expect(Math.abs(width - picture.width * scale)).toBeLessThanOrEqual(1);
        expect(Math.abs(height - picture.height * scale)).toBeLessThanOrEqual(1);
      }),
    );
    expect(commonSize([])).toBeNull();
    const wide = { height: 10, width: 40 };
    expect(commonSize([{ height: 28, width: 28 }, wide, { height: 9, width: 9 }])).toBe(wide);
  });

  const CHOICES = { tileSize: "auto", columns: null } as const;

  test("stand beside each row, over no tile and within the width, in the order of the rows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 24 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 320, max: 1600 }),
        fc.record({ height: fc.constantFrom(8, 28, 224), width: fc.constantFrom(8, 28, 112) }),
        (samples, channel, height, width, available, picture) => {
          const sizes = { sample: samples, channel, height, width };
          const tiles = hollow(sizes);
          const placement = activationsPlacement(null, gridAxes(tiles.header), 0);
          const room = { width: available, height: 620 };
          const grid = arrangeGrid(tiles, placement, null, room, CHOICES, picture);
          const { layout, pictures, gutter, above } = grid;
          const { zoom } = layout;
          expect(pictures.map(({ sample }) => sample)).toEqual(
            Array.from({ length: samples }, (_, sample) => sample),
          );
          expect(grid.aside).toBe(0);
          if (zoom >= 1) expect(gutter + layout.width * zoom).toBeLessThanOrEqual(available);
          const bottoms = new Map<number, number>();
          for (const [row, each] of pictures.entries()) {
            const place = placeTile(layout, row * layout.columns);
            expect(each.left).toBeGreaterThanOrEqual(place.left * zoom - gutter);
            expect(each.left + each.width).toBeLessThan(place.left * zoom);
            const middle = (place.top + layout.tileHeight / 2) * zoom;
            expect(each.top + each.height / 2).toBeCloseTo(middle, 9);
            expect(each.top).toBeGreaterThanOrEqual(-above);
            // Not over the picture of the row above it.
            expect(each.top).toBeGreaterThanOrEqual(bottoms.get(each.left) ?? -Infinity);
            bottoms.set(each.left, each.top + each.height);
            // Nor over the tiles of the block to the left.
            const edge = place.left - layout.blockPitch + blockWidth(layout);
            if (place.left > 0) expect(each.left).toBeGreaterThanOrEqual(edge * zoom);
          }
        },
      ),
    );
  });

  test("of low strips have rows far enough apart to be made out", () => {
    const strips = record({ sample: 16, height: 1, width: 128 }, () => 0);
    const placement = activationsPlacement(null, gridAxes(strips.header), 0);
    const room = { width: 1200, height: 620 };
    const { layout, pictures, above } = arrangeGrid(strips, placement, null, room, CHOICES, {
      height: 28,
      width: 28,
    });
    const pitch = (layout.tileHeight + layout.rowGap) * layout.zoom;
    expect(pitch).toBeGreaterThanOrEqual(ROW_PITCH);
    expect(pictures[0]?.height).toBeGreaterThanOrEqual(ROW_PITCH - 2);
    // One line of 8 CSS pixels: the picture stands out above it by half of what it is higher.
    expect(layout.zoom * layout.tileHeight).toBe(8);
    expect(above).toBe(((pictures[0]?.height ?? 0) - 8) / 2);
  });

  test("are one, to the left of everything, where one sample is shown", () => {
    const tiles = record({ sample: 4, channel: 20, height: 3, width: 3 }, () => 0);
    const placement = activationsPlacement(null, gridAxes(tiles.header), 9);
    const room = { width: 1000, height: 620 };
    const square = { height: 28, width: 28 };
    const grid = arrangeGrid(tiles, placement, null, room, CHOICES, square);
    expect(grid.pictures).toEqual([{ sample: 3, left: -132, top: 0, height: 112, width: 112 }]);
    expect(grid.aside).toBe(132);
    expect(shownPart(grid, 620).height).toBeGreaterThanOrEqual(112);
    // Where there are no pictures, nothing is kept free for them.
    expect(arrangeGrid(tiles, placement, null, room, CHOICES).aside).toBe(0);
  });
});

describe("the room that is kept before a record is here", () => {
  const source = {
    variablePath: null,
    layerPath: "layer",
    layerIndex: 1,
    layerType: null,
    role: "output",
    variableShape: null,
    samplesDigest: "d",
  };
  const guess = (view: string, layerType: string | null = null) =>
    guessPanel({ view, source: { ...source, layerType } }, 1000, 620);

  test("is that of sixteen samples, of their rows, or of the maps of one with its slider", () => {
    // Eight pictures of 112 in a row of 1000, with gaps of 8 and labels of 15 below: two rows.
    expect(guess("samples")).toEqual({ height: 2 * 112 + 16 + 15, folded: false, slid: false });
    expect(guess("activations", "Dense").height).toBe(16 * ROW_PITCH);
    const maps = guess("activations", "Conv2D");
    expect(maps.slid).toBe(true);
    expect(maps.height).toBeGreaterThan(112);
    expect(maps.height).toBeLessThanOrEqual(620);
    expect(guess("weights")).toEqual({ height: 24, folded: false, slid: false });
  });
});

const blockWidth = (layout: { columns: number; tileWidth: number; gap: number }): number =>
  layout.columns * (layout.tileWidth + layout.gap) - layout.gap;

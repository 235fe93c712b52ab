import { describe, expect, test } from "vitest";
import { tableEntries } from "../src/model/colours.js";
import type { Tiles } from "../src/model/tiles.js";
import { type Overlaid, paintOverlay } from "../src/render/paint_overlay.js";
import { NAN_PIXEL, pixelOf } from "../src/render/palette.js";
import { exactTiles, paintTiles } from "./decode.js";

const axes = (height: number, width: number, colour = false) => [
  { name: "sample", size: 1 },
  { name: "height", size: height },
  { name: "width", size: width },
  ...(colour ? [{ name: "color", size: 3 }] : []),
];

function paint(
  picture: readonly number[],
  map: readonly number[],
  options: Partial<Overlaid> & { readonly colour?: boolean } = {},
): Uint32Array {
  const { colour = false, ...rest } = options;
  const channels = colour ? 3 : 1;
  const pictures = exactTiles({
    axes: axes(1, picture.length / channels, colour),
    values: Float32Array.from(picture),
    precision: "float32",
    meaning: "image",
  });
  const maps = exactTiles({
    axes: axes(1, map.length),
    values: Float32Array.from(map),
    precision: "float32",
  });
  const pixels = new Uint32Array(picture.length / channels);
  paintOverlay(pixels, {
    kind: "signed",
    maps,
    tile: 0,
    range: { lo: -4, hi: 4 },
    pictures,
    sample: 0,
    theme: "light",
    ...rest,
  });
  return pixels;
}

const [red, blue] = [225, 30].map((entry) =>
  pixelOf(tableEntries("red_blue_light")[entry] ?? [0, 0, 0]),
);
const gray = (level: number): number => pixelOf([level, level, level]);

describe("a signed overlay", () => {
  test("leaves the gray of the input where nothing is attributed", () => {
    expect([...paint([0, 255], [0, 0])]).toEqual([gray(190), gray(255)]);
    expect([...paint([0, 255], [0, 0], { theme: "dark" })]).toEqual([gray(24), gray(128)]);
  });

  test("is red above zero and blue below, opaque at the ends of the range and beyond", () => {
    expect([...paint([0, 255, 0, 255], [4, 9, -4, -9])]).toEqual([red, red, blue, blue]);
  });

  test("is two thirds colour in the middle of the range", () => {
    const [pixel = 0] = paint([255, 0], [2, 0]);
    const share = 0.5 ** 0.6;
    expect(share).toBeCloseTo(2 / 3, 1);
    const [r, g, b] = tableEntries("red_blue_light")[225] ?? [0, 0, 0];
    expect(pixel).toBe(
      pixelOf([r, g, b].map((each) => Math.round(255 + share * (each - 255))) as never),
    );
  });

  test("gives colours of the input the gray of their luminance", () => {
    const [first = 0, second = 0] = paint([0, 255, 0, 0, 0, 0], [0, 0], { colour: true });
    expect(second).toBe(gray(190));
    expect(first & 255).toBe(Math.round(190 + 65 * 0.7152));
  });

  test("shows the cells that hold no finite number", () => {
    expect([...paint([0, 255], [NaN, 0])]).toEqual([NAN_PIXEL, gray(255)]);
  });

  test("shows nothing but the input where the range has no width", () => {
    expect([...paint([0, 255], [0, 0], { range: { lo: 0, hi: 0 } })]).toEqual([
      gray(190),
      gray(255),
    ]);
  });
});

describe("a mask", () => {
  test("has the input's own pixels where the attribution is strongest, whatever its sign", () => {
    expect([...paint([0, 100, 255], [-4, 4, -4], { kind: "mask" })]).toEqual(
      [0, 100, 255].map(gray),
    );
  });

  test("is black where nothing is attributed, and is the brighter the stronger it is", () => {
    expect([...paint([255, 255, 0], [0, 1, 0], { kind: "mask" })]).toEqual([
      gray(0),
      gray(Math.round(255 * 0.25 ** 0.6)),
      gray(0),
    ]);
  });

  test("keeps the colours", () => {
    const pixels = paint([255, 0, 51, 0, 0, 0], [4, 0], { kind: "mask", colour: true });
    expect([...pixels]).toEqual([pixelOf([255, 0, 51]), gray(0)]);
  });
});

test("an input finer than its map has in each pixel the cell that it lies in", () => {
  expect([...paint([0, 0, 255, 255], [4, -4])]).toEqual([red, red, blue, blue]);
});

test("what may be zero, as the high byte alone has it, covers nothing", () => {
  const map = Float32Array.of(-1, 1, 0, 0.002, ...Array.from({ length: 60 }, () => 0.5));
  const spec = { axes: axes(1, 64), values: map, precision: "uint16" as const };
  const pixels = (maps: Tiles): readonly number[] => [
    ...paint(
      Array.from({ length: 64 }, (_, at) => (at === 0 ? 255 : 0)),
      [0],
      {
        maps,
        range: { lo: -1, hi: 1 },
      },
    ).subarray(2, 4),
  ];
  expect(pixels(paintTiles(spec))).toEqual([gray(190), gray(190)]);
  expect(pixels(exactTiles(spec))[1]).not.toBe(gray(190));
});

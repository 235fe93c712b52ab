import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Axis } from "../src/model/record.js";
import { tileAtPlace, tilePlace } from "../src/model/tile_place.js";

const axis = (name: string, size: number, more: Partial<Axis> = {}): Axis => ({
  name,
  size,
  fullSize: size,
  labels: null,
  represents: null,
  ...more,
});
const kernel = (filters: number, channels: number): readonly Axis[] => [
  axis("filter", filters),
  axis("in_channel", channels),
];
const found = (tile: number) => ({ status: "found", tile });
const why = (axes: readonly Axis[], from: readonly Axis[], tile: number): string => {
  const at = tileAtPlace(axes, tilePlace(from, tile));
  return at.status === "lacking" ? at.why : "";
};

describe("the tile at the place of another array's", () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }));

  test("is that of the same filter and the same channel, whatever the number of either", () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), ([filters, channels], [others, colours], pick) => {
        const tile = pick % (filters * channels);
        const [filter, channel] = [Math.floor(tile / channels), tile % channels];
        const at = tileAtPlace(kernel(others, colours), tilePlace(kernel(filters, channels), tile));
        if (filter < others && channel < colours)
          expect(at).toEqual(found(filter * colours + channel));
        else expect(at.status).toBe("lacking");
      }),
    );
  });

  test("is itself in its own array", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([filters, channels], pick) => {
        const axes = kernel(filters, channels);
        const tile = pick % (filters * channels);
        expect(tileAtPlace(axes, tilePlace(axes, tile))).toEqual(found(tile));
      }),
    );
  });

  test("is found where one array lacks an axis along which the other has one place", () => {
    expect(
      tileAtPlace([axis("unit", 8)], tilePlace([axis("unit", 8), axis("in_channel", 1)], 5)),
    ).toEqual(found(5));
    expect(
      tileAtPlace([axis("unit", 8), axis("in_channel", 1)], tilePlace([axis("unit", 8)], 5)),
    ).toEqual(found(5));
  });

  test("is missed in words that say why", () => {
    expect(why(kernel(8, 1), kernel(8, 3), 5)).toBe("it has 1 input channel");
    expect(why(kernel(4, 3), kernel(8, 3), 23)).toBe("it has 4 filters");
    expect(why([axis("filter", 4, { fullSize: 64 })], [axis("filter", 8)], 7)).toBe(
      "4 of its 64 filters are logged",
    );
    expect(why([axis("filter", 4)], kernel(4, 3), 1)).toBe(
      "its tiles are not of one input channel each",
    );
    expect(why(kernel(4, 3), [axis("filter", 4)], 1)).toBe(
      "its tiles are of one input channel each",
    );
    expect(why(kernel(4, 3), kernel(4, 3), 12)).toBe("there are 12 tiles");
  });

  test("is no class of another name, but a sample of any", () => {
    const classes = (...labels: string[]) => [axis("unit", 2, { labels })];
    expect(why(classes("dog", "cat"), classes("cat", "dog"), 1)).toBe("its unit 1 is cat");
    expect(tileAtPlace(classes("cat", "owl"), tilePlace(classes("cat", "dog"), 0))).toEqual(
      found(0),
    );
    const samples = (...labels: string[]) => [axis("sample", 2, { labels })];
    expect(tileAtPlace(samples("a", "b"), tilePlace(samples("c", "d"), 1))).toEqual(found(1));
  });

  test("has the same key whichever array it is given by", () => {
    const key = (axes: readonly Axis[], tile: number) => tilePlace(axes, tile).key;
    expect(key(kernel(8, 3), 5)).toBe(key(kernel(4, 3), 5));
    expect(key(kernel(8, 3), 5)).not.toBe(key(kernel(8, 3), 2));
    expect(key(kernel(8, 4), 6)).toBe(key(kernel(8, 3), 5));
  });
});

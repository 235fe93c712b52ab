import { describe, expect, test } from "vitest";
import { whyIncomparable } from "../src/model/comparable.js";
import { isUnchanged } from "../src/model/difference.js";
import { exactTiles } from "./decode.js";
import type { AxisSpec } from "./encode.js";

const axis = (name: string, size: number, more: Partial<AxisSpec> = {}): AxisSpec => ({
  name,
  size,
  ...more,
});

const UNITS = axis("unit", 4);
const TILE = [axis("height", 2), axis("width", 3)];

function header(axes: readonly AxisSpec[], samplesDigest: string | null = null) {
  const size = axes.reduce((product, each) => product * each.size, 1);
  const tiles = exactTiles({ axes, values: new Float32Array(size), precision: "float32" });
  return { ...tiles.header, source: { ...tiles.header.source, samplesDigest } };
}

function why(shown: readonly AxisSpec[], other: readonly AxisSpec[]): string | null {
  return whyIncomparable(header(shown), header(other), "in b");
}

describe("records of two runs", () => {
  test("are comparable where their axes are alike, also where one shows fewer of as many tiles", () => {
    expect(why([UNITS, ...TILE], [UNITS, ...TILE])).toBeNull();
    const fewer = axis("unit", 2, { fullSize: 4 });
    expect(why([fewer, ...TILE], [UNITS, ...TILE])).toBeNull();
    expect(why([UNITS, ...TILE], [fewer, ...TILE])).toBeNull();
  });

  test("of other shapes are not: both shapes are told, of the whole arrays", () => {
    expect(why([axis("unit", 2, { fullSize: 64 }), ...TILE], [UNITS, ...TILE])).toBe(
      "64×2×3 here, 4×2×3 in b",
    );
    expect(why([UNITS, ...TILE], [UNITS, axis("height", 2), axis("width", 4)])).toBe(
      "4×2×3 here, 4×2×4 in b",
    );
    expect(why([UNITS, ...TILE], [axis("filter", 4), ...TILE])).toBe("4×2×3 here, 4×2×3 in b");
    expect(why(TILE, [UNITS, ...TILE])).toBe("2×3 here, 4×2×3 in b");
  });

  test("of tiles that were made smaller in one of them are not", () => {
    const halved = axis("width", 3, { fullSize: 6, represents: "input" });
    const whole = axis("width", 6, { represents: "input" });
    expect(why([UNITS, axis("height", 2), halved], [UNITS, axis("height", 2), whole])).toBe(
      "4×2×3 here, 4×2×6 in b",
    );
  });

  test("of other classes are not, though as many", () => {
    const classes = (...labels: string[]) => axis("class", labels.length, { labels });
    expect(why([classes("ant", "bee"), ...TILE], [classes("ant", "bee"), ...TILE])).toBeNull();
    expect(why([classes("ant", "bee"), ...TILE], [classes("ant", "eel"), ...TILE])).toBe(
      "class 1 is bee here, eel in b",
    );
    expect(why([classes("ant", "bee"), ...TILE], [axis("class", 2), ...TILE])).toBeNull();
  });

  test("of other samples are not; samples are told apart by their digest, not by what they are called", () => {
    const samples = (...labels: string[]) => [axis("sample", labels.length, { labels }), ...TILE];
    const [a, b] = [header(samples("7", "1"), "x"), header(samples("7", "2"), "x")];
    expect(whyIncomparable(a, b, "in b")).toBeNull();
    expect(whyIncomparable(a, header(samples("7", "1"), "y"), "in b")).toBe("other samples in b");
    expect(whyIncomparable(a, header(samples("7", "1")), "in b")).toBeNull();
  });
});

describe("a difference of nothing", () => {
  const tiles = (...values: number[]) =>
    exactTiles({
      axes: [axis("unit", 2), axis("height", 1), axis("width", values.length / 2)],
      values: Float32Array.from(values),
      precision: "float32",
    });

  test("is zero in every cell", () => {
    expect(isUnchanged(tiles(0, 0, 0, 0))).toBe(true);
    expect(isUnchanged(tiles(0, 0, 0, 1e-30))).toBe(false);
    expect(isUnchanged(tiles(0, -1e-30, 0, 0))).toBe(false);
  });

  test("is told of the finite cells, and of none where there are none", () => {
    expect(isUnchanged(tiles(0, NaN, 0, 0))).toBe(true);
    expect(isUnchanged(tiles(NaN, NaN, NaN, NaN))).toBe(false);
  });
});

import { lab, rgb } from "d3-color";
import { describe, expect, test } from "vitest";
import {
  changeColouring,
  chooseColouring,
  GLYPH_COLOURS,
  type Rgb,
  tableEntries,
  unresolvedColour,
} from "../src/model/colours.js";

const TABLES = ["gray", "viridis", "red_blue_light", "red_blue_dark"] as const;

/** CIE76 colour difference; 2.3 is just noticeable. */
function difference(a: Rgb, b: Rgb): number {
  const first = lab(rgb(...a));
  const second = lab(rgb(...b));
  return Math.hypot(first.l - second.l, first.a - second.a, first.b - second.b);
}

describe("the colour tables", () => {
  test("have 256 entries each, of whole bytes", () => {
    for (const name of TABLES) {
      expect(tableEntries(name)).toHaveLength(256);
      for (const entry of tableEntries(name)) {
        for (const byte of entry) expect(byte === (byte & 255)).toBe(true);
      }
    }
  });

  test("run from blue through the page's own shade to red", () => {
    for (const name of ["red_blue_light", "red_blue_dark"] as const) {
      const [low, middle, high] = [0, 128, 255].map((index) => tableEntries(name)[index]);
      expect(low?.[2]).toBeGreaterThan(low?.[0] ?? 255);
      expect(high?.[0]).toBeGreaterThan(high?.[2] ?? 255);
      const spread = Math.max(...(middle ?? [])) - Math.min(...(middle ?? []));
      expect(spread).toBeLessThan(12);
    }
    expect(tableEntries("red_blue_dark")[128]?.[0]).toBeLessThan(40);
    expect(tableEntries("red_blue_light")[128]?.[0]).toBeGreaterThan(230);
  });

  test("never come near the colours of NaN and the infinities", () => {
    const glyphs = Object.values(GLYPH_COLOURS);
    for (const glyph of glyphs) {
      for (const name of TABLES) {
        for (const entry of tableEntries(name))
          expect(difference(glyph, entry)).toBeGreaterThan(25);
      }
      for (const other of glyphs) {
        if (other !== glyph) expect(difference(glyph, other)).toBeGreaterThan(50);
      }
    }
  });
});

describe("the colour of changes below precision", () => {
  test("is none that the diverging table of its theme passes through, nor a glyph's", () => {
    for (const name of ["red_blue_light", "red_blue_dark"] as const) {
      const colour = unresolvedColour(name);
      // Five times what is just noticeable: it may fill half a picture, so it is quiet.
      for (const entry of tableEntries(name)) expect(difference(colour, entry)).toBeGreaterThan(12);
      for (const glyph of Object.values(GLYPH_COLOURS)) {
        expect(difference(colour, glyph)).toBeGreaterThan(50);
      }
    }
  });
});

describe("the colouring", () => {
  test("of a change diverges about zero whatever is chosen", () => {
    expect(changeColouring(1, "light")).toEqual({ table: "red_blue_light", rule: "symmetric" });
    expect(changeColouring(1, "dark")).toEqual({ table: "red_blue_dark", rule: "symmetric" });
    expect(changeColouring(3, "dark")).toEqual({ table: "rgb", rule: "symmetric" });
  });

  test("follows the meaning of the values unless the user chose", () => {
    const table = (...args: Parameters<typeof chooseColouring>) => chooseColouring(...args).table;
    expect(table("auto", "signed", 1, "light")).toBe("red_blue_light");
    expect(table("auto", "signed", 1, "dark")).toBe("red_blue_dark");
    expect(table("auto", "non_negative", 1, "dark")).toBe("viridis");
    expect(table("auto", "image", 1, "light")).toBe("gray");
    expect(table("viridis", "signed", 1, "light")).toBe("viridis");
  });

  test("is symmetric about zero for diverging tables and for signed colour tiles only", () => {
    expect(chooseColouring("auto", "signed", 1, "light").rule).toBe("symmetric");
    expect(chooseColouring("gray", "signed", 1, "light").rule).toBe("min-max");
    expect(chooseColouring("gray", "signed", 3, "light")).toEqual({
      table: "rgb",
      rule: "symmetric",
    });
    expect(chooseColouring("auto", "image", 3, "light")).toEqual({ table: "rgb", rule: "min-max" });
  });
});

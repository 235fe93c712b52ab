import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rgb } from "../src/model/colours.js";
import { changeColour, shareColour, textOn } from "../src/model/confusion_colours.js";
import { matrixOf } from "../src/model/confusion_counts.js";
import {
  accuracyFace,
  cellFace,
  type Facing,
  precisionFace,
  recallFace,
} from "../src/model/confusion_faces.js";
import {
  largestFont,
  layoutMap,
  layoutMatrix,
  layoutMistakes,
  layoutRun,
  layoutSamples,
  nameStep,
  nameWidth,
  nameWithin,
} from "../src/model/confusion_layout.js";
import {
  listedText,
  moreText,
  numberText,
  percentText,
  pointsText,
  samplesFact,
  shortNumber,
  signedNumber,
} from "../src/model/confusion_words.js";
import { confusionOf } from "./encode_confusion.js";

const NAMES = ["ant", "bee"];

async function facing(changes: Partial<Facing> = {}, before?: readonly number[]): Promise<Facing> {
  const matrix = matrixOf(await confusionOf({ names: NAMES, counts: [1234, 66, 0, 7] }), false);
  const reference =
    before === undefined
      ? null
      : matrixOf(await confusionOf({ names: NAMES, counts: before }), false);
  return {
    matrix,
    reference,
    content: "counts",
    mostChange: 0.5,
    numbers: "whole",
    theme: "light",
    unit: "samples",
    ...changes,
  };
}

describe("a button that shows more", () => {
  test("says of what, and how many of all where these are too many", () => {
    expect(moreText(28, 40, "pairs")).toBe("show all 28 pairs");
    expect(moreText(1200, 40, "pairs")).toBe("show 40 of 1,200 pairs");
    expect(moreText(50, 50, "samples")).toBe("show all 50 samples");
  });
});

describe("a cell", () => {
  test("says its count, or its share of the true class", async () => {
    const face = cellFace(await facing(), 0, 1);
    expect(face.text).toBe("66");
    // 66 of 1300.
    expect(face.label).toBe("true ant, predicted bee: 66 samples, 5.1 % of true ant");
    const one = matrixOf(await confusionOf({ names: NAMES, counts: [1, 1, 0, 7] }), false);
    expect(cellFace(await facing({ matrix: one }), 0, 1).label).toBe(
      "true ant, predicted bee: 1 sample, 50.0 % of true ant",
    );
    expect(cellFace(await facing({ content: "share" }), 0, 1).text).toBe("5.1");
    expect(cellFace(await facing({ numbers: "short" }), 0, 0).text).toBe("1.2k");
    expect(cellFace(await facing({ numbers: "none" }), 0, 0).text).toBe("");
  });

  test("without samples recedes to a dot", async () => {
    expect(cellFace(await facing(), 1, 0)).toMatchObject({ text: "·", colour: null });
  });

  test("says by how much it has changed, and that it has not", async () => {
    const changed = await facing({}, [1200, 100, 7, 0]);
    expect(cellFace(changed, 0, 0)).toMatchObject({ text: "+34" });
    expect(cellFace(changed, 0, 1).text).toBe("−34");
    // 100 of 1300 to 66 of 1300.
    expect(cellFace({ ...changed, content: "share" }, 0, 1).text).toBe("−2.6");
    expect(cellFace(changed, 1, 0).text).toBe("−7");
    const same = await facing({}, [1234, 66, 0, 7]);
    expect(cellFace(same, 0, 1)).toMatchObject({ text: "·", colour: null });
    expect(cellFace(same, 0, 1).label).toContain("no difference");
  });

  test("is called by what is written in it, however short that is", async () => {
    for (const content of ["counts", "share"] as const) {
      for (const numbers of ["whole", "short"] as const) {
        for (const before of [undefined, [1, 2000, 7, 0]]) {
          const { text, label } = cellFace(await facing({ content, numbers }, before), 0, 0);
          expect(label.split(/[ :;()]+|, /)).toContain(text);
        }
      }
    }
    const { text, label } = precisionFace(await facing(), 1, true);
    expect([text, label]).toEqual(["10", "precision of bee: 9.6 %, 7 of 73, shown as 10"]);
  });

  test("is bluer the more it has lost and redder the more it has won", () => {
    const [lost, won] = [changeColour(-0.4, 0.5, "light"), changeColour(0.4, 0.5, "light")];
    expect(lost[2]).toBeGreaterThan(lost[0]);
    expect(won[0]).toBeGreaterThan(won[2]);
    expect(changeColour(-9, 0.5, "dark")).toEqual(changeColour(-0.5, 0.5, "dark"));
  });
});

describe("margins", () => {
  test("say scores in percent, changes in points, and of how many", async () => {
    const now = await facing();
    expect(recallFace(now, 0)).toEqual({
      text: "94.9",
      label: "recall of ant: 94.9 %, 1,234 of 1,300",
    });
    expect(precisionFace(now, 1).text).toBe("9.6");
    expect(precisionFace(now, 1, true).text).toBe("10");
    // 1241 of 1307.
    expect(accuracyFace(now).text).toBe("95.0");
    const changed = await facing({}, [1300, 0, 7, 0]);
    expect(recallFace(changed, 0).text).toBe("−5.1");
    expect(recallFace(changed, 1)).toMatchObject({ text: "+100.0" });
    expect(recallFace(changed, 1).label).toContain("was 0.0 %");
  });
});

describe("colours", () => {
  // Contrast as WCAG 2 defines it.
  function contrast(a: Rgb, b: Rgb): number {
    const light = (colour: Rgb): number => {
      const [r = 0, g = 0, bl = 0] = colour.map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
    };
    const [one, other] = [light(a), light(b)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }

  test("of text can be read on every cell", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const theme = fc.constantFrom("light" as const, "dark" as const);
    fc.assert(
      fc.property(share, fc.boolean(), theme, (value, isRight, which) => {
        for (const colour of [shareColour(value, isRight, which), changeColour(value, 1, which)]) {
          const text: Rgb = textOn(colour) === "#000000" ? [0, 0, 0] : [255, 255, 255];
          expect(contrast(colour, text)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  test("get stronger with the share, right ones and wrong ones differ in hue", () => {
    for (const isRight of [true, false]) {
      const strengths = [0, 0.25, 0.5, 1].map((share) => {
        const [r, g, b] = shareColour(share, isRight, "light");
        return 255 * 3 - r - g - b;
      });
      expect(strengths).toEqual(strengths.toSorted((a, b) => a - b));
      expect(strengths[0]).toBeGreaterThan(0);
    }
    const [right, wrong] = [shareColour(1, true, "light"), shareColour(1, false, "light")];
    expect(right[1]).toBeGreaterThan(right[0]);
    expect(wrong[0]).toBeGreaterThan(wrong[1]);
  });
});

describe("layout", () => {
  const names = (count: number, text = "class") =>
    Array.from({ length: count }, (_, index) => `${text} ${index}`);

  test("a matrix fits the width that there is", () => {
    for (const [count, width] of [
      [10, 467],
      [10, 1000],
      [30, 700],
      [2, 400],
    ] as const) {
      const all = names(count);
      const layout = layoutMatrix({ rows: all, columns: all }, width, "counts", 3);
      const whole = layout.names + layout.margin + count * (layout.cell + 2);
      expect(whole).toBeLessThanOrEqual(width);
      expect(layout.cell).toBeLessThanOrEqual(44);
    }
  });

  test("numbers that have no room are shortened, then left out", () => {
    const rows = names(10, "");
    const numbers = (width: number, digits: number) =>
      layoutMatrix({ rows, columns: rows }, width, "counts", digits).numbers;
    expect(numbers(600, 5)).toBe("whole");
    expect(numbers(400, 5)).toBe("short");
    expect(numbers(400, 3)).toBe("whole");
    expect(numbers(280, 3)).toBe("none");
  });

  test("numbers are as large as their cell lets them be, of the widest face", () => {
    // −105 is 0.84 + 3 · 0.64 = 2.76 ems wide, and 96.4 is 3 · 0.64 + 0.32 = 2.24.
    expect(2.76 * largestFont("−105", 29)).toBeCloseTo(28);
    expect(2.24 * largestFont("96.4", 44)).toBeCloseTo(43);
    expect(largestFont("60", 25)).toBeGreaterThan(13);
  });

  test("names that are wider than a cell stand upright", () => {
    const long = names(10, "a kind of animal");
    const upright = (each: readonly string[]) =>
      layoutMatrix({ rows: each, columns: each }, 800, "counts", 3).isUpright;
    expect([upright(long), upright(["a", "b"])]).toEqual([true, false]);
  });

  test("a map is as high as the room, and shows every so many names", () => {
    const all = names(1000);
    const { width, height } = layoutMap(all, all, { width: 900, height: 500 });
    expect([width, height]).toEqual([500, 500]);
    const part = layoutMap(names(40), names(20), { width: 900, height: 500 });
    expect(part.width).toBe(part.height / 2);
    expect(nameStep(1000, 500, 15)).toBe(50);
    expect(nameStep(20, 500, 15)).toBe(1);
    expect(nameStep(40, 500, 15)).toBe(2);
  });

  test("what is said of cells stands beside the matrix only where there is room", () => {
    expect(layoutRun(640, 560).isWide).toBe(false);
    const wide = layoutRun(1300, 560);
    expect(wide).toMatchObject({ isWide: true, matrix: 560, lists: 1 });
    expect(wide.matrix + wide.aside + 32).toBe(1300);
    expect(layoutRun(2400, 560)).toMatchObject({ lists: 2 });
    expect(layoutRun(1000, 5000).aside).toBeGreaterThanOrEqual(480);
  });

  test("samples of a cell stand in one row, or in two", () => {
    expect(layoutSamples(645, 8, true)).toMatchObject({ rows: 1, perRow: 8 });
    expect(layoutSamples(400, 8, true)).toMatchObject({ rows: 2, side: 76 });
    expect(layoutSamples(2000, 2, true).side).toBe(96);
    expect(layoutSamples(400, 8, false).row).toBeLessThan(layoutSamples(400, 8, true).row);
    expect(layoutMistakes(645, 60).perRow).toBe(8);
  });
});

describe("words", () => {
  test.each([
    [0.926, "92.6"],
    [1, "100"],
    [0, "0.0"],
    [0.0001, "<0.1"],
    [0.99999, ">99.9"],
    [NaN, "–"],
  ])("%d is written %s", (share, text) => {
    expect(percentText(share)).toBe(text);
  });

  test("differences have their sign, and none where there is none", () => {
    expect([0.031, -0.004, 0, 0.00001].map((change) => pointsText(change))).toEqual([
      "+3.1",
      "−0.4",
      "0",
      "+<0.1",
    ]);
    expect([3, -12, 0].map((change) => signedNumber(change))).toEqual(["+3", "−12", "0"]);
  });

  test("large numbers are shortened, sums of weights keep two decimals", () => {
    expect([999, 1234, 12_345, 1_200_000].map(shortNumber)).toEqual(["999", "1.2k", "12k", "1.2M"]);
    expect([12_345, 1.255, 1234.56].map(numberText)).toEqual(["12,345", "1.25", "1,234.6"]);
  });

  test("a list says how many of all it holds", () => {
    expect(listedText(8, 45, true)).toBe("8 of 45 samples, most confident first");
    expect(listedText(3, 3, false)).toBe("3 samples");
    expect(listedText(1, 1, true)).toBe("1 sample");
  });

  test("the samples are said once, with what a note says at more length", async () => {
    const notes = ["13 of 26 samples, evenly chosen", "other"];
    const { header } = await confusionOf({
      names: NAMES,
      counts: [13, 0, 0, 0],
      numAvailable: 26,
      notes,
    });
    expect(samplesFact(header)).toEqual({
      text: "13 of 26 samples, evenly chosen",
      note: notes[0],
    });
    expect(samplesFact({ ...header, notes: [] }).text).toBe("13 of 26 samples");
    expect(samplesFact({ ...header, notes: [], numAvailable: null }).text).toBe("13 samples");
  });
});

test("names are cut only where they have less room than they want", () => {
  for (const scale of [1, 1.1, 1.23]) {
    for (let letters = 1; letters <= 16; letters++) {
      const name = "n".repeat(letters);
      expect(nameWithin(name, nameWidth([name], scale), scale)).toBe(name);
    }
    const long = `${"n".repeat(40)}_7`;
    expect(nameWithin(long, nameWidth([long], scale), scale)).toMatch(/^n+…n*_7$/);
  }
});

import * as fc from "fast-check";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { KeptContents } from "../src/components/kept_contents.js";
import { weightOf } from "../src/components/picture_weight.js";
import { StoredZip } from "../src/components/stored_zip.js";
import type { PictureContent } from "../src/model/picture_content.js";
import {
  gifFrameBytes,
  MAX_PIXELS,
  MAX_SIDE,
  pngBytes,
  whyTooLarge,
} from "../src/model/picture_limits.js";

const size = (width: number, height: number) => ({ width, height, cells: 100 });

describe("a picture that no canvas holds", () => {
  test("is one with a side or an area beyond the limit, and no other", () => {
    expect(whyTooLarge("k", size(MAX_SIDE, MAX_PIXELS / MAX_SIDE), 1)).toBeNull();
    expect(whyTooLarge("k", size(MAX_SIDE + 1, 10), 1)).not.toBeNull();
    expect(whyTooLarge("k", size(10, MAX_SIDE + 1), 1)).not.toBeNull();
    expect(whyTooLarge("k", size(MAX_SIDE / 4, 100), 4)).toBeNull();
  });

  test("says what is too large, the limit, and the largest factor that fits", () => {
    expect(whyTooLarge("hidden/kernel", size(5000, 700), 4)).toBe(
      "hidden/kernel at 4× has 20,000 × 2,800 pixels, and a browser draws at most 16,384 a side and 268 million in all: choose 3×",
    );
    expect(whyTooLarge("graph", size(900, 20_000), 2)).toContain("show fewer runs or tiles");
  });

  test("is never advised", () => {
    const side = fc.integer({ min: 1, max: 40_000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 4 }), (width, height, factor) => {
        const why = whyTooLarge("k", size(width, height), factor);
        const advised = Number(/choose (\d)×/.exec(why ?? "")?.[1] ?? NaN);
        if (Number.isNaN(advised)) return;
        expect(whyTooLarge("k", size(width, height), advised)).toBeNull();
        expect(whyTooLarge("k", size(width, height), advised + 1)).not.toBeNull();
      }),
    );
  });

  test("is measured in bytes as what is drawn packs", () => {
    const kernel = { width: 2112, height: 1984, cells: 802_816 };
    const confusionOfThreeRuns = {
      width: 2384,
      height: 648,
      cells: 0,
      words: 227,
      letters: 988,
      strokes: 33_040,
    };
    // Files as they were written. The estimates are 2 to 12 % off, and that is what "about" may be: at most 15 %.
    const off = (bytes: number, written: number) => Math.abs(bytes / written - 1);
    expect(off(pngBytes(kernel, 1), 3.14e6)).toBeLessThan(0.15);
    expect(off(pngBytes(kernel, 2), 3.74e6)).toBeLessThan(0.15);
    expect(off(pngBytes(confusionOfThreeRuns, 4), 1.03e6)).toBeLessThan(0.15);
    // More in the same cells is more, and so is a longer line.
    const changes = { ...confusionOfThreeRuns, letters: 1419 };
    expect(off(pngBytes(changes, 1), 198e3)).toBeLessThan(0.15);
    expect(off(pngBytes(changes, 2), 510e3)).toBeLessThan(0.15);
    const histograms = { width: 1424, height: 384, cells: 0, words: 102, letters: 567 };
    expect(off(pngBytes({ ...histograms, strokes: 8034 }, 1), 78.2e3)).toBeLessThan(0.15);
    expect(off(pngBytes({ ...histograms, strokes: 8034 }, 2), 205e3)).toBeLessThan(0.15);
    const activations = { width: 1404, height: 283, cells: 2161, words: 118 };
    expect(off(pngBytes(activations, 1), 45.6e3)).toBeLessThan(0.15);
    expect(off(pngBytes(activations, 2), 90.4e3)).toBeLessThan(0.15);
  });

  test("is measured in bytes of a frame of an animation too", () => {
    const kernel = { width: 2112, height: 1984, cells: 781_619, words: 72 };
    const small = { width: 1526, height: 740, cells: 15_200, words: 220 };
    const matrices = {
      width: 2384,
      height: 648,
      cells: 0,
      words: 227,
      letters: 988,
      strokes: 33e3,
    };
    const ratio = (bytes: number, written: number) => bytes / written;
    for (const [size, factor, written] of [
      [kernel, 1, 2.29e6],
      [small, 1, 92e3],
      [small, 2, 221e3],
      [small, 4, 553e3],
      [matrices, 1, 85.9e3],
    ] as const) {
      expect(ratio(gifFrameBytes(size, factor), written)).toBeLessThan(1.5);
      expect(ratio(gifFrameBytes(size, factor), written)).toBeGreaterThan(2 / 3);
    }
  });

  test("is measured by the letters and paths that are drawn", () => {
    const TEXT = { mark: "text", text: "123", x: 0, y: 0, colour: "", font: "small" };
    const PATH = { mark: "path", d: "M0 0h9" };
    const column = (name: string, below: readonly string[]) => ({
      name,
      colour: "",
      facts: "epoch 8",
      below,
      body: { kind: "drawing", width: 9, height: 9, marks: [TEXT, PATH] },
    });
    const content = {
      title: "kernel",
      facts: "",
      remarks: ["note"],
      columns: [column("a", []), column("b", ["1: ✓"])],
    } as unknown as PictureContent;
    expect(weightOf(content)).toEqual({ cells: 0, words: 26, letters: 10, strokes: 12 });
  });
});

describe("a ZIP of pictures", () => {
  test("has every file as it was, under a name of its own", async () => {
    const file = fc.tuple(fc.constantFrom("a.png", "b.png", "c"), fc.uint8Array());
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 6 }), async (files) => {
        const zip = new StoredZip(new AbortController().signal);
        for (const [name, bytes] of files) await zip.add(name, new Blob([Uint8Array.from(bytes)]));
        const found = unzipSync(new Uint8Array(await zip.end().arrayBuffer()));
        expect(Object.values(found).map((bytes) => [...bytes])).toEqual(
          files.map(([, bytes]) => [...bytes]),
        );
        expect(Object.keys(found)[0]).toBe(files[0]?.[0]);
      }),
      { numRuns: 20 },
    );
  });

  test("leaves the browser its turn within a large file, and can be called off there", async () => {
    const abort = new AbortController();
    const zip = new StoredZip(abort.signal);
    const large = new Blob([new Uint8Array(20 * 2 ** 20)]);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 2) abort.abort();
    }, 0);
    await expect(zip.add("large.png", large)).rejects.toThrow();
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(2);
  });
});

describe("frames that were measured", () => {
  const content = (cells: number) => {
    const shape = { tiles: cells, height: 1, width: 1, channels: 1 };
    return { columns: [{ body: { kind: "grid", tiles: { shape } } }] } as unknown as PictureContent;
  };
  const drawing = (marks: number) => {
    const mark = { mark: "text", text: "7", x: 0, y: 0, colour: "#000", font: "text" };
    const body = { kind: "drawing", width: 9, height: 9, marks: Array(marks).fill(mark) };
    return { columns: [{ body }] } as unknown as PictureContent;
  };

  test("are kept to be drawn as far as there is room, and given away once", () => {
    const kept = new KeptContents(4 * 10);
    const [first, large, last] = [content(4), content(7), content(6)];
    for (const [frame, each] of [first, large, last].entries()) kept.offer(frame, each);
    expect([0, 1, 2].map((frame) => kept.take(frame))).toEqual([first, null, last]);
    expect(kept.take(0)).toBeNull();
  });

  test("take room by their marks where they are drawings", () => {
    const kept = new KeptContents(129 * 10);
    const [first, large, last] = [drawing(4), drawing(7), drawing(6)];
    for (const [frame, each] of [first, large, last].entries()) kept.offer(frame, each);
    expect([0, 1, 2].map((frame) => kept.take(frame))).toEqual([first, null, last]);
  });
});

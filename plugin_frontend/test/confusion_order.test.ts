import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matrixOf } from "../src/model/confusion_counts.js";
import {
  MATRIX_SORTS,
  readPinned,
  readZooms,
  writePinned,
  writeZooms,
} from "../src/model/confusion_display.js";
import { moveInMatrix, moveToSamples, nearestWithSamples } from "../src/model/confusion_moves.js";
import {
  clampZoom,
  classKeys,
  isWhole,
  orderBy,
  shownClasses,
  zoomAbout,
  zoomBetween,
} from "../src/model/confusion_order.js";
import { confusionOf } from "./encode_confusion.js";

const NAMES = ["class 10", "class 9", "Ant", "bee"];
// Recalls 1, 0.5, none (no samples), 0.75; supports 2, 4, 0, 8.
const COUNTS = [2, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 6];

async function matrix(counts: readonly number[] = COUNTS) {
  return matrixOf(await confusionOf({ names: NAMES, counts }), false);
}

describe("classes", () => {
  test.each([
    ["index", [0, 1, 2, 3]],
    // Numbers in names count as numbers.
    ["name", [2, 3, 1, 0]],
    // What is not known comes last.
    ["recall", [1, 3, 0, 2]],
    // 2 of 4, 2 of 4, never predicted, 6 of 6.
    ["precision", [0, 1, 3, 2]],
    // 2 + 0, 2 + 2, 0, 2 + 0.
    ["errors", [1, 0, 3, 2]],
    ["support", [3, 1, 0, 2]],
  ] as const)("sorted by %s begin with what is looked for", async (sort, order) => {
    expect(orderBy(classKeys(await matrix(), sort), sort, false)).toEqual(order);
  });

  test("reversed keep at the end what is not known", async () => {
    expect(orderBy(classKeys(await matrix(), "recall"), "recall", true)).toEqual([0, 3, 1, 2]);
  });

  test("are all there in every order", async () => {
    const all = await matrix();
    for (const sort of MATRIX_SORTS)
      expect([...orderBy(classKeys(all, sort), sort, true)].sort()).toEqual([0, 1, 2, 3]);
  });

  test("without a mistake in any run are left out where only errors are shown", async () => {
    const one = await matrix();
    const other = await matrix([1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
    const wishes = { sort: "index", errorsOnly: true } as const;
    expect(shownClasses(one, [one], wishes)).toEqual([0, 1, 3]);
    expect(shownClasses(one, [one, other], wishes)).toEqual([0, 1, 2, 3]);
    expect(shownClasses(other, [other], wishes)).toEqual([1, 2]);
  });
});

describe("a zoom", () => {
  test("is cut to the classes that there are, or is all of them", () => {
    const zoom = { top: 2, bottom: 99, left: 0, right: 4 };
    expect(clampZoom(zoom, 10)).toEqual({ top: 2, bottom: 10, left: 0, right: 4 });
    expect(clampZoom(zoom, 2)).toEqual({ top: 0, bottom: 2, left: 0, right: 2 });
    expect(isWhole(clampZoom(null, 7), 7)).toBe(true);
  });

  test("between two places holds both of them", () => {
    const place = fc.record({ row: fc.nat(99), column: fc.nat(99) });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const { top, bottom, left, right } = zoomBetween(a, b, 100);
        for (const { row, column } of [a, b]) {
          expect(row >= top && row < bottom && column >= left && column < right).toBe(true);
        }
        expect(top >= 0 && left >= 0 && bottom <= 100 && right <= 100).toBe(true);
        expect(Math.min(bottom - top, right - left)).toBeGreaterThanOrEqual(4);
      }),
    );
  });

  test("in and out about a place keeps it in sight, and ends at all classes", () => {
    const whole = { top: 0, bottom: 100, left: 0, right: 100 };
    const inside = zoomAbout(whole, 70, 20, 0.5, 100);
    expect(inside).toEqual({ top: 35, bottom: 85, left: 10, right: 60 });
    let zoom = inside;
    for (let turn = 0; turn < 9 && zoom !== null; turn++) zoom = zoomAbout(zoom, 70, 20, 0.5, 100);
    expect(zoom !== null && zoom.top <= 70 && zoom.bottom > 70 && zoom.bottom - zoom.top).toBe(4);
    expect(inside && zoomAbout(inside, 60, 34, 2, 100)).toBeNull();
  });
});

describe("keys in a matrix", () => {
  const at = (row: number, column: number) => ({ row, column });

  test.each([
    ["ArrowLeft", at(0, 0)],
    ["ArrowRight", at(0, 2)],
    ["ArrowDown", at(1, 1)],
    ["ArrowUp", at(0, 1)],
    ["Home", at(0, 0)],
    ["End", at(0, 4)],
    ["PageDown", at(2, 1)],
  ] as const)("%s moves and stays inside", (key, place) => {
    expect(moveInMatrix(key, at(0, 1), 3, 5)).toEqual(place);
  });

  test("others do not move", () => {
    expect(moveInMatrix("a", at(0, 0), 3, 3)).toBeNull();
    expect(moveToSamples("Enter", at(0, 0), 3, 3, () => true)).toBeNull();
  });

  test("with Shift go on to the next cell with samples, else to the end", () => {
    const has = ({ row, column }: { row: number; column: number }) => row === 0 && column === 3;
    expect(moveToSamples("ArrowRight", at(0, 0), 5, 5, has)).toEqual(at(0, 3));
    expect(moveToSamples("ArrowRight", at(0, 3), 5, 5, has)).toEqual(at(0, 4));
    expect(moveToSamples("ArrowDown", at(0, 3), 5, 5, has)).toEqual(at(4, 3));
  });

  test("the pointer finds the nearest cell with samples within reach", () => {
    const has = ({ row, column }: { row: number; column: number }) => row === 10 && column === 12;
    expect(nearestWithSamples(at(10, 10), 2, has)).toEqual(at(10, 12));
    expect(nearestWithSamples(at(10, 10), 1, has)).toEqual(at(10, 10));
    expect(nearestWithSamples(at(10, 12), 0, has)).toEqual(at(10, 12));
  });
});

describe("the address", () => {
  test.each([
    "",
    "confusion:4",
    "confusion:4-x",
    "confusion:4-9-1-2",
    "confusion:-1-2",
    "x",
    "confusion:4-9~9",
    "confusion:4-9~3fa94c10~1",
  ])("passes over %s, which is no cell", (text) => {
    expect(readPinned(text)).toBeNull();
  });

  test("holds cells and zooms of tags with any letters", () => {
    const pinned = {
      tag: "confusion/a:b,c",
      row: 4,
      column: 9,
      sample: 1234,
      classes: "3fa94c10",
    };
    expect(readPinned(writePinned(pinned))).toEqual(pinned);
    const ofFirst = { ...pinned, classes: null };
    expect(readPinned(writePinned(ofFirst))).toEqual(ofFirst);
    expect(readPinned("confusion:4-9")).toEqual({
      tag: "confusion",
      row: 4,
      column: 9,
      sample: null,
      classes: null,
    });
    const zooms = new Map([["confusion/a", { top: 1, bottom: 5, left: 0, right: 4 }]]);
    expect(readZooms(writeZooms(zooms))).toEqual(zooms);
    expect(readZooms("confusion:5-1-0-4")).toEqual(new Map());
  });
});

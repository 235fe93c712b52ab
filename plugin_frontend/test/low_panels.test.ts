import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COLUMN_GAP } from "../src/model/columns.js";
import {
  guessLowHeight,
  isLow,
  LOW_CAPTION,
  LOW_GAP,
  LOW_PADDING,
  LOW_TITLE,
  layoutLow,
} from "../src/model/low_panels.js";
import type { PanelEntry } from "../src/model/runs.js";

const series = { steps: [0], wallTimes: [0], logged: 1 };

function panelOf(shapes: readonly (readonly number[] | null)[], kind = "tiles"): PanelEntry {
  return {
    tag: "weights/a/bias",
    kind,
    members: shapes.map((variableShape, index) => {
      const source = {
        variablePath: null,
        layerPath: "a",
        layerIndex: 0,
        layerType: "Dense",
        role: "bias",
        variableShape,
        samplesDigest: null,
      };
      const entry = { tag: "weights/a/bias", kind, view: "weights", source, series };
      const name = `run ${index}`;
      const run = { run: name, name, tags: [], series: [series], notices: [], skipped: [] };
      return { run, entry };
    }),
  };
}

describe("a low panel", () => {
  test("shows vectors and single numbers, whose shape every run knows", () => {
    expect(isLow(panelOf([[64], [32]]))).toBe(true);
    expect(isLow(panelOf([[]]))).toBe(true);
    expect(isLow(panelOf([[64], [8, 8]]))).toBe(false);
    expect(isLow(panelOf([[64], null]))).toBe(false);
    expect(isLow(panelOf([[64]], "histogram"))).toBe(false);
  });

  test("keeps title, runs and legend within its width, one above the other where it is narrow", () => {
    const shapes = fc.array(fc.constantFrom([64], [1], []), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 220, max: 4000 }), (all, width) => {
        const { stacked, title, aside, columns } = layoutLow(panelOf(all), width);
        const { perRow, width: column } = columns;
        const runs = perRow * column + (perRow - 1) * COLUMN_GAP;
        expect(runs + (stacked ? 0 : title + aside + 2 * LOW_GAP)).toBeLessThanOrEqual(width);
        expect(column).toBeGreaterThanOrEqual(Math.min(200, width));
        expect(perRow).toBeLessThanOrEqual(all.length);
      }),
    );
    expect(layoutLow(panelOf([[8]]), 3600).columns.width).toBe(1000);
    expect(layoutLow(panelOf([[8]]), 600).stacked).toBe(true);
    expect(layoutLow(panelOf([[8]]), 1200).stacked).toBe(false);
  });

  test("is as high as its title, or as the rows of its runs", () => {
    const around = 2 + 2 * LOW_PADDING;
    // Eight cells of 24 CSS pixels in one line.
    expect(guessLowHeight(panelOf([[8]]), 1200, 620)).toBe(around + LOW_CAPTION + 24);
    expect(guessLowHeight(panelOf([[8]]), 600, 620)).toBe(around + LOW_TITLE + LOW_CAPTION + 24);
    // 1000 − 2·20 − 224 − 170 = 566 CSS pixels hold two of at least 200: three runs make two rows, 8 apart.
    expect(guessLowHeight(panelOf([[8], [8], [8]]), 1000, 620)).toBe(
      around + 2 * (LOW_CAPTION + 24) + 8,
    );
  });
});

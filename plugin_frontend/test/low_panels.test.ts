import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  guessLowHeight,
  isLow,
  LOW_CAPTION,
  LOW_GAP,
  LOW_HEADER,
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

  test("of one run keeps title, strip and legend within its width, one above the other where it is narrow", () => {
    fc.assert(
      fc.property(fc.integer({ min: 220, max: 4000 }), (width) => {
        const { stacked, title, aside, strip } = layoutLow(width);
        expect(strip + (stacked ? 0 : title + aside + 2 * LOW_GAP)).toBeLessThanOrEqual(width);
        expect(strip).toBeGreaterThanOrEqual(Math.min(200, width));
      }),
    );
    expect(layoutLow(3600).strip).toBe(1000);
    expect(layoutLow(600).stacked).toBe(true);
    expect(layoutLow(1200).stacked).toBe(false);
  });

  test("of one run is as high as its title, or as its strip", () => {
    const around = 2 + 2 * LOW_PADDING;
    // Eight cells of 24 CSS pixels in one line.
    expect(guessLowHeight(panelOf([[8]]), 1200, 620, [])).toBe(around + LOW_CAPTION + 24);
    expect(guessLowHeight(panelOf([[8]]), 600, 620, [])).toBe(
      around + LOW_TITLE + LOW_CAPTION + 24,
    );
  });

  test("of several columns has one line of title above them", () => {
    const panel = panelOf([[8], [8]]);
    const runs = panel.members.map(({ run }) => run);
    const strips = 2 + LOW_HEADER + LOW_CAPTION + 24 + LOW_PADDING;
    expect(guessLowHeight(panel, 1200, 620, runs)).toBe(strips);
    expect(guessLowHeight(panelOf([[8]]), 1200, 620, runs)).toBe(strips);
  });
});

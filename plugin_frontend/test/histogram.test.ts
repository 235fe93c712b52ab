import { describe, expect, test } from "vitest";
import { axisTicks } from "../src/model/axis_ticks.js";
import { edgeValue } from "../src/model/binning.js";
import {
  constantOf,
  knownStatistic,
  nonFiniteCounts,
  statisticOf,
} from "../src/model/histogram.js";
import { binLimit, plotFrame } from "../src/model/histogram_frames.js";
import { heightScale, heightShare, heightsOf } from "../src/model/histogram_heights.js";
import {
  binText,
  binValues,
  percentText,
  shownStatistics,
  summaryText,
} from "../src/model/histogram_words.js";
import { ridgeAt, ridgeLayout } from "../src/model/ridge_layout.js";
import { curvePath, sparkPath } from "../src/render/curve_paths.js";
import { loadHistogram, loadTiles } from "../src/state/record_loading.js";
import { encodeHistogram, histogramOf } from "./encode_histogram.js";

const spread = (exponent: number, size = 64, each = 1000) =>
  histogramOf({ exponent, first: -size / 2, counts: Array.from({ length: size }, () => each) });

describe("a record of a histogram", () => {
  test("is read with its bins, its total and its statistics", () => {
    const histogram = histogramOf({
      exponent: -3,
      first: -2,
      counts: [1, 0, 4],
      statistics: { nan_count: 2, neginf_count: 1 },
    });
    expect(histogram).toMatchObject({ exponent: -3, first: -2, total: 5 });
    expect(statisticOf(histogram, "mean")).toBe(-0.0625);
    expect(nonFiniteCounts(histogram)).toEqual({ nan: 2, posinf: 0, neginf: 1 });
  });

  test("is no tiles, and tiles are no histogram", async () => {
    const item = encodeHistogram({ exponent: 0, first: 0, counts: [1] });
    expect(await loadTiles(item)).toEqual({ ok: false, message: "the record holds no tiles" });
    expect(await loadHistogram(item)).toMatchObject({ ok: true });
  });

  test("that does not hang together is refused in words", async () => {
    const bad = async (spec: Parameters<typeof encodeHistogram>[0]) => {
      const loaded = await loadHistogram(encodeHistogram(spec));
      return loaded.ok ? "" : loaded.message;
    };
    expect(await bad({ exponent: 0, first: 0, counts: [0.5] })).toMatch("whole numbers from 0");
    expect(await bad({ exponent: 2000, first: 0, counts: [] })).toMatch("exponent must be from");
    expect(await bad({ exponent: 0, first: 0.5, counts: [] })).toMatch("first must be a whole");
    expect(await bad({ exponent: 0, first: 2 ** 54, counts: [] })).toMatch("-2^53 to 2^53");
    const [header = new Uint8Array(), , counts = new Uint8Array()] = encodeHistogram({
      exponent: 0,
      first: 0,
      counts: [1],
    }).blobs;
    const short = { status: 200, blobs: [header, new Uint8Array(8), counts] };
    expect(await loadHistogram(short)).toMatchObject({
      message: "the record names 11 statistics but has 1",
    });
  });
});

describe("the bins of a plot", () => {
  test("are as many as the values bear, from 24 to 256", () => {
    // 4·∛1000 = 40; 4·∛(64³) = 256.
    expect([0, 10, 1000, 64 ** 3, 1e9].map(binLimit)).toEqual([24, 24, 40, 256, 256]);
  });

  test("span the ends of the series too, so that the axis stays while the step changes", () => {
    const [start, end] = [spread(-10), spread(-9)];
    const frames = [plotFrame([start], [start, end]), plotFrame([end], [start, end])];
    expect(frames[0]).toEqual(frames[1]);
  });

  test("leave out ends that would squeeze what is drawn", () => {
    const [small, exploded] = [spread(-10), spread(10)];
    expect(plotFrame([small], [exploded])).toEqual(plotFrame([small], []));
  });

  test("show a constant where the rest of its series is", () => {
    const zeros = histogramOf({ exponent: -1074, first: 0, counts: [512] });
    const later = spread(-9);
    // 512 values bear 4·∛512 = 32 bins, so the 64 of the later step become half as many, twice as wide.
    expect(plotFrame([zeros], [zeros, later])?.exponent).toBe(-8);
    const alone = plotFrame([zeros], []);
    expect(alone && edgeValue(alone.first, alone.exponent)).toBeCloseTo(-1, 0);
  });
});

describe("heights", () => {
  test("are counts, their logarithm, or a share that the scale labels as density", () => {
    const counts = Float64Array.of(0, 9, 99, 1);
    expect([...heightsOf(counts, "count").heights]).toEqual([0, 9, 99, 1]);
    expect([...heightsOf(counts, "log-count").heights]).toEqual([0, 1, 2, Math.log10(2)]);
    const density = heightsOf(counts, "density");
    // 99 of 109 values in a bin of width 1/4.
    const scale = heightScale([density], "density", -2);
    const [tick] = scale.ticks.slice(-1);
    expect((99 / 109 / 0.25) * (1 / heightShare(99 / 109, scale)) * (tick?.at ?? 0)).toBeCloseTo(
      Number(tick?.label),
    );
  });

  test("of a spike are cut where they would press the other curves flat", () => {
    const spike = heightsOf(Float64Array.of(0, 512, 0), "count");
    const curve = heightsOf(Float64Array.of(10, 20, 10), "count");
    const scale = heightScale([spike, curve], "count", 0);
    expect(scale.top).toBeCloseTo(20 * 1.06);
    expect(heightShare(512, scale)).toBe(1);
    expect(heightScale([spike], "count", 0).top).toBeCloseTo(512 * 1.06);
  });

  test("of denormal bins are drawn although their density is no number", () => {
    const scale = heightScale([heightsOf(Float64Array.of(1, 3), "density")], "density", -1074);
    expect(scale.ticks).toEqual([]);
    expect(heightShare(0.25, scale) / heightShare(0.75, scale)).toBeCloseTo(1 / 3);
  });
});

describe("the axis of values", () => {
  const labels = (exponent: number, first: number, size: number) =>
    axisTicks({ exponent, first, size }, 5).map(({ label }) => label);

  test("has round numbers of one length, zero without decimals", () => {
    expect(labels(-8, -64, 128)).toEqual(["−0.2", "−0.1", "0", "0.1", "0.2"]);
    expect(labels(4, 0, 100)).toEqual(["0", "500", "1000", "1500"]);
  });

  test("stays within the plot and finite at both ends of floating point", () => {
    for (const frame of [
      { exponent: -1074, first: 0, size: 100 },
      { exponent: -1074, first: -3, size: 6 },
      { exponent: 1016, first: -128, size: 256 },
      { exponent: 1016, first: 100, size: 156 },
      { exponent: -52, first: 2 ** 52 - 10, size: 20 },
    ]) {
      const ticks = axisTicks(frame, 5);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      for (const { at, label } of ticks) {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(1);
        expect(label).toMatch(/^−?\d/);
      }
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
    }
  });
});

describe("in words", () => {
  test("a bin says its edges apart, however narrow it is", () => {
    expect(binText({ exponent: -3, first: -1, size: 4 }, 0)).toBe("−0.125 to 0");
    const [low, high] = binText({ exponent: -40, first: 2 ** 40, size: 1 }, 0).split(" to ");
    expect(low).not.toBe(high);
  });

  test("a bin says its count and share, or its density and count", () => {
    const frame = { exponent: -2, first: 0, size: 4 };
    expect(binValues(1234, 10000, frame, "count")).toEqual(["1,234", "12.3 %"]);
    expect(binValues(5000, 10000, frame, "density")).toEqual(["2", "5,000 values"]);
    expect([0, 1, 0.004, 1e-9, 0.5].map(percentText)).toEqual([
      "0 %",
      "100 %",
      "0.40 %",
      "< 0.01 %",
      "50.0 %",
    ]);
  });

  test("a histogram says what it holds, a constant its one value", () => {
    const zeros = histogramOf({
      exponent: -1074,
      first: 0,
      counts: [512],
      statistics: { min: 0, max: 0 },
    });
    expect(constantOf(zeros)).toBe(0);
    expect(summaryText(zeros)).toBe("512 values, all 0");
    const empty = histogramOf({
      exponent: 0,
      first: 0,
      counts: [],
      statistics: { nan_count: 3 },
    });
    expect(summaryText(empty)).toBe("no finite value, 3 NaN");
  });

  test("NaN and infinities have columns only where there are any", () => {
    const names = (statistics: Record<string, number>) =>
      shownStatistics([histogramOf({ exponent: 0, first: 0, counts: [1], statistics })]).map(
        ({ name }) => name,
      );
    expect(names({})).not.toContain("nan_count");
    expect(names({ posinf_count: 1 })[0]).toBe("posinf_count");
  });

  test("statistics of the finite values are unknown where none is finite", () => {
    const statistics = { nan_count: 3, l2_norm: 0, zero_fraction: 0 };
    const none = histogramOf({ exponent: 0, first: 0, counts: [], statistics });
    expect(knownStatistic(none, "l2_norm")).toBeNaN();
    expect(knownStatistic(none, "zero_fraction")).toBeNaN();
    expect(knownStatistic(none, "nan_count")).toBe(3);
    const zeros = histogramOf({ exponent: 0, first: 0, counts: [3], statistics });
    expect(knownStatistic(zeros, "l2_norm")).toBe(0);
  });
});

describe("paths", () => {
  const box = { width: 100, height: 50, base: 60 };

  test("of few bins are bars, and stretches without counts have no line", () => {
    expect(curvePath(Float64Array.of(0, 1, 0.5, 0, 0), box)).toBe("M20 60V10H40V35H60V60");
    expect(curvePath(new Float64Array(5), box)).toBe("");
  });

  test("of many bins go through their middles; a bin that stands alone stays visible", () => {
    const shares = new Float64Array(100);
    shares[10] = 1;
    shares[50] = 0.5;
    shares[51] = 1;
    // The bin from 10 to 11 is drawn 2.5 wide about 10.5.
    expect(curvePath(shares, box)).toBe("M9.3 60V10H11.8V60M49.5 60L50.5 35L51.5 10L52.5 60");
  });

  test("of sparklines break where there is no number", () => {
    const points = [0, 1, NaN, 3].map((value, index) => ({ at: index / 3, value }));
    expect(sparkPath(points, [0, 3], { width: 30, height: 9, base: 10 })).toBe("M0 10L10 7M30 1");
  });
});

describe("a ridge", () => {
  test("keeps its height however many steps it has", () => {
    expect(ridgeLayout(60).height).toBeCloseTo(ridgeLayout(30).height);
    expect(ridgeLayout(1).height).toBe(ridgeLayout(1).amplitude);
  });

  test("is hit at the foremost curve under the pointer, else at the nearest base line", () => {
    const layout = ridgeLayout(3);
    const { amplitude, spacing } = layout;
    const heights = [1, 0, 0.5];
    const at = (y: number) => ridgeAt(layout, 3, y, (index) => heights[index] ?? 0);
    expect(at(amplitude + 2 * spacing - 1)).toBe(2);
    expect(at(amplitude + 2 * spacing - 0.6 * amplitude)).toBe(0);
    expect(at(amplitude + 99 * spacing)).toBe(2);
  });
});

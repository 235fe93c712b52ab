import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  axisWords,
  needsCare,
  noteText,
  ownRemarks,
  panelFacts,
  panelTitle,
  sharedRemarks,
  sizeFacts,
  sourceFacts,
  tagPath,
} from "../src/model/facts.js";
import {
  describeCell,
  formatColumn,
  formatCount,
  formatEnds,
  formatExact,
  formatRange,
  formatSigned,
  formatWithin,
} from "../src/model/format.js";
import { paintTiles } from "./decode.js";

const axis = (name: string, size: number, labels: string[] | null = null) => ({
  name,
  size,
  fullSize: size,
  labels,
  represents: null,
});
const NO_SOURCE = {
  variablePath: null,
  layerPath: null,
  layerIndex: null,
  layerType: null,
  role: null,
  variableShape: null,
  samplesDigest: null,
};

describe("numbers in words", () => {
  test("the ends of a scale have plus signs only where there are minus signs", () => {
    expect(formatEnds({ lo: 0, hi: 1 })).toEqual(["0", "1"]);
    expect(formatEnds({ lo: -0.2, hi: 0.2 })).toEqual(["−0.2", "+0.2"]);
    expect(formatRange({ lo: 0, hi: 3 })).toBe("0 … 3");
  });

  test("a note warns only where the values are not what they seem", () => {
    expect(needsCare("whole numbers beyond 2^24 are rounded to float32")).toBe(true);
    expect(needsCare("int8 codes of the kernel, before scaling")).toBe(true);
    expect(needsCare("L2 norm over all 512 in_channels of each filter")).toBe(false);
    expect(noteText("L2 norm over all 512 in_channels of each filter")).toBe(
      "L2 norm over all 512 input channels of each filter",
    );
  });

  test("have a sign and three digits", () => {
    expect(formatSigned(0.16043)).toBe("+0.16");
    expect(formatSigned(-0.08321)).toBe("−0.0832");
    expect(formatSigned(0)).toBe("0");
    expect(formatSigned(1.25e-7)).toBe("+1.25e−7");
    expect(formatSigned(-4e12)).toBe("−4e12");
    expect(formatSigned(-Infinity)).toBe("−∞");
    expect(formatSigned(NaN)).toBe("NaN");
  });

  test("have as many digits each in a table", () => {
    expect(
      [26, 0.12, -0.00123449, 9.99996, 1e-5, -3e9].map((each) => formatColumn(each, 4)),
    ).toEqual(["26.00", "0.1200", "−0.001234", "10.00", "1.000e−5", "−3.000e9"]);
    expect([0, Infinity, -Infinity, NaN].map((each) => formatColumn(each, 4))).toEqual([
      "0",
      "∞",
      "−∞",
      "NaN",
    ]);
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 9999, noNaN: true }), (size) => {
        const digits = formatColumn(size, 4).replace(/^0\.0*|\./g, "");
        expect(digits).toHaveLength(4);
        expect(Number(formatColumn(size, 4))).toBe(Number(size.toPrecision(4)));
      }),
    );
  });

  test("that are exact are the shortest that read back as the same float32", () => {
    expect(formatExact(Math.fround(0.1))).toBe("+0.1");
    expect(formatExact(Math.fround(-1 / 3))).toBe("−0.33333334");
    expect(formatExact(-Infinity)).toBe("−∞");
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const read = Number(formatExact(value).replaceAll("−", "-"));
        expect(Math.fround(read) === value).toBe(true);
      }),
    );
  });

  test("that are known up to a bound have no digits beyond it", () => {
    const within = (value: number, bound: number) =>
      formatWithin(value, bound).replaceAll("\u00a0", " ");
    expect(within(0.0341234, 1.9e-6)).toBe("+0.034123 ± 2e−6");
    expect(within(-0.5, 0.0004)).toBe("−0.5000 ± 0.0004");
    expect(within(1234.5, 20)).toBe("+1235 ± 20");
    expect(within(3.4e-7, 2e-9)).toBe("+3.40e−7 ± 2e−9");
    expect(within(0, 1e-5)).toBe("0 ± 1e−5");
    expect(within(Infinity, 1e-5)).toBe("+∞");
    expect(within(Math.fround(0.1), 0)).toBe("+0.1");
  });

  test("that are known up to a bound read back within it, and the bound is none too small", () => {
    const size = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(size, fc.double({ min: 1e-9, max: 1, noNaN: true }), (value, bound) => {
        const [read = "", around = ""] = formatWithin(value, bound)
          .replaceAll("−", "-")
          .split("\u00a0±\u00a0");
        expect(Math.abs(Number(read) - value)).toBeLessThanOrEqual(bound);
        expect(Number(around)).toBeGreaterThanOrEqual(bound * (1 - 1e-8));
        expect(Number(around)).toBeLessThanOrEqual(2 * bound * (1 + 1e-8));
      }),
    );
  });

  test("of a range say its ends, or how far it goes to both sides of zero", () => {
    expect(formatRange({ lo: -0.16, hi: 0.16 })).toBe("±0.16");
    expect(formatRange({ lo: -0.1, hi: 0.3 })).toBe("−0.1 … +0.3");
    expect(formatRange({ lo: 0, hi: 0 })).toBe("0");
  });

  test("count in singular and plural", () => {
    expect([formatCount(1, "step"), formatCount(12300, "cell")]).toEqual([
      "1 step",
      "12,300 cells",
    ]);
  });
});

describe("a cell in words", () => {
  const cell = { tile: 30, row: 11, column: 17 };

  test("names its tile by the grid axes", () => {
    expect(describeCell([axis("unit", 512)], cell)).toBe("unit 30 · row 11, column 17");
    expect(describeCell([axis("filter", 8), axis("in_channel", 16)], cell)).toBe(
      "filter 1 · input channel 14 · row 11, column 17",
    );
    expect(describeCell([], cell)).toBe("row 11, column 17");
    expect(describeCell([axis("class", 3, ["cat", "dog", "bird"])], { ...cell, tile: 2 })).toBe(
      "class 2 (bird) · row 11, column 17",
    );
  });

  test("of a matrix is called by what its rows and columns are, also where several became one", () => {
    const rows = { ...axis("height", 28), fullSize: 784, represents: "input" };
    const columns = { ...axis("width", 20), represents: "unit" };
    // 784 rows shown as 28: row 11 is the mean of rows 308 to 335.
    expect(describeCell([rows, columns], { ...cell, tile: 0 })).toBe("input 308–335, unit 17");
    expect(describeCell([{ ...rows, fullSize: 28 }, columns], { ...cell, tile: 0 })).toBe(
      "input 11, unit 17",
    );
  });
});

describe("a cell of a strip in words", () => {
  const strip = (represents: string | null, labels: string[] | null = null) => [
    axis("gate", 4, ["input", "forget", "cell", "output"]),
    axis("height", 1),
    { ...axis("width", 8, labels), represents },
  ];
  const cell = { tile: 1, row: 0, column: 5 };

  test("has no rows, and is called what it stands for", () => {
    expect(describeCell(strip("unit"), cell)).toBe("gate 1 (forget) · unit 5");
    expect(describeCell(strip(null), cell)).toBe("gate 1 (forget) · position 5");
    expect(describeCell(strip(null, [..."abcdefgh"]), cell)).toBe(
      "gate 1 (forget) · position 5 (f)",
    );
  });

  test("that is a single number has no place but its tile's", () => {
    const number = [axis("head", 3), axis("height", 1), axis("width", 1)];
    expect(describeCell(number, { tile: 2, row: 0, column: 0 })).toBe("head 2");
  });
});

describe("the facts of a panel", () => {
  test("come from the tag and its source", () => {
    expect(tagPath("weights/block_1/dense/kernel")).toBe("block_1/dense/kernel");
    const facts = (layerType: string, variableShape: number[]) =>
      sourceFacts({ ...NO_SOURCE, layerType, variableShape }).join(" · ");
    expect(facts("Dense", [784, 512])).toBe("Dense · 784 → 512");
    expect(facts("Conv2D", [3, 3, 16, 32])).toBe("Conv2D · 3×3 · 16 → 32");
    expect(facts("BatchNormalization", [64])).toBe("BatchNormalization · 64");
    expect(facts("EinsumDense", [24, 4, 8])).toBe("EinsumDense · 24×4×8");
    const bias = { ...NO_SOURCE, layerType: "EinsumDense", role: "bias", variableShape: [4, 8] };
    expect(sourceFacts(bias)).toEqual(["EinsumDense", "4×8"]);
    expect(sourceFacts(NO_SOURCE)).toEqual([]);
  });

  test("name the channels of a depthwise kernel and its multiplier, not a map from one to the other", () => {
    const facts = (layerType: string, role: string, variableShape: number[]) =>
      sourceFacts({ ...NO_SOURCE, layerType, role, variableShape }).join(" · ");
    expect(facts("DepthwiseConv2D", "kernel", [3, 3, 32, 1])).toBe(
      "DepthwiseConv2D · 3×3 · 32 channels",
    );
    expect(facts("DepthwiseConv1D", "kernel", [5, 1, 2])).toBe(
      "DepthwiseConv1D · 5 · 1 channel × 2",
    );
    expect(facts("SeparableConv2D", "depthwise_kernel", [3, 3, 16, 2])).toBe(
      "SeparableConv2D · 3×3 · 16 channels × 2",
    );
    expect(facts("SeparableConv2D", "pointwise_kernel", [1, 1, 16, 32])).toBe(
      "SeparableConv2D · 1×1 · 16 → 32",
    );
    expect(facts("DepthwiseConv2D", "bias", [32])).toBe("DepthwiseConv2D · 32");
  });

  test("hold what all runs leave out; what only some do is said of each of them", () => {
    const a = { omitted: ["64 of 128 units", "every other row"], notes: ["mean of 2"] };
    const b = { omitted: ["64 of 128 units"], notes: [] };
    const shared = sharedRemarks([a, b]);
    expect(shared).toEqual({ omitted: ["64 of 128 units"], notes: [] });
    expect(ownRemarks(a, shared)).toEqual({ omitted: ["every other row"], notes: ["mean of 2"] });
    expect(ownRemarks(b, shared)).toEqual({ omitted: [], notes: [] });
    expect(sharedRemarks([a])).toEqual(a);
    expect(sharedRemarks([])).toEqual({ omitted: [], notes: [] });
  });

  const headerOf = (sizes: Record<string, number>, represents?: string) => {
    const axes = Object.entries(sizes).map(([name, size]) => ({ name, size }));
    const cells = axes.reduce((product, { size }) => product * size, 1);
    const values = new Float32Array(cells);
    const { header } = paintTiles({ axes, values, precision: "float32" });
    if (represents === undefined) return header;
    const named = header.axes.map((axis) =>
      axis.name === "width" ? { ...axis, represents } : axis,
    );
    return { ...header, axes: named };
  };

  test("say what the tiles are", () => {
    const facts = (sizes: Record<string, number>) => sizeFacts(headerOf(sizes));
    expect(facts({ unit: 4, height: 28, width: 28 })).toEqual(["28×28 tiles"]);
    expect(facts({ height: 256, width: 10 })).toEqual(["256×10 matrix"]);
    expect(facts({ height: 1, width: 12 })).toEqual(["12 values"]);
    expect(facts({ height: 1, width: 1 })).toEqual(["1 value"]);
    expect(facts({ gate: 4, height: 1, width: 12 })).toEqual(["strips of 12"]);
    const words = headerOf({ axis_0: 4, class: 2, in_channel: 2, height: 3, width: 3 }).axes;
    expect(words.slice(0, 3).map(axisWords)).toEqual(["axis 0", "classes", "input channels"]);
  });

  test("leave out the type of the layer below its heading, and say of what a vector has so many", () => {
    const dense = { ...NO_SOURCE, layerType: "Dense", layerPath: "a/dense" };
    const bias = { ...dense, role: "bias", variableShape: [8] };
    expect(panelFacts({ ...dense, role: "kernel", variableShape: [4, 8] }, null)).toEqual([
      "4 → 8",
    ]);
    expect(panelFacts(bias, null)).toEqual(["8 values"]);
    const channels = { ...headerOf({ height: 1, width: 8 }, "channel"), source: bias };
    expect(panelFacts(bias, channels)).toEqual(["8 channels →"]);
    const gates = { ...headerOf({ gate: 4, height: 1, width: 2 }), source: bias };
    expect(panelFacts(bias, gates)).toEqual(["8", "strips of 2"]);
    expect(panelFacts({ ...bias, layerPath: null }, null)).toEqual(["Dense", "8 values"]);
    expect(panelFacts(null, headerOf({ height: 1, width: 1 }))).toEqual(["1 value"]);
  });

  test("come after a title without the layer's path, which the heading above says", () => {
    const source = { ...NO_SOURCE, layerPath: "block_1/dense" };
    expect(panelTitle("weights/block_1/dense/kernel", source)).toBe("kernel");
    expect(panelTitle("weights/block_1/dense/kernel/l2_norm", source)).toBe("kernel / l2_norm");
    expect(panelTitle("activations/block_1/dense", source)).toBe("block_1/dense");
    expect(panelTitle("weights/block_1/dense_2/kernel", source)).toBe("block_1/dense_2/kernel");
    expect(panelTitle("weights/a/b", null)).toBe("a/b");
    expect(panelTitle("weights/a/b", NO_SOURCE)).toBe("a/b");
  });
});

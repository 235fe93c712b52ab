import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rgb } from "../src/model/colours.js";
import { decodeValues } from "../src/model/dequantise.js";
import { arraysOf, type ExportedRecord, safePath } from "../src/model/export_arrays.js";
import {
  chosenPoints,
  fileName,
  safeName,
  scopeOfFormat,
  scopeOnOpening,
  stepsOfFormat,
} from "../src/model/export_choice.js";
import { axisNames, csvField, csvHeader, csvLines, csvNumber } from "../src/model/export_csv.js";
import { commonColours, gifPalette, PaletteIndex, rgbOf } from "../src/model/gif_palette.js";
import { integersArray, npyParts, textArray, textsArray } from "../src/model/npy.js";
import { loadConfusion, loadHistogram, loadTiles } from "../src/state/record_loading.js";
import { unwrap } from "./decode.js";
import { encodeTiles, itemOf } from "./encode.js";
import { encodeConfusion } from "./encode_confusion.js";
import { encodeHistogram } from "./encode_histogram.js";

async function tilesRecord(step: number, units: number, labels?: readonly string[]) {
  const axes = [
    { name: "unit", size: units, ...(labels === undefined ? {} : { labels }) },
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ];
  const values = Float32Array.from({ length: 2 * units }, (_, at) => at / 8 + step);
  const encoded = encodeTiles({ axes, values, precision: "float32", step });
  const tiles = unwrap(await loadTiles(itemOf(encoded, "paint")));
  return { kind: "tiles", step, moment: tiles.header.moment, tiles, since: null } as const;
}

async function histogramRecord(
  step: number,
  exponent: number,
  first: number,
  counts: readonly number[],
) {
  const histogram = unwrap(await loadHistogram(encodeHistogram({ exponent, first, counts, step })));
  return { kind: "histogram", step, moment: histogram.header.moment, histogram } as const;
}

async function confusionRecord(spec: Parameters<typeof encodeConfusion>[0]) {
  const confusion = unwrap(await loadConfusion(encodeConfusion(spec)));
  return {
    kind: "confusion",
    step: spec.step ?? 0,
    moment: confusion.header.moment,
    confusion,
  } as const;
}

const exported = (records: readonly ExportedRecord[]) => ({
  run: "a",
  tag: "weights/k",
  show: "value",
  records,
});

/** Shape and data of an array, by its name without the prefix. */
function byName(records: readonly ExportedRecord[]) {
  const found = arraysOf(exported(records)).map(
    ({ name, array }) => [name.replace("a/weights/k/", ""), array] as const,
  );
  return new Map(found);
}

describe("the format NPY", () => {
  test("has a header that ends at a multiple of 64 bytes, whatever the shape", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 }), (shape) => {
        const size = shape.reduce((product, length) => product * length, 1);
        const [header, data] = npyParts({ shape, data: new Float32Array(size) });
        expect(header.length % 64).toBe(0);
        expect(header.at(-1)).toBe(0x0a);
        expect(data.length).toBe(4 * size);
        const length = (header[8] ?? 0) + 256 * (header[9] ?? 0);
        expect(length).toBe(header.length - 10);
      }),
    );
  });

  test("says what NumPy says of numbers and texts", () => {
    const written = (array: Parameters<typeof npyParts>[0]) =>
      new TextDecoder("latin1").decode(npyParts(array)[0].slice(10)).trim();
    expect(written({ shape: [2, 3], data: new Float32Array(6) })).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
    );
    expect(written(integersArray([1, 2]))).toBe(
      "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
    );
    expect(written(textArray("π🙂"))).toBe(
      "{'descr': '<U2', 'fortran_order': False, 'shape': (), }",
    );
    expect(written(textsArray([]))).toBe(
      "{'descr': '<U1', 'fortran_order': False, 'shape': (0,), }",
    );
  });

  test("writes letters as whole code points, shorter texts with zeros behind", () => {
    const [, bytes] = npyParts(textsArray(["🙂b", "c"]));
    expect([...new Uint32Array(bytes.slice().buffer)]).toEqual([0x1f642, 98, 99, 0]);
  });

  test("refuses numbers that are not as many as the shape says", () => {
    expect(() => npyParts({ shape: [3], data: new Float32Array(2) })).toThrow(RangeError);
  });
});

describe("records as arrays", () => {
  test("are stacked over steps where they are alike, with the axis named first", async () => {
    const arrays = byName([await tilesRecord(0, 3), await tilesRecord(4, 3)]);
    expect(arrays.get("values")?.shape).toEqual([2, 3, 1, 2]);
    expect(arrays.get("axes")?.data).toEqual(["step", "unit", "height", "width"]);
    expect(arrays.get("steps")?.data).toEqual(BigInt64Array.of(0n, 4n));
    expect(arrays.get("statistics_min")?.shape).toEqual([2, 3]);
    expect([...(arrays.get("values")?.data ?? [])]).toEqual([
      ...decodeValues((await tilesRecord(0, 3)).tiles),
      ...decodeValues((await tilesRecord(4, 3)).tiles),
    ]);
  });

  test("of one step have no axis of steps", async () => {
    const arrays = byName([await tilesRecord(2, 3)]);
    expect(arrays.get("values")?.shape).toEqual([3, 1, 2]);
    expect(arrays.get("axes")?.data).toEqual(["unit", "height", "width"]);
  });

  test("of other shapes or labels stand each by itself", async () => {
    const grown = byName([await tilesRecord(0, 3), await tilesRecord(1, 4)]);
    expect(grown.get("values_step_0")?.shape).toEqual([3, 1, 2]);
    expect(grown.get("values_step_1")?.shape).toEqual([4, 1, 2]);
    expect(grown.has("values")).toBe(false);
    const renamed = byName([
      await tilesRecord(0, 2, ["x", "y"]),
      await tilesRecord(1, 2, ["x", "z"]),
    ]);
    expect(renamed.get("labels_unit_step_1")?.data).toEqual(["x", "z"]);
  });

  test("of histograms come onto shared bins without losing a count", async () => {
    const arrays = byName([
      await histogramRecord(0, -2, -2, [1, 2, 3, 4]),
      await histogramRecord(1, -1, 0, [5, 0, 7]),
    ]);
    expect(arrays.get("edges")?.data).toEqual(Float64Array.of(-0.5, 0, 0.5, 1, 1.5));
    expect(arrays.get("counts")?.shape).toEqual([2, 4]);
    expect(arrays.get("counts")?.data).toEqual(BigInt64Array.of(3n, 7n, 0n, 0n, 0n, 5n, 0n, 7n));
  });

  test("of confusions are whole matrices, zeros among them", async () => {
    const arrays = byName([await confusionRecord({ names: ["x", "y"], counts: [3, 0, 1, 4] })]);
    expect(arrays.get("counts")?.shape).toEqual([2, 2]);
    expect(arrays.get("counts")?.data).toEqual(BigInt64Array.of(3n, 0n, 1n, 4n));
    expect(arrays.get("class_names")?.data).toEqual(["x", "y"]);
    expect(arrays.has("weights")).toBe(false);
  });

  test("that are changes say since when, and differences from which run", async () => {
    const [own, other] = [await tilesRecord(4, 1), await tilesRecord(5, 1)];
    const records = [
      { ...own, since: { run: "a", step: 0 } },
      { ...other, since: { run: "pinned", step: 3 } },
    ];
    const arrays = new Map(
      arraysOf({ ...exported(records), show: "difference" }).map(({ name, array }) => [
        name,
        array,
      ]),
    );
    const at = (name: string) => arrays.get(`a/weights/k/${name}`)?.data;
    expect(at("show")).toEqual(["difference"]);
    expect(at("reference_run")).toEqual(["a", "pinned"]);
    expect(at("reference_step")).toEqual(BigInt64Array.of(0n, 3n));
    expect(byName([own]).has("reference_run")).toBe(false);
    const lines = records.map(
      (record) =>
        [
          ...csvLines({ ...exported([]), show: "difference" }, record, ["unit", "height", "width"]),
        ][0]?.split("\n")[0],
    );
    expect(lines).toEqual([
      "a,weights/k,4,4,difference,0,0,0,0,4",
      "a,weights/k,5,5,difference,pinned at step 3,0,0,0,5",
    ]);
  });

  test("have names that lead out of no directory", () => {
    expect(safePath("../a/./b")).toBe("_/a/_/b");
    expect(safePath("a\\b//c")).toBe("a_b/_/c");
    expect(safePath("mlp-4000/weights")).toBe("mlp-4000/weights");
  });
});

describe("records as lines", () => {
  test("have the places of all axes of the file, empty where a record lacks one", async () => {
    const record = await tilesRecord(3, 2);
    const axes = ["gate", ...axisNames([record.tiles.header])];
    expect(csvHeader("tiles", axes)).toBe(
      "run,tag,step,epoch,show,since,gate,unit,height,width,value\n",
    );
    const lines = [...csvLines(exported([record]), record, axes)].join("");
    expect(lines.split("\n")).toEqual([
      "a,weights/k,3,3,value,,,0,0,0,3",
      "a,weights/k,3,3,value,,,0,0,1,3.125",
      "a,weights/k,3,3,value,,,1,0,0,3.25",
      "a,weights/k,3,3,value,,,1,0,1,3.375",
      "",
    ]);
  });

  test("refuse a record with an axis that the file has no column for", async () => {
    const record = await tilesRecord(0, 2);
    expect(() => [...csvLines(exported([record]), record, ["height", "width"])]).toThrow("unit");
  });

  test("of histograms are bins with their edges", async () => {
    const record = await histogramRecord(1, -1, -1, [2, 0, 5]);
    expect([...csvLines(exported([record]), record, [])].join("")).toBe(
      "a,weights/k,1,1,value,,-0.5,0,2\na,weights/k,1,1,value,,0,0.5,0\na,weights/k,1,1,value,,0.5,1,5\n",
    );
  });

  test("of confusions are all cells, of labels four each", async () => {
    const classes = await confusionRecord({ names: ["x", "y,z"], counts: [3, 0, 1, 4] });
    const lines = [...csvLines(exported([classes]), classes, [])].join("").split("\n");
    expect(lines[1]).toBe('a,weights/k,0,0,value,,,x,"y,z",0,');
    expect(lines).toHaveLength(5);
    const labels = await confusionRecord({
      names: ["p"],
      counts: [5, 1, 2, 9],
      task: "multi_label",
      threshold: 0.5,
    });
    const ofLabels = [...csvLines(exported([labels]), labels, [])].join("").split("\n");
    expect(ofLabels[2]).toBe("a,weights/k,0,0,value,,p,1,0,2,");
  });

  test("have numbers that read back as the same float32", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Object.is(Math.fround(Number(csvNumber(value))), value) || value === 0).toBe(true);
      }),
    );
    expect([NaN, Infinity, -Infinity].map(csvNumber)).toEqual(["nan", "inf", "-inf"]);
  });

  test("quote what would break a line", () => {
    expect(csvField('a "b", c')).toBe('"a ""b"", c"');
    expect(csvField("plain/name")).toBe("plain/name");
  });
});

describe("what is exported", () => {
  test("is of the shown point, all points, or a range whichever end comes first", () => {
    const range = { steps: "range", from: 4, to: 2 } as const;
    expect(chosenPoints({ steps: "this", from: 0, to: 0 }, 6, 3)).toEqual([3]);
    expect(chosenPoints({ steps: "all", from: 0, to: 0 }, 3, 1)).toEqual([0, 1, 2]);
    expect(chosenPoints(range, 6, 0)).toEqual([2, 3, 4]);
    expect(chosenPoints({ ...range, from: 9 }, 6, 0)).toEqual([2, 3, 4, 5]);
    expect(chosenPoints(range, 0, -1)).toEqual([]);
  });

  test("has a name of panel, runs and steps that every system allows", () => {
    const named = { view: "weights", shown: "", extension: "png" };
    expect(
      fileName({ ...named, tags: ["weights/a/kernel"], runs: ["r/1"], moments: ["epoch 8"] }),
    ).toBe("weights_a_kernel_r_1_epoch_8.png");
    expect(
      fileName({
        ...named,
        tags: ["weights/a", "weights/b"],
        runs: ["x", "y"],
        moments: ["epoch 0", "epoch 1", "epoch 8"],
      }),
    ).toBe("weights_2_panels_2_runs_epoch_0-8.png");
    // A tag that is the view alone is said once.
    expect(
      fileName({ ...named, view: "graph", tags: ["graph"], runs: ["r"], moments: ["epoch 0"] }),
    ).toBe("graph_r_epoch_0.png");
    // Of a long tag the middle of the name is cut, not the run and the steps at its end.
    const long = fileName({
      ...named,
      tags: [`weights/${"block/".repeat(40)}kernel`],
      runs: ["mlp"],
      moments: ["epoch 0", "epoch 8"],
    });
    expect(long).toMatch(/^weights_block_block_.*[a-z]_mlp_epoch_0-8\.png$/);
    expect(long.length).toBeLessThanOrEqual(124);
    const shown = "difference to mlp-512 at epoch 3";
    expect(
      fileName({ ...named, shown, tags: ["weights/a"], runs: ["r"], moments: ["epoch 8"] }),
    ).toBe("weights_a_difference_to_mlp-512_at_epoch_3_r_epoch_8.png");
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        expect(safeName(parts)).toMatch(/^[\p{L}\p{N}.=_-]{1,120}$/u);
        expect(safeName(parts)).not.toMatch(/^\./);
      }),
    );
  });
});

describe("the colours of an animation", () => {
  const table = Array.from({ length: 256 }, (_, entry): Rgb => [entry, 0, 255 - entry]);

  test("are at most 256, those of the page and of the glyphs among them, whole", () => {
    const palette = gifPalette(
      [255, 255, 255],
      [[0, 0, 0]],
      [[255, 0, 255]],
      [table, table.map(([r, g, b]): Rgb => [g, r, b])],
    );
    expect(palette.length).toBeLessThanOrEqual(256);
    for (const colour of [
      [255, 255, 255],
      [0, 0, 0],
      [255, 0, 255],
    ])
      expect(palette).toContainEqual(colour);
  });

  test("are off by no more than a step of a table that has to be thinned", () => {
    const palette = gifPalette([255, 255, 255], [[0, 0, 0]], [], [table]);
    const rgba = new Uint8ClampedArray(table.flatMap((colour) => [...colour, 255]));
    const found = [...new PaletteIndex(palette).of(rgba)].map(
      (index) => palette[index] ?? [0, 0, 0],
    );
    const off = found.map((colour, entry) => Math.abs(colour[0] - entry));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  });

  test("of pictures stand for what there is most of", () => {
    const pixels = [
      ...Array(60).fill([250, 10, 10, 255]),
      ...Array(40).fill([10, 10, 250, 255]),
    ].flat();
    expect(commonColours([new Uint8ClampedArray(pixels)], 8)).toEqual(
      expect.arrayContaining([
        [250, 10, 10],
        [10, 10, 250],
      ]),
    );
    expect(rgbOf("#0a10ff")).toEqual([10, 16, 255]);
  });

  test("of several pictures stand for what is in any of them, however large it is", () => {
    const plain = (colour: readonly number[], pixels: number) =>
      new Uint8ClampedArray(Array<readonly number[]>(pixels).fill(colour).flat());
    const found = commonColours(
      [plain([255, 255, 255, 255], 5000), plain([200, 20, 20, 255], 9)],
      8,
    );
    expect(found).toEqual(
      expect.arrayContaining([
        [255, 255, 255],
        [200, 20, 20],
      ]),
    );
  });
});

describe("a choice of a format", () => {
  test("is of what was chosen by hand, else of the view where it is the tab in one file, else of the panel", () => {
    expect(scopeOfFormat("html", null, true)).toBe("view");
    expect(scopeOfFormat("png", null, true)).toBe("panel");
    expect(scopeOfFormat("html", "panel", true)).toBe("panel");
    expect(scopeOfFormat("png", "view", true)).toBe("view");
    expect(scopeOfFormat("html", "all", true)).toBe("all");
  });

  test("is of no panel where there is none, and of all views as HTML alone", () => {
    expect(scopeOfFormat("png", "panel", false)).toBe("view");
    expect(scopeOfFormat("gif", "all", true)).toBe("view");
  });

  test("is of the panel whose arrow is pressed, whatever was chosen before, and of all views once only", () => {
    for (const before of ["panel", "view", "all", null] as const)
      expect(scopeOnOpening(before, true)).toBe("panel");
    expect(scopeOnOpening("panel", false)).toBe("panel");
    expect(scopeOnOpening("all", false)).toBe("view");
    expect(scopeOnOpening(null, false)).toBeNull();
  });

  test("has all steps where it has a timeline, or moves", () => {
    expect(
      ["png", "gif", "npz", "csv", "html"].filter(
        (format) => stepsOfFormat(format as "png") === "all",
      ),
    ).toEqual(["gif", "html"]);
  });
});

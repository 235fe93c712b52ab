import { describe, expect, test } from "vitest";
import { parseHeader } from "../src/model/parse_header.js";
import { parseIndex, parseTimeline } from "../src/model/parse_index.js";
import { decodeTiles } from "../src/model/tiles.js";
import { unwrap } from "./decode.js";
import { encodeTiles } from "./encode.js";

const record = encodeTiles({
  axes: [
    { name: "unit", size: 2 },
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ],
  values: Float32Array.of(1, 2, 3, 4),
  precision: "uint16",
});
const parse = (change: Record<string, unknown>) =>
  parseHeader(new TextEncoder().encode(JSON.stringify({ ...record.header, ...change })));
const messageOf = (change: Record<string, unknown>) => {
  const parsed = parse(change);
  return parsed.ok ? "" : parsed.message;
};

describe("a record's header", () => {
  test("is read with its axes, statistics and source", () => {
    const header = unwrap(parse({}));
    expect(header).toMatchObject({
      kind: "tiles",
      precision: "uint16",
      moment: { step: 0, phase: "during", wallTime: 1.7e9 },
      source: { layerType: "Dense", variableShape: [784, 512], variablePath: null },
    });
  });

  test("of a newer version says what to do", () => {
    expect(messageOf({ version: 2 })).toMatch(/newer tb_nnviz \(format 2.*pip install -U tb-nnviz/);
  });

  test("that is wrong names the field", () => {
    expect(messageOf({ kind: "song" })).toMatch(
      "kind must be one of tiles, histogram, confusion, graph, notice",
    );
    expect(messageOf({ meaning: 3 })).toMatch("meaning must be one of");
    expect(messageOf({ axes: [{ name: "width", size: 2, full_size: 2 }] })).toMatch(
      "axes must end in height, width[, color]; got width",
    );
    expect(messageOf({ moment: {} })).toMatch("moment.step must be a finite number");
    expect(parseHeader(new TextEncoder().encode("{"))).toEqual({
      ok: false,
      message: "the record's header is not JSON",
    });
  });

  test("is not believed against payloads of another size", () => {
    const header = unwrap(parse({}));
    if (header.kind !== "tiles") throw new Error("not tiles");
    const blobs = new Map([
      ["statistics", new Uint8Array(7 * 2 * 8)],
      ["high", new Uint8Array(3)],
    ] as const);
    expect(decodeTiles(header, blobs)).toEqual({
      ok: false,
      message: "the blob high must have 4 bytes; got 3",
    });
  });
});

describe("the index", () => {
  const run = {
    run: "a/nnviz",
    name: "a",
    tags: [{ tag: "weights/k", kind: "tiles", view: "weights", series: 0, source: {} }],
    series: [{ steps: [0, 2], wall_times: [1, 2], logged: null }],
    notices: [{ view: "weights", layer: "k", message: "m", step: 0 }],
    skipped: [{ tag: "x", reason: "r" }],
  };

  test("joins tags with the series they share", () => {
    const index = unwrap(parseIndex({ version: 1, runs: [run] }));
    expect(index.runs[0]?.tags[0]?.series).toEqual({
      steps: [0, 2],
      wallTimes: [1, 2],
      logged: null,
    });
  });

  test("that is newer or does not hang together is refused in words", () => {
    expect(parseIndex({ version: 9, runs: [] })).toMatchObject({ ok: false });
    const lost = { ...run, series: [] };
    expect(parseIndex({ version: 1, runs: [lost] })).toEqual({
      ok: false,
      message: "runs[0].tags[0].series points outside the run's 0 series",
    });
    expect(parseIndex("hello")).toEqual({
      ok: false,
      message: 'index must be an object; got "hello"',
    });
  });
});

test("a timeline lists moments", () => {
  const moment = { step: 3, epoch: 1.5, batch: null, fit: 2, phase: "restored", wall_time: 1 };
  expect(unwrap(parseTimeline({ run: "a", moments: [moment] }))).toEqual([
    { step: 3, epoch: 1.5, batch: null, fit: 2, phase: "restored", wallTime: 1 },
  ]);
});

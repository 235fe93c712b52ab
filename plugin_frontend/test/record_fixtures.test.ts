/** The records that the Python codec writes, read here bit for bit: the two languages share one contract. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { edgeValue } from "../src/model/binning.js";
import { decodeValues } from "../src/model/dequantise.js";
import { parseHeader } from "../src/model/parse_header.js";
import { withLowPlane } from "../src/model/tiles.js";
import {
  loadConfusion,
  loadFineBlobs,
  loadGraph,
  loadHistogram,
  loadTiles,
} from "../src/state/record_loading.js";
import { unwrap } from "./decode.js";

interface Fixture {
  readonly blobs: readonly string[];
  readonly values?: string;
  readonly shape?: readonly number[];
  /** Of histograms; the edges are float64. */
  readonly edges?: string;
  readonly counts?: readonly number[];
  readonly confusion?: {
    readonly counts: readonly number[];
    /** Cell and sample of each listed one. */
    readonly cell_samples: readonly (readonly [number, number])[];
    readonly mistakes: readonly number[];
    readonly addresses: Readonly<Record<string, string>>;
  };
}

const root = new URL("../../", import.meta.url);
const folder = new URL("tests/fixtures/records/", root);
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
const schema: unknown = JSON.parse(
  readFileSync(new URL("tb_nnviz/records/record_schema.json", root), "utf8"),
);
const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false }).compile(
  schema as object,
);

function readFixture(name: string): Fixture & { readonly bytes: readonly Uint8Array[] } {
  const fixture = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Fixture;
  return { ...fixture, bytes: fixture.blobs.map(decodeBase64) };
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}

test("there are stored records to read", () => {
  expect(names.length).toBeGreaterThan(0);
});

const fixtures = names.map((name) => ({ name, ...readFixture(name) }));

describe.each(fixtures)("the header of the stored record $name", ({ bytes }) => {
  test("has a header that the schema accepts and the parser reads", () => {
    const [header = new Uint8Array()] = bytes;
    validate(JSON.parse(new TextDecoder().decode(header)));
    expect(validate.errors ?? []).toEqual([]);
    expect(parseHeader(header)).toMatchObject({ ok: true });
  });
});

const valued = fixtures.filter(({ values }) => values !== undefined);

describe.each(valued)("the values of the stored record $name", ({ bytes, values, shape }) => {
  test("are those that Python decodes, bit for bit", async () => {
    const [header = new Uint8Array(), ...payload] = bytes;
    const infos = unwrap(parseHeader(header)).blobs;
    const item = (part: "paint" | "fine" | "statistics") => ({
      status: 200,
      blobs: [header, ...payload.filter((_, index) => infos[index]?.part === part)],
    });
    const painted = unwrap(await loadTiles(item("paint")));
    const exact = unwrap(withLowPlane(painted, unwrap(await loadFineBlobs(item("fine")))));
    const expected = new Float32Array(decodeBase64(values ?? "").buffer);
    expect(exact.header.axes.map((axis) => axis.size)).toEqual(shape);
    expect(bits(decodeValues(exact))).toEqual(bits(expected));
  });
});

const binned = fixtures.filter(({ edges }) => edges !== undefined);

describe.each(binned)("the bins of the stored record $name", ({ bytes, edges, counts }) => {
  test("are those that Python decodes, bit for bit", async () => {
    const histogram = unwrap(await loadHistogram({ status: 200, blobs: bytes }));
    const { exponent, first } = histogram;
    const expected = new Float64Array(decodeBase64(edges ?? "").buffer);
    expect([...histogram.counts]).toEqual(counts);
    expect(expected.length).toBe(histogram.counts.length + 1);
    expect(Array.from(expected, (_, bin) => edgeValue(first + bin, exponent) + 0)).toEqual(
      Array.from(expected, (edge) => edge + 0),
    );
  });
});

const confused = fixtures.flatMap(({ name, bytes, confusion }) =>
  confusion === undefined ? [] : [{ name, bytes, expected: confusion }],
);

describe.each(confused)("the stored record $name", ({ bytes, expected }) => {
  test("has the counts, samples and addresses that Python decodes", async () => {
    const confusion = unwrap(await loadConfusion({ status: 200, blobs: bytes }));
    const { cells, mistakes, addresses } = confusion;
    expect(expected.counts.map((_, cell) => cells.get(cell)?.count ?? 0)).toEqual(expected.counts);
    expect(
      [...cells.values()].flatMap(({ samples }) => samples.map((s) => [s.cell, s.index])),
    ).toEqual(expected.cell_samples);
    expect(mistakes.map(({ index }) => index)).toEqual(expected.mistakes);
    expect(Object.fromEntries(addresses)).toEqual(expected.addresses);
  });
});

test("the stored graph has the nodes and edges that Python wrote", async () => {
  const graph = unwrap(await loadGraph({ status: 200, blobs: readFixture("graph.json").bytes }));
  expect(graph.nodes.map(({ path, parent }) => [path, parent])).toEqual([
    ["input", null],
    ["encoder", null],
    ["encoder/input", "encoder"],
    ["encoder/dense", "encoder"],
    ["add", null],
  ]);
  expect(graph.edges.map(({ source, target }) => `${source}→${target}`)).toEqual([
    "input→encoder",
    "encoder/input→encoder/dense",
    "input→encoder",
    "encoder→add",
    "encoder→add",
  ]);
  expect(graph.edges[4]).toMatchObject({ sourceCall: 1, targetCall: 0 });
  expect(graph.nodes[3]?.outputShapes).toEqual([[null, 4]]);
});

// Every NaN is written as the same one; all other values, signed zeros too, are compared by their bits.
function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(
    Float32Array.from(values, (value) => (Number.isNaN(value) ? NaN : value)).buffer,
  );
}

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { embeddedServer } from "../src/api/embedded_server.js";
import { layerParameters } from "../src/model/layer_parameters.js";
import { cutIndex, cutTimeline, parseContents, readOrigin } from "../src/model/offline_contents.js";
import {
  decodeBase64,
  encodeBase64,
  endOfPage,
  recordPart,
  startOfPage,
} from "../src/model/offline_page.js";
import { statisticsOf } from "../src/model/offline_statistics.js";
import { parseIndex } from "../src/model/parse_index.js";
import { loadStatistics } from "../src/state/record_loading.js";
import { unwrap } from "./decode.js";
import { encodeTiles, itemOf } from "./encode.js";

const INDEX = {
  version: 1,
  runs: [
    {
      run: "a/nnviz",
      name: "a",
      tags: [
        { tag: "weights/one", kind: "tiles", view: "weights", series: 0 },
        { tag: "weights/two", kind: "tiles", view: "weights", series: 0 },
        { tag: "graph", kind: "graph", view: "graph", series: 1 },
      ],
      series: [
        { steps: [0, 1, 2], wall_times: [5, 6, 7], logged: 9 },
        { steps: [0], wall_times: [5], logged: 1 },
      ],
      notices: [],
      skipped: [],
    },
    { run: "b/nnviz", name: "b", tags: [], series: [], notices: [], skipped: [] },
  ],
};

describe("a file on its own", () => {
  test("has the runs, tags and steps that are kept, and series that tags share", () => {
    const kept = (run: string, tag: string) =>
      new Set(run === "a/nnviz" && tag.startsWith("weights") ? [0, 2] : []);
    expect(cutIndex(INDEX, kept)).toEqual({
      version: 1,
      runs: [
        {
          ...INDEX.runs[0],
          tags: [
            { tag: "weights/one", kind: "tiles", view: "weights", series: 0 },
            { tag: "weights/two", kind: "tiles", view: "weights", series: 0 },
          ],
          series: [{ steps: [0, 2], wall_times: [5, 7], logged: 2 }],
        },
      ],
    });
  });

  test("keeps series apart that differ in their steps", () => {
    const kept = (_: string, tag: string) => new Set(tag === "weights/one" ? [0] : [0, 1]);
    const { runs } = cutIndex(INDEX, kept) as typeof INDEX;
    expect(runs[0]?.tags.map(({ series }) => series)).toEqual([0, 1, 2]);
    expect(runs[0]?.series.map(({ steps }) => steps)).toEqual([[0], [0, 1], [0]]);
  });

  test("says how many parameters a layer has of which it does not hold all variables", () => {
    const tagOf = (name: string, shape: readonly number[]) => ({
      tag: `weights/${name}`,
      kind: "tiles",
      view: "weights",
      series: 0,
      source: {
        layer_path: name.split("/")[0],
        variable_path: `model/${name}`,
        variable_shape: shape,
      },
    });
    const tags = [tagOf("a/kernel", [4, 3]), tagOf("a/bias", [3]), tagOf("b/kernel", [3, 2])];
    const index = { ...INDEX, runs: [{ ...INDEX.runs[0], tags }] };
    const keeping = (...names: readonly string[]) => {
      const parsed = unwrap(
        parseIndex(cutIndex(index, (_, tag) => new Set(names.includes(tag) ? [0] : []))),
      );
      return parsed.runs.map((run) => [...layerParameters(run)].toSorted());
    };
    const whole = [
      ["a", 15],
      ["b", 6],
    ];
    expect(keeping("weights/a/kernel")).toEqual([whole]);
    expect(keeping("weights/a/kernel", "weights/b/kernel")).toEqual([whole]);
    const all = cutIndex(index, () => new Set([0])) as typeof INDEX;
    expect(all.runs[0]).not.toHaveProperty("layer_parameters");
  });

  test("knows when the kept steps were taken", () => {
    const timeline = { run: "a/nnviz", moments: [{ step: 0 }, { step: 1 }, { step: 2 }] };
    expect(cutTimeline(timeline, new Set([2]))).toEqual({ run: "a/nnviz", moments: [{ step: 2 }] });
  });

  test("gives the statistics of a record alone where they are asked for", async () => {
    const axes = [
      { name: "height", size: 2 },
      { name: "width", size: 3 },
    ];
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const record = encodeTiles({ axes, values, precision: "uint16" });
    const [whole, fine] = [itemOf(record, "paint"), itemOf(record, "fine")];
    const all = [...whole.blobs, ...fine.blobs.slice(1)];
    const item = { run: "a", tag: "t", step: 3 };
    const lengths = (blobs: readonly Uint8Array[]) => blobs.map(({ length }) => length);
    const server = embeddedServer({
      index: {},
      timelines: {},
      records: [
        { ...item, status: 200, paint: lengths(whole.blobs), fine: lengths(fine.blobs.slice(1)) },
      ],
      bytesOf: () => Uint8Array.from(all.flatMap((blob) => [...blob])),
      statisticsOf,
    });
    const asked = [item, { ...item, step: 4 }];
    const [found, missing] = await server.fetchRecords(asked, "statistics");
    expect(found).toEqual(itemOf(record, "statistics"));
    expect(missing?.status).toBe(404);
  });

  test("gives the statistics of others beside a record whose header cannot be read, which says why", async () => {
    const axes = [
      { name: "height", size: 2 },
      { name: "width", size: 3 },
    ];
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const good = itemOf(encodeTiles({ axes, values, precision: "float32" }), "paint").blobs;
    const headers = [
      "spoiled",
      "null",
      "{}",
      '{"format": "nnviz", "version": 2}',
      '{"blobs": [3]}',
    ];
    const bad = headers.map((text) => [new TextEncoder().encode(text), Uint8Array.of(1, 2)]);
    const all = [good, ...bad];
    const items = all.map((_, step) => ({ run: "a", tag: "t", step }));
    const server = embeddedServer({
      index: {},
      timelines: {},
      records: all.map((blobs, at) => ({
        ...{ run: "a", tag: "t", step: at, status: 200, fine: [] },
        paint: blobs.map(({ length }) => length),
      })),
      bytesOf: (at) => Uint8Array.from((all[at] ?? []).flatMap((blob) => [...blob])),
      statisticsOf,
    });
    const [first, ...others] = await server.fetchRecords(items, "statistics");
    expect(first?.blobs).toEqual(good.slice(0, 2));
    for (const item of others) {
      expect(await loadStatistics(item)).toMatchObject({ ok: false });
    }
  });

  test("gives back every blob of a record at an offset that numbers may have", async () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1 }), fc.array(bytes), async (paint, fine) => {
        const all = Uint8Array.from([...paint, ...fine].flatMap((blob) => [...blob]));
        const item = { run: "a", tag: "t", step: 3 };
        const lengths = (blobs: readonly Uint8Array[]) => blobs.map(({ length }) => length);
        const server = embeddedServer({
          index: {},
          timelines: {},
          records: [{ ...item, status: 200, paint: lengths(paint), fine: lengths(fine) }],
          bytesOf: () => decodeBase64(encodeBase64(all)),
          statisticsOf,
        });
        const [painted] = await server.fetchRecords([item], "paint");
        const [exact] = await server.fetchRecords([item], "fine");
        expect(painted?.blobs.map((blob) => [...blob])).toEqual(paint.map((blob) => [...blob]));
        // The header is the first blob of either part.
        expect(exact?.blobs.map((blob) => [...blob])).toEqual(
          [paint[0] ?? [], ...fine].map((blob) => [...blob]),
        );
        expect((painted?.blobs ?? []).every(({ byteOffset }) => byteOffset % 8 === 0)).toBe(true);
      }),
    );
  });

  test("says which record it does not hold", async () => {
    const server = embeddedServer({
      index: {},
      timelines: {},
      records: [],
      bytesOf: () => new Uint8Array(),
      statisticsOf,
    });
    const [item] = await server.fetchRecords([{ run: "a", tag: "weights/one", step: 3 }], "paint");
    expect(item?.status).toBe(404);
    expect(new TextDecoder().decode(item?.blobs[0])).toContain("weights/one at step 3 is not in");
  });

  test("is not ended by what names in a log say", () => {
    const name = "</script><script>alert(1)</script><!--";
    const page = `${startOfPage(name, JSON.stringify({ name }))}${recordPart(0, "AAAA")}${endOfPage(
      `const text = "</script>";`,
    )}`;
    const opened = page.match(/<script/g)?.length;
    expect(opened).toBe(3);
    expect(page.match(/<\/script/g)?.length).toBe(opened);
    expect(page).not.toContain("<!--");
    const json = /id="nnviz-contents">(.*)<\/script>/.exec(page)?.[1] ?? "";
    expect(JSON.parse(json)).toEqual({ name });
  });

  test("is the page that the command line makes", () => {
    const name = "a & b </script><Script><!-- c";
    const blobs = [[], Array.from({ length: 256 }, (_, byte) => byte), [116, 119, 111]];
    const page = [
      startOfPage(name, JSON.stringify({ name })),
      ...blobs.map((bytes, index) => recordPart(index, encodeBase64(Uint8Array.from(bytes)))),
      endOfPage('const text = "</script>", other = "<!--";'),
    ];
    const fixture = new URL("../../tests/fixtures/offline_page.html", import.meta.url);
    expect(page.join("")).toBe(readFileSync(fixture, "utf8"));
  });

  test("names the log and the version that its index names", () => {
    expect(readOrigin({ log: "logs", tb_nnviz: "0.1.0" })).toEqual({
      log: "logs",
      version: "0.1.0",
    });
    // An older server says neither.
    expect(readOrigin({ runs: [] })).toEqual({ log: "", version: "" });
  });

  test("whose contents are spoiled says so", () => {
    expect(parseContents("[]").ok).toBe(false);
    expect(parseContents('{"records": [')).toMatchObject({ ok: false });
    expect(parseContents('{"records": 3}')).toMatchObject({ ok: false });
  });
});

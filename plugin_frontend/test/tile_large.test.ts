import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { edgeValue } from "../src/model/binning.js";
import { cutTile } from "../src/model/cut_tile.js";
import { decodeValues } from "../src/model/dequantise.js";
import type { RunEntry, TagEntry } from "../src/model/parse_index.js";
import { arrange } from "../src/model/placement.js";
import type { Axis } from "../src/model/record.js";
import { MOST_DRAWN } from "../src/model/series_plan.js";
import { labelledPlaces, valueScale } from "../src/model/tile_curves.js";
import { numberColumns, tileNumber } from "../src/model/tile_numbers.js";
import { tilePlace } from "../src/model/tile_place.js";
import { curveIndices, filmIndices, mostPoints } from "../src/model/tile_steps.js";
import { gridAxes } from "../src/model/tiles.js";
import { placementOfSubject, placementOfTile, relatedTags, subjectOf } from "../src/model/units.js";
import { binValuesOf } from "../src/model/value_bins.js";
import { Session } from "../src/state/session.js";
import { TileBook } from "../src/state/tile_book.js";
import { tileView } from "../src/state/tile_view.js";
import { tileWishes } from "../src/state/tile_wishes.js";
import { exactTiles } from "./decode.js";
import { encodeTiles, itemOf } from "./encode.js";

const axis = (name: string, size: number): Axis => ({
  name,
  size,
  fullSize: size,
  labels: null,
  represents: null,
});

describe("the steps of a film strip", () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 3000 }),
    fc.nat(),
    fc.integer({ min: 3, max: 20 }),
  );

  test("are as many as fit, increasing, with the first, the last and the shown one", () => {
    fc.assert(
      fc.property(sizes, ([length, pick, most]) => {
        const shown = pick % length;
        const film = filmIndices(length, shown, most);
        expect(film).toHaveLength(Math.min(length, most));
        expect(film).toEqual([...new Set(film)].sort((a, b) => a - b));
        expect([film[0], film.at(-1)]).toEqual(length === 1 ? [0, 0] : [0, length - 1]);
        expect(film).toContain(shown);
      }),
    );
  });

  test("but for the shown one are as far from one another as they can be", () => {
    expect(filmIndices(100, 99, 12)).toEqual([0, 9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99]);
    expect(filmIndices(100, 20, 12)).toEqual([0, 9, 20, 27, 36, 45, 54, 63, 72, 81, 90, 99]);
    expect(filmIndices(0, null, 12)).toEqual([]);
  });
});

describe("the points of curves", () => {
  test("are at most 60 a run and 600 of all, but never so few that there is no curve", () => {
    expect(mostPoints(1)).toBe(MOST_DRAWN);
    expect(mostPoints(20)).toBe(30);
    expect(mostPoints(400)).toBe(12);
    expect(curveIndices(100, 99, 20).length).toBeLessThanOrEqual(30);
    expect(curveIndices(9, 4, 2)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("have a scale that holds them all, from zero where they come near it", () => {
    expect(valueScale([NaN])).toBeNull();
    const near = valueScale([0.1, 0.9, NaN]);
    expect([near?.low, near?.high]).toEqual([0, expect.closeTo(0.964)]);
    const far = valueScale([100, 101]);
    expect(far?.low).toBeCloseTo(99.92);
    expect(far?.ticks.length).toBeGreaterThan(1);
    const same = valueScale([5, 5]);
    expect(same !== null && same.low < 5 && same.high > 5).toBe(true);
  });

  test("have a scale whose ticks are told apart, however little the values differ", () => {
    for (const values of [
      [1.08, 1.085],
      [1234.5, 1234.6],
      [-0.5, 0.5],
      [2e-9, 3e-9],
      [100, 101],
    ]) {
      const labels = valueScale(values)?.ticks.map(({ label }) => label) ?? [];
      expect(labels.length).toBeGreaterThan(1);
      expect(new Set(labels).size).toBe(labels.length);
    }
    expect(valueScale([1.08, 1.085])?.ticks.map(({ label }) => label)).toEqual([
      "1.080",
      "1.082",
      "1.084",
    ]);
  });

  test("are labelled at both ends", () => {
    expect(labelledPlaces(9, 3)).toEqual([0, 4, 8]);
    expect(labelledPlaces(2, 5)).toEqual([0, 1]);
    expect(labelledPlaces(1, 5)).toEqual([0]);
  });
});

describe("the bins of a tile", () => {
  const values = fc.array(
    fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(NaN, Infinity, -Infinity, 0),
    ),
    { maxLength: 200 },
  );

  test("hold every finite value between their edges, and nothing else", () => {
    fc.assert(
      fc.property(values, (all) => {
        const cells = Float32Array.from(all);
        const { exponent, first, counts, total } = binValuesOf(cells);
        const finite = [...cells].filter(Number.isFinite);
        expect(total).toBe(finite.length);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
        const wanted = counts.map(
          (_, bin) =>
            finite.filter(
              (value) =>
                value >= edgeValue(first + bin, exponent) &&
                value < edgeValue(first + bin + 1, exponent),
            ).length,
        );
        expect([...counts]).toEqual([...wanted]);
      }),
    );
  });

  test("are one for a constant, and none without a number", () => {
    expect([...binValuesOf(Float32Array.of(3, 3, NaN)).counts]).toEqual([2]);
    expect([...binValuesOf(Float32Array.of(0)).counts]).toEqual([1]);
    expect([...binValuesOf(Float32Array.of(NaN)).counts]).toEqual([]);
  });
});

describe("a cut tile", () => {
  const axes = [
    { name: "unit", size: 3 },
    { name: "in_channel", size: 2 },
    { name: "height", size: 2 },
    { name: "width", size: 3 },
  ];
  const values = Float32Array.from({ length: 36 }, (_, cell) => Math.sin(cell));

  test.each(["uint16", "uint8", "float32"] as const)(
    "of %s has the values and numbers of the tile that it was",
    (precision) => {
      const whole = exactTiles({ axes, values, precision });
      const all = decodeValues(whole);
      for (let tile = 0; tile < 6; tile++) {
        const cut = cutTile(whole, tile);
        expect(cut.shape).toEqual({ tiles: 1, height: 2, width: 3, channels: 1 });
        expect(decodeValues(cut)).toEqual(all.slice(6 * tile, 6 * tile + 6));
        for (const [name, row] of whole.statistics)
          expect(cut.statistics.get(name)).toEqual(row.slice(tile, tile + 1));
        const norm = tileNumber("l2_norm", cut.statistics, cut.shape);
        expect(norm).toBeCloseTo(Math.hypot(...values.slice(6 * tile, 6 * tile + 6)), 6);
      }
    },
  );

  test("has the standard deviation of its values", () => {
    const cut = cutTile(exactTiles({ axes, values, precision: "float32" }), 4);
    const own = [...values.slice(24, 30)];
    const mean = own.reduce((sum, value) => sum + value, 0) / 6;
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
    expect(tileNumber("std", cut.statistics, cut.shape)).toBeCloseTo(Math.sqrt(variance), 6);
  });
});

describe("the numbers of a tile", () => {
  test("fill rows of about one length, of as many columns as fit", () => {
    expect([4, 5, 8, 9].map((fitting) => numberColumns(9, fitting))).toEqual([3, 5, 5, 9]);
    expect([3, 4, 6, 10].map((fitting) => numberColumns(7, fitting))).toEqual([3, 4, 4, 7]);
    for (let count = 1; count <= 10; count++) {
      for (let fitting = 1; fitting <= 12; fitting++) {
        const columns = numberColumns(count, fitting);
        expect(columns).toBeLessThanOrEqual(Math.min(count, fitting));
        const isAlone = columns > 1 && count % columns === 1;
        const helps = [2, 3, 4].some((fewer) => fewer <= fitting && count % fewer !== 1);
        expect(isAlone && helps && count > 2).toBe(false);
      }
    }
  });
});

describe("what a tile is of", () => {
  const activations = [axis("sample", 4), axis("channel", 8)];

  test("is found by its axes, and alone at its placement", () => {
    fc.assert(
      fc.property(fc.nat(31), (tile) => {
        expect(subjectOf(activations, tile)).toEqual({
          unit: tile % 8,
          sample: Math.floor(tile / 8),
        });
        expect([...arrange(activations, placementOfTile(activations, tile)).order]).toEqual([tile]);
      }),
    );
    expect(subjectOf([axis("head", 3)], 2)).toEqual({ unit: null, sample: null });
  });

  test("is shown with all its ranks among what excites units, where it is there", () => {
    const ranked = [axis("unit", 3), axis("rank", 4)];
    const placement = placementOfSubject(ranked, { unit: 2, sample: null });
    expect([...arrange(ranked, placement as never).order]).toEqual([8, 9, 10, 11]);
    expect(placementOfSubject(ranked, { unit: 3, sample: null })).toBeNull();
    const samples = placementOfSubject([axis("sample", 5)], { unit: 1, sample: 4 });
    expect([...arrange([axis("sample", 5)], samples as never).order]).toEqual([4]);
  });

  test("relates it to what is logged of the same layer or the same samples, and to nothing else", () => {
    const entry = (
      tag: string,
      view: string,
      layerPath: string | null,
      role: string | null = null,
      samplesDigest: string | null = null,
    ) => ({ tag, view, kind: "tiles", source: { layerPath, role, samplesDigest } }) as TagEntry;
    const runs = [
      {
        run: "a",
        tags: [
          entry("samples", "samples", null, "samples", "d1"),
          entry("samples/other", "samples", null, "samples", "d2"),
          entry("weights/dense/kernel", "weights", "dense", "kernel"),
          entry("weights/dense/bias", "weights", "dense", "bias"),
          entry("templates/dense", "templates", "dense", "template"),
          entry("templates/dense/offset", "templates", "dense", "offset"),
          entry("templates/dense/class_weights", "templates", "dense", "class_weight"),
          entry("templates/digit", "templates", "digit", "template"),
          entry("activations/dense", "activations", "dense", "output", "d1"),
          entry("top_samples/dense", "top_samples", "dense", "output"),
        ],
      } as unknown as RunEntry,
    ];
    expect([...relatedTags("weights/dense/kernel", runs)]).toEqual([
      ["top_samples/dense", "top samples"],
      ["templates/dense", "template"],
      ["templates/dense/class_weights", "class weights"],
    ]);
    expect([...relatedTags("activations/dense", runs).keys()]).toEqual([
      "samples",
      "top_samples/dense",
      "templates/dense",
      "templates/dense/class_weights",
    ]);
    expect([...relatedTags("samples", runs)]).toEqual([]);
  });
});

describe("a tile in the large", () => {
  const TAG = "weights/dense/kernel";
  const AXES = [
    { name: "unit", size: 3 },
    { name: "height", size: 2 },
    { name: "width", size: 2 },
  ];
  const STEPS = Array.from({ length: 100 }, (_, step) => step);

  function valuesAt({ run, step }: RecordItem): Float32Array {
    const times = run.startsWith("b") ? 10 : 1;
    return Float32Array.from({ length: 12 }, (_, cell) => times * (cell + 1 + step / 10));
  }

  function openSession() {
    const index = {
      version: 1,
      runs: ["a", "b"].map((name) => ({
        run: name,
        name,
        tags: [
          { tag: TAG, kind: "tiles", view: "weights", series: 0, source: {} },
          { tag: "weights/other", kind: "tiles", view: "weights", series: 0, source: {} },
        ],
        series: [{ steps: STEPS, wall_times: STEPS, logged: STEPS.length }],
        notices: [],
        skipped: [],
      })),
    };
    const fetchRecords = vi.fn(
      async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") =>
        items.map((item) => {
          const spec = { axes: AXES, values: valuesAt(item), precision: "uint16" as const };
          return itemOf(encodeTiles({ ...spec, step: item.step }), part);
        }),
    );
    const session = new Session({
      fetchIndex: async () => index,
      fetchTimeline: async (run: string) => ({ run, moments: [] }),
      fetchRecords,
    });
    const book = new TileBook();
    const open = () =>
      session.planBesides((state, derived) =>
        tileWishes(state, derived, book, (ref) => session.records.state(ref)),
      );
    const asked = () =>
      fetchRecords.mock.calls.flatMap(([items, part]) =>
        items.map(({ run, tag, step }) => `${part} ${run} ${tag} ${step}`),
      );
    return { session, book, open, asked };
  }

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 60; turn++) await vi.advanceTimersByTimeAsync(1);
  }

  test("asks for the records of its curves and its film strip once each, and for no other panel's", async () => {
    const { session, book, open, asked } = openSession();
    session.reload();
    await settle();
    session.openTile({ tag: TAG, tile: 1 });
    open();
    await settle();
    const view = tileView(session, book);
    expect(view?.progress.read).toBe(view?.progress.of);
    const points = view?.curves.flatMap((curve) => curve.points) ?? [];
    expect(points.length).toBeGreaterThan(60);
    expect(points.filter(({ tile }) => tile.status !== "ready")).toEqual([]);
    expect(view?.curves.every(({ points }) => points.length <= MOST_DRAWN)).toBe(true);
    expect(asked().filter((each) => each.includes("weights/other"))).toEqual([]);
    expect(new Set(asked()).size).toBe(asked().length);
    const before = asked().length;
    // The next tile is cut from records that are here; another step needs what surrounds it, once.
    session.openTile({ tag: TAG, tile: 2 });
    await settle();
    expect(asked().length).toBe(before);
    session.timeline.goTo(50);
    await settle();
    expect(new Set(asked()).size).toBe(asked().length);
  });

  test("keeps what is wanted beyond its budget, and forgets what nobody wants any more", () => {
    const needs = [0, 1, 2].map((step) => ({
      ref: { run: "a", tag: TAG, step, wallTime: step },
      exact: false,
    }));
    const tiles = exactTiles({ axes: AXES, values: new Float32Array(12), precision: "uint8" });
    const here = () => ({ status: "ready", tiles, fineError: null }) as const;
    const gone = () => ({ status: "pending" }) as const;
    const book = new TileBook(1);
    const place = (tile: number) => tilePlace(gridAxes(tiles.header), tile);
    const status = (records: typeof here | typeof gone) =>
      needs.map((need) => book.state(place(1), need, records).status);
    book.want(place(1), needs);
    status(here);
    expect(status(gone)).toEqual(["ready", "ready", "ready"]);
    book.want(place(1), needs.slice(2));
    book.state(
      place(2),
      needs[0] ?? { ref: { run: "", tag: "", step: 0, wallTime: 0 }, exact: false },
      here,
    );
    expect(status(gone)).toEqual(["pending", "pending", "ready"]);
  });

  test("has the norms of its values as points, and what is shown in its film strip", async () => {
    const { session, book, open } = openSession();
    session.reload();
    await settle();
    session.openTile({ tag: TAG, tile: 1 });
    session.looks.setDisplay({ show: "change-since-start" });
    open();
    await settle();
    const view = tileView(session, book);
    for (const [at, { points }] of (view?.curves ?? []).entries()) {
      for (const { step, tile } of points) {
        if (tile.status !== "ready") throw new Error("not here");
        const own = valuesAt({ run: at === 0 ? "a" : "b", tag: TAG, step }).slice(4, 8);
        const norm = tileNumber("l2_norm", tile.tiles.statistics, tile.tiles.shape);
        expect(norm).toBeCloseTo(Math.hypot(...own), 4);
      }
    }
    expect(view?.film.steps).toHaveLength(12);
    expect(
      view?.film.steps.filter(({ isShown }) => isShown).map(({ pointIndex }) => pointIndex),
    ).toEqual([99]);
    for (const { pointIndex, cells } of view?.film.steps ?? []) {
      const [shown] = cells.map((cell) => cell?.shown);
      if (shown?.status !== "ready") throw new Error("not here");
      for (const value of decodeValues(shown.tiles)) expect(value).toBeCloseTo(pointIndex / 10, 2);
    }
  });

  test("goes with the shown tiles' order, and is not there where no shown run has the tag", async () => {
    const { session, book } = openSession();
    session.reload();
    await settle();
    session.openTile({ tag: TAG, tile: 1 });
    session.looks.setDisplay({ sort: "norm" });
    await settle();
    expect(tileView(session, book)?.order).toEqual([2, 1, 0]);
    session.openTile({ tag: "weights/none", tile: 0 });
    expect(tileView(session, book)).toBeNull();
    session.setView("histograms");
    expect(session.state.value.opened).toBeNull();
  });
});

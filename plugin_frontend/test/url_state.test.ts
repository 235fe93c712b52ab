import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALPHA_MODES, OVERLAYS } from "../src/model/attribution_display.js";
import { CELL_CONTENTS, LABEL_SORTS, MATRIX_SORTS } from "../src/model/confusion_display.js";
import { SCALES, SHOWS, SORTS, TILE_SIZES } from "../src/model/display.js";
import { GRAPH_DIRECTIONS, GRAPH_FORMS } from "../src/model/graph_display.js";
import { HISTOGRAM_HEIGHTS, HISTOGRAM_PLOTS } from "../src/model/histogram_display.js";
import { DEFAULT_LINK, type Link } from "../src/model/link.js";
import type { Phase } from "../src/model/record.js";
import { SPEEDS, TIME_AXES } from "../src/model/time_axis.js";
import { decodeLink, encodeLink, LINK_KEYS } from "../src/model/url_state.js";
import { escapeItem, readList, unescapeItem, writeList } from "../src/model/url_text.js";

const text = fc.oneof(fc.string(), fc.constantFrom("", "%", "a/b:c,d|e!f;g", "!x", "größe/核"));
const count = fc.nat(10_000);
const colour = fc.nat(0xffffff).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);
const map = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(text, value), { maxLength: 4 }).map((all) => new Map(all));
const set = fc.array(text, { maxLength: 4 }).map((all) => new Set(all));
const name = fc.string({ minLength: 1 });
const point = fc.record({
  fit: fc.integer({ min: 1, max: 9 }),
  value: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
  phase: fc.constantFrom<Phase>("before", "during", "restored"),
  repeat: fc.integer({ min: -3, max: 3 }),
});
const step = count.map((value) => ({ fit: 0, value, phase: "during" as const, repeat: 0 }));
const span = fc.tuple(fc.nat(999), fc.integer({ min: 1, max: 99 }));
const zoom = fc.tuple(span, span).map(([[top, high], [left, wide]]) => ({
  top,
  bottom: top + high,
  left,
  right: left + wide,
}));
const closedLinks: fc.Arbitrary<Link> = fc.record({
  view: fc.string({ minLength: 1 }),
  runFilter: text,
  runChoices: map(fc.boolean()),
  runOrder: fc.array(text),
  chosenColours: map(colour),
  layerFilter: text,
  find: text,
  layerMode: fc.constantFrom("all", "one"),
  layerStop: text,
  sample: count,
  timeAxis: fc.constantFrom(...TIME_AXES),
  position: fc.oneof(
    fc.constant({ at: "latest" } as const),
    fc.oneof(point, step).map((at) => ({ at: "point" as const, point: at })),
  ),
  loop: fc.boolean(),
  speed: fc.constantFrom(...SPEEDS),
  display: fc.record({
    show: fc.constantFrom(...SHOWS),
    scale: fc.constantFrom(...SCALES),
    colours: fc.constantFrom("auto", "gray", "viridis", "red_blue"),
    sort: fc.constantFrom(...SORTS),
    reversed: fc.boolean(),
    orderRun: fc.option(name),
    similarTo: fc.option(fc.record({ run: text, tag: text, tile: count })),
    hideDead: fc.boolean(),
    tileSize: fc.constantFrom(...TILE_SIZES),
    columns: fc.option(fc.integer({ min: 1, max: 99 })),
    outlines: fc.boolean(),
    smooth: fc.boolean(),
  }),
  attributionDisplay: fc.record({
    alpha: fc.double({ min: 0, max: 1, noNaN: true }).map((alpha) => alpha + 0),
    alphas: fc.constantFrom(...ALPHA_MODES),
    overlay: fc.constantFrom(...OVERLAYS),
  }),
  graphDisplay: fc.record({
    form: fc.constantFrom(...GRAPH_FORMS),
    direction: fc.constantFrom(...GRAPH_DIRECTIONS),
    viewports: map(
      fc.record({
        zoom: fc.integer({ min: 2, max: 400 }).map((percent) => percent / 100),
        x: fc.integer({ min: 0, max: 90_000 }),
        y: fc.integer({ min: 0, max: 90_000 }),
      }),
    ),
  }),
  confusionDisplay: fc.record({
    content: fc.constantFrom(...CELL_CONTENTS),
    weighted: fc.boolean(),
    sort: fc.constantFrom(...MATRIX_SORTS),
    labelSort: fc.constantFrom(...LABEL_SORTS),
    labelsReversed: fc.boolean(),
    errorsOnly: fc.boolean(),
    pinned: fc.option(
      fc.record({
        tag: text,
        row: count,
        column: count,
        sample: fc.option(count),
        classes: fc.option(fc.constantFrom("00000000", "3fa94c10")),
      }),
    ),
    zooms: map(zoom),
  }),
  reference: fc.record({
    run: fc.option(name),
    point: fc.option(fc.oneof(point, step)),
  }),
  histogramDisplay: fc.record({
    plot: fc.constantFrom(...HISTOGRAM_PLOTS),
    height: fc.constantFrom(...HISTOGRAM_HEIGHTS),
    layersPerPlot: fc.constantFrom(1, 2, 3, 4, 6),
  }),
  classSort: fc.option(fc.record({ tag: text, classIndex: count, isDescending: fc.boolean() })),
  placements: map(
    fc.record({
      rows: fc.array(name, { maxLength: 2 }),
      columns: fc.array(name, { maxLength: 2 }),
      sliders: fc.array(fc.tuple(name, count), { maxLength: 2 }).map((all) => new Map(all)),
    }),
  ),
  collapsed: set,
  unfolded: set,
  pinned: fc.option(
    fc.record(
      {
        tag: text,
        tile: count,
        samples: fc.string({ minLength: 1 }),
        run: fc.string({ minLength: 1 }),
      },
      { requiredKeys: ["tag", "tile"] },
    ),
  ),
  opened: fc.constant(null),
  place: fc.option(fc.record({ tag: text, offset: fc.integer({ min: -500, max: 5000 }) })),
  left: fc.option(fc.record({ run: text, offset: count })),
});
// A tile that is shown in the large is the pinned one, or one that was before another was pinned.
const links: fc.Arbitrary<Link> = fc
  .tuple(closedLinks, fc.boolean(), fc.option(fc.record({ tag: text, tile: count })))
  .map(([link, isOpen, other]) => {
    const isPinned = other?.tag === link.pinned?.tag && other?.tile === link.pinned?.tile;
    return { ...link, opened: isOpen || isPinned ? link.pinned : other };
  });

describe("a link", () => {
  test("says nothing of what is as by default", () => {
    expect(encodeLink(DEFAULT_LINK)).toEqual({});
    expect(decodeLink({})).toEqual(DEFAULT_LINK);
  });

  test("reopens exactly what it was made from", () => {
    fc.assert(
      fc.property(links, (link) => {
        expect(decodeLink(encodeLink(link))).toEqual(link);
      }),
    );
  });

  test("is short and can be read by people", () => {
    const link: Link = {
      ...DEFAULT_LINK,
      view: "histograms",
      runChoices: new Map([
        ["mlp-500/nnviz", true],
        ["mlp-4000/nnviz", false],
      ]),
      position: { at: "point", point: { fit: 1, value: 2.5, phase: "during", repeat: 0 } },
      display: { ...DEFAULT_LINK.display, show: "change-since-start", columns: 8 },
      place: { tag: "weights/dense/kernel", offset: -12 },
    };
    expect(encodeLink(link)).toEqual({
      view: "histograms",
      runs: "mlp-500/nnviz,!mlp-4000/nnviz",
      at: "1;2.5",
      show: "change-since-start",
      columns: "8",
      top: "weights/dense/kernel:-12",
    });
  });

  test("with any value broken keeps all others, and never throws", () => {
    const key = fc.constantFrom(...LINK_KEYS);
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(key, text), text), (texts) => {
        const decoded = decodeLink({ ...texts, scale: "per-run" });
        expect(decoded.display.scale).toBe("per-run");
        expect(Object.keys(decoded)).toEqual(Object.keys(DEFAULT_LINK));
      }),
    );
    const broken = {
      axis: "weeks",
      at: "1;x",
      speed: "3",
      columns: "0",
      top: "x",
      tile: "x:-1",
      loop: "yes",
    };
    expect(decodeLink({ ...broken, show: "nothing", run_colours: "a:red" })).toEqual(DEFAULT_LINK);
    for (const columns of ["513", "1e9", "2.5"])
      expect(decodeLink({ columns })).toEqual(DEFAULT_LINK);
    for (const layers of ["0", "5", "7", "1e9"]) {
      expect(decodeLink({ layers_per_plot: layers })).toEqual(DEFAULT_LINK);
    }
    expect(decodeLink({ layers_per_plot: "6" }).histogramDisplay.layersPerPlot).toBe(6);
    expect(decodeLink({ at: "1;2;9" }).position).toEqual({ at: "latest" });
  });
});

describe("texts between marks", () => {
  test("come back, and hold no marks while they are away", () => {
    fc.assert(
      fc.property(text, (item) => {
        expect(unescapeItem(escapeItem(item))).toBe(item);
        expect(escapeItem(item)).not.toMatch(/[,:;|!]/);
      }),
    );
    fc.assert(
      fc.property(fc.array(text), (items) => {
        expect(readList(writeList(items))).toEqual(items);
      }),
    );
  });
});

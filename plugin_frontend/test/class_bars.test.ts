import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ABOVE_BARS,
  barAt,
  barClasses,
  barRoom,
  barSpan,
  type ClassSort,
  MOST_CLASSES,
  nextClassSort,
  orderByClass,
  readClassSort,
  writeClassSort,
} from "../src/model/class_bars.js";
import { templatesTag, withClassWeights } from "../src/model/class_weights.js";
import { layoutTiles, NO_WISHES, placeTile } from "../src/model/layout.js";
import { linkedTile } from "../src/model/linked_tiles.js";
import type { TagEntry } from "../src/model/parse_index.js";
import type { Axis, Source, TilesHeader } from "../src/model/record.js";
import type { PanelEntry } from "../src/model/runs.js";
import type { Tiles } from "../src/model/tiles.js";
import { graph } from "./graph_fixtures.js";

const NO_SOURCE = graph([], []).source;

function axis(name: string, size: number, fields: Partial<Axis> = {}): Axis {
  return { name, size, fullSize: size, labels: null, represents: null, ...fields };
}

/** `values[unit][class]`. */
function weights(values: readonly (readonly number[])[], labels: readonly string[] | null = null) {
  const classes = values[0]?.length ?? 0;
  const axes = [
    axis("unit", values.length),
    axis("height", classes, { represents: "class", labels }),
    axis("width", 1),
  ];
  return tilesOf(axes, [values.length, classes, 1], values.flat());
}

function templates(units: number): Tiles {
  const axes = [axis("unit", units), axis("height", 2), axis("width", 2)];
  return tilesOf(axes, [units, 2, 2], new Array<number>(4 * units).fill(0));
}

function tilesOf(
  axes: readonly Axis[],
  [tiles, height, width]: readonly [number, number, number],
  values: readonly number[],
): Tiles {
  const header = { kind: "tiles", axes, precision: "float32" } as unknown as TilesHeader;
  return {
    header,
    shape: { tiles, height, width, channels: 1 },
    payload: { precision: "float32", values: Float32Array.from(values) },
    statistics: new Map(),
    unresolved: null,
  };
}

const value = fc.double({ min: -10, max: 10, noNaN: true });
const scale = fc.double({ min: 1e-3, max: 20, noNaN: true });

describe("a bar", () => {
  it("lies on the side of its sign, ends at zero and is as long as its share of the scale", () => {
    fc.assert(
      fc.property(value, scale, fc.integer({ min: 8, max: 300 }), (weight, most, width) => {
        const { left, width: length, kind } = barSpan(weight, most, width);
        const middle = width / 2;
        expect(length).toBeCloseTo((Math.min(1, Math.abs(weight) / most) * width) / 2, 6);
        if (weight > 0) expect([kind, left]).toEqual(["positive", middle]);
        else if (weight < 0) {
          expect(kind).toBe("negative");
          expect(left + length).toBeCloseTo(middle, 9);
        } else expect([kind, length]).toEqual(["zero", 0]);
      }),
    );
  });

  it("of what is no number is none, of infinity as long as there is room", () => {
    expect(barSpan(NaN, 1, 100)).toEqual({ left: 50, width: 0, kind: "none" });
    expect(barSpan(-Infinity, 1, 100)).toEqual({ left: 0, width: 50, kind: "negative" });
    expect(barSpan(3, 0, 100).width).toBe(0);
  });

  it("is found again at every place where it lies", () => {
    const room = barRoom({ shown: [0, 1, 2].map((index) => ({ index, name: `class ${index}` })) });
    const layout = layoutTiles(
      { tiles: 7, rowLength: null, tileHeight: 10, tileWidth: 10 },
      { width: 300, height: 9000 },
      { ...NO_WISHES, belowRows: room.height },
    );
    expect(layout.rows).toBeGreaterThan(1);
    for (let place = 0; place < layout.tiles; place++) {
      const { left, top } = placeTile(layout, place);
      for (const shown of [0, 1, 2]) {
        const x = (left + 5) * layout.zoom;
        const below = (top + layout.tileHeight) * layout.zoom + ABOVE_BARS;
        const at = barAt(layout, room, 3, x, below + (shown + 0.5) * room.pitch);
        expect(at).toEqual({ place, shown });
      }
      expect(barAt(layout, room, 3, left * layout.zoom, (top + 1) * layout.zoom)).toBeNull();
    }
    expect(barAt(layout, room, 3, -1, 20)).toBeNull();
  });
});

describe("the classes", () => {
  it("are named by their labels, else by their numbers", () => {
    expect(barClasses([weights([[1, 2]], ["cat", "dog"])]).shown.map(({ name }) => name)).toEqual([
      "cat",
      "dog",
    ]);
    expect(barClasses([weights([[1, 2]])]).shown[1]).toEqual({ index: 1, name: "class 1" });
    expect(barClasses([]).shown).toEqual([]);
  });

  it("of many are those that weigh most, in their order", () => {
    const many = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 0 : -index));
    const { shown, count } = barClasses([weights([many, many])]);
    expect(count).toBe(60);
    expect(shown).toHaveLength(MOST_CLASSES);
    const indices = shown.map(({ index }) => index);
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    for (let odd = 1; odd < 60; odd += 2) expect(indices).toContain(odd);
  });

  it("of many have the one among them that units are sorted by, however little it weighs", () => {
    const many = Array.from({ length: 60 }, (_, index) => index);
    const shownWith = (sorted: number | null) =>
      barClasses([weights([many])], sorted).shown.map(({ index }) => index);
    expect(shownWith(null)).toEqual(many.slice(20));
    expect(shownWith(3)).toEqual([3, ...many.slice(21)]);
    expect(shownWith(59)).toEqual(many.slice(20));
    // As by an address that was written for other classes.
    expect(shownWith(99)).toEqual(many.slice(20));
  });

  it("of many are told from any number of units and runs", () => {
    const given = weights(Array.from({ length: 1_000 }, () => new Array<number>(41).fill(1)));
    const runs = new Array<Tiles>(300).fill(given);
    expect(barClasses(runs).shown).toHaveLength(MOST_CLASSES);
  });
});

describe("sorting by a class", () => {
  const sort = (classIndex: number, isDescending: boolean): ClassSort => ({
    tag: "templates/a",
    classIndex,
    isDescending,
  });
  const given = weights([
    [0, 1],
    [0, 3],
    [0, NaN],
    [0, -2],
    [0, 3],
  ]);

  it("goes from the largest to the least or the other way, with what is no number last", () => {
    const order = (by: ClassSort) => orderByClass(templates(5), given, by)?.positions;
    expect(order(sort(1, true))).toEqual([1, 4, 0, 3, 2]);
    expect(order(sort(1, false))).toEqual([3, 0, 1, 4, 2]);
    expect(order(sort(0, true))).toEqual([0, 1, 2, 3, 4]);
    expect(orderByClass(templates(5), given, sort(2, true))).toBeNull();
  });

  it("turns round at the second click on the same class, and ends at the third", () => {
    const first = nextClassSort(null, "templates/a", 1);
    const second = nextClassSort(first, "templates/a", 1);
    expect([first, second]).toEqual([sort(1, true), sort(1, false)]);
    expect(nextClassSort(second, "templates/a", 1)).toBeNull();
    expect(nextClassSort(second, "templates/a", 0)).toEqual(sort(0, true));
    expect(nextClassSort(first, "templates/b", 1)?.tag).toBe("templates/b");
  });

  it("is written into links and read back", () => {
    for (const each of [sort(0, true), sort(0, false), sort(7, false)])
      expect(readClassSort(...writeClassSort(each))).toEqual(each);
  });
});

function panel(tag: string, layerPath: string | null, role: string): PanelEntry {
  const source: Source = { ...NO_SOURCE, layerPath, role };
  const series = { steps: [0], wallTimes: [0], logged: 1 };
  const entry: TagEntry = { tag, kind: "tiles", view: "templates", source, series };
  const run = { run: "a", name: "a", tags: [entry], series: [], notices: [], skipped: [] };
  return { tag, kind: "tiles", members: [{ run, entry }] };
}

describe("panels of class weights", () => {
  const own = panel("templates/hidden/class_weights", "hidden", "class_weight");
  const others = [
    panel("templates/hidden", "hidden", "template"),
    panel("templates/hidden/offset", "hidden", "offset"),
    panel("templates/head", "head", "template"),
  ];

  it("are joined to the templates of their layer, and no panels of their own", () => {
    const panels = withClassWeights([...others, own]);
    expect(panels.map(({ tag }) => tag)).toEqual(others.map(({ tag }) => tag));
    expect(panels.map((each) => each.weights?.tag)).toEqual([own.tag, undefined, undefined]);
  });

  it("stay panels where there are no templates", () => {
    expect(withClassWeights([own])).toEqual([own]);
  });

  it("outline the template of a unit whose bar is under the pointer", () => {
    const hovered = { tag: own.tag, tile: 3, sample: null, samplesDigest: null };
    expect(linkedTile(hovered, "templates/hidden", null)).toBe(3);
    expect(linkedTile(hovered, "templates/head", null)).toBeNull();
    expect(templatesTag("templates/hidden")).toBe("templates/hidden");
  });
});

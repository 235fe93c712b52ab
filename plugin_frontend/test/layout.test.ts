import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readColumns } from "../src/model/display.js";
import { arrangeGrid, LABEL_HEIGHT, shownPart } from "../src/model/grid_layout.js";
import {
  cellIndex,
  foldGrid,
  hitTest,
  layoutGrid,
  layoutTiles,
  NO_WISHES,
  placeTile,
} from "../src/model/layout.js";
import { guessGrid } from "../src/model/placeholder.js";
import { exactTiles } from "./decode.js";

const axis = (name: string, size: number) => ({
  name,
  size,
  fullSize: size,
  labels: null,
  represents: null,
});

function grid(
  sizes: readonly number[],
  height: number,
  width: number,
  available = 640,
  high = 600,
) {
  const axes = sizes.map((size, index) => axis(`axis_${index}`, size));
  const tiles = sizes.reduce((product, size) => product * size, 1);
  return layoutGrid(axes, { tiles, height, width, channels: 1 }, available, high);
}

const anyGrid = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 20, max: 900 }),
  )
  .map(([sizes, height, width, available]) => grid(sizes, height, width, available));

describe("a grid's layout", () => {
  test("puts every cell in a place of its own, where the hit test finds it again", () => {
    fc.assert(
      fc.property(anyGrid, (layout) => {
        const seen = new Set<number>();
        for (let tile = 0; tile < layout.tiles; tile++) {
          const { left, top } = placeTile(layout, tile);
          for (let row = 0; row < layout.tileHeight; row++) {
            for (let column = 0; column < layout.tileWidth; column++) {
              const x = left + column;
              const y = top + row;
              expect(x).toBeLessThan(layout.width);
              expect(y).toBeLessThan(layout.height);
              seen.add(y * layout.width + x);
              expect(hitTest(layout, x + 0.5, y + 0.5)).toEqual({ tile, row, column });
            }
          }
        }
        expect(seen.size).toBe(layout.tiles * layout.tileHeight * layout.tileWidth);
      }),
    );
  });

  test("has no cell between tiles, after the last one, or outside", () => {
    const layout = grid([5], 44, 44, 140, 100);
    expect(layout).toMatchObject({ columns: 3, rows: 2, gap: 3, zoom: 1 });
    expect(hitTest(layout, 44.5, 3)).toBeNull();
    expect(hitTest(layout, 3, 45)).toBeNull();
    expect(hitTest(layout, 95, 50)).toBeNull();
    expect(hitTest(layout, -1, 3)).toBeNull();
    expect(hitTest(layout, 3, layout.height)).toBeNull();
  });

  test("never is wider than the column while a whole zoom allows it", () => {
    fc.assert(
      fc.property(anyGrid, fc.integer({ min: 20, max: 900 }), (_, available) => {
        const layout = grid([12], 5, 4, available);
        expect(layout.width * layout.zoom).toBeLessThanOrEqual(available);
        expect(Number.isInteger(layout.zoom)).toBe(true);
      }),
    );
  });

  test("wraps one axis to fill the width at the largest zoom that stays within the height", () => {
    // 84 tiles of 28 + 2 at zoom 2: floor((640/2 + 2) / 30) = 10 columns, 9 rows, 2·(9·30 − 2) = 536 high.
    expect(grid([84], 28, 28)).toMatchObject({ columns: 10, rows: 9, zoom: 2 });
    // Ten stand in two rows of five: 4·28 = 112 CSS pixels is as large as one of several gets.
    expect(grid([10], 28, 28)).toMatchObject({ columns: 5, rows: 2, zoom: 4 });
    // Tiles stay at least 44 CSS pixels large, whatever the height: zoom 2 makes them 56.
    expect(grid([512], 28, 28)).toMatchObject({ columns: 10, rows: 52, zoom: 2 });
  });

  test("lays two axes out as rows and columns, and flattens what precedes them into the rows", () => {
    expect(grid([6, 4], 3, 3)).toMatchObject({ rows: 6, columns: 4 });
    expect(grid([2, 3, 4], 3, 3)).toMatchObject({ rows: 6, columns: 4 });
    // An axis of size 1 needs no direction: 32 filters of 1 input channel wrap.
    expect(grid([32, 1], 3, 3).columns).toBeGreaterThan(1);
  });

  test("stands blocks of short rows side by side where they fit, with a wider gap between them", () => {
    // Zoom 15 makes a 3×3 tile legible: 640/15 = 42 data pixels hold three blocks of 3·4 − 1 = 11 with gaps of 3.
    const layout = grid([64, 3], 3, 3);
    expect(layout).toMatchObject({ columns: 3, rows: 64, blocks: 3, blockRows: 22, zoom: 15 });
    expect(layout).toMatchObject({ blockPitch: 14, width: 39, height: 22 * 4 - 1 });
    // Filter 22 opens the second block; its channel 1 is tile 67.
    expect(placeTile(layout, 66)).toEqual({ left: 14, top: 0 });
    expect(placeTile(layout, 67)).toEqual({ left: 18, top: 0 });
    expect(hitTest(layout, 13.5, 0)).toBeNull();
    // The third block has 20 of 22 rows.
    expect(hitTest(layout, 28, 19 * 4)).toEqual({ tile: 63 * 3, row: 0, column: 0 });
    expect(hitTest(layout, 28, 20 * 4)).toBeNull();
  });

  test("leaves no block empty, and no block wider than the column", () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 90 }), fc.integer({ min: 2, max: 9 }));
    fc.assert(
      fc.property(sizes, fc.integer({ min: 60, max: 900 }), (size, available) => {
        const layout = grid(size, 4, 5, available);
        const { rows, blocks, blockRows, zoom } = layout;
        expect(layout.width * zoom).toBeLessThanOrEqual(available);
        expect(Number.isInteger(zoom)).toBe(true);
        expect(blocks * blockRows).toBeGreaterThanOrEqual(rows);
        expect((blocks - 1) * blockRows).toBeLessThan(rows);
      }),
    );
  });

  test("has one block and a uniform pitch where a single axis wraps", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 20, max: 900 }), (size, w) => {
        const layout = grid([size], 4, 5, w);
        expect(layout).toMatchObject({ blocks: 1, blockRows: layout.rows });
        for (let tile = 0; tile < size; tile++) {
          expect(placeTile(layout, tile)).toEqual({
            left: (tile % layout.columns) * (5 + layout.gap),
            top: Math.floor(tile / layout.columns) * (4 + layout.gap),
          });
        }
      }),
    );
  });

  test("keeps small tiles legible even where the grid becomes higher than asked for", () => {
    // 64 rows of 3 + 1 cells. 16 columns are 63 cells wide: zoom 10 is the largest that fits into 640.
    expect(grid([64, 16], 3, 3).zoom).toBe(10);
  });

  test("shows a single tile without a gap, and shrinks one that is too wide by a whole number", () => {
    expect(grid([], 512, 256)).toMatchObject({ columns: 1, rows: 1, gap: 0, width: 256, zoom: 1 });
    expect(grid([], 4, 2000).zoom).toBe(1 / 4);
  });

  test("of an empty array is empty", () => {
    expect(grid([0], 28, 28)).toMatchObject({ tiles: 0, rows: 0, height: 0 });
    expect(hitTest(grid([], 0, 16), 3, 0)).toBeNull();
  });

  test("finds a cell's index in the row-major array", () => {
    const shape = { tiles: 9, height: 5, width: 7, channels: 3 };
    // ((2·5 + 3)·7 + 4)·3
    expect(cellIndex(shape, { tile: 2, row: 3, column: 4 })).toBe(285);
  });
});

describe("a layout with wishes", () => {
  const ROOM = { width: 640, height: 600 };
  const content = (tiles: number, side: number, rowLength: number | null = null) => ({
    tiles,
    rowLength,
    tileHeight: side,
    tileWidth: side,
  });

  test("has as many columns as were asked for, at the largest zoom they fit at", () => {
    const columns = (
      tiles: number,
      side: number,
      wished: number,
      rowLength: number | null = null,
    ) => layoutTiles(content(tiles, side, rowLength), ROOM, { ...NO_WISHES, columns: wished });
    // Four columns of 28 + 2 would fit at zoom 5, but tiles of 4·28 = 112 are large enough.
    expect(columns(16, 28, 4)).toMatchObject({ columns: 4, rows: 4, zoom: 4 });
    // Of 40 tiles in 20 columns, 20·30 − 2 = 598 cells fit at zoom 1 only.
    expect(columns(40, 28, 20)).toMatchObject({ columns: 20, rows: 2, zoom: 1 });
    // More columns than tiles are no columns.
    expect(columns(3, 28, 20)).toMatchObject({ columns: 3, rows: 1 });
    // Rows of 3 stay rows: seven columns hold two blocks of them.
    expect(columns(192, 3, 7, 3)).toMatchObject({ columns: 3, blocks: 2, blockRows: 32 });
    expect(columns(192, 3, 2, 3)).toMatchObject({ columns: 3, blocks: 1 });
  });

  test("has tiles of the chosen size, whatever the height", () => {
    const sized = (tileSize: "small" | "medium" | "large", side = 8, tiles = 1000) =>
      layoutTiles(content(tiles, side), ROOM, { ...NO_WISHES, tileSize }).zoom;
    // 32, 64 and 128 CSS pixels of 8 cells.
    expect([sized("small"), sized("medium"), sized("large")]).toEqual([4, 8, 16]);
    // 64 cells on 32 pixels: every other one.
    expect(sized("small", 64)).toBe(1 / 2);
    // A single matrix gets four times as much.
    expect(sized("small", 64, 1)).toBe(2);
  });

  test("never is wider than the room, and finds its cells again", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom(null, 1, 3, 40),
        fc.constantFrom("auto", "small", "medium", "large"),
        fc.constantFrom(0, 15),
        fc.boolean(),
        (tiles, side, columns, tileSize, belowRows, isStrip) => {
          const given = { ...content(tiles, side), ...(isStrip ? { tileHeight: 1 } : {}) };
          const wishes = { ...NO_WISHES, tileSize, columns, belowRows };
          const layout = layoutTiles(given, ROOM, wishes);
          expect(layout.width * layout.zoom).toBeLessThanOrEqual(ROOM.width);
          const last = tiles - 1;
          const { left, top } = placeTile(layout, last);
          expect(hitTest(layout, left + 0.5, top + 0.5)).toEqual({ tile: last, row: 0, column: 0 });
          if (layout.rows > 1 && belowRows > 0) {
            expect(layout.rowGap * layout.zoom).toBeGreaterThanOrEqual(belowRows);
          }
        },
      ),
    );
  });
});

describe("a strip", () => {
  const strip = (cells: number, available = 640, tiles = 1) =>
    grid(tiles > 1 ? [tiles] : [], 1, cells, available);

  test("stands in one line while its cells are legible", () => {
    expect(strip(10)).toMatchObject({ tileHeight: 1, tileWidth: 10, zoom: 24, folded: false });
    expect(strip(64)).toMatchObject({ tileHeight: 1, tileWidth: 64, zoom: 10, folded: false });
    expect(strip(80)).toMatchObject({ tileHeight: 1, tileWidth: 80, zoom: 8, folded: false });
  });

  test("is folded into full lines where the cells would be too small, or else into round ones", () => {
    // 640/8 = 80 cells fit; 512 = 8·64.
    expect(strip(512)).toMatchObject({ tileHeight: 8, tileWidth: 64, zoom: 8, folded: true });
    // No length from 48 to 80 divides 509: lines of 80, the last one short.
    expect(strip(509)).toMatchObject({ tileHeight: 7, tileWidth: 80, zoom: 8, cells: 509 });
  });

  test("of several is as large as they may be without growing high, side by side where they fit", () => {
    // Two gates of 24 cells in a row would need 49 cells: 640/24 = 26 hold one.
    expect(strip(24, 640, 4)).toMatchObject({ columns: 1, rows: 4, zoom: 24 });
    // 8 CSS pixels a cell: 80 cells hold three of 24 + 1, so 200 are 67 rows.
    expect(strip(24, 640, 200)).toMatchObject({ columns: 3, rows: 67, zoom: 8 });
  });

  test("stays low however long it is, as long as its cells can be seen", () => {
    // 2048 cells of 8 would be 32 lines; of 5, 16 lines of 128 are 80 high.
    expect(strip(2048)).toMatchObject({ tileHeight: 16, tileWidth: 128, zoom: 5 });
  });

  test("keeps the order of its cells, and each is found again by its true column", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 17, max: 3000 }),
        fc.integer({ min: 100, max: 900 }),
        fc.integer({ min: 1, max: 4 }),
        (cells, available, tiles) => {
          const layout = strip(cells, available, tiles);
          if (!layout.folded) return;
          expect(layout.width * layout.zoom).toBeLessThanOrEqual(available);
          const { tileWidth, tileHeight } = layout;
          expect(tileWidth * tileHeight).toBeGreaterThanOrEqual(cells);
          expect(tileWidth * (tileHeight - 1)).toBeLessThan(cells);
          const { left, top } = placeTile(layout, tiles - 1);
          for (const column of [0, tileWidth - 1, tileWidth, cells - 1]) {
            const [x, y] = [left + (column % tileWidth), top + Math.floor(column / tileWidth)];
            expect(hitTest(layout, x + 0.5, y + 0.5)).toEqual({ tile: tiles - 1, row: 0, column });
          }
          if (cells % tileWidth !== 0) {
            expect(hitTest(layout, left + tileWidth - 0.5, top + tileHeight - 0.5)).toBeNull();
          }
        },
      ),
    );
  });
});

describe("labels", () => {
  const CHOICES = { tileSize: "auto", columns: null } as const;
  const arranged = (sizes: Record<string, number>, labelled: string, width = 640) => {
    const axes = Object.entries(sizes).map(([name, size]) => ({ name, size }));
    const cells = axes.reduce((product, { size }) => product * size, 1);
    const record = exactTiles({ axes, values: new Float32Array(cells), precision: "float32" });
    const header = {
      ...record.header,
      axes: record.header.axes.map((each) =>
        each.name === labelled
          ? { ...each, labels: Array.from({ length: each.size }, (_, index) => `label ${index}`) }
          : each,
      ),
    };
    const room = { width, height: 600 };
    return arrangeGrid({ ...record, header }, null, null, room, CHOICES);
  };

  test("stand under tiles that are wide enough, in room of their own", () => {
    const { layout, tileLabels, footer } = arranged({ class: 10, height: 28, width: 28 }, "class");
    expect(tileLabels).toHaveLength(10);
    expect(layout.rowGap * layout.zoom).toBeGreaterThanOrEqual(LABEL_HEIGHT);
    expect(footer).toBe(LABEL_HEIGHT);
    const bare = arranged({ class: 10, height: 28, width: 28 }, "");
    expect(bare).toMatchObject({ tileLabels: null, footer: 0 });
    expect(bare.layout.rowGap).toBe(bare.layout.gap);
  });

  test("are left out where tiles are too narrow", () => {
    // 300 of 28 cells at 100 CSS pixels: zoom 2 leaves one a row, so they are shown smaller.
    const { tileLabels, layout } = arranged({ class: 300, height: 60, width: 12 }, "class", 100);
    expect(layout.tileWidth * layout.zoom).toBeLessThan(40);
    expect(tileLabels).toBeNull();
  });

  test("stand beside rows and below columns, and take their room from the width", () => {
    const rows = arranged({ gate: 4, unit: 12, height: 3, width: 3 }, "gate");
    expect(rows.rowLabels).toEqual(["label 0", "label 1", "label 2", "label 3"]);
    expect(rows.layout.width * rows.layout.zoom + rows.gutter).toBeLessThanOrEqual(640);
    const columns = arranged({ gate: 40, head: 8, height: 3, width: 3 }, "head");
    expect(columns).toMatchObject({ gutter: 0, footer: LABEL_HEIGHT });
    expect(columns.columnLabels).toHaveLength(8);
  });

  test("stand beside strips that lie below one another", () => {
    const { rowLabels, tileLabels, layout } = arranged({ gate: 4, height: 1, width: 128 }, "gate");
    expect(layout).toMatchObject({ columns: 1, rows: 4, blocks: 1 });
    expect(rowLabels).toHaveLength(4);
    expect(tileLabels).toBeNull();
  });

  test("count in the height of what is shown", () => {
    const grid = arranged({ class: 10, height: 28, width: 28 }, "class");
    const { layout } = grid;
    expect(shownPart(grid, 600)).toEqual({
      height: layout.height * layout.zoom + LABEL_HEIGHT,
      tiles: 10,
      folded: false,
    });
  });
});

describe("a folded grid", () => {
  test("shows whole rows within the height, and says how many tiles they are", () => {
    expect(foldGrid(grid([512], 28, 28), 600)).toEqual({ height: 2 * (10 * 30 - 2), tiles: 100 });
  });

  test("of several blocks shows the first rows of every block", () => {
    // Three blocks of 22, 22 and 20 rows of 3 tiles; ten rows of 4·15 CSS pixels fit.
    expect(foldGrid(grid([64, 3], 3, 3), 600)).toEqual({ height: 15 * 39, tiles: 3 * 10 * 3 });
    // Where 21 rows fit, the last block shows all of its 20.
    expect(foldGrid(grid([64, 3], 3, 3), 15 * 83)?.tiles).toBe((21 + 21 + 20) * 3);
  });

  test("counts the tiles that lie wholly within the fold, whatever the blocks", () => {
    fc.assert(
      fc.property(anyGrid, fc.integer({ min: 1, max: 900 }), (layout, high) => {
        const folded = foldGrid(layout, high);
        if (folded === null) return;
        const tiles = Array.from(
          { length: layout.tiles },
          (_, tile) => placeTile(layout, tile).top,
        );
        const within = tiles.filter(
          (top) => (top + layout.tileHeight) * layout.zoom <= folded.height,
        );
        expect(folded.tiles).toBe(within.length);
      }),
    );
  });

  test("is not needed where everything fits, nor possible within one row", () => {
    expect(foldGrid(grid([84], 28, 28), 600)).toBeNull();
    expect(foldGrid(grid([], 900, 256), 600)).toBeNull();
  });

  test("is never higher than asked for, unless a single row is", () => {
    fc.assert(
      fc.property(anyGrid, fc.integer({ min: 1, max: 900 }), (layout, high) => {
        const folded = foldGrid(layout, high);
        if (folded === null) return;
        const row = layout.tileHeight * layout.zoom;
        expect(folded.height).toBeLessThanOrEqual(Math.max(high, row));
        expect(folded.tiles).toBeLessThan(layout.tiles);
      }),
    );
  });
});

describe("a number of columns", () => {
  test("is taken as far as a cell keeps its pixel", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.integer({ min: 1, max: 400 }),
        (columns, side) => {
          const content = { tiles: 512, rowLength: null, tileHeight: side, tileWidth: side };
          const layout = layoutTiles(
            content,
            { width: 640, height: 600 },
            { ...NO_WISHES, columns },
          );
          expect(layout.columns).toBeLessThanOrEqual(columns);
          expect(layout.zoom).toBeGreaterThanOrEqual(1);
          expect(layout.width * layout.zoom).toBeLessThanOrEqual(640);
        },
      ),
    );
  });

  test("is a whole number from 1 to 512; nothing means as many as fit", () => {
    expect(["7", " 512 ", "", " "].map(readColumns)).toEqual([7, 512, null, null]);
    const refused = ["0", "513", "1e9", "-3", "2.5", "seven", "0x10", "NaN"];
    expect(refused.map(readColumns)).toEqual(refused.map(() => undefined));
  });
});

describe("the height guessed from a variable's shape", () => {
  test("is that of image tiles, kernels, a matrix or a strip", () => {
    // Folded to the ten and the fifteen rows that fit into 600 at zoom 2 and 10.
    const guess = (shape: readonly number[] | null) => guessGrid(shape, 640, 600);
    expect(guess([784, 512])).toEqual({ height: 2 * (10 * 30 - 2), folded: true });
    expect(guess([3, 3, 16, 32])).toEqual({ height: 10 * (15 * 4 - 1), folded: true });
    expect(guess([512, 256])).toEqual({ height: 512, folded: false });
    expect(guess([10])).toEqual({ height: 24, folded: false });
    expect(guess(null)).toEqual({ height: 24, folded: false });
  });
});

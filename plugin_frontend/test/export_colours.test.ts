/** The colours that the Python export gives the stored records' cells are the screen's, byte for byte. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type ColourChoice,
  type Colouring,
  changeColouring,
  chooseColouring,
  type Theme,
} from "../src/model/colours.js";
import { difference } from "../src/model/difference.js";
import { layoutTiles, NO_WISHES, placeTile } from "../src/model/layout.js";
import { parseHeader } from "../src/model/parse_header.js";
import { extremesOf, perTileRanges, rangeOfExtremes } from "../src/model/ranges.js";
import { type Tiles, withLowPlane } from "../src/model/tiles.js";
import { paintGrid } from "../src/render/paint_grid.js";
import { loadFineBlobs, loadTiles } from "../src/state/record_loading.js";
import { unwrap } from "./decode.js";

interface Painting {
  readonly record: string;
  readonly reference: string | null;
  readonly theme: Theme;
  readonly colours: "auto" | "gray" | "viridis" | "red-blue";
  readonly scale: "per-tile" | "per-run";
  readonly pixels: string;
}

const folder = new URL("../../tests/fixtures/", import.meta.url);
const paintings = JSON.parse(
  readFileSync(new URL("paintings.json", folder), "utf8"),
) as readonly Painting[];

// `exact`: with the low plane, which changes are made of; what is shown as it was logged is painted without.
async function load(name: string, exact: boolean): Promise<Tiles> {
  const text = readFileSync(new URL(`records/${name}.json`, folder), "utf8");
  const { blobs } = JSON.parse(text) as { readonly blobs: readonly string[] };
  const [header = new Uint8Array(), ...payload] = blobs.map((blob) =>
    Uint8Array.from(Buffer.from(blob, "base64")),
  );
  const infos = unwrap(parseHeader(header)).blobs;
  const part = (wanted: "paint" | "fine" | "statistics") => ({
    status: 200,
    blobs: [header, ...payload.filter((_, index) => infos[index]?.part === wanted)],
  });
  const tiles = unwrap(await loadTiles(part("paint")));
  const isPlain = tiles.payload.precision !== "uint16";
  const needsLow = exact || name === "uint16_nonfinite";
  return isPlain || !needsLow
    ? tiles
    : unwrap(withLowPlane(tiles, unwrap(await loadFineBlobs(part("fine")))));
}

async function shownTiles({ record, reference }: Painting): Promise<Tiles> {
  const shown = await load(record, reference !== null);
  if (reference === null) return shown;
  const compared = difference(shown, reference === record ? shown : await load(reference, true));
  if (compared.status === "refused") throw new Error(compared.message);
  return compared.tiles;
}

function colouringOf({ colours, theme, reference }: Painting, tiles: Tiles): Colouring {
  const { channels } = tiles.shape;
  if (reference !== null) return changeColouring(channels, theme);
  const choice = colours.replace("-", "_") as ColourChoice;
  return chooseColouring(choice, tiles.header.meaning, channels, theme);
}

// Red, green and blue of every cell, tile by tile, as the file has them.
function paint(tiles: Tiles, colouring: Colouring, scale: Painting["scale"]): Uint8Array {
  const { shape } = tiles;
  const content = {
    tiles: shape.tiles,
    rowLength: null,
    tileHeight: shape.height,
    tileWidth: shape.width,
  };
  const layout = layoutTiles(content, { width: 2000, height: 2000 }, NO_WISHES);
  const pixels = new Uint32Array(layout.width * layout.height);
  const ranges =
    scale === "per-tile"
      ? perTileRanges(tiles, colouring.rule)
      : rangeOfExtremes([extremesOf(tiles)], colouring.rule);
  paintGrid(pixels, layout, tiles, ranges, colouring);
  const bytes: number[] = [];
  for (let tile = 0; tile < shape.tiles; tile++) {
    const { left, top } = placeTile(layout, tile);
    for (let cell = 0; cell < shape.height * shape.width; cell++) {
      const row = top + Math.floor(cell / shape.width);
      const pixel = pixels[row * layout.width + left + (cell % shape.width)] ?? 0;
      bytes.push(pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

test("there are stored colours to compare with", () => {
  expect(paintings.length).toBeGreaterThan(0);
});

test.each(paintings)(
  "$record compared with $reference in $colours, $theme, $scale",
  async (painting) => {
    const tiles = await shownTiles(painting);
    const painted = paint(tiles, colouringOf(painting, tiles), painting.scale);
    expect(Buffer.from(painted).toString("base64")).toBe(painting.pixels);
  },
);

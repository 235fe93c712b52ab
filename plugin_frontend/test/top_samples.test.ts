import { describe, expect, it } from "vitest";
import { layoutTiles, NO_WISHES } from "../src/model/layout.js";
import type { Axis, StatisticName, TilesHeader } from "../src/model/record.js";
import type { Tiles } from "../src/model/tiles.js";
import {
  placeFrames,
  topSample,
  topSampleFacts,
  topSampleText,
  unexcitedUnits,
} from "../src/model/top_samples.js";

const axis = (name: string, size: number): Axis => ({
  name,
  size,
  fullSize: size,
  labels: null,
  represents: null,
});

/** Two channels with three ranks each, of pictures of 8 by 4. */
function ranked(statistics: Partial<Record<StatisticName, readonly number[]>>): Tiles {
  const axes = [axis("channel", 2), axis("rank", 3), axis("height", 8), axis("width", 4)];
  return {
    header: { kind: "tiles", axes } as unknown as TilesHeader,
    shape: { tiles: 6, height: 8, width: 4, channels: 1 },
    payload: { precision: "uint8", codes: new Uint8Array(6 * 32) },
    statistics: new Map(
      Object.entries(statistics).map(([name, values]) => [
        name as StatisticName,
        Float64Array.from(values),
      ]),
    ),
    unresolved: null,
  };
}

const layout = layoutTiles(
  { tiles: 6, rowLength: 3, tileHeight: 8, tileWidth: 4 },
  { width: 400, height: 400 },
  NO_WISHES,
);

describe("the samples that excite a unit", () => {
  it("are counted in the panel's facts", () => {
    const { header } = ranked({});
    const named = { ...header, meaning: "image" as const, statistics: ["activation" as const] };
    expect(topSampleFacts(named)).toEqual(["8×4 pictures", "2 channels", "3 samples each"]);
    expect(topSampleFacts({ ...named, statistics: [] })).toBeNull();
  });

  const activation = [3, 2, 1, 0, -1, NaN];

  it("are named with their rank from 1 and their activation", () => {
    const tiles = ranked({ activation, sample_index: [1234, 5, 6, 7, 8, 9] });
    expect(topSampleText(tiles, 0)).toBe("channel 0 · rank 1 · sample 1,234 · activation +3");
    expect(topSampleText(tiles, 4)).toBe("channel 1 · rank 2 · sample 8 · activation −1");
    expect(topSampleText(tiles, 5)).toContain("activation NaN");
  });

  it("have their number and activation in short, to stand below them", () => {
    const tiles = ranked({ activation, sample_index: [1234, 5, 6, 7, NaN, 9] });
    expect(topSample(tiles, 0)).toEqual({
      sample: "#1,234",
      activation: "+3",
      text: topSampleText(tiles, 0),
    });
    expect(topSample(tiles, 4)).toMatchObject({ sample: "", activation: "−1" });
    expect(topSample(ranked({ min: activation }), 0)).toBeNull();
  });

  it("are no tiles of another record", () => {
    expect(topSampleText(ranked({ min: activation }), 0)).toBeNull();
    expect(unexcitedUnits(ranked({ min: activation }))).toBeNull();
  });

  it("leave out units whose activation is nowhere above 0", () => {
    const found = unexcitedUnits(ranked({ activation }));
    expect([...(found?.mask ?? [])]).toEqual([0, 1]);
    expect(found).toMatchObject({ dead: 1, of: 2, axis: "channel", word: "channel" });
  });
});

describe("the places on pictures", () => {
  const nowhere = [NaN, NaN];

  it("lie at their shares of the picture, wherever the tile is shown", () => {
    const tiles = ranked({
      activation: [1, 1, 1, 1, 1, 1],
      place_top: [0, 0.5, 0, 0.25, ...nowhere],
      place_left: [0, 0, 0, 0.5, ...nowhere],
      place_bottom: [0.5, 1, 1, 0.75, ...nowhere],
      place_right: [0.5, 1, 1, 1, ...nowhere],
    });
    const order = Int32Array.from([3, 4, 5, 0, 1, 2]);
    const frames = placeFrames(layout, tiles, order);
    // The third is the whole picture, the last two have no places.
    expect(frames.map(({ tile }) => tile)).toEqual([3, 0, 1]);
    const { zoom, tileHeight, tileWidth, rowGap, gap } = layout;
    expect(frames[0]).toMatchObject({
      left: 0.5 * tileWidth * zoom,
      top: 0.25 * tileHeight * zoom,
      width: 0.5 * tileWidth * zoom,
      height: 0.5 * tileHeight * zoom,
    });
    expect(frames[2]).toMatchObject({
      left: (tileWidth + gap) * zoom,
      top: (tileHeight + rowGap + 0.5 * tileHeight) * zoom,
    });
  });

  it("are none where none were logged", () => {
    expect(placeFrames(layout, ranked({ activation: [1, 1, 1, 1, 1, 1] }), null)).toEqual([]);
  });
});

/** A session with one tag of several runs whose arrays need not be alike, for tests of the tile in the large. */
import { vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { Session } from "../src/state/session.js";
import { TileBook } from "../src/state/tile_book.js";
import { tileView } from "../src/state/tile_view.js";
import { tileWishes } from "../src/state/tile_wishes.js";
import { type AxisSpec, encodeTiles, itemOf } from "./encode.js";

export interface TestRun {
  readonly name: string;
  readonly axes: readonly AxisSpec[];
  /** Of a cell, row-major, at a step. */
  readonly value: (cell: number, step: number) => number;
}

/** Runs under the network of fake timers; `open` plans what a tile in the large asks for. */
export function tileSession(tag: string, runs: readonly TestRun[], steps: readonly number[]) {
  const index = {
    version: 1,
    runs: runs.map(({ name }) => ({
      run: name,
      name,
      tags: [{ tag, kind: "tiles", view: "weights", series: 0, source: {} }],
      series: [{ steps, wall_times: steps, logged: steps.length }],
      notices: [],
      skipped: [],
    })),
  };
  const fetchRecords = vi.fn(
    async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") =>
      items.map(({ run, step }) => {
        const found = runs.find(({ name }) => name === run);
        if (found === undefined) throw new Error(`no run ${run}`);
        const cells = found.axes.reduce((product, { size }) => product * size, 1);
        const values = Float32Array.from({ length: cells }, (_, cell) => found.value(cell, step));
        return itemOf(encodeTiles({ axes: found.axes, values, precision: "uint16", step }), part);
      }),
  );
  const session = new Session({
    fetchIndex: async () => index,
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords,
  });
  const book = new TileBook();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 60; turn++) await vi.advanceTimersByTimeAsync(1);
  };
  const open = async (tile: number, run?: string) => {
    session.openTile({ tag, tile, ...(run === undefined ? {} : { run }) });
    session.planBesides((state, derived) =>
      tileWishes(state, derived, book, (ref) => session.records.state(ref)),
    );
    await settle();
    const view = tileView(session, book);
    if (view === null) throw new Error("no tile");
    return view;
  };
  const asked = () =>
    fetchRecords.mock.calls.flatMap(([items, part]) =>
      items.map(({ run, step }) => `${part} ${run} ${step}`),
    );
  return { session, book, settle, open, asked };
}

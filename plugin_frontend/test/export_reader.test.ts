import { describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { lacksLowPlane } from "../src/model/dequantise.js";
import type { Slot } from "../src/model/sections.js";
import { ExportReader } from "../src/state/export_reader.js";
import { valuesOf } from "../src/state/export_values.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";

const TAGS = ["weights/a/kernel", "weights/b/kernel"];
const STEPS = [0, 1, 2, 3, 4, 5];

function answer({ tag, step }: RecordItem, part: "paint" | "fine" | "statistics") {
  const axes = [
    { name: "unit", size: 2 },
    { name: "height", size: 1 },
    { name: "width", size: 2 },
  ];
  const size = (step + 1) * (tag === TAGS[0] ? 1 : 10);
  const values = Float32Array.of(-size, size, -size / 2, size / 4);
  return itemOf(encodeTiles({ axes, values, precision: "uint16", step }), part);
}

async function open(
  failing: (item: RecordItem, part: string) => boolean = () => false,
  runs: readonly string[] = ["r"],
) {
  const fetchRecords = vi.fn(
    async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") => {
      if (items.some((item) => failing(item, part))) throw new Error("no connection");
      return items.map((item) => answer(item, part));
    },
  );
  const session = new Session({
    fetchIndex: async () => ({
      version: 1,
      runs: runs.map((name) => ({
        run: `${name}/nnviz`,
        name,
        tags: TAGS.map((tag) => ({ tag, kind: "tiles", view: "weights", series: 0, source: {} })),
        series: [{ steps: STEPS, wall_times: STEPS, logged: STEPS.length }],
        notices: [],
        skipped: [],
      })),
    }),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords,
  });
  session.setTabVisible(true);
  await vi.waitFor(() => expect(session.derived.panels).toHaveLength(2));
  session.setInSight(new Set([TAGS[0] ?? ""]));
  await vi.waitFor(() => expect(asked()).toContain("paint a5"));
  const slots = session.derived.panels.map(
    (panel): Slot => ({ tag: panel.tag, kind: panel.kind, panels: [panel] }),
  );
  function asked(): string[] {
    return fetchRecords.mock.calls.flatMap(([items, part]) =>
      items.map(({ tag, step }) => `${part} ${tag.split("/")[1]}${step}`),
    );
  }
  return { session, slots, asked };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 80));

describe("reading for an export", () => {
  test("asks for what the screen does not have, once, and with all planes where values are wanted", async () => {
    const { session, slots, asked } = await open();
    const reader = new ExportReader(session, new AbortController().signal);
    for (const pass of [1, 2]) {
      for (const point of session.derived.points) {
        const snapshot = reader.at(point, slots);
        await reader.read(snapshot, slots, true);
        const values = slots.flatMap((slot) => valuesOf(slot, snapshot, session));
        expect(values.map(({ value }) => value.step)).toEqual([point.value, point.value]);
        for (const { value } of values) {
          if (value.kind !== "tiles") throw new Error(`pass ${pass}: ${value.kind}`);
          expect(lacksLowPlane(value.tiles)).toBe(false);
        }
      }
    }
    reader.close();
    const wanted = ["a", "b"].flatMap((layer) =>
      STEPS.flatMap((step) => [`paint ${layer}${step}`, `fine ${layer}${step}`]),
    );
    expect(asked().toSorted()).toEqual(wanted.toSorted());
  });

  test("asks for no low planes where a picture is wanted, nor for panels that are not", async () => {
    const { session, slots, asked } = await open();
    const reader = new ExportReader(session, new AbortController().signal);
    const [first] = session.derived.points;
    const [, second] = slots;
    if (first === undefined || second === undefined) throw new Error("no panel");
    await reader.read(reader.at(first, [second]), [second]);
    reader.close();
    expect(asked()).toContain("paint b0");
    expect(asked()).not.toContain("paint a0");
    expect(asked().filter((each) => each.startsWith("fine"))).toEqual([]);
  });

  test("asks for nothing while the tab is hidden, and goes on when it is shown", async () => {
    const { session, slots, asked } = await open();
    await pause();
    session.setTabVisible(false);
    const before = asked().length;
    const reader = new ExportReader(session, new AbortController().signal);
    const [first] = session.derived.points;
    if (first === undefined) throw new Error("no point");
    let isDone = false;
    const reading = reader.read(reader.at(first, slots), slots).then(() => {
      isDone = true;
    });
    await pause();
    expect([isDone, asked().length]).toEqual([false, before]);
    session.setTabVisible(true);
    await reading;
    expect(asked()).toContain("paint b0");
    reader.close();
  });

  test("ends at once where it is called off, and wants nothing any more", async () => {
    const { session, slots, asked } = await open();
    await pause();
    session.setTabVisible(false);
    const abort = new AbortController();
    const reader = new ExportReader(session, abort.signal);
    const [first] = session.derived.points;
    if (first === undefined) throw new Error("no point");
    const reading = reader.read(reader.at(first, slots), slots);
    abort.abort();
    await expect(reading).rejects.toThrow();
    reader.close();
    const before = asked().length;
    session.setTabVisible(true);
    await pause();
    expect(asked().slice(before)).not.toContain("paint b0");
  });

  test("goes on where a record cannot be had, and says which and why", async () => {
    const { session, slots } = await open(
      ({ tag, step }, part) => part === "fine" && tag === TAGS[1] && step === 0,
    );
    const reader = new ExportReader(session, new AbortController().signal);
    const [first] = session.derived.points;
    if (first === undefined) throw new Error("no point");
    const snapshot = reader.at(first, slots);
    await reader.read(snapshot, slots, true);
    const values = slots
      .flatMap((slot) => valuesOf(slot, snapshot, session))
      .map(({ value }) => value);
    expect(values.map(({ kind }) => kind)).toContain("none");
    const [lost] = values.flatMap((value) => (value.kind === "none" ? [value] : []));
    expect(lost).toMatchObject({ step: 0, why: "exact values could not be had: no connection" });
    reader.close();
  });

  test("shows what is compared with under the shown choice", async () => {
    const { session, slots, asked } = await open();
    session.looks.setDisplay({ show: "change-since-start" });
    const reader = new ExportReader(session, new AbortController().signal);
    const point = session.derived.points[2];
    const [, second] = slots;
    if (point === undefined || second === undefined) throw new Error("no panel");
    const snapshot = reader.at(point, [second]);
    await reader.read(snapshot, [second], true);
    const [found] = valuesOf(second, snapshot, session);
    expect(found?.show).toBe("change-since-start");
    if (found?.value.kind !== "tiles" || found.value.tiles.payload.precision !== "float32")
      throw new Error("no change");
    expect([...found.value.tiles.payload.values]).toEqual([-20, 20, -10, 5]);
    expect(asked()).toEqual(expect.arrayContaining(["fine b0", "fine b2"]));
    reader.close();
  });

  test("reads runs whose columns are out of sight, too", async () => {
    const { session, slots } = await open(() => false, ["r", "s"]);
    session.setColumnsInSight(new Set(["r/nnviz"]));
    const reader = new ExportReader(session, new AbortController().signal);
    const [first] = session.derived.points;
    const [, second] = slots;
    if (first === undefined || second === undefined) throw new Error("no panel");
    const snapshot = reader.at(first, [second]);
    await reader.read(snapshot, [second], true);
    const values = valuesOf(second, snapshot, session);
    expect(values.map(({ run, value }) => [run.name, value.kind])).toEqual([
      ["r", "tiles"],
      ["s", "tiles"],
    ]);
    reader.close();
  });
});

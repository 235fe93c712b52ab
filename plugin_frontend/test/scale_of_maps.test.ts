import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { mapsOfCard } from "../src/model/attribution_cards.js";
import { NO_REFERENCE } from "../src/model/reference.js";
import { panelView } from "../src/state/panel_view.js";
import { scaledRecords } from "../src/state/scaled_records.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";

const MAPS = "attributions/integrated_gradients";
const INTERIOR = "attributions/interior_gradients";
const AXES = [
  { name: "sample", size: 1 },
  { name: "height", size: 1 },
  { name: "width", size: 2 },
  { name: "color", size: 3 },
];
const STEPS = [0, 1, 2, 3];
/** Their sums, of each cell; the high planes alone add up to −0.2999 and 0.3080. */
const COLOURS = [-0.5, 0.1037, 0.0937, 0.0957, 0.1127, 0.1007];
const [LOWEST, HIGHEST] = [-0.3026, 0.3091];

/** Of b all is three times as large as of a. */
function factorOf({ run, step }: RecordItem): number {
  return (run.startsWith("b") ? 3 : 1) * (step + 1);
}

/** Maps in three colours, of which sums are painted. */
async function open(names: readonly string[], tag: string) {
  const asked: string[] = [];
  const session = new Session({
    fetchIndex: async () => ({
      version: 1,
      runs: names.map((name) => ({
        run: `${name}/nnviz`,
        name,
        tags: [
          { tag, kind: "tiles", view: "attributions", series: 0, source: { samples_digest: "s" } },
        ],
        series: [{ steps: STEPS, wall_times: STEPS, logged: STEPS.length }],
        notices: [],
        skipped: [],
      })),
    }),
    fetchTimeline: async (run: string) => ({ run, moments: [] }),
    fetchRecords: async (items, part) =>
      items.map((item) => {
        asked.push(`${part} ${item.run[0]}${item.step}`);
        const values = Float32Array.from(COLOURS, (value) => value * factorOf(item));
        const spec = { axes: AXES, values, precision: "uint16", step: item.step } as const;
        return itemOf(encodeTiles(spec), part);
      }),
  });
  session.setTabVisible(true);
  await settle();
  session.timeline.goTo(0);
  return { session, asked };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(50);

const VALUES = { show: "value", reference: NO_REFERENCE } as const;

describe("the scale of attributions", () => {
  test("is made of exact sums, whichever planes come first", async () => {
    const { session } = await open(["a"], MAPS);
    session.looks.setDisplay({ scale: "fixed" });
    session.setInSight(new Set([MAPS]));
    await settle();
    const [card] = session.derived.panels;
    if (card === undefined) throw new Error("no card");
    const records = scaledRecords(mapsOfCard(card), VALUES, session.derived, "fixed");
    expect(records).toHaveLength(STEPS.length);
    for (const record of records) {
      const factor = factorOf(record.ref);
      const found = session.extremes.get(record);
      expect((found?.min ?? NaN) / factor).toBeCloseTo(LOWEST, 4);
      expect((found?.max ?? NaN) / factor).toBeCloseTo(HIGHEST, 4);
    }
  });

  test("spans the runs out of sight where maps stand in columns, of which no sums are logged", async () => {
    // Interior gradients alone make no card.
    const { session, asked } = await open(["a", "b"], INTERIOR);
    session.setColumnsInSight(new Set(["a/nnviz"]));
    session.setInSight(new Set([INTERIOR]));
    await settle();
    const [panel] = session.derived.panels;
    if (panel === undefined) throw new Error("no panel");
    expect(panel.kind).toBe("tiles");
    const recordState = session.records.state.bind(session.records);
    const { state, derived, extremes } = session;
    const view = panelView(panel, state.value, derived, recordState, extremes);
    expect(view.sharedOver).toBeNull();
    expect(view.shared?.hi).toBeCloseTo(3 * HIGHEST, 3);
    expect(asked.filter((each) => each.startsWith("statistics"))).toEqual([]);
    expect(asked).toContain("fine b0");
    expect(new Set(asked).size).toBe(asked.length);
  });
});

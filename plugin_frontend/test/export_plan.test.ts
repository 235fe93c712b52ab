import { describe, expect, test } from "vitest";
import { HTML_FILE } from "../src/components/export_offline.js";
import { chosenAnew, nameOf, planOf } from "../src/components/export_plan.js";
import type { ExportChoice } from "../src/model/export_choice.js";
import { stepPoint } from "../src/model/time_axis.js";
import { Session } from "../src/state/session.js";

const STEPS = [0, 1, 2, 3, 4, 5];

/** A graph, which is logged once, and weights; the screen is at step 3 of these. */
async function openGraph() {
  const tags = [
    { tag: "weights/dense/kernel", kind: "tiles", view: "weights", series: 0, source: {} },
    { tag: "graph", kind: "graph", view: "graph", series: 1, source: {} },
  ];
  const series = [STEPS, [0]].map((steps) => ({ steps, wall_times: steps, logged: steps.length }));
  const run = { run: "a", name: "a", tags, series, notices: [], skipped: [] };
  const session = new Session({
    fetchIndex: async () => ({ version: 1, runs: [run] }),
    fetchTimeline: async (name) => ({ run: name, moments: [] }),
    fetchRecords: async (items) => items.map(() => ({ status: 404, blobs: [] })),
    fetchOfflineScript: async () => "",
  });
  session.setView("weights");
  session.reload();
  await new Promise((resolve) => setTimeout(resolve));
  session.timeline.goTo(3);
  session.setView("graph");
  return session;
}

const CHOICE: ExportChoice = {
  format: "html",
  scope: "all",
  steps: "all",
  from: 0,
  to: 0,
  factor: 1,
};

function told(session: Session, choice: Partial<ExportChoice>) {
  const plan = planOf(session, { ...CHOICE, ...choice }, null);
  const [, held] = HTML_FILE.about(plan).split("It holds ");
  return { points: plan.points, name: nameOf(plan, "html"), held };
}

describe("an export of all views from one with a single step", () => {
  test("is of the steps of all views, and says so", async () => {
    expect(told(await openGraph(), {})).toEqual({
      points: STEPS.map(stepPoint),
      name: "all_views_2_panels_a_step_0-5.html",
      held: "all of the log",
    });
  });

  test("has a range of them to choose from", async () => {
    expect(told(await openGraph(), { steps: "range", from: 2, to: 4 })).toEqual({
      points: [2, 3, 4].map(stepPoint),
      name: "all_views_2_panels_a_step_2-4.html",
      held: "3 of 6 steps, and the first, which changes are since",
    });
  });

  test("is of the step that the other views are at", async () => {
    expect(told(await openGraph(), { steps: "this" })).toEqual({
      points: [stepPoint(3)],
      name: "all_views_2_panels_a_step_3.html",
      held: "1 of 6 steps, and the first, which changes are since",
    });
  });

  test("leaves the view's own to its own steps", async () => {
    expect(told(await openGraph(), { scope: "view" })).toEqual({
      points: [stepPoint(0)],
      name: "graph_a_step_0.html",
      held: "1 of 2 views",
    });
  });
});

describe("a choice made anew", () => {
  test("keeps a range within one timeline, and begins anew with another", async () => {
    const session = await openGraph();
    const range = { ...CHOICE, steps: "range", from: 2, to: 4 } as const;
    expect(chosenAnew(session, range, { to: 5 })).toEqual({ ...range, to: 5 });
    session.setView("weights");
    const ofView = { ...range, scope: "view", from: 0, to: 5 };
    expect(chosenAnew(session, range, { scope: "view" })).toEqual(ofView);
  });

  test("is of this step where there is no other", async () => {
    const ofView = { scope: "view", steps: "this", to: 0 };
    expect(chosenAnew(await openGraph(), CHOICE, { scope: "view" })).toMatchObject(ofView);
  });
});

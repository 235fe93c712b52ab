import { expect, test } from "vitest";
import { keyGroups, writtenKeys } from "../src/components/keys.js";
import { Session } from "../src/state/session.js";

const never = () => new Promise<never>(() => undefined);

async function openViews(...views: string[]): Promise<Session> {
  const tags = views.map((view) => ({
    tag: `${view}/dense`,
    kind: "tiles",
    view,
    series: 0,
    source: {},
  }));
  const series = [{ steps: [0], wall_times: [0], logged: 1 }];
  const run = { run: "a/nnviz", name: "a", tags, series, notices: [], skipped: [] };
  const session = new Session({
    fetchIndex: async () => ({ version: 1, runs: [run] }),
    fetchTimeline: never,
    fetchRecords: never,
  });
  session.setTabVisible(true);
  await expect.poll(() => session.state.value.index.status).toBe("ready");
  return session;
}

const keysOfViews = (session: Session) =>
  keyGroups(session)
    .flatMap(({ keys }) => keys)
    .filter(({ keys }) => keys.includes("1"))
    .map((key) => writtenKeys(session, key));

test("the help lists the numbers of the views that there are", async () => {
  expect(keysOfViews(await openViews("weights", "templates", "activations"))).toEqual([
    ["1", "…", "3"],
  ]);
});

test("the help lists no numbers where there is one view", async () => {
  expect(keysOfViews(await openViews("weights"))).toEqual([]);
});

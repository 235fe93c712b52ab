/** A session on runs of one panel whose extremes are known by formula, for tests of scales. Needs fake timers. */
import { vi } from "vitest";
import type { RecordItem } from "../src/api/routes.js";
import { panelView } from "../src/state/panel_view.js";
import { Session } from "../src/state/session.js";
import { encodeTiles, itemOf } from "./encode.js";
import { indexOfRuns } from "./index_of_runs.js";

export const TAG = "weights/dense/kernel";
const AXES = [
  { name: "unit", size: 2 },
  { name: "height", size: 1 },
  { name: "width", size: 1 },
];

/** What a run holds at a step: ± its number times the step and 1. */
function sizeOf({ run, step }: RecordItem): number {
  return (run.charCodeAt(0) - 96) * (step + 1);
}

export interface Run {
  readonly steps: readonly number[];
  readonly epochs?: readonly number[];
}

/** Its runs are changed by replacing `server.runs`; `asked` says for which records it was asked. */
export function openSession(runs: Record<string, Run>) {
  const indexOf = (all: Record<string, Run>): unknown =>
    indexOfRuns(
      TAG,
      Object.fromEntries(Object.entries(all).map(([name, { steps }]) => [name, steps])),
    );
  const server = {
    runs,
    fetchIndex: async () => indexOf(server.runs),
    fetchTimeline: async (run: string) => {
      const { steps, epochs = steps } = server.runs[run.charAt(0)] ?? { steps: [] };
      return {
        run,
        moments: steps.map((step, index) => ({
          step,
          epoch: epochs[index] ?? 0,
          batch: step,
          fit: 1,
          phase: "during",
          wall_time: step,
        })),
      };
    },
    fetchRecords: vi.fn(
      async (items: readonly RecordItem[], part: "paint" | "fine" | "statistics") =>
        items.map((item) => {
          const size = sizeOf(item);
          const values = Float32Array.of(-size, size);
          const { step } = item;
          return itemOf(encodeTiles({ axes: AXES, values, precision: "uint16", step }), part);
        }),
    ),
  };
  const session = new Session(server);
  const asked = (part?: string) =>
    server.fetchRecords.mock.calls
      .filter((call) => part === undefined || call[1] === part)
      .flatMap(([items, own]) =>
        items.map(({ run, step }) => `${part === undefined ? `${own} ` : ""}${run[0]}${step}`),
      );
  const view = () => {
    const [panel] = session.derived.panels;
    if (panel === undefined) throw new Error("no panel");
    const recordState = session.records.state.bind(session.records);
    return panelView(panel, session.state.value, session.derived, recordState, session.extremes);
  };
  return { server, session, asked, view };
}

export const settle = () => vi.advanceTimersByTimeAsync(5);

/** All runs ticked; `inSight`: those of which columns are in sight. */
export async function open(runs: Record<string, Run>, inSight: readonly string[] | null = null) {
  const opened = openSession(runs);
  opened.session.setTabVisible(true);
  await settle();
  for (const run of opened.session.derived.allRuns)
    if (!opened.session.derived.runs.includes(run)) opened.session.runs.toggle(run.run);
  if (inSight !== null)
    opened.session.setColumnsInSight(new Set(inSight.map((name) => `${name}/nnviz`)));
  opened.session.setInSight(new Set([TAG]));
  await settle();
  return opened;
}

/**
 * What a stop of the walk through the layers shows: one sample, as it is placed for it. Knows the state and the records;
 * must not know sizes on screen.
 */
import type { Placement } from "../model/display.js";
import { type LayerStop, stagePlacement } from "../model/layer_player.js";
import type { RunEntry } from "../model/parse_index.js";
import { SAMPLE } from "../model/placement.js";
import type { Axis } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { Session } from "./session.js";

/** The placement of a panel that is shown alone; null for all others. */
export function placementOnStage(
  { tag }: PanelEntry,
  state: AppState,
  { stage }: Derived,
  axes: readonly Axis[],
): Placement | null {
  return stage?.panel.tag === tag ? stagePlacement(axes, state.sample) : null;
}

/** The runs that have other stops, but not the one on the stage. */
export function runsWithoutStop({ runs, stops, stage }: Derived): readonly RunEntry[] {
  if (stage === null) return [];
  const runsOf = ({ panel }: LayerStop): readonly string[] =>
    panel.members.map(({ run }) => run.run);
  const anywhere = new Set(stops.flatMap(runsOf));
  const here = new Set(runsOf(stage));
  return runs.filter(({ run }) => anywhere.has(run) && !here.has(run));
}

export interface StageSamples {
  readonly count: number;
  readonly index: number;
  /** `3 · cat`: the number of the sample, and its label where it has one. */
  readonly text: string;
}

/** The samples that the stop can show; null until a record is here, and for records without samples. */
export function stageSamples({ state, derived, records }: Session): StageSamples | null {
  const { stage } = derived;
  for (const { run, entry } of stage?.panel.members ?? []) {
    const match = matchAt(derived, run.run, entry.series);
    const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
    const record = ref === null ? null : records.state(ref);
    if (record?.status !== "ready") continue;
    const axis = record.tiles.header.axes.find(({ name }) => name === SAMPLE);
    if (axis === undefined) continue;
    const index = Math.max(0, Math.min(axis.size - 1, state.value.sample));
    const label = axis.labels?.[index];
    const text = label === undefined ? String(index) : `${index} · ${label}`;
    return { count: axis.size, index, text };
  }
  return null;
}

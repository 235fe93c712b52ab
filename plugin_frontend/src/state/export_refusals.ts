/**
 * What of the shown differences there is none of, and why, before anything is exported: by what the index and the records
 * that are here tell. Pure functions of the state and the records; must not subtract anything.
 */
import type { PanelEntry } from "../model/runs.js";
import type { Slot } from "../model/sections.js";
import type { Point } from "../model/time_axis.js";
import { displayOf } from "./activations_view.js";
import { refOf } from "./comparison.js";
import { matchAtPoint } from "./derived.js";
import { comparison } from "./references.js";
import type { Session } from "./session.js";

/** A tag of a run that has no difference at any of the points. */
export interface RefusedValues {
  readonly tag: string;
  /** Its name on the screen. */
  readonly run: string;
  /** In the words of the screen. */
  readonly why: string;
}

export interface ValueRefusals {
  readonly refused: readonly RefusedValues[];
  /** True where nothing is left to be exported. */
  readonly isAll: boolean;
}

export function valueRefusals(
  slots: readonly Slot[],
  points: readonly Point[],
  session: Session,
): ValueRefusals {
  const panels = slots.flatMap((slot) =>
    slot.panels.flatMap((panel) => [panel, ...(panel.weights ? [panel.weights] : [])]),
  );
  const found = panels.flatMap((panel) =>
    panel.members.flatMap((member) => {
      const why = whyNever(panel, member, points, session);
      return why === undefined ? [] : [{ why, tag: member.entry.tag, run: member.run.name }];
    }),
  );
  const refused = found.flatMap(({ why, ...of }) => (why === null ? [] : [{ ...of, why }]));
  return { refused, isAll: refused.length > 0 && refused.length === found.length };
}

/** Null where there is a value at some point, or may be one; undefined where the run has no record at any. */
function whyNever(
  panel: PanelEntry,
  { run, entry }: PanelEntry["members"][number],
  points: readonly Point[],
  { state, derived, records }: Session,
): string | null | undefined {
  const { display, reference } = state.value;
  const { show } = displayOf(panel, display);
  if (entry.kind !== "tiles" || show === "value") return null;
  let why: string | undefined;
  for (const point of points) {
    const match = matchAtPoint(derived, run.run, entry.series, point);
    const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
    if (match.match === "none" || ref === null) continue;
    const { refused } = comparison(
      { show, reference },
      derived,
      { run, entry },
      match.index,
      records.state(ref),
      (each) => records.state(each),
      point,
    );
    if (refused === null) return null;
    why ??= refused;
  }
  return why;
}

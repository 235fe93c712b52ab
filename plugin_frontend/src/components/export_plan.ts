/** What a choice in the export dialog is of: panels, points and the file's name. Pure functions of the session. */
import { chosenPoints, type ExportChoice, fileName } from "../model/export_choice.js";
import { type Slot, sectionsOf } from "../model/sections.js";
import { shownInFile } from "../state/export_shown.js";
import { namesOfPoints } from "../state/point_names.js";
import type { Session } from "../state/session.js";
import { type ExportPlan, runsOf } from "./export_job.js";
import { panelsOfAllViews } from "./export_offline.js";

/** All panels of the view that the layer filter lets through. */
export function slotsOf({ derived, state }: Session): readonly Slot[] {
  const { layersPerPlot } = state.value.histogramDisplay;
  return sectionsOf(derived.groups, layersPerPlot).flatMap(({ slots }) => slots);
}

/** `tag`: of the panel that the dialog was opened for. */
export function planOf(session: Session, choice: ExportChoice, tag: string | null): ExportPlan {
  const all = slotsOf(session);
  const { points, pointIndex } = session.derived;
  const slots = choice.scope === "panel" ? all.filter((slot) => slot.tag === tag) : all;
  const indices = chosenPoints(choice, points.length, pointIndex);
  return { session, choice, slots, points: indices.flatMap((index) => points[index] ?? []) };
}

/** What the file is called. */
export function nameOf(plan: ExportPlan, extension: string): string {
  const { session, choice, slots, points } = plan;
  const { derived } = session;
  const isAll = choice.scope === "all";
  const panels = isAll ? panelsOfAllViews(session) : slots;
  return fileName({
    view: isAll ? "all views" : derived.view,
    tags: panels.map(({ tag }) => tag),
    shown: isAll ? "" : shownInFile(slots, choice.format, session.state.value, derived),
    runs: (isAll ? derived.runs : runsOf(plan)).map(({ name }) => name),
    moments: namesOfPoints(session.state.value, derived, points),
    extension,
  });
}

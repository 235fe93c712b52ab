/** What a choice in the export dialog is of: panels, points and the file's name. Pure functions of the session. */
import {
  chosenPoints,
  type ExportChoice,
  type ExportScope,
  fileName,
} from "../model/export_choice.js";
import { type Slot, sectionsOf } from "../model/sections.js";
import { onAxis, type Point, positionIndex } from "../model/time_axis.js";
import { pointsOfPanels } from "../state/derived.js";
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
  const slots = choice.scope === "panel" ? all.filter((slot) => slot.tag === tag) : all;
  const { timeline, shown } = timelineOf(session, choice.scope);
  const indices = chosenPoints(choice, timeline.length, shown);
  const points = indices.flatMap((index) => timeline[index] ?? []);
  return { session, choice, slots, timeline, points };
}

/** The points that a scope has, and the index of the one that the screen is at. */
export function timelineOf(
  session: Session,
  scope: ExportScope,
): { readonly timeline: readonly Point[]; readonly shown: number } {
  const { derived, state } = session;
  if (scope !== "all") return { timeline: derived.points, shown: derived.pointIndex };
  // The shown view may have few of the steps that the others have, or none.
  const timeline = pointsOfPanels(panelsOfAllViews(session), derived.runPoints);
  return { timeline, shown: positionIndex(timeline, onAxis(state.value.position, derived.axis)) };
}

/** A choice with some of it made anew, its steps such as there are then. */
export function chosenAnew(
  session: Session,
  before: ExportChoice,
  change: Partial<ExportChoice>,
): ExportChoice {
  const choice = { ...before, ...change };
  const last = Math.max(0, timelineOf(session, choice.scope).timeline.length - 1);
  const steps = last === 0 ? "this" : choice.steps;
  // A range is of one timeline, and all views have another.
  const isOther = (choice.scope === "all") !== (before.scope === "all");
  return { ...choice, steps, ...(isOther ? { from: 0, to: last } : {}) };
}

/** What the file is called. */
export function nameOf(plan: ExportPlan, extension: string): string {
  const { session, choice, slots, timeline, points } = plan;
  const { derived } = session;
  const isAll = choice.scope === "all";
  const panels = isAll ? panelsOfAllViews(session) : slots;
  return fileName({
    view: isAll ? "all views" : derived.view,
    tags: panels.map(({ tag }) => tag),
    shown: isAll ? "" : shownInFile(slots, choice.format, session.state.value, derived),
    runs: (isAll ? derived.runs : runsOf(plan)).map(({ name }) => name),
    moments: namesOfPoints(session.state.value, { ...derived, points: timeline }, points),
    extension,
  });
}

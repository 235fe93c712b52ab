/**
 * What the export dialog says of a choice before anything is written: what it is, what is left out, the file's name and
 * size, and which formats cannot be had. Must not know the dialog.
 */
import {
  EXPORT_FORMATS,
  type ExportChoice,
  type ExportFormat,
  stepsOfFormat,
} from "../model/export_choice.js";
import type { Session } from "../state/session.js";
import { WRITERS } from "./export_formats.js";
import type { ExportPlan, SizeNote } from "./export_job.js";
import { nameOf, planOf } from "./export_plan.js";

export interface Told {
  readonly plan: ExportPlan;
  /** Of each format, why it cannot be written; null where it can. */
  readonly refusals: Readonly<Record<ExportFormat, string | null>>;
  readonly about: string;
  readonly leftOut: readonly string[];
  readonly name: string;
  /** Null where it is refused. */
  readonly size: SizeNote | null;
}

/** `tag`: of the panel that the dialog was opened for. */
export function toldOf(session: Session, choice: ExportChoice, tag: string | null): Told {
  const plan = planOf(session, choice, tag);
  const refusals = Object.fromEntries(
    EXPORT_FORMATS.map((format) => [format, refusalOf(plan, format, tag)]),
  ) as Record<ExportFormat, string | null>;
  const writer = WRITERS[choice.format];
  const refusal = refusals[choice.format];
  const told = { plan, refusals, name: nameOf(plan, writer.extension(plan)) };
  if (refusal !== null) return { ...told, about: refusal, leftOut: [], size: null };
  return {
    ...told,
    about: writer.about(plan),
    leftOut: writer.leftOut?.(plan) ?? [],
    size: writer.size(plan),
  };
}

function refusalOf(plan: ExportPlan, format: ExportFormat, tag: string | null): string | null {
  if (plan.slots.length === 0) return "There is nothing to export: no panel is shown";
  const choice = { ...plan.choice, format };
  // Several views are HTML only: who chooses another format gets the shown one.
  const isOther = choice.scope === "all" && format !== "html";
  const ofView = { ...choice, scope: "view", steps: stepsOfFormat(format) } as const;
  return WRITERS[format].refusal(isOther ? planOf(plan.session, ofView, tag) : { ...plan, choice });
}

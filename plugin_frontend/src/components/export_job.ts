/**
 * One export under way: what it is of, how it reads, and how it tells of its progress. What the writers of all formats
 * have in common; must not know formats.
 */
import type { ExportChoice } from "../model/export_choice.js";
import type { Slot } from "../model/sections.js";
import { indexOfPoint, type Point } from "../model/time_axis.js";
import { type Derived, matchAt } from "../state/derived.js";
import { untilAnswered } from "../state/export_answers.js";
import { ExportReader } from "../state/export_reader.js";
import type { Session } from "../state/session.js";

/** What is to be exported, as the dialog has it. */
export interface ExportPlan {
  readonly session: Session;
  readonly choice: ExportChoice;
  readonly slots: readonly Slot[];
  /** The points to choose from: those of the view's timeline, or of all views. */
  readonly timeline: readonly Point[];
  /** The chosen ones. */
  readonly points: readonly Point[];
}

export interface ExportJob extends ExportPlan {
  readonly reader: ExportReader;
  readonly signal: AbortSignal;
  /** `done` of `of` steps of the work; `words` where these say more. */
  readonly tell: (done: number, of: number, words?: string) => void;
}

export interface ExportedFile {
  readonly blob: Blob;
  /** Of the file's name. */
  readonly extension: string;
  /** What could not be had and is not in it, a line each. */
  readonly lacking: readonly string[];
}

/** How files of one format are made. */
export interface FormatWriter {
  /** On the button. */
  readonly name: string;
  /** One line below it. */
  readonly about: (plan: ExportPlan) => string;
  /** Pictures have a scale factor. */
  readonly hasFactor: boolean;
  /** Why it cannot be written; null where it can. */
  readonly refusal: (plan: ExportPlan) => string | null;
  /** The end of the file's name. */
  readonly extension: (plan: ExportPlan) => string;
  /** What is known to be left out, a line each. */
  readonly leftOut?: (plan: ExportPlan) => readonly string[];
  /** How large it will be, in words; empty where that is not known. */
  readonly size: (plan: ExportPlan) => SizeNote;
  /** Loads what the size depends on, until the signal is aborted; true where something has come. */
  readonly prepare?: (plan: ExportPlan, signal: AbortSignal) => Promise<boolean>;
  readonly write: (job: ExportJob) => Promise<ExportedFile>;
}

/** `isTooLarge`: more than a browser can hold, `isLarge`: it takes a while. */
export interface SizeNote {
  readonly text: string;
  readonly isLarge: boolean;
  readonly isTooLarge: boolean;
}

export const NO_SIZE: SizeNote = { text: "", isLarge: false, isTooLarge: false };

/** Runs a writer, and ends all reading however it ends. */
export async function runExport(
  writer: FormatWriter,
  plan: ExportPlan,
  signal: AbortSignal,
  tell: ExportJob["tell"],
): Promise<ExportedFile> {
  const reader = new ExportReader(plan.session, signal);
  const calledOff = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  try {
    // What is under way for its size need not be asked for again.
    await Promise.race([untilAnswered(plan.session), calledOff]);
    return await writer.write({ ...plan, reader, signal, tell });
  } finally {
    reader.close();
  }
}

/** Runs that the panels are of, in the order of the screen. */
export function runsOf({ session, slots }: Pick<ExportPlan, "session" | "slots">): Derived["runs"] {
  const having = new Set(
    slots.flatMap(({ panels }) =>
      panels.flatMap(({ members }) => members.map(({ run }) => run.run)),
    ),
  );
  return session.derived.runs.filter(({ run }) => having.has(run));
}

/**
 * Of the chosen points those at which some panel of a slot has a record of its own; the last earlier one where none has,
 * because that is what the screen shows then.
 */
export function ownPoints({ session, points }: ExportPlan, slot: Slot): readonly Point[] {
  const { derived } = session;
  const own = points.filter((point) => {
    const at = indexOfPoint(derived.points, point);
    return slot.panels.some(({ members }) =>
      members.some(
        ({ run, entry }) => matchAt(derived, run.run, entry.series, at).match === "exact",
      ),
    );
  });
  return own.length > 0 ? own : points.slice(-1);
}

/** How many pictures, frames or parts of a file that makes, all slots together. */
export function countOwnPoints(plan: ExportPlan): number {
  return plan.slots.reduce((sum, slot) => sum + ownPoints(plan, slot).length, 0);
}

/** Gives the browser its turn, and ends here where the export was called off. */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}

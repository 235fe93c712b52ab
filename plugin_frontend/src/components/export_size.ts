/** How large a file of values will be, before anything is written. Must not write files. */
import type { TagEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { Point } from "../model/time_axis.js";
import { displayOf } from "../state/activations_view.js";
import { refOf } from "../state/comparison.js";
import { matchAtPoint } from "../state/derived.js";
import type { Member } from "../state/export_answers.js";
import {
  areUnlike,
  type ExportedMember,
  prepareWeights,
  weightsOf,
} from "../state/export_weights.js";
import { comparison, isOwnReference } from "../state/references.js";
import type { Session } from "../state/session.js";
import { type ExportPlan, NO_SIZE, ownPoints, type SizeNote } from "./export_job.js";
import { bytesText } from "./export_words.js";

/** More takes a while, and more than a browser tab holds. In bytes of the file. */
const LARGE = 30e6;
const TOO_LARGE = 400e6;

export function npzSize(plan: ExportPlan): SizeNote {
  return sizeOf(plan, "npz");
}

export function csvSize(plan: ExportPlan): SizeNote {
  return sizeOf(plan, "csv");
}

/** Loads what the sizes depend on; true where something has come. */
export function prepareSize(plan: ExportPlan, signal: AbortSignal): Promise<boolean> {
  const members = exported(plan).flatMap(({ member, since }) => [member, ...since]);
  return prepareWeights(members, plan.session, signal);
}

function sizeOf(plan: ExportPlan, format: "npz" | "csv"): SizeNote {
  const all = exported(plan).filter(({ records }) => records > 0);
  const weights = weightsOf(
    all.map(({ member }) => member),
    plan.session,
  );
  let [bytes, values] = [0, 0];
  for (const [index, { records, zeros }] of all.entries()) {
    bytes += weights[index]?.[format](records, zeros) ?? 0;
    values += (weights[index]?.values ?? 0) * records;
  }
  return note(bytes, Math.round(values), weights.includes(null), plan);
}

/** A tag of a run in the file. */
interface Exported {
  readonly member: ExportedMember;
  readonly records: number;
  /** How many of these are compared with themselves: zero everywhere. */
  readonly zeros: number;
  /** What the others are compared with. */
  readonly since: readonly Member[];
}

/** What the plan's panels have in the file, save what there is no difference of. */
function exported(plan: ExportPlan): readonly Exported[] {
  return plan.slots.flatMap((slot) => {
    const points = ownPoints(plan, slot);
    const panels = slot.panels.flatMap((each) => [each, ...(each.weights ? [each.weights] : [])]);
    return panels.flatMap((panel) =>
      panel.members.map((member) => exportedOf(panel, member, points, plan.session)),
    );
  });
}

// A file has each record once.
function exportedOf(
  panel: PanelEntry,
  member: Member,
  points: readonly Point[],
  session: Session,
): Exported {
  const { state, derived, records } = session;
  const { run, entry } = member;
  const { show } = displayOf(panel, state.value.display);
  const comparing = {
    show: entry.kind === "tiles" ? show : "value",
    reference: state.value.reference,
  };
  const written = new Set<number>();
  const since = new Map<TagEntry, Member>();
  let zeros = 0;
  for (const point of points) {
    const match = matchAtPoint(derived, run.run, entry.series, point);
    const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
    if (match.match === "none" || ref === null || written.has(match.index)) continue;
    const { found, refused } = comparison(
      comparing,
      derived,
      member,
      match.index,
      records.state(ref),
      (each) => records.state(each),
      point,
    );
    const isOwn = found !== null && isOwnReference(found, entry, match.index);
    if (found?.status === "found") since.set(found.entry, found);
    const isRefused =
      refused !== null || (found?.status === "found" && areUnlike(member, found, session));
    if (isRefused) continue;
    written.add(match.index);
    if (isOwn) zeros++;
  }
  since.delete(entry);
  return {
    member: { run, entry, show },
    records: written.size,
    zeros,
    since: [...since.values()],
  };
}

function note(bytes: number, values: number, isLeast: boolean, plan: ExportPlan): SizeNote {
  if (values === 0) return NO_SIZE;
  const about = `${isLeast ? "more than" : "about"} ${bytesText(bytes)}, ${values.toLocaleString("en-US")} values`;
  if (bytes <= TOO_LARGE)
    return {
      text: bytes > LARGE ? `${about}: this takes a while` : about,
      isLarge: bytes > LARGE,
      isTooLarge: false,
    };
  return {
    text: `${about}: too much for a browser. In a shell: ${command(plan)}`,
    isLarge: true,
    isTooLarge: true,
  };
}

/** The Python export of the first panel, which is bound by the disk alone. */
function command({ slots, choice }: ExportPlan): string {
  const [panel] = slots[0]?.panels ?? [];
  const run = panel?.members[0]?.run.name ?? "RUN";
  const step = choice.steps === "this" ? "last" : "all";
  return `tb-nnviz export LOGDIR --tag ${panel?.tag ?? "TAG"} --run ${run} --step ${step} --format npz`;
}

/** How large a file of values will be, before anything is written. Must not write files. */
import { displayOf } from "../state/activations_view.js";
import { matchAt } from "../state/derived.js";
import { type ExportedMember, prepareWeights, weightsOf } from "../state/export_weights.js";
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
export function prepareSize(plan: ExportPlan): Promise<boolean> {
  return prepareWeights(
    exported(plan).map(({ member }) => member),
    plan.session,
  );
}

function sizeOf(plan: ExportPlan, format: "npz" | "csv"): SizeNote {
  const all = exported(plan);
  const weights = weightsOf(
    all.map(({ member }) => member),
    plan.session,
  );
  let [bytes, values] = [0, 0];
  for (const [index, { records }] of all.entries()) {
    bytes += weights[index]?.[format](records) ?? 0;
    values += (weights[index]?.values ?? 0) * records;
  }
  return note(bytes, Math.round(values), weights.includes(null), plan);
}

/** What the plan's panels have in the file, and how many records of each. */
function exported(
  plan: ExportPlan,
): readonly { readonly member: ExportedMember; readonly records: number }[] {
  const { derived, state } = plan.session;
  return plan.slots.flatMap((slot) => {
    const points = ownPoints(plan, slot).length;
    const panels = slot.panels.flatMap((each) => [each, ...(each.weights ? [each.weights] : [])]);
    return panels.flatMap((panel) => {
      const { show } = displayOf(panel, state.value.display);
      return panel.members.flatMap(({ run, entry }) => {
        const { steps } = entry.series;
        const hasNone = points === 1 && matchAt(derived, run.run, entry.series).match === "none";
        const records = hasNone ? 0 : Math.min(points, steps.length);
        return records === 0 ? [] : [{ member: { run, entry, show }, records }];
      });
    });
  });
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

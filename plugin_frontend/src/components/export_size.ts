/**
 * How large a file of values will be, before anything is read: from the records that are here, and the shapes that the
 * index knows. Must not write files.
 */
import type { PanelEntry } from "../model/runs.js";
import { refsOf } from "../state/comparison.js";
import { type ExportPlan, NO_SIZE, ownPoints, type SizeNote } from "./export_job.js";
import { bytesText } from "./export_words.js";

/** More takes a while, and more than a browser tab holds. In bytes of the file. */
const LARGE = 30e6;
const TOO_LARGE = 400e6;
/** Of a line of a CSV file, besides what is shown and the names of run and tag. */
const LINE = 35;

interface Estimate {
  readonly values: number;
  /** Letters of run, tag and what is shown, once for each value. */
  readonly letters: number;
  /** True where nothing is known of some tag. */
  readonly isLeast: boolean;
}

export function npzSize(plan: ExportPlan): SizeNote {
  const { values, isLeast } = estimate(plan);
  return note(4 * values, values, isLeast, plan);
}

export function csvSize(plan: ExportPlan): SizeNote {
  const { values, letters, isLeast } = estimate(plan);
  return note(LINE * values + letters, values, isLeast, plan);
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

function estimate(plan: ExportPlan): Estimate {
  let [values, letters, isLeast] = [0, 0, false];
  const { show } = plan.session.state.value.display;
  for (const slot of plan.slots) {
    const points = ownPoints(plan, slot).length;
    for (const { members } of slot.panels.flatMap((panel) => [
      panel,
      ...(panel.weights ? [panel.weights] : []),
    ])) {
      for (const member of members) {
        const cells = cellsOf(member, plan);
        const records = Math.min(points, member.entry.series.steps.length);
        if (cells === null) isLeast = true;
        values += records * (cells ?? 0);
        const names = member.run.name.length + member.entry.tag.length + show.length;
        letters += records * (cells ?? 0) * names;
      }
    }
  }
  return { values, letters, isLeast };
}

/** How many numbers a record of a tag has: the last one that is here has most likely the size of all. Null: unknown. */
export function cellsOf(
  { run, entry }: PanelEntry["members"][number],
  { session }: Pick<ExportPlan, "session">,
): number | null {
  for (const ref of refsOf(run.run, entry).toReversed()) {
    if (entry.kind === "tiles") {
      const record = session.records.state(ref);
      if (record.status !== "ready") continue;
      const { tiles, height, width, channels } = record.tiles.shape;
      return tiles * height * width * channels;
    }
    if (entry.kind === "histogram") {
      const record = session.histograms.state(ref);
      if (record.status === "ready") return record.histogram.counts.length;
    } else if (entry.kind === "confusion") {
      const record = session.confusions.records.state(ref);
      if (record.status === "ready") return record.confusion.header.classNames.length ** 2;
    }
  }
  const shape =
    entry.kind === "tiles" && entry.view === "weights" ? entry.source.variableShape : null;
  return shape === null ? null : shape.reduce((product, size) => product * size, 1);
}

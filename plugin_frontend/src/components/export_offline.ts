/** HTML files that open without a server, as a format of the export dialog. Must not know what is in them. */
import { formatCount } from "../model/format.js";
import { type PanelEntry, panelsOf } from "../model/runs.js";
import { type ExportedMember, prepareWeights, weightsOf } from "../state/export_weights.js";
import { MOST_BYTES, type OfflineWish, writeOfflineFile } from "../state/offline_export.js";
import { type OfflineEntry, selectOffline } from "../state/offline_selection.js";
import { namesOfPoints } from "../state/point_names.js";
import type { Session } from "../state/session.js";
import type { ExportPlan, FormatWriter, SizeNote } from "./export_job.js";
import { bytesText } from "./export_words.js";

/** Of the file: more takes a while to write and to open. In bytes. */
const LARGE = 200e6;
/** The screen itself. */
const SCREEN = 0.765e6;
/** Of a graph. */
const GRAPH = 4000;
/** Base64 has four letters for three bytes. */
const TEXT = 4 / 3;

export const HTML_FILE: FormatWriter = {
  name: "HTML",
  extension: () => "html",
  about: (plan) =>
    `The tab in one file: it opens from disk, in any browser, without TensorBoard or a network. It holds ${heldOf(plan)}`,
  hasFactor: false,
  refusal: ({ session }) =>
    session.server.fetchOfflineScript === undefined
      ? "This is such a file already: give it away as it is"
      : null,
  size,
  prepare: (plan, signal) => prepareWeights(membersOf(entriesOf(plan)), plan.session, signal),
  write: async (job) => ({
    ...(await writeOfflineFile(job.session, wishOf(job), job.signal, job.tell)),
    extension: "html",
  }),
};

/** All panels that the shown runs have, view by view. */
export function panelsOfAllViews({ derived }: Session): readonly PanelEntry[] {
  return [...derived.views.keys()].flatMap((view) => panelsOf(derived.runs, view));
}

function size(plan: ExportPlan): SizeNote {
  const entries = entriesOf(plan);
  const weights = weightsOf(membersOf(entries), plan.session);
  const records = entries.reduce((sum, entry) => sum + entry.records, 0);
  let isLeast = false;
  let known = 0;
  for (const [index, { entry, records: of }] of entries.entries()) {
    const weight = weights[index] ?? null;
    if (weight !== null) known += weight.stored(of);
    else if (entry.kind === "graph") known += GRAPH * of;
    else isLeast = true;
  }
  const bytes = SCREEN + TEXT * known;
  const least = isLeast ? "more than" : "about";
  const text = `${least} ${bytesText(bytes)}, ${formatCount(records, "record")}`;
  if (bytes > MOST_BYTES)
    return {
      text: `${text}: too much for a browser. In a shell: tb-nnviz export LOGDIR --format html`,
      isLarge: true,
      isTooLarge: true,
    };
  const isLarge = bytes > LARGE;
  return {
    text: isLarge ? `${text}: it takes a while to write, and to open` : text,
    isLarge,
    isTooLarge: false,
  };
}

/** What of the log is in it, as the file says at its foot. */
function heldOf(plan: ExportPlan): string {
  const { remarks } = selectOffline(wishOf(plan), plan.session.state.value, plan.session.derived);
  return remarks.length === 0 ? "all of the log" : remarks.join(" · ");
}

function entriesOf(plan: ExportPlan): readonly OfflineEntry[] {
  const { session } = plan;
  return selectOffline(wishOf(plan), session.state.value, session.derived).entries;
}

function membersOf(entries: readonly OfflineEntry[]): readonly ExportedMember[] {
  return entries.map(({ run, entry }) => ({ run, entry, show: "value" }));
}

function wishOf({ session, choice, slots, timeline, points }: ExportPlan): OfflineWish {
  const { derived } = session;
  const names = namesOfPoints(session.state.value, { ...derived, points: timeline }, points);
  const [from = "", to = from] = [names[0], names.at(-1)];
  return {
    panels:
      choice.scope === "all" ? panelsOfAllViews(session) : slots.flatMap(({ panels }) => panels),
    timeline,
    points,
    isEveryStep: choice.steps === "all",
    span: from === to ? from : `${from} to ${to.replace(`${derived.axis} `, "")}`,
  };
}

/** HTML files that open without a server, as a format of the export dialog. Must not know what is in them. */
import { formatCount } from "../model/format.js";
import { writeOfflineFile } from "../state/offline_export.js";
import { type OfflineChoice, selectOffline } from "../state/offline_selection.js";
import type { ExportPlan, FormatWriter } from "./export_job.js";

/** More records than this take a while to read. */
const MANY = 1000;
/** And of more than this a browser may not be able to make, or open, one file. */
const TOO_MANY = 20_000;

export const HTML_FILE: FormatWriter = {
  name: "HTML",
  about: () =>
    "This screen in one file: it opens from disk, in any browser, without TensorBoard or a network",
  hasFactor: false,
  refusal: ({ session }) =>
    session.server.fetchOfflineScript === undefined
      ? "This is such a file already: give it away as it is"
      : null,
  size: (plan) => {
    const { items } = selectOffline(choiceOf(plan), plan.session.state.value, plan.session.derived);
    const { length } = items;
    return {
      text: formatCount(length, "record"),
      isLarge: length > MANY,
      isTooLarge: length > TOO_MANY,
    };
  },
  write: async (job) => ({
    ...(await writeOfflineFile(job.session, choiceOf(job), job.signal, job.tell)),
    extension: "html",
  }),
};

function choiceOf({ slots, points }: ExportPlan): OfflineChoice {
  return { panels: slots.flatMap(({ panels }) => panels), points };
}

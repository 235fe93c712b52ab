/**
 * Writes a file that opens without a server: reads the chosen records as they are stored, and puts them into a page
 * with the screen's own script. Knows what is asked for and in which order; must not know the page.
 */
import type { BatchItem } from "../api/batch.js";
import { formatCount } from "../model/format.js";
import {
  cutIndex,
  cutTimeline,
  type OfflineItem,
  type OfflineRecord,
  readOrigin,
} from "../model/offline_contents.js";
import { encodeBase64, endOfPage, recordPart, startOfPage } from "../model/offline_page.js";
import { indexOfPoint } from "../model/time_axis.js";
import { encodeLink } from "../model/url_state.js";
import { type OfflineChoice, selectOffline } from "./offline_selection.js";
import type { Session } from "./session.js";
import { linkOf } from "./url_state.js";

/** `span`: which steps these are, in words. */
export interface OfflineWish extends OfflineChoice {
  readonly span: string;
}

export interface OfflineFile {
  readonly blob: Blob;
  /** Records that cannot be read; the file says so where they would stand. */
  readonly lacking: readonly string[];
}

/** A browser opens no larger file. */
export const MOST_BYTES = 1.5e9;

/** Records asked for at once. */
const BATCH = 32;

/** `tell`: how many records of how many are read. Rejects with what went wrong, and where it was called off. */
export async function writeOfflineFile(
  session: Session,
  choice: OfflineWish,
  signal: AbortSignal,
  tell: (done: number, of: number) => void,
): Promise<OfflineFile> {
  const { state, derived, server, answers } = session;
  const { fetchOfflineScript } = server;
  if (fetchOfflineScript === undefined) throw new Error("this is such a file already");
  const { runs, items, kept, remarks } = selectOffline(choice, state.value, derived);
  const [script, index, ...timelines] = await Promise.all([
    fetchOfflineScript(signal),
    server.fetchIndex(signal),
    ...runs.map(({ run }) => server.fetchTimeline(run, signal)),
  ]);
  const shown = new Set(derived.runs);
  const names = runs.filter((run) => shown.has(run)).map(({ name }) => name);
  const about = aboutOf(readOrigin(index), names, choice.span, new Date());
  // Which runs are ticked by default depends on all that there are.
  const runChoices = new Map(runs.map((run) => [run.run, shown.has(run)]));
  const position = shownPosition(session, choice);
  const { opened } = state.value;
  const hasOpened = opened !== null && items.some(({ tag }) => tag === opened.tag);
  // The view is always said, so that no other file's place is taken for this one's.
  const link = {
    view: derived.view,
    ...encodeLink({
      ...linkOf(session),
      runChoices,
      position,
      opened: hasOpened ? opened : null,
    }),
  };
  const records: OfflineRecord[] = [];
  const parts: Blob[] = [];
  let size = 0;
  for (let start = 0; start < items.length; start += BATCH) {
    tell(start, items.length);
    await tabShown(session, signal);
    const batch = items.slice(start, start + BATCH);
    signal.throwIfAborted();
    // Some are here already, as the file's size was told by them.
    const paint = await answers.fetch(batch, "paint", signal);
    await tabShown(session, signal);
    const fine = await answers.fetch(batch, "fine", signal);
    // As a blob, so that what is read so far need not stay in memory as one text.
    const texts = batch.map((item, at) => {
      const [record, bytes] = joined(item, paint[at], fine[at]);
      records.push(record);
      return recordPart(start + at, encodeBase64(bytes));
    });
    const part = new Blob(texts);
    parts.push(part);
    size += part.size;
    if (size > MOST_BYTES)
      throw new Error(
        "This is too much for a browser to put into one file: choose fewer steps or panels, or in a shell tb-nnviz export LOGDIR --format html",
      );
  }
  tell(items.length, items.length);
  const contents = {
    index: cutIndex(index, kept),
    timelines: Object.fromEntries(
      runs.map(({ run }, at) => {
        const steps = new Set(items.filter((item) => item.run === run).map(({ step }) => step));
        return [run, cutTimeline(timelines[at], steps)];
      }),
    ),
    records,
    link,
    theme: state.value.theme,
    colours: Object.fromEntries(
      runs.map(({ run }) => [run, state.value.runColours.get(run) ?? ""]),
    ),
    about,
    remarks,
  };
  const title = ["NN VIZ", ...about.slice(0, 2)].join(" · ");
  const page = [startOfPage(title, JSON.stringify(contents)), ...parts, endOfPage(script)];
  const lacking = records.filter(({ status }) => status !== 200);
  return {
    blob: new Blob(page, { type: "text/html" }),
    lacking: lacking.map(({ run, tag, step }) => `${run}: ${tag} at step ${step}`),
  };
}

// Nothing is asked for while nobody looks.
async function tabShown({ state }: Session, signal: AbortSignal): Promise<void> {
  while (!state.value.tabVisible) {
    await new Promise<void>((resolve) => {
      const stop = state.subscribe(done);
      signal.addEventListener("abort", done);
      function done(): void {
        stop();
        signal.removeEventListener("abort", done);
        resolve();
      }
    });
    signal.throwIfAborted();
  }
}

/** The file opens where the screen is, or at the last of its steps. */
function shownPosition({ state, derived }: Session, { points }: OfflineChoice) {
  const { position } = state.value;
  const { point } = derived;
  if (point === null || indexOfPoint(points, point) >= 0) return position;
  const last = points.at(-1);
  return last === undefined ? position : ({ at: "point", point: last } as const);
}

// A record that the server could not read says so in the file, too.
function joined(
  item: OfflineItem,
  paint: BatchItem | undefined,
  fine: BatchItem | undefined,
): readonly [OfflineRecord, Uint8Array] {
  const painted = paint?.blobs ?? [];
  const exact = fine?.status === 200 ? fine.blobs.slice(1) : [];
  const blobs = [...painted, ...exact];
  const bytes = new Uint8Array(blobs.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const blob of blobs) {
    bytes.set(blob, offset);
    offset += blob.length;
  }
  const lengths = (each: readonly Uint8Array[]): readonly number[] =>
    each.map(({ length }) => length);
  const { run, tag, step } = item;
  const status = paint?.status ?? 404;
  return [{ run, tag, step, status, paint: lengths(painted), fine: lengths(exact) }, bytes];
}

function aboutOf(
  { log, version }: ReturnType<typeof readOrigin>,
  runs: readonly string[],
  span: string,
  now: Date,
): readonly string[] {
  const [day, time] = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
    .toISOString()
    .split("T");
  const by = version === "" ? "" : ` with tb_nnviz ${version}`;
  const named = runs.length > MOST_NAMED ? [formatCount(runs.length, "run")] : runs;
  return [log, named.join(", "), span, `exported ${day} ${time?.slice(0, 5)}${by}`].filter(Boolean);
}

/** More runs are counted. */
const MOST_NAMED = 6;

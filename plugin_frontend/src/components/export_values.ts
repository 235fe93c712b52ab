/**
 * NPZ and CSV files of the values of panels. Records are read one point after the other, and a panel's are let go once
 * they are written. Joins reading and formats; must not know dialogs.
 */
import { Zip, ZipDeflate } from "fflate";
import {
  arraysOf,
  type ExportedRecord,
  type ExportedTag,
  safePath,
} from "../model/export_arrays.js";
import { axisNames, csvHeader, csvLines } from "../model/export_csv.js";
import { tagPath } from "../model/facts.js";
import { npyParts } from "../model/npy.js";
import type { Slot } from "../model/sections.js";
import { valueRefusals } from "../state/export_refusals.js";
import { shownInFile } from "../state/export_shown.js";
import { type RecordValue, valuesOf } from "../state/export_values.js";
import {
  breathe,
  countOwnPoints,
  type ExportedFile,
  type ExportJob,
  type ExportPlan,
  type FormatWriter,
  ownPoints,
} from "./export_job.js";
import { csvSize, npzSize, prepareSize } from "./export_size.js";

/** What is given to the compressor, or written, before the browser has its turn. */
const BYTES_AT_ONCE = 2 ** 18;

/** Kinds of panels whose records are values; a graph has none. */
const OF_VALUES: ReadonlySet<string> = new Set(["tiles", "attributions", "histogram", "confusion"]);

function refusal({ slots, points, session }: ExportPlan): string | null {
  if (!slots.every(({ kind }) => OF_VALUES.has(kind)))
    return "A graph has no values: export it as PNG";
  const { refused, isAll } = valueRefusals(slots, points, session);
  return isAll ? [...new Set(refused.map(({ why }) => why))].join(" ") : null;
}

function leftOut({ slots, points, session }: ExportPlan): readonly string[] {
  const { refused } = valueRefusals(slots, points, session);
  return refused.map(({ tag, run, why }) => `${tagPath(tag)} of ${run}: ${why}`);
}

/** Every record of a slot at its chosen points, by tag and run; what could not be had is told to `lacking`. */
async function readSlot(
  job: ExportJob,
  slot: Slot,
  tell: () => void,
  lacking: string[],
): Promise<readonly ExportedTag[]> {
  const { session, reader, signal } = job;
  const found = new Map<
    string,
    { tag: Omit<ExportedTag, "records">; records: Map<number, ExportedRecord> }
  >();
  for (const point of ownPoints(job, slot)) {
    const snapshot = reader.at(point, [slot]);
    await reader.read(snapshot, [slot], true);
    for (const each of valuesOf(slot, snapshot, session)) take(each, found, lacking);
    tell();
    await breathe(signal);
  }
  return [...found.values()].map(({ tag, records }) => ({
    ...tag,
    records: [...records.values()].toSorted((a, b) => a.step - b.step),
  }));
}

function take(
  { run, entry, show, value }: RecordValue,
  found: Map<string, { tag: Omit<ExportedTag, "records">; records: Map<number, ExportedRecord> }>,
  lacking: string[],
): void {
  if (value.kind === "none") {
    const text = `${entry.tag} of ${run.name} at step ${value.step}: ${value.why}`;
    if (!lacking.includes(text)) lacking.push(text);
    return;
  }
  const key = JSON.stringify([run.run, entry.tag]);
  const known = found.get(key) ?? {
    tag: { run: run.name, tag: entry.tag, show },
    records: new Map(),
  };
  // Shown again at a later point, as the nearest earlier record, it is compared with what is pinned there; a file has each
  // record once, compared at its own point.
  if (!known.records.has(value.step)) known.records.set(value.step, value);
  found.set(key, known);
}

/** Reads slot by slot and tells of the progress; `write` gets what was read of each. */
async function eachSlot(
  job: ExportJob,
  write: (tags: readonly ExportedTag[]) => Promise<void>,
): Promise<readonly string[]> {
  const of = countOwnPoints(job);
  const lacking: string[] = [];
  let done = 0;
  let records = 0;
  const tell = (): void => job.tell(++done, of);
  job.tell(0, of);
  for (const slot of job.slots) {
    const tags = await readSlot(job, slot, tell, lacking);
    records += tags.reduce((sum, tag) => sum + tag.records.length, 0);
    await write(tags);
  }
  if (records === 0) throw new Error(lacking[0] ?? "there is nothing to export at these steps");
  return lacking;
}

async function writeNpz(job: ExportJob): Promise<ExportedFile> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error !== null) failure = error;
    // Its own copy: the compressor uses its memory again.
    else parts.push(chunk.slice() as Uint8Array<ArrayBuffer>);
  });
  const lacking = await eachSlot(job, async (tags) => {
    for (const { name, array } of tags.flatMap(arraysOf)) {
      const entry = new ZipDeflate(`${safePath(name)}.npy`, { level: 4 });
      zip.add(entry);
      const [header, data] = npyParts(array);
      entry.push(header, data.length === 0);
      for (let at = 0; at < data.length; at += BYTES_AT_ONCE) {
        const end = Math.min(data.length, at + BYTES_AT_ONCE);
        entry.push(data.slice(at, end), end === data.length);
        if (end < data.length) await breathe(job.signal);
      }
      if (failure !== null) throw failure;
    }
  });
  zip.end();
  return { blob: new Blob(parts, { type: "application/zip" }), extension: "npz", lacking };
}

async function writeCsv(job: ExportJob): Promise<ExportedFile> {
  const parts: string[] = [];
  // Which columns there are is known once every tag has been seen: the lines are made of what is kept till then.
  const kept: { readonly tag: ExportedTag; readonly record: ExportedRecord }[] = [];
  const lacking = await eachSlot(job, async (tags) => {
    for (const tag of tags) kept.push(...tag.records.map((record) => ({ tag, record })));
  });
  const axes = axisNames(
    kept.flatMap(({ record }) => (record.kind === "tiles" ? [record.tiles.header] : [])),
  );
  parts.push(csvHeader(kept[0]?.record.kind ?? "tiles", axes));
  const blobs: Blob[] = [];
  for (const { tag, record } of kept) {
    for (const lines of csvLines(tag, record, axes)) {
      parts.push(lines);
      await breathe(job.signal);
    }
    blobs.push(new Blob(parts.splice(0)));
  }
  return { blob: new Blob(blobs, { type: "text/csv" }), extension: "csv", lacking };
}

function what({ session: { state, derived }, slots, choice }: ExportPlan): string {
  const shown = shownInFile(slots, choice.format, state.value, derived);
  return `Exact numbers of what is shown${shown === "" ? "" : ` (${shown})`}, of every run and step`;
}

export const NPZ: FormatWriter = {
  name: "NPZ",
  extension: () => "npz",
  about: (plan) => `${what(plan)}, as arrays for numpy.load`,
  hasFactor: false,
  refusal,
  leftOut,
  size: npzSize,
  prepare: prepareSize,
  write: writeNpz,
};

export const CSV: FormatWriter = {
  name: "CSV",
  extension: () => "csv",
  about: (plan) => `${what(plan)}, one a line`,
  hasFactor: false,
  refusal,
  leftOut,
  size: csvSize,
  prepare: prepareSize,
  write: writeCsv,
};

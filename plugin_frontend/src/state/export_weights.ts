/**
 * What the tags of an export weigh: by a record of each that is here, else by what the server says of one without its
 * values. Must not know dialogs nor how files are written.
 */
import type { BatchItem } from "../api/batch.js";
import type { Parsed } from "../model/parse.js";
import type { TagEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { Tiles } from "../model/tiles.js";
import { refOf } from "./comparison.js";
import { matchAt, matchAtPoint } from "./derived.js";
import type { RecordRef } from "./record_cache.js";
import { loadConfusion, loadHistogram, loadUnreadTiles } from "./record_loading.js";
import {
  type LoggedRecord,
  noiseOf,
  type Sample,
  sampleOf,
  type TagWeight,
  weigh,
} from "./record_weight.js";
import type { Session } from "./session.js";

export type Member = PanelEntry["members"][number];

/** A tag of a run as it is exported. */
export interface ExportedMember extends Member {
  /** Of the panel: values, or which change. */
  readonly show: string;
}

/** Asked of the server at once, and in all for one choice: others are taken to be like these. */
const BATCH = 32;
const MOST_ASKED = 128;

/** What was asked of the server; null while it is on its way, and where it cannot be had. */
const answers = new WeakMap<TagEntry, LoggedRecord | null>();
/** Whole records that were asked for to be weighed: a file that is made of them does not ask for them again. */
const stored = new WeakMap<TagEntry, { readonly step: number; readonly item: BatchItem }>();
const samples = new WeakMap<object, Sample>();
const weights = new WeakMap<Sample, Map<string, TagWeight>>();

/** One for each member; null where nothing is known of any that is like it. */
export function weightsOf(
  members: readonly ExportedMember[],
  session: Session,
): readonly (TagWeight | null)[] {
  const known = members.map((member) => hereOf(member, session));
  const likes = new Map<string, Sample>();
  for (const { sample } of known.flatMap((each) => each ?? []))
    if ((likes.get(likeness(sample.record))?.values ?? 0) < sample.values)
      likes.set(likeness(sample.record), sample);
  const own = members.map((member, index): TagWeight | null => {
    const here = known[index] ?? null;
    if (here !== null) return weighed(member, here.sample, here.other);
    const answer = answers.get(member.entry) ?? null;
    if (answer === null) return null;
    return weighed(member, sampled(answer, likes.get(likeness(answer)) ?? null), null);
  });
  return members.map(({ entry }, index) => {
    const found = own[index] ?? null;
    if (found !== null || entry.kind === "tiles") return found;
    return mean(own.filter((_, at) => members[at]?.entry.kind === entry.kind));
  });
}

/** How many of the records that members show, or show changes since, are here. */
export function recordsHere(members: readonly Member[], session: Session): number {
  const { derived } = session;
  const pinned = session.state.value.reference.point;
  return members.reduce((sum, { run, entry }) => {
    const places = [derived.point, pinned].flatMap((point) => {
      if (point === null) return [];
      const match = matchAtPoint(derived, run.run, entry.series, point);
      return match.match === "none" ? [] : [match.index - 1, match.index];
    });
    const refs = [...new Set([0, ...places])].flatMap(
      (place) => refOf(run.run, entry, place) ?? [],
    );
    return sum + refs.filter((ref) => loggedOf(entry, ref, session) !== null).length;
  }, 0);
}

/** How many cells of tiles there are that are like noise: the others cost next to nothing in a picture. */
export function noisyCells(tiles: Tiles): number {
  const { tiles: count, height, width, channels } = tiles.shape;
  const sample = sampled({ kind: "tiles", tiles }, null);
  return count * height * width * channels * noiseOf(sample);
}

/** Asks of what is not here for all but its values; true where something has come. */
export async function prepareWeights(
  members: readonly Member[],
  session: Session,
): Promise<boolean> {
  if (!session.state.value.tabVisible) return false;
  const wanted = members.flatMap((member) => {
    const ref = shownRef(member, session);
    if (!isValues(member.entry) || answers.has(member.entry) || ref === null) return [];
    return hereOf(member, session) === null ? [{ member, ref }] : [];
  });
  const { signal } = new AbortController();
  let isNew = false;
  for (const kind of ["tiles", "histogram", "confusion"] as const) {
    const ofKind = wanted.filter(({ member }) => member.entry.kind === kind).slice(0, MOST_ASKED);
    for (const { member } of ofKind) answers.set(member.entry, null);
    for (let start = 0; start < ofKind.length; start += BATCH) {
      const batch = ofKind.slice(start, start + BATCH);
      const part = kind === "tiles" ? "statistics" : "paint";
      const items = await session.server.fetchRecords(
        batch.map(({ ref: { run, tag, step } }) => ({ run, tag, step })),
        part,
        signal,
      );
      for (const [at, { member, ref }] of batch.entries()) {
        const item = items[at];
        if (item === undefined) continue;
        if (part === "paint") stored.set(member.entry, { step: ref.step, item });
        answers.set(member.entry, await loadedOf(kind, item));
      }
      isNew = true;
    }
  }
  return isNew;
}

/** The painted part of a record as it is stored; null where it was not asked for. */
export function storedPaint(entry: TagEntry, step: number): BatchItem | null {
  const known = stored.get(entry);
  return known?.step === step ? known.item : null;
}

async function loadedOf(
  kind: "tiles" | "histogram" | "confusion",
  item: BatchItem,
): Promise<LoggedRecord | null> {
  const had = <T>(parsed: Parsed<T>): T | null => (parsed.ok ? parsed.value : null);
  switch (kind) {
    case "tiles": {
      const tiles = had(await loadUnreadTiles(item));
      return tiles === null ? null : { kind, tiles: { ...tiles, payload: null } };
    }
    case "histogram": {
      const histogram = had(await loadHistogram(item));
      return histogram === null ? null : { kind, histogram };
    }
    case "confusion": {
      const confusion = had(await loadConfusion(item));
      return confusion === null ? null : { kind, confusion };
    }
  }
}

function isValues({ kind }: TagEntry): boolean {
  return kind === "tiles" || kind === "histogram" || kind === "confusion";
}

function shownRef({ run, entry }: Member, { derived }: Session): RecordRef | null {
  const match = matchAt(derived, run.run, entry.series);
  return match.match === "none" ? null : refOf(run.run, entry, match.index);
}

interface Here {
  readonly sample: Sample;
  /** Of a record beside it: its labels may be others. */
  readonly other: Sample | null;
}

/** The shown record, or one nearby; null where none of these is here. */
function hereOf(member: Member, session: Session): Here | null {
  const { run, entry } = member;
  const last = entry.series.steps.length - 1;
  const match = matchAt(session.derived, run.run, entry.series);
  const shown = match.match === "none" ? 0 : match.index;
  const places = [...new Set([shown, shown - 1, shown + 1, 0, last])];
  const found = places.flatMap((place) => {
    const ref = refOf(run.run, entry, place);
    return (ref === null ? null : loggedOf(entry, ref, session)) ?? [];
  });
  const [first, second] = found;
  if (first === undefined) return null;
  return {
    sample: sampled(first, null),
    other: second === undefined ? null : sampled(second, null),
  };
}

function loggedOf({ kind }: TagEntry, ref: RecordRef, session: Session): LoggedRecord | null {
  if (kind === "tiles") {
    const record = session.records.state(ref);
    return record.status === "ready" ? { kind, tiles: record.tiles } : null;
  }
  if (kind === "histogram") {
    const record = session.histograms.state(ref);
    return record.status === "ready" ? { kind, histogram: record.histogram } : null;
  }
  if (kind !== "confusion") return null;
  const record = session.confusions.records.state(ref);
  return record.status === "ready" ? { kind, confusion: record.confusion } : null;
}

function sampled(record: LoggedRecord, like: Sample | null): Sample {
  const key =
    record.kind === "tiles"
      ? record.tiles
      : record.kind === "histogram"
        ? record.histogram
        : record.confusion;
  const known = samples.get(key);
  if (known !== undefined) return known;
  const sample = sampleOf(record, like);
  samples.set(key, sample);
  return sample;
}

function weighed(
  { run, entry, show }: ExportedMember,
  sample: Sample,
  other: Sample | null,
): TagWeight {
  const shown = entry.kind === "tiles" ? show : "value";
  const key = JSON.stringify([run.name, entry.tag, shown, other !== null]);
  const ofSample = weights.get(sample) ?? new Map<string, TagWeight>();
  weights.set(sample, ofSample);
  const known = ofSample.get(key);
  if (known !== undefined) return known;
  const weight = weigh({ run: run.name, tag: entry.tag, show: shown }, sample, other);
  ofSample.set(key, weight);
  return weight;
}

/** Values of tiles that have this in common are likely to be alike. */
function likeness(record: LoggedRecord): string {
  if (record.kind !== "tiles") return record.kind;
  const { meaning, precision, source } = record.tiles.header;
  return JSON.stringify([meaning, precision, source.role, source.samplesDigest !== null]);
}

function mean(known: readonly (TagWeight | null)[]): TagWeight | null {
  const all = known.flatMap((each) => each ?? []);
  if (all.length === 0) return null;
  const over = (of: (weight: TagWeight) => number): number =>
    all.reduce((sum, each) => sum + of(each), 0) / all.length;
  return {
    values: over(({ values }) => values),
    npz: (records) => over(({ npz }) => npz(records)),
    csv: (records) => over(({ csv }) => csv(records)),
    stored: (records) => over(({ stored }) => stored(records)),
    noise: over(({ noise }) => noise),
  };
}

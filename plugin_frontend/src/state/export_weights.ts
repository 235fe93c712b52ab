/**
 * What the tags of an export weigh: by a record of each that is here, else by what the server says of one without its
 * values. Must not know dialogs nor how files are written.
 */
import { whyIncomparable } from "../model/comparable.js";
import { isConfusionPictures } from "../model/confusion_cards.js";
import type { TagEntry } from "../model/parse_index.js";
import type { TilesHeader } from "../model/record.js";
import type { Tiles } from "../model/tiles.js";
import { refOf } from "./comparison.js";
import { matchAt, matchAtPoint } from "./derived.js";
import {
  answerOf,
  askForHeaders,
  askForPacked,
  isOnItsWay,
  isUnasked,
  type Member,
  untilAnswered,
  type Wanted,
} from "./export_answers.js";
import { type RecordRef, recordKey } from "./record_cache.js";
import {
  type LoggedRecord,
  noiseOf,
  type Sample,
  sampleOf,
  type TagWeight,
  weigh,
} from "./record_weight.js";
import type { Session } from "./session.js";

/** A tag of a run as it is exported. */
export interface ExportedMember extends Member {
  /** Of the panel: values, or which change. */
  readonly show: string;
}

const samples = new WeakMap<object, Sample>();
const weights = new WeakMap<Sample, Map<string, TagWeight>>();

/** One for each member; null where nothing is known of any that is like it. */
export function weightsOf(
  members: readonly ExportedMember[],
  session: Session,
): readonly (TagWeight | null)[] {
  const known = members.map((member) => knownOf(member, session));
  const likes = new Map<string, Sample>();
  for (const { sample } of known.flatMap((each) => each ?? []))
    if ((likes.get(likeness(sample.record))?.values ?? 0) < sample.values)
      likes.set(likeness(sample.record), sample);
  const own = members.map((member, index): TagWeight | null => {
    const here = known[index] ?? null;
    if (here !== null) return weighed(member, here.sample, here.other);
    const answer = answerOf(member.entry);
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

/** Whether two records can have no difference, by what is known of their headers: they stand for other steps of theirs. */
export function areUnlike(member: Member, other: Member, session: Session): boolean {
  if (member.entry === other.entry) return false;
  const [own, its] = [member, other].map((each) => headerOf(each, session));
  return Boolean(own && its && whyIncomparable(own, its, "") !== null);
}

function headerOf(member: Member, session: Session): TilesHeader | null {
  const known = recordsNear(member.run.run, member.entry, session)[0] ?? answerOf(member.entry);
  return known?.kind === "tiles" ? known.tiles.header : null;
}

/**
 * Asks of what is not here for all but its values, and where `ofValues` for those that are packed, as far as these are
 * small; true where something has come. Nothing more is sent once the signal is aborted, or the tab is hidden.
 */
export async function prepareWeights(
  members: readonly Member[],
  session: Session,
  signal: AbortSignal,
  ofValues = true,
): Promise<boolean> {
  if (!session.state.value.tabVisible) return false;
  const all = members.flatMap((member) => wantedOf(member, session));
  const wanted = [...new Map(all.map((each) => [each.key, each])).values()];
  const isAwaited = wanted.some(isOnItsWay);
  const isNew = await askForHeaders(lacking(wanted, session).filter(isUnasked), session, signal);
  const isNewer = ofValues && (await askForPacked(lacking(wanted, session), session, signal));
  if (isAwaited) await untilAnswered(session);
  return isNew || isNewer || isAwaited;
}

/** Those that are not here, and that the screen has not asked for either. */
function lacking(wanted: readonly Wanted[], session: Session): readonly Wanted[] {
  const stores = [session.records, session.histograms, session.confusions.records];
  const underWay = new Set(
    stores.flatMap((store) => store.underWay.map(({ ref }) => recordKey(ref))),
  );
  return wanted.filter((each) => !underWay.has(recordKey(each.ref)) && !isHere(each, session));
}

/** What stands for a tag of a run: the shown record; of pictures, which are most at first, the ends. */
function wantedOf({ run, entry }: Member, { derived }: Session): readonly Wanted[] {
  if (isConfusionPictures(entry))
    return endsOf(run.run, entry).map((ref) => ({ key: ref, entry, ref }));
  const match = matchAt(derived, run.run, entry.series);
  const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
  return ref === null ? [] : [{ key: entry, entry, ref }];
}

function endsOf(run: string, entry: TagEntry): readonly RecordRef[] {
  const ends = new Set([0, entry.series.steps.length - 1]);
  return [...ends].flatMap((place) => refOf(run, entry, place) ?? []);
}

function isHere({ key, entry, ref }: Wanted, session: Session): boolean {
  if (key === ref) return loggedOf(entry, ref, session) !== null;
  return recordsNear(ref.run, entry, session).length > 0;
}

interface Here {
  readonly sample: Sample;
  /** Of a record beside it: its labels may be others. */
  readonly other: Sample | null;
}

/** Of records whose values are here, or were asked for. */
function knownOf(member: Member, session: Session): Here | null {
  const { run, entry } = member;
  if (!isConfusionPictures(entry)) return hereOf(member, session) ?? answered(entry);
  const [first, last] = endsOf(run.run, entry).map(
    (ref) => loggedOf(entry, ref, session) ?? answerOf(ref),
  );
  if (!first || last === null) return null;
  return { sample: sampled(first, null), other: last === undefined ? null : sampled(last, null) };
}

/** The shown record, or one nearby; null where none of these is here. */
function hereOf(member: Member, session: Session): Here | null {
  const [first, second] = recordsNear(member.run.run, member.entry, session);
  if (first === undefined) return null;
  return {
    sample: sampled(first, null),
    other: second === undefined ? null : sampled(second, null),
  };
}

function recordsNear(run: string, entry: TagEntry, session: Session): readonly LoggedRecord[] {
  const last = entry.series.steps.length - 1;
  const match = matchAt(session.derived, run, entry.series);
  const shown = match.match === "none" ? 0 : match.index;
  const places = [...new Set([shown, shown - 1, shown + 1, 0, last])];
  return places.flatMap((place) => {
    const ref = refOf(run, entry, place);
    return (ref === null ? null : loggedOf(entry, ref, session)) ?? [];
  });
}

/** What was asked for with its values. */
function answered(entry: TagEntry): Here | null {
  const answer = answerOf(entry);
  if (answer?.kind !== "tiles" || answer.tiles.payload === null) return null;
  return { sample: sampled(answer, null), other: null };
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
    npz: (records, zeros) => over(({ npz }) => npz(records, zeros)),
    csv: (records, zeros) => over(({ csv }) => csv(records, zeros)),
    stored: (records) => over(({ stored }) => stored(records)),
    noise: over(({ noise }) => noise),
  };
}

/**
 * The parts of what a run has logged of its attributions, at a step: what is painted of each, or in words why there is
 * nothing. Pure functions of the index and the records; must not know the DOM.
 */
import { type AttributionPart, inputOfCard } from "../model/attribution_cards.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { SAMPLE } from "../model/placement.js";
import type { Moment } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import type { Tiles } from "../model/tiles.js";
import type { AppState } from "./app_state.js";
import { paintedRecord, refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import { asMaps } from "./map_records.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { comparison } from "./references.js";
import { sampleRefs } from "./sample_records.js";

/** A part of what a run has logged. `told` says in words why there is nothing to see. */
export type Part =
  | { readonly status: "pending" }
  | { readonly status: "told"; readonly message: string; readonly isError: boolean }
  | {
      readonly status: "ready";
      /** What is painted: sums, or their changes. */
      readonly tiles: Tiles;
      /** The record as it was logged. */
      readonly record: Tiles;
      /** The record's own moment where it is not the one of the run's maps; null where it is. */
      readonly other: Moment | null;
    };

/** How many samples a record is of. */
export function samplesOf({ header }: Tiles): number {
  return header.axes.find(({ name }) => name === SAMPLE)?.size ?? 0;
}

/** What parts are read from. */
export interface Reading {
  readonly card: PanelEntry;
  readonly state: AppState;
  readonly derived: Derived;
  readonly recordState: (ref: RecordRef) => RecordState;
}

/** A part of a run; `step` is that of the run's maps; null where it has none yet. */
export function readPart(
  part: AttributionPart,
  entry: TagEntry | null,
  run: RunEntry,
  step: number | null,
  { card, state, derived, recordState }: Reading,
): Part {
  if (entry === null) {
    const reason = skippedReason(run, part, inputOfCard(card));
    return told(reason ?? "not logged in this run", reason !== null);
  }
  const match = matchAt(derived, run.run, entry.series);
  if (match.match === "none") {
    const isSampled = (entry.series.logged ?? 0) > entry.series.steps.length;
    return told(
      isSampled ? "not among the steps that TensorBoard kept" : "not logged so early",
      false,
    );
  }
  const isMap = part === "integrated_gradients" || part === "interior_gradients";
  const show = isMap ? state.display.show : "value";
  const at = (index: number): RecordState | null => {
    const ref = refOf(run.run, entry, index);
    return ref && recordState(ref);
  };
  const record = at(match.index);
  if (record === null || record.status === "pending") return { status: "pending" };
  if (record.status === "failed") return told(record.message, true);
  const comparing = { show, reference: state.reference };
  const member = { run, entry };
  const other = comparison(comparing, derived, member, match.index, record, recordState);
  const compared = asMaps(entry.tag, paintedRecord(show, record, other.reference, other.refused));
  if (compared.status === "pending") return { status: "pending" };
  if (compared.status !== "ready") return told(compared.message, compared.status === "failed");
  // Baselines are logged once a fit: they are of every step after.
  const isOther = part !== "baselines" && match.step !== step;
  const { moment } = record.tiles.header;
  return {
    status: "ready",
    tiles: compared.tiles,
    record: record.tiles,
    other: isOther ? moment : null,
  };
}

function told(message: string, isError: boolean): Part {
  return { status: "told", message, isError };
}

/** Why a tag of a run is none of its tags: it cannot be read. Null where it was not logged. */
export function skippedReason(run: RunEntry, part: AttributionPart, input: string): string | null {
  const tags = [`attributions/${part}`, `attributions/${part}/${input}`];
  return run.skipped.find(({ tag }) => tags.includes(tag))?.reason ?? null;
}

/** The samples of a card: of the runs' pictures of the same samples any will do. */
export function readPictures(
  runs: readonly RunEntry[],
  tag: string,
  digest: string | null,
  derived: Derived,
  recordState: (ref: RecordRef) => RecordState,
): Part {
  const refs = runs.flatMap((run) => sampleRefs(run, derived)).filter((ref) => ref.tag === tag);
  if (refs.length === 0) return told("the samples are not logged", false);
  let failure: Part | null = null;
  for (const ref of refs) {
    const record = recordState(ref);
    if (record.status === "pending") return record;
    if (record.status === "failed") {
      failure = told(record.message, true);
    } else if (digest !== null && record.tiles.header.source.samplesDigest === digest) {
      return { status: "ready", tiles: record.tiles, record: record.tiles, other: null };
    }
  }
  return failure ?? told("the samples logged are others than these", false);
}

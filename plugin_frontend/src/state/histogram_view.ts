/**
 * What a histogram panel has to show: its tags of all runs with the records that are here. Pure functions of the state
 * and the records; must not know the DOM. `histogram_plots.ts` makes curves of it.
 */
import { type Remarks, sharedRemarks } from "../model/facts.js";
import { formatWhole } from "../model/format.js";
import { type Histogram, nonFiniteCounts } from "../model/histogram.js";
import type { HistogramGroup } from "../model/histogram_groups.js";
import type { RunEntry } from "../model/parse_index.js";
import type { Source } from "../model/record.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import type { Derived } from "./derived.js";
import type { HistogramState } from "./histogram_store.js";
import {
  drawnRefs,
  frameRefs,
  type PlannedSeries,
  planGroup,
  showsDifferences,
} from "./histogram_wishes.js";
import type { RecordRef } from "./record_cache.js";
import { isOwnReference, refOfReference } from "./references.js";

/** What a record is laid over or compared with: a record, or in words why there is none. */
export type Against =
  | { readonly status: "pending" }
  | { readonly status: "absent"; readonly message: string }
  | {
      readonly status: "found";
      readonly run: RunEntry;
      readonly step: number;
      readonly record: HistogramState;
      /** True for the record itself. */
      readonly isSelf: boolean;
    };

/** A record of the series at one step. */
export interface DrawnStep {
  readonly step: number;
  readonly record: HistogramState;
  /** Null where it is shown alone. */
  readonly against: Against | null;
}

export interface HistogramSeries extends PlannedSeries {
  /** Null where the run has no record so early. */
  readonly shown: DrawnStep | null;
  readonly drawn: readonly DrawnStep[];
}

export interface HistogramView {
  /** True where differences are shown. */
  readonly areDifferences: boolean;
  readonly series: readonly HistogramSeries[];
  /** What the header speaks of: the first record that is here, before that the first tag. */
  readonly source: Source | null;
  readonly remarks: Remarks;
  /** True once nothing is on its way that the plots or their axis depend on. */
  readonly settled: boolean;
  /** True once all steps of ridges and sparklines are here. */
  readonly complete: boolean;
  /** Sums over the shown records. */
  readonly nonFinite: { readonly nan: number; readonly infinite: number };
  /** Records besides the shown ones that could not be read: steps missing from ridges and sparklines. */
  readonly unread: number;
  /** `60 of 1,000 steps drawn`; null where all are. */
  readonly thinned: string | null;
}

export function histogramView(
  group: HistogramGroup,
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => HistogramState,
): HistogramView {
  const planned = planGroup(group, state, derived);
  const areDifferences = showsDifferences(state);
  const series = planned.map((each): HistogramSeries => {
    const at = (index: number): DrawnStep | null => {
      const ref = refOf(each.run.run, each.entry, index);
      if (ref === null) return null;
      const against = againstAt(each, index, recordState);
      return { step: ref.step, record: recordState(ref), against };
    };
    const { shown, drawn } = each.plan;
    return {
      ...each,
      shown: shown === null ? null : at(shown),
      drawn: drawn.flatMap((index) => at(index) ?? []),
    };
  });
  const arePending = (refs: readonly (RecordRef | null)[]): boolean =>
    refs.some((ref) => ref !== null && recordState(ref).status === "pending");
  const loaded = series.flatMap(({ shown }) => loadedHistogram(shown) ?? []);
  const counts = loaded.map(nonFiniteCounts);
  return {
    areDifferences,
    series,
    source: loaded[0]?.header.source ?? series[0]?.entry.source ?? null,
    remarks: sharedRemarks(loaded.map(({ header }) => ({ omitted: [], notes: header.notes }))),
    settled: series.every(
      ({ shown }, index) =>
        shown?.record.status !== "pending" &&
        shown?.against?.status !== "pending" &&
        !arePending(planned[index] === undefined ? [] : frameRefs(planned[index])),
    ),
    complete: !arePending(planned.flatMap(drawnRefs(areDifferences))),
    nonFinite: {
      nan: counts.reduce((sum, { nan }) => sum + nan, 0),
      infinite: counts.reduce((sum, { posinf, neginf }) => sum + posinf + neginf, 0),
    },
    unread: series.reduce(
      (sum, { drawn, shown }) =>
        sum +
        drawn.filter(({ step, record }) => step !== shown?.step && record.status === "failed")
          .length,
      0,
    ),
    thinned: thinnedText(planned),
  };
}

function againstAt(
  series: PlannedSeries,
  index: number,
  recordState: (ref: RecordRef) => HistogramState,
): Against | null {
  const found = series.referenceAt(index);
  const ref = refOfReference(found);
  if (found?.status !== "found" || ref === null) return found?.status === "found" ? null : found;
  const { run, step } = { run: found.run, step: ref.step };
  const isSelf = isOwnReference(found, series.entry, index);
  return { status: "found", run, step, record: recordState(ref), isSelf };
}

/** The histogram of a step that is here. */
export function loadedHistogram(
  drawn: { readonly record: HistogramState } | null,
): Histogram | null {
  return drawn?.record.status === "ready" ? drawn.record.histogram : null;
}

/** The histogram that another is compared with, where it is here. */
export function loadedReference({ against }: DrawnStep): Histogram | null {
  return against?.status === "found" ? loadedHistogram(against) : null;
}

/** False where differences are shown and no record has one: a table of them would be empty. */
export function hasStatistics({ areDifferences, series }: HistogramView): boolean {
  if (!areDifferences) return true;
  return series.some(({ shown, drawn }) =>
    [shown, ...drawn].some((each) => each !== null && each.against?.status !== "absent"),
  );
}

/** Which runs and tags a view is of: while its records are on their way, an older view of the same may stay. */
export function viewKey({ series }: HistogramView): string {
  return JSON.stringify(series.map(({ run, entry }) => [run.run, entry.tag]));
}

function thinnedText(planned: readonly PlannedSeries[]): string | null {
  const longest = planned.reduce<PlannedSeries | null>(
    (most, each) =>
      each.entry.series.steps.length > (most?.entry.series.steps.length ?? 0) ? each : most,
    null,
  );
  if (longest === null) return null;
  const all = longest.entry.series.steps.length;
  const drawn = longest.plan.drawn.length;
  return drawn < all ? `${drawn} of ${formatWhole(all)} steps drawn` : null;
}

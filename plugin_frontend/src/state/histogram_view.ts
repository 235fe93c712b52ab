/**
 * What a histogram panel has to show: its tags of all runs with the records that are here. Pure functions of the state
 * and the records; must not know the DOM. `histogram_plots.ts` makes curves of it.
 */
import { type Remarks, sharedRemarks } from "../model/facts.js";
import { formatWhole } from "../model/format.js";
import { type Histogram, nonFiniteCounts } from "../model/histogram.js";
import type { HistogramGroup } from "../model/histogram_groups.js";
import type { Source } from "../model/record.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";
import type { HistogramState } from "./histogram_store.js";
import { frameIndices, type PlannedSeries, planGroup, refOf } from "./histogram_wishes.js";
import type { RecordRef } from "./record_cache.js";

/** A record of the series at one step. */
export interface DrawnStep {
  readonly step: number;
  readonly record: HistogramState;
}

export interface HistogramSeries extends PlannedSeries {
  /** Null where the run has no record so early. */
  readonly shown: DrawnStep | null;
  readonly reference: DrawnStep | null;
  readonly drawn: readonly DrawnStep[];
}

export interface HistogramView {
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
  const series = planned.map((each): HistogramSeries => {
    const at = (index: number): DrawnStep => ({
      step: each.entry.series.steps[index] ?? 0,
      record: recordState(refOf(each.run, each.entry, index)),
    });
    const { shown, reference, drawn } = each.plan;
    return {
      ...each,
      shown: shown === null ? null : at(shown),
      reference: reference === null ? null : at(reference),
      drawn: drawn.map(at),
    };
  });
  const isPending = ({ run, entry }: PlannedSeries, index: number | null): boolean =>
    index !== null && recordState(refOf(run, entry, index)).status === "pending";
  const loaded = series.flatMap(({ shown }) => loadedHistogram(shown) ?? []);
  const counts = loaded.map(nonFiniteCounts);
  return {
    series,
    source: loaded[0]?.header.source ?? series[0]?.entry.source ?? null,
    remarks: sharedRemarks(loaded.map(({ header }) => ({ omitted: [], notes: header.notes }))),
    settled: planned.every((each) =>
      [each.plan.shown, ...frameIndices(each.plan)].every((index) => !isPending(each, index)),
    ),
    complete: series.every(({ drawn }) => drawn.every(({ record }) => record.status !== "pending")),
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

/** The histogram of a step that is here. */
export function loadedHistogram(drawn: DrawnStep | null): Histogram | null {
  return drawn?.record.status === "ready" ? drawn.record.histogram : null;
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

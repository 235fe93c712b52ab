/**
 * What a panel shows: a column for each run with its step and record, and the colouring and range they have in common.
 * Pure functions of the state and the records; must not know the DOM.
 */
import { type Colouring, chooseColouring } from "../model/colours.js";
import { needsLowPlane } from "../model/dequantise.js";
import { type Remarks, sharedRemarks } from "../model/facts.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { type Range, sharedRange } from "../model/ranges.js";
import type { Source } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import { matchStep, type StepMatch } from "../model/steps.js";
import { type Tiles, totalCount } from "../model/tiles.js";
import type { AppState } from "./app_state.js";
import type { Derived } from "./derived.js";
import { refAt } from "./planner.js";
import type { RecordRef, RecordState } from "./record_store.js";

export interface PanelColumn {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly match: StepMatch;
  /** Null where the run has no record so early. */
  readonly record: RecordState | null;
  /** The shown record's own; the index knows only that of the tag's first record. */
  readonly source: Source;
}

export interface PanelView {
  readonly columns: readonly PanelColumn[];
  /** The tiles that are here, in the order of the columns. */
  readonly loaded: readonly Tiles[];
  /** What the header speaks of: the first record that is here, before that the first run's tag. */
  readonly source: Source | null;
  /** What all loaded records say of themselves. */
  readonly remarks: Remarks;
  /** True once no column waits for its record: only then is a shared range final. */
  readonly settled: boolean;
  /** Null until a record is here. */
  readonly colouring: Colouring | null;
  /** The one range of all tiles; null for a range of its own for every tile. */
  readonly shared: Range | null;
  readonly counts: Readonly<Record<"nan" | "posinf" | "neginf", number>>;
}

export function panelView(
  panel: PanelEntry,
  state: AppState,
  derived: Derived,
  recordState: (ref: RecordRef) => RecordState,
): PanelView {
  const columns = panel.members.map(({ run, entry }): PanelColumn => {
    const step = derived.step ?? 0;
    const ref = refAt(run.run, entry, step);
    const record = ref === null ? null : paintable(recordState(ref));
    return {
      run,
      entry,
      match: matchStep(entry.series, step),
      record,
      source: record?.status === "ready" ? record.tiles.header.source : entry.source,
    };
  });
  const loaded = columns.flatMap(({ record }) =>
    record?.status === "ready" ? [record.tiles] : [],
  );
  const first = loaded[0];
  const colouring =
    first === undefined
      ? null
      : chooseColouring(
          state.display.colours,
          first.header.meaning,
          first.shape.channels,
          state.theme,
        );
  const count = (name: "nan_count" | "posinf_count" | "neginf_count"): number =>
    loaded.reduce((sum, tiles) => sum + totalCount(tiles, name), 0);
  return {
    columns,
    loaded,
    source: first?.header.source ?? columns[0]?.source ?? null,
    remarks: sharedRemarks(loaded.map(({ header }) => header)),
    settled: columns.every(({ record }) => record?.status !== "pending"),
    colouring,
    shared:
      colouring !== null && state.display.scale === "shared"
        ? sharedRange(loaded, colouring.rule)
        : null,
    counts: {
      nan: count("nan_count"),
      posinf: count("posinf_count"),
      neginf: count("neginf_count"),
    },
  };
}

// Until the sign of its infinities is here, a record cannot be painted truly.
function paintable(record: RecordState): RecordState {
  const waits =
    record.status === "ready" && record.fineError === null && needsLowPlane(record.tiles);
  return waits ? { status: "pending" } : record;
}

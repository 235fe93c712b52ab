/**
 * The columns of a view: which runs stand side by side, and in which order. Knows the index; must not know widths, nor
 * what is drawn in a column.
 */
import { isAttributionCard } from "./attribution_cards.js";
import type { RunEntry, Series } from "./parse_index.js";
import { isSamplesPanel, type PanelEntry } from "./runs.js";

export interface ViewColumns {
  /** Runs that have something in the shown panels; none where runs do not stand side by side. */
  readonly runs: readonly RunEntry[];
  /** Shown runs that have nothing in them. */
  readonly without: readonly RunEntry[];
  /** Of the panels. */
  readonly kind: string;
  /**
   * By run, the series that most of its panels have: where the run stands, as far as one word can say it. Not that of the
   * samples, which are logged once a fit and are the same at every step.
   */
  readonly series: ReadonlyMap<string, Series>;
}

/** True for panels that have a column for each run. A card of attributions has a line for each. */
export function standsInColumns(panel: PanelEntry): boolean {
  return ["tiles", "histogram", "confusion"].includes(panel.kind) && !isAttributionCard(panel);
}

/** The columns of some panels; `isOnePlot` where all runs are drawn into one. */
export function viewColumns(
  runs: readonly RunEntry[],
  panels: readonly PanelEntry[],
  isOnePlot: boolean,
): ViewColumns {
  const inColumns = panels.filter(standsInColumns);
  const counts = new Map<string, Map<Series, number>>();
  for (const panel of inColumns) {
    for (const { run, entry } of panel.members) {
      const ofRun = counts.get(run.run) ?? new Map<Series, number>();
      counts.set(run.run, ofRun);
      if (!isSamplesPanel(panel)) ofRun.set(entry.series, (ofRun.get(entry.series) ?? 0) + 1);
    }
  }
  const isNone = isOnePlot || inColumns.length === 0;
  const series = [...counts].flatMap(([run, ofRun]) => {
    const [most] = [...ofRun].sort((a, b) => b[1] - a[1]);
    return most === undefined ? [] : [[run, most[0]] as const];
  });
  return {
    runs: isNone ? [] : runs.filter(({ run }) => counts.has(run)),
    without: isNone ? [] : runs.filter(({ run }) => !counts.has(run)),
    kind: inColumns[0]?.kind ?? "",
    series: new Map(series),
  };
}

/**
 * One run in a panel: its caption, and its grid, its number, or what stands in their place. Templates of one moment;
 * must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { sampleFacts } from "../model/activation_words.js";
import { cellValue } from "../model/dequantise.js";
import { otherShapeText, ownRemarks, type Remarks, sourceFacts } from "../model/facts.js";
import {
  formatCount,
  formatExact,
  formatRange,
  formatSigned,
  formatWhole,
} from "../model/format.js";
import { guessContent } from "../model/low_panels.js";
import type { RunEntry } from "../model/parse_index.js";
import { isScalar, type Tiles } from "../model/tiles.js";
import type { NonFinite } from "../state/cell_counts.js";
import { hasRunRow } from "../state/columns_in_sight.js";
import { refOf } from "../state/comparison.js";
import type { PanelColumn, PanelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import { commonActivity, shortActivityChips } from "./activity_chips.js";
import { barsOf, missingBars } from "./column_bars.js";
import { comparisonChips } from "./comparison_words.js";
import { MAX_GRID_HEIGHT } from "./grid_room.js";
import { noteChip } from "./note_chips.js";
import { captionHead, emptyColumn, runNames } from "./run_caption.js";

/** What all columns of a panel have in common. */
export interface ColumnContext {
  readonly session: Session;
  readonly tag: string;
  readonly view: PanelView;
  /** Width of the column in CSS pixels. */
  readonly width: number;
  /** Columns of the view that it extends over. */
  readonly span: number;
  /** Height of the grid where the panel is shown alone; null among others. */
  readonly stage: number | null;
}

function columnTemplate(context: ColumnContext, column: PanelColumn): TemplateResult {
  const { run } = column;
  if (!column.isInSight) return html`<div class="column" data-column=${run.run}></div>`;
  const place = styleMap(context.span > 1 ? { "grid-column": `span ${context.span}` } : {});
  return html`<div class="column" data-column=${run.run} style=${place}>
    <div class="caption">
      ${head(context, column)} ${ownRange(context, column)} ${ownDead(context, column)}
      ${otherSamples(column)} ${ownActivity(context, column)}
      ${ownNonFinite(context, column)} ${otherShape(context, column)} ${missingBars(context, column)} ${remarksOfColumn(context, column)}
    </div>
    ${content(context, column)}
  </div>`;
}

/** Of so many other runs the names are written out. */
const NAMED = 3;

// Runs on the same samples have their pictures once; those without a column of their own are named there.
function sharing({ session }: ColumnContext, { sharedBy }: PanelColumn): unknown {
  const { runs } = session.derived.columns;
  const others = sharedBy.filter((run) => !runs.includes(run));
  return runNames(others, session.state.value.runColours, NAMED, "shared-by");
}

/** The column of a run, which may have nothing in the panel, or the same samples as another one. */
export function columnOf(context: ColumnContext, run: RunEntry): TemplateResult {
  const { columns } = context.view;
  const column = columns.find((each) => each.run === run);
  if (column !== undefined) return columnTemplate(context, column);
  const same = columns.find(({ sharedBy }) => sharedBy.includes(run));
  const why =
    same === undefined ? "not logged in this run" : `the same samples as ${same.run.name}`;
  return emptyColumn(context.session, run, why);
}

export function remarkChips({ omitted, notes }: Remarks): readonly TemplateResult[] {
  return [
    ...omitted.map((text) => html`<span class="chip" title=${text}>${text}</span>`),
    ...notes.map(noteChip),
  ];
}

/** Tiles whose cells are all alike. */
export type Dead = Pick<PanelColumn, "dead" | "constant">;

/** `12 dead`, of tiles of zeros; `3 constant`, of tiles of another value throughout. */
export function deadChips({ dead, constant }: Dead): readonly TemplateResult[] {
  const chip = (count: number, word: string, what: string): readonly TemplateResult[] => {
    const title = `${formatCount(count, "tile")}: ${what}`;
    const text = `${formatWhole(count)} ${word}`;
    return count === 0
      ? []
      : [html`<span class="chip" data-testid=${word} title=${title}>${text}</span>`];
  };
  return [
    ...chip(dead - constant, "dead", "all values are 0"),
    ...chip(constant, "constant", "all values are equal, but not 0"),
  ];
}

/** `50 NaN · 2 infinite`, and whose they are. */
export function nonFiniteChip(counts: NonFinite, whose: string): TemplateResult | typeof nothing {
  const { nan, posinf, neginf } = counts;
  const parts = [
    ...(nan > 0 ? [`${formatWhole(nan)} NaN`] : []),
    ...(posinf + neginf > 0 ? [`${formatWhole(posinf + neginf)} infinite`] : []),
  ];
  if (parts.length === 0) return nothing;
  const title = `At this step: ${formatCount(nan, "NaN cell")}, ${posinf} +∞, ${neginf} −∞${whose}`;
  return html`<span class="chip red" title=${title}>${parts.join(" · ")}${whose}</span>`;
}

function head(context: ColumnContext, column: PanelColumn): TemplateResult {
  const { session, view } = context;
  const { run, match } = column;
  // What is logged once is the same at every step.
  const isTimeless = view.isTimeless && match.match !== "none";
  // A run that has the room of others is not below its name alone.
  const isBelowName = hasRunRow(session.derived) && context.span === 1;
  return html`${captionHead(session, run, isTimeless ? null : match, isBelowName)} ${sharing(context, column)}${
    view.display.show === "value" || isTimeless ? nothing : comparisonChips(session, column)
  }`;
}

// Where the runs share a range, the legend says it once.
function ownRange(
  { view }: ColumnContext,
  { range }: PanelColumn,
): TemplateResult | typeof nothing {
  if (range === null || view.shared !== null || view.colouring === null) return nothing;
  const text = formatRange(range);
  return html`<span class="moment" title=${`Range of this run: ${text}`}>${text}</span>`;
}

// Where the runs have as many, the header says it once.
function ownDead({ view }: ColumnContext, column: PanelColumn): unknown {
  return commonDead(view) === null ? deadChips(column) : nothing;
}

// Likewise.
function ownActivity({ view }: ColumnContext, { activity }: PanelColumn): unknown {
  return commonActivity(view) === null && activity !== null
    ? shortActivityChips(activity)
    : nothing;
}

// Sample 3 of one run is not sample 3 of the other.
function otherSamples({ hasOtherSamples }: PanelColumn): TemplateResult | typeof nothing {
  const title =
    "This run was shown other samples than the first one: they cannot be compared one by one";
  return hasOtherSamples
    ? html`<span class="chip amber short" data-testid="other-samples" title=${title}>other samples</span>`
    : nothing;
}

/** How many dead tiles each run has, where all that are here have as many. */
export function commonDead({ columns }: PanelView): Dead | null {
  const [first, ...others] = columns.filter(({ record }) => record?.status === "ready");
  const same = others.every(
    ({ dead, constant }) => dead === first?.dead && constant === first.constant,
  );
  return same ? (first ?? null) : null;
}

function ownNonFinite(
  { view }: ColumnContext,
  { nonFinite }: PanelColumn,
): TemplateResult | typeof nothing {
  return nonFinite === null || commonNonFinite(view) !== null
    ? nothing
    : nonFiniteChip(nonFinite, "");
}

/** How many cells of each run hold no finite number, where all that are here have as many. */
export function commonNonFinite({ columns }: PanelView): NonFinite | null {
  const [first, ...others] = columns.flatMap(({ nonFinite }) => nonFinite ?? []);
  const same = others.every(
    ({ nan, posinf, neginf }) =>
      nan === first?.nan && posinf === first.posinf && neginf === first.neginf,
  );
  return same ? (first ?? null) : null;
}

// The same tag may name another layer in another run; the header speaks of one of them.
function otherShape(
  { view }: ColumnContext,
  { source, painted }: PanelColumn,
): TemplateResult | typeof nothing {
  const facts = sourceFacts(source).join(" · ");
  if (facts !== sourceFacts(view.source ?? source).join(" · "))
    return html`<span class="chip" title=${facts}>${facts}</span>`;
  const [first] = view.loaded;
  if (first === undefined || painted?.status !== "ready") return nothing;
  const shape = otherShapeText(painted.tiles.header, first.header);
  return shape === ""
    ? nothing
    : html`<span class="chip" data-testid="other-shape" title=${shape}>${shape}</span>`;
}

function remarksOfColumn(
  { view }: ColumnContext,
  { painted }: PanelColumn,
): readonly TemplateResult[] {
  if (painted?.status !== "ready") return [];
  const { header } = painted.tiles;
  const { omitted, notes } = ownRemarks(header, view.remarks);
  // What is left out of samples' maps is among their facts.
  const facts = sampleFacts(header) ?? [];
  return remarkChips({ omitted: omitted.filter((text) => !facts.includes(text)), notes });
}

function content(context: ColumnContext, column: PanelColumn): TemplateResult {
  const { session, tag, view, width } = context;
  const { run, entry, painted } = column;
  const reserved = guessContent(entry, width, MAX_GRID_HEIGHT);
  if (painted === null) {
    return html`<div class="absent" style=${styleMap({ height: `${Math.min(reserved, 160)}px` })}></div>`;
  }
  if (painted.status === "refused") {
    return html`<div class="absent told" data-testid="refused">${painted.message}</div>`;
  }
  if (painted.status === "failed") {
    return html`<div class="failed" data-testid="error">
      <p>${painted.message}</p>
      <button class="button" @click=${() => session.retryFailed()}>Retry</button>
    </div>`;
  }
  const tiles = painted.status === "ready" && (view.settled || !view.waits) ? painted.tiles : null;
  if (painted.status === "ready" && isScalar(painted.tiles))
    return scalar(context, column, painted.tiles, tiles === null);
  const { theme, unfolded, find } = session.state.value;
  const { display } = view;
  return html`<nnviz-grid
    .session=${session}
    .tag=${tag}
    .run=${run.run}
    .runName=${run.name}
    .tiles=${tiles}
    .show=${display.show}
    .available=${width}
    .reserved=${reserved}
    .stage=${context.stage}
    .folded=${!unfolded.has(tag)}
    .colouring=${column.colouring}
    .range=${column.range}
    .placement=${view.placement}
    .axisOrder=${view.axisOrder}
    .picture=${view.picture}
    .pictures=${column.pictures}
    .dead=${display.show === "value" ? (column.activity?.channels ?? null) : null}
    .bars=${barsOf(context, column, tiles)}
    .find=${find.trim()}
    .tileSize=${display.tileSize}
    .columns=${display.columns}
    .outlines=${display.outlines}
    .smooth=${display.smooth}
    .theme=${theme}
  ></nnviz-grid>`;
}

// A number needs no colours: it is written, with what it has changed by.
function scalar(
  { session, tag }: ColumnContext,
  { run, entry, match, record }: PanelColumn,
  painted: Tiles,
  isStale: boolean,
): TemplateResult {
  const { value } = cellValue(painted, 0);
  const since =
    record?.status === "ready" && record.tiles === painted && match.match !== "none"
      ? changeOf(session, run.run, entry, match.index, value)
      : null;
  return html`<p
    class="scalar ${isStale ? "stale" : ""}"
    data-testid="scalar"
    data-run=${run.name}
    data-tag=${tag}
    data-step=${painted.header.moment.step}
    data-value=${value}
  >
    <span class="number">${formatExact(value)}</span>
    ${since === null ? nothing : html`<span class="since">Δ since start ${formatSigned(since)}</span>`}
  </p>`;
}

function changeOf(
  session: Session,
  run: string,
  entry: PanelColumn["entry"],
  index: number,
  value: number,
): number | null {
  const first = index > 0 ? refOf(run, entry, 0) : null;
  const start = first && session.records.state(first);
  return start?.status === "ready" ? value - cellValue(start.tiles, 0).value : null;
}

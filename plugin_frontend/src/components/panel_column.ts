/**
 * One run in a panel: its caption, and its grid, its number, or what stands in their place. Templates of one moment;
 * must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { cellValue } from "../model/dequantise.js";
import { ownRemarks, type Remarks, sourceFacts } from "../model/facts.js";
import { formatCount, formatExact, formatRange, formatSigned } from "../model/format.js";
import { guessLowContent } from "../model/low_panels.js";
import { isScalar, type Tiles } from "../model/tiles.js";
import { refOf } from "../state/comparison.js";
import type { PanelColumn, PanelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import { MAX_GRID_HEIGHT } from "./grid.js";
import { momentMark, runName } from "./run_caption.js";

/** What all columns of a panel have in common. */
export interface ColumnContext {
  readonly session: Session;
  readonly tag: string;
  readonly view: PanelView;
  /** Width of the column in CSS pixels. */
  readonly width: number;
}

export function columnTemplate(context: ColumnContext, column: PanelColumn): TemplateResult {
  const { run } = column;
  const colour = context.session.state.value.runColours.get(run.run) ?? "";
  return html`<div class="column">
    <div class="caption">
      ${runName(run.name, colour)} ${moment(context, column)} ${ownRange(context, column)} ${ownDead(context, column)}
      ${otherShape(context, column)} ${remarksOfColumn(context, column)}
    </div>
    ${content(context, column)}
  </div>`;
}

export function remarkChips({ omitted, notes }: Remarks): readonly TemplateResult[] {
  return [
    ...omitted.map((text) => html`<span class="chip" title=${text}>${text}</span>`),
    ...notes.map((text) => html`<span class="chip amber" title=${text}>${text}</span>`),
  ];
}

/** `12 dead`, of tiles. */
export function deadChip(dead: number): TemplateResult | typeof nothing {
  if (dead === 0) return nothing;
  const title = `${formatCount(dead, "tile")}: all values equal`;
  return html`<span class="chip" data-testid="dead" title=${title}>${dead.toLocaleString("en-US")} dead</span>`;
}

function moment({ session }: ColumnContext, { run, match }: PanelColumn): TemplateResult {
  const { timelines, display } = session.state.value;
  const isFirst = display.show !== "value" && match.match !== "none" && match.index === 0;
  return html`${momentMark(match, (step) => timelines.get(run.run)?.get(step))}${
    isFirst
      ? html`<span class="chip" title="The first step: there is nothing to compare it with">first step</span>`
      : nothing
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
function ownDead({ view }: ColumnContext, { dead }: PanelColumn): TemplateResult | typeof nothing {
  return commonDead(view) === null ? deadChip(dead) : nothing;
}

/** How many dead tiles each run has, where all that are here have as many. */
export function commonDead({ columns }: PanelView): number | null {
  const counts = columns.flatMap(({ dead, record }) => (record?.status === "ready" ? [dead] : []));
  const [first = 0] = counts;
  return counts.every((count) => count === first) ? first : null;
}

// The same tag may name another layer in another run; the header speaks of one of them.
function otherShape(
  { view }: ColumnContext,
  { source }: PanelColumn,
): TemplateResult | typeof nothing {
  const facts = sourceFacts(source).join(" · ");
  const same = facts === sourceFacts(view.source ?? source).join(" · ");
  return same ? nothing : html`<span class="chip" title=${facts}>${facts}</span>`;
}

function remarksOfColumn(
  { view }: ColumnContext,
  { painted }: PanelColumn,
): readonly TemplateResult[] {
  if (painted?.status !== "ready") return [];
  return remarkChips(ownRemarks(painted.tiles.header, view.remarks));
}

function content(context: ColumnContext, column: PanelColumn): TemplateResult {
  const { session, tag, view, width } = context;
  const { run, entry, painted } = column;
  const reserved = guessLowContent(entry.source.variableShape, width, MAX_GRID_HEIGHT);
  if (painted === null) {
    return html`<div class="absent" style=${styleMap({ height: `${Math.min(reserved, 160)}px` })}></div>`;
  }
  if (painted.status === "refused") {
    return html`<div class="absent told" data-testid="refused">${painted.message}</div>`;
  }
  if (painted.status === "failed") {
    return html`<div class="failed" data-testid="error">
      <p>${painted.message}</p>
      <button class="button" @click=${() => session.records.retryFailed()}>Retry</button>
    </div>`;
  }
  const tiles =
    painted.status === "ready" && (view.settled || view.shared === null) ? painted.tiles : null;
  if (tiles !== null && isScalar(tiles)) return scalar(context, column, tiles);
  const { display, theme, unfolded } = session.state.value;
  return html`<nnviz-grid
    .session=${session}
    .tag=${tag}
    .run=${run.run}
    .runName=${run.name}
    .tiles=${tiles}
    .show=${display.show}
    .available=${width}
    .reserved=${reserved}
    .folded=${!unfolded.has(tag)}
    .colouring=${view.colouring}
    .range=${column.range}
    .placement=${view.placement}
    .axisOrder=${view.axisOrder}
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
): TemplateResult {
  const { value } = cellValue(painted, 0);
  const since =
    record?.status === "ready" && record.tiles === painted && match.match !== "none"
      ? changeOf(session, run.run, entry, match.index, value)
      : null;
  return html`<p
    class="scalar"
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

/** The tile of every shown run, side by side, with its numbers. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { Session } from "../state/session.js";
import type { TileColumn, TileView } from "../state/tile_view.js";
import { comparisonChips } from "./comparison_words.js";
import { runDashes } from "./histogram_dashes.js";
import { lineSample } from "./line_sample.js";
import { momentMark, runName } from "./run_caption.js";
import { type TileRoom, tileGrid } from "./tile_grid.js";

export const COLUMN_GAP = 24;
/** A run has no less than this; beyond it, the columns scroll sideways. */
const LEAST_WIDTH = 220;
const MOST_WIDTH = 1000;

/** The width of each of so many columns. */
export function columnWidth(width: number, columns: number): number {
  const fair = Math.floor((width - (columns - 1) * COLUMN_GAP) / Math.max(1, columns));
  return Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, fair));
}

/** `height`: of the tile itself, in CSS pixels. */
export function tileColumns(
  session: Session,
  view: TileView,
  width: number,
  height: number,
): TemplateResult {
  const each = columnWidth(width, view.columns.length);
  const grid = {
    "grid-template-columns": `repeat(${view.columns.length}, ${each}px)`,
    "column-gap": `${COLUMN_GAP}px`,
  };
  const dashes = runDashes(
    view.columns.map(({ run }) => run),
    session.state.value.runColours,
  );
  return html`<section class="card" aria-label="The tile in every run">
    <div class="columns" style=${styleMap(grid)}>
      ${view.columns.map((column) => columnTemplate(session, view, column, { width: each, height }, dashes.get(column.run.run)))}
    </div>
  </section>`;
}

function columnTemplate(
  session: Session,
  view: TileView,
  column: TileColumn,
  room: TileRoom,
  dash: string | undefined,
): TemplateResult {
  const { run, match } = column;
  const { runColours, timelines } = session.state.value;
  const moments = timelines.get(run.run);
  return html`<div class="column" role="group" aria-label=${`Run ${run.name}`} tabindex="-1" data-testid="tile-column" data-run=${run.name} data-run-id=${run.run}>
    <div class="caption">
      ${dash === undefined ? nothing : lineSample(dash, runColours.get(run.run) ?? "")}
      ${runName(run.name, runColours.get(run.run) ?? "")}
      ${
        view.view.isTimeless && match.match !== "none"
          ? nothing
          : momentMark(match, (step) => moments?.get(step), session.derived.axis)
      }
      ${comparisonChips(session, column)}
      ${
        column.hasOtherSamples
          ? html`<span class="chip amber" title="This run was shown other samples than the first one">other samples</span>`
          : nothing
      }
    </div>
    <div class="body">
      ${picture(session, view, column, room)}
      ${
        column.lacks !== null
          ? nothing
          : html`<nnviz-tile-numbers
              .values=${column.now}
              .shown=${column.shown}
              .show=${view.view.display.show}
              .run=${run.name}
            ></nnviz-tile-numbers>`
      }
    </div>
  </div>`;
}

function picture(
  session: Session,
  view: TileView,
  column: TileColumn,
  room: TileRoom,
): TemplateResult {
  const { painted, placement } = column;
  if (painted === null) return said("Nothing so early in this run");
  if (column.lacks !== null) return said(column.lacks, "tile-lacking");
  if (painted.status === "refused") return said(painted.message, "refused");
  if (painted.status === "failed")
    return html`<div class="said red" data-testid="error">
      <p>${painted.message}</p>
      <button class="button" @click=${() => session.retryFailed()}>Retry</button>
    </div>`;
  const isFinal = view.view.settled || !view.view.waits;
  const tiles = painted.status === "ready" && isFinal && placement !== null ? painted.tiles : null;
  return tileGrid(session, view.opened.tag, view.view, column, tiles, placement, room);
}

function said(text: string, testId = "tile-said"): TemplateResult {
  return html`<div class="said" data-testid=${testId}>${text}</div>`;
}

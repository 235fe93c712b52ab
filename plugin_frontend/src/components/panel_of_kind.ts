/**
 * Which element shows which kind of panel, and the room that is kept for it until it is there. Must not know what
 * panels show.
 */
import { html, type TemplateResult } from "lit";
import { layoutColumns } from "../model/columns.js";
import type { HistogramPlot } from "../model/histogram_display.js";
import { histogramHeight } from "../model/histogram_size.js";
import { guessHeight } from "../model/placeholder.js";
import type { Slot } from "../model/sections.js";
import type { Session } from "../state/session.js";
import { MAX_GRID_HEIGHT } from "./grid.js";

/** Heights in CSS pixels: a panel's header, and what surrounds its grids: padding and captions. */
const HEADER = 42;
const AROUND_GRIDS = 12 + 28 + 16;
const ROW_GAP = 18;
/** Grids are never laid out smaller. */
const MIN_GRID = 24;

/** The element that shows a panel. */
export function panelOfKind(slot: Slot, session: Session, width: number): TemplateResult {
  if (slot.kind === "histogram") {
    return html`<nnviz-histogram-panel
      .session=${session}
      .group=${slot}
      .width=${width}
    ></nnviz-histogram-panel>`;
  }
  const [panel] = slot.panels;
  return html`<nnviz-panel .session=${session} .panel=${panel} .width=${width}></nnviz-panel>`;
}

/** A guess at the height of a panel that has not been on screen yet. */
export function reservedHeight(
  { panels, kind }: Slot,
  isFolded: boolean,
  width: number,
  histogramPlot: HistogramPlot,
): number {
  const [panel] = panels;
  if (isFolded || panel === undefined || width === 0) return HEADER;
  if (kind === "histogram") return histogramHeight(panels, histogramPlot, width);
  const columns = layoutColumns(width, panel.members.length);
  const rows = Math.ceil(panel.members.length / columns.perRow);
  const shape = panel.members[0]?.entry.source.variableShape ?? null;
  const grid = Math.max(MIN_GRID, guessHeight(shape, columns.width, MAX_GRID_HEIGHT));
  return HEADER + AROUND_GRIDS + rows * grid + (rows - 1) * ROW_GAP;
}

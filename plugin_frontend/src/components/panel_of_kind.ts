/**
 * Which element shows which kind of panel, and the room that is kept for it until it is there. Must not know what
 * panels show.
 */
import { html, type TemplateResult } from "lit";
import { panelTitle } from "../model/facts.js";
import { histogramHeight } from "../model/histogram_size.js";
import { guessLowHeight, isLow } from "../model/low_panels.js";
import { panelColumns } from "../model/panel_columns.js";
import { guessPanel } from "../model/placeholder.js";
import type { Slot } from "../model/sections.js";
import type { Session } from "../state/session.js";
import { type DeferredKind, isDeferred } from "./deferred_modules.js";
import { MAX_GRID_HEIGHT } from "./grid_room.js";

/** Heights in CSS pixels: a panel's header, and what surrounds its grids: padding and captions. */
const HEADER = 42;
const AROUND_GRIDS = 12 + 28 + 16;
/** The button below grids that are folded. */
const SHOW_ALL = 36;
/** The slider of samples, above the grids. */
const SLIDER = 33;
/** Of panels whose code is loaded when they are first shown, until they are there. */
const DEFERRED_HEIGHTS = { attributions: 800, confusion: 720, graph: 720 } as const;
/** Grids are never laid out smaller. */
const MIN_GRID = 24;

/** True for a slot whose panel is one line of runs beside their title. */
export function isLowSlot({ panels }: Slot): boolean {
  return panels.every(isLow);
}

/** What the panel is called below the heading of its layer. */
export function slotTitle({ tag, panels }: Slot): string {
  return panelTitle(tag, panels[0]?.members[0]?.entry.source ?? null);
}

/** The element that shows a panel. */
export function panelOfKind(slot: Slot, session: Session, width: number): TemplateResult {
  if (isDeferred(slot.kind)) {
    return html`<nnviz-deferred-panel
      .session=${session}
      .shown=${slot}
      .kind=${slot.kind}
      .width=${width}
      .reserved=${deferredHeight(slot, slot.kind, session, width)}
    ></nnviz-deferred-panel>`;
  }
  return html`<nnviz-panel .session=${session} .panel=${slot.panels[0]} .width=${width}></nnviz-panel>`;
}

function deferredHeight(
  { panels }: Slot,
  kind: DeferredKind,
  { state, derived }: Session,
  width: number,
): number {
  const { plot } = state.value.histogramDisplay;
  return kind === "histogram"
    ? histogramHeight(panels, plot, width, derived.columns.runs.length)
    : DEFERRED_HEIGHTS[kind];
}

/** A guess at the height of a panel that has not been on screen yet. */
export function reservedHeight(
  slot: Slot,
  isFolded: boolean,
  width: number,
  session: Session,
): number {
  const { panels, kind } = slot;
  const [panel] = panels;
  if (isFolded || panel === undefined || width === 0) return HEADER;
  if (isDeferred(kind)) return deferredHeight(slot, kind, session, width);
  const { runs } = session.derived.columns;
  if (isLow(panel)) return guessLowHeight(panel, width, MAX_GRID_HEIGHT, runs);
  const { wide } = panelColumns(panel, runs, width);
  const [first] = panel.members;
  if (first === undefined) return HEADER;
  const { height, folded, slid } = guessPanel(first.entry, wide, MAX_GRID_HEIGHT);
  return (
    HEADER +
    AROUND_GRIDS +
    Math.max(MIN_GRID, height) +
    (folded ? SHOW_ALL : 0) +
    (slid ? SLIDER : 0)
  );
}

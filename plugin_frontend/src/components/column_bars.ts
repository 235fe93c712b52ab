/** The bars of one run in a panel of hidden units, or why it has none. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { barRoom } from "../model/class_bars.js";
import type { Tiles } from "../model/tiles.js";
import { fits } from "../state/class_bars_view.js";
import type { PanelColumn } from "../state/panel_view.js";
import type { GridBars } from "./class_bars.js";
import type { ColumnContext } from "./panel_column.js";

/** Null in panels without bars; where there are no weights to show, the bars stay empty. */
export function barsOf(
  { session, tag, view: { classBars } }: ColumnContext,
  { run, bars }: PanelColumn,
  tiles: Tiles | null,
): GridBars | null {
  if (classBars === null || classBars.classes.shown.length === 0) return null;
  const ready = bars?.status === "ready" ? bars.tiles : null;
  const weights = ready !== null && tiles !== null && !fits(tiles, ready) ? null : ready;
  const { classes, scale, sort } = classBars;
  return {
    session,
    tag,
    weightsTag: classBars.tag,
    run: run.run,
    runName: run.name,
    classes: classes.shown,
    room: barRoom(classes),
    scale,
    sort,
    weights,
    tilesPerUnit:
      weights === null || tiles === null
        ? 1
        : Math.max(1, Math.round(tiles.shape.tiles / Math.max(1, weights.shape.tiles))),
  };
}

/** Why a run has no bars where others have. */
export function missingBars(
  { view: { classBars } }: ColumnContext,
  { bars, painted }: PanelColumn,
): TemplateResult | typeof nothing {
  if (classBars === null || bars?.status === "pending") return nothing;
  const told =
    bars === null
      ? "no class weights"
      : bars.status !== "ready"
        ? bars.message
        : painted?.status === "ready" && !fits(painted.tiles, bars.tiles)
          ? "class weights are of other units"
          : "";
  return told === ""
    ? nothing
    : html`<span class="chip amber" data-testid="no-bars" title=${told}>${told}</span>`;
}

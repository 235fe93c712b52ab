/** What the runs of a card of a confusion have in common, and what is done with their cells. Must not render. */
import type { ConfusedSample } from "../model/confusion.js";
import type { Zoom } from "../model/confusion_display.js";
import type { CellPlace } from "../model/confusion_moves.js";
import type { LookedCell } from "../state/confusion_focus.js";
import type { ConfusionRun, ConfusionView } from "../state/confusion_view.js";
import type { Session } from "../state/session.js";

/** What all runs of a card have in common. */
export interface CardState {
  readonly session: Session;
  readonly view: ConfusionView;
  /** Of a run, in CSS pixels. */
  readonly width: number;
  readonly looked: LookedCell | null;
  readonly lookedSample: { readonly run: string; readonly sample: ConfusedSample } | null;
  /** Among others the lists that are shown in full; see `listKey`. */
  readonly unfolded: ReadonlySet<string>;
  readonly page: number;
  readonly look: (cell: LookedCell | null) => void;
  readonly lookAt: (run: string, sample: ConfusedSample | null) => void;
  readonly toggle: (list: string) => void;
  readonly turn: (page: number) => void;
}

export function pin(
  { session, view }: CardState,
  { classes }: ConfusionRun,
  cell: CellPlace & { readonly sample: number | null },
): void {
  const { row, column, sample } = cell;
  session.looks.setConfusionDisplay({ pinned: { tag: view.tag, row, column, sample, classes } });
}

/** What shows a list of a run in full, among what is unfolded. */
export function listKey(
  { view }: CardState,
  { run }: ConfusionRun,
  list: "mistakes" | "pairs",
): string {
  return `${view.tag}~${list}~${run.run}`;
}

// A second click lets go.
export function pickCell(card: CardState, run: ConfusionRun, { row, column }: CellPlace): void {
  const { pinned } = run;
  if (pinned?.row === row && pinned.column === column)
    card.session.looks.setConfusionDisplay({ pinned: null });
  else pin(card, run, { row, column, sample: null });
}

export function lookAt(
  { look }: CardState,
  { classes }: ConfusionRun,
  cell: CellPlace | null,
): void {
  look(cell === null || classes === null ? null : { row: cell.row, column: cell.column, classes });
}

/** What the zoom of a run is kept under: of other classes than the first run's the places are others. */
function zoomKey({ tag }: ConfusionView, { isLinked, classes }: ConfusionRun): string {
  return isLinked || classes === null ? tag : `${tag}~${classes}`;
}

export function zoomOf({ session, view }: CardState, run: ConfusionRun): Zoom | null {
  return session.state.value.confusionDisplay.zooms.get(zoomKey(view, run)) ?? null;
}

export function setZoom(
  { session, view, look }: CardState,
  run: ConfusionRun,
  zoom: Zoom | null,
): void {
  // What was under the pointer may no longer be there.
  look(null);
  const zooms = new Map(session.state.value.confusionDisplay.zooms);
  if (zoom === null) zooms.delete(zoomKey(view, run));
  else zooms.set(zoomKey(view, run), zoom);
  session.looks.setConfusionDisplay({ zooms });
}

/** What the runs of a card of a confusion have in common, and what is done with their cells. Must not render. */
import type { ConfusedSample } from "../model/confusion.js";
import type { PinnedCell, Zoom } from "../model/confusion_display.js";
import type { CellPlace } from "../model/confusion_moves.js";
import type { ConfusionView } from "../state/confusion_view.js";
import type { Session } from "../state/session.js";

/** What all runs of a card have in common. */
export interface CardState {
  readonly session: Session;
  readonly view: ConfusionView;
  /** Of a run, in CSS pixels. */
  readonly width: number;
  readonly looked: CellPlace | null;
  readonly lookedSample: { readonly run: string; readonly sample: ConfusedSample } | null;
  readonly unfolded: ReadonlySet<string>;
  readonly page: number;
  readonly look: (cell: CellPlace | null) => void;
  readonly lookAt: (run: string, sample: ConfusedSample | null) => void;
  readonly toggle: (list: string) => void;
  readonly turn: (page: number) => void;
}

export function pin(
  { session, view }: CardState,
  cell: CellPlace & { readonly sample: number | null },
): void {
  const { row, column, sample } = cell;
  const pinned: PinnedCell = { tag: view.tag, row, column, sample };
  session.setConfusionDisplay({ pinned });
}

// A second click lets go.
export function pickCell(card: CardState, { row, column }: CellPlace): void {
  const { pinned } = card.view;
  if (pinned?.row === row && pinned.column === column)
    card.session.setConfusionDisplay({ pinned: null });
  else pin(card, { row, column, sample: null });
}

export function setZoom({ session, view, look }: CardState, zoom: Zoom | null): void {
  // What was under the pointer may no longer be there.
  look(null);
  const zooms = new Map(session.state.value.confusionDisplay.zooms);
  if (zoom === null) zooms.delete(view.tag);
  else zooms.set(view.tag, zoom);
  session.setConfusionDisplay({ zooms });
}

/** What the sections beside a matrix show: one run of a card, and what is looked at in it. */
import type { ConfusedSample, Confusion } from "../model/confusion.js";
import type { FocusedCell, PanelPlace } from "../state/confusion_focus.js";
import type { ConfusionRun } from "../state/confusion_view.js";
import type { Session } from "../state/session.js";

export interface RunContext {
  readonly session: Session;
  readonly run: ConfusionRun;
  readonly confusion: Confusion;
  readonly focused: FocusedCell | null;
  /** The sample that is looked at, else the one that is pinned. */
  readonly sample: ConfusedSample | null;
  readonly pinnedSample: number | null;
  readonly panelPlace: PanelPlace;
  /** True where a part of the classes is shown. */
  readonly isPart: boolean;
  /** CSS pixels that these sections have. */
  readonly width: number;
  /** And the list of mistakes. */
  readonly listWidth: number;
  readonly scale: number;
  /** True where all mistakes are shown. */
  readonly isUnfolded: boolean;
  readonly look: (sample: ConfusedSample | null) => void;
  readonly pick: (sample: ConfusedSample) => void;
  readonly unpin: () => void;
  readonly unfold: () => void;
  readonly goTo: (view: "activations" | "attributions", place: PanelPlace) => void;
}

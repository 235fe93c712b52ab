/** Whether an export of a panel is of values, changes or differences, in words. Pure functions of the state. */
import type { ExportFormat } from "../model/export_choice.js";
import type { Slot } from "../model/sections.js";
import { displayOf } from "./activations_view.js";
import type { AppState } from "./app_state.js";
import { changeWords } from "./change_words.js";
import type { Derived } from "./derived.js";

/** `change since start`; empty for values, and in HTML, which has all that changes are taken from. */
export function shownInFile(
  slots: readonly Slot[],
  format: ExportFormat,
  state: AppState,
  derived: Derived,
): string {
  const isChange = slots.some((slot) => showsChange(slot, format, state));
  return isChange ? changeWords(state, derived, null) : "";
}

function showsChange({ kind, panels }: Slot, format: ExportFormat, state: AppState): boolean {
  if (format === "html" || kind === "graph") return false;
  // Counts are written as they were logged.
  const isCounts = kind === "histogram" || kind === "confusion";
  if (isCounts && (format === "npz" || format === "csv")) return false;
  return panels.some((panel) => displayOf(panel, state.display).show !== "value");
}

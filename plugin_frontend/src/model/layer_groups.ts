/** Panels by layer, in network order. Knows panels and their sources; must not know what is drawn of them. */
import { isConfusionCard } from "./confusion_cards.js";
import { layerParameters } from "./layer_parameters.js";
import type { Source } from "./record.js";
import type { PanelEntry } from "./runs.js";

export interface LayerGroup {
  /** The layer's path; null where the panels belong to no layer. */
  readonly path: string | null;
  /** What folds the group in `AppState.collapsed`. */
  readonly key: string;
  readonly layerType: string | null;
  readonly layerIndex: number | null;
  /** Of the layer, as far as its variables are logged; null where a shape of what is shown is not known. */
  readonly parameters: number | null;
  readonly panels: readonly PanelEntry[];
}

/**
 * A layer stands where its first panel does; its other panels follow it, wherever they come from. In a layer, what
 * multiplies comes before what is added, and that before what is only counted along.
 */
export function layerGroups(panels: readonly PanelEntry[]): readonly LayerGroup[] {
  const byPath = new Map<string, PanelEntry[]>();
  for (const panel of panels) {
    // Which classes are taken for which is of the model, whichever layer gives its outputs.
    const path = isConfusionCard(panel) ? "" : (sourceOf(panel)?.layerPath ?? "");
    const group = byPath.get(path);
    if (group === undefined) byPath.set(path, [panel]);
    else group.push(panel);
  }
  return [...byPath].map(([path, members]) => {
    const source = members[0] === undefined ? null : sourceOf(members[0]);
    return {
      path: path === "" ? null : path,
      key: `layer:${path}`,
      layerType: source?.layerType ?? null,
      layerIndex: source?.layerIndex ?? null,
      parameters: parametersOf(path, members),
      panels: members.toSorted((a, b) => rank(a) - rank(b)),
    };
  });
}

const LATER_ROLES: readonly RegExp[] = [/bias|beta|offset/, /moving|seed|count|iteration/];

function rank(panel: PanelEntry): number {
  const role = sourceOf(panel)?.role ?? "";
  return LATER_ROLES.findIndex((pattern) => pattern.test(role)) + 1;
}

function sourceOf({ members }: PanelEntry): Source | null {
  return members[0]?.entry.source ?? null;
}

// Panels may be of some of its variables only; and those of other runs may be of more.
function parametersOf(path: string, panels: readonly PanelEntry[]): number | null {
  const sizes = new Map<string, number>();
  for (const panel of panels) {
    const source = sourceOf(panel);
    if (source?.variableShape == null) return null;
    const size = source.variableShape.reduce((product, length) => product * length, 1);
    sizes.set(source.variablePath ?? panel.tag, size);
  }
  const shown = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const run = panels[0]?.members[0]?.run;
  return Math.max(shown, run === undefined ? 0 : (layerParameters(run).get(path) ?? 0));
}

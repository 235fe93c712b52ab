/**
 * Which tags share a plot: the weights of one role of k consecutive layers. Knows panels; must not know how they look.
 */
import type { PanelEntry } from "./runs.js";

/** The tags of one histogram panel, in network order. */
export interface HistogramGroup {
  /** Of the first tag; stands for the group where a panel is named. */
  readonly tag: string;
  readonly panels: readonly PanelEntry[];
}

/**
 * Groups of `layersPerPlot` panels of the same role, in the order of their first ones: kernels with kernels, biases
 * with biases, because their distributions have nothing in common. The last group of a role may be smaller.
 */
export function groupHistograms(
  panels: readonly PanelEntry[],
  layersPerPlot: number,
): readonly HistogramGroup[] {
  const size = Math.max(1, Math.floor(layersPerPlot));
  const groups: PanelEntry[][] = [];
  const open = new Map<string, PanelEntry[]>();
  for (const panel of panels) {
    const role = panel.members[0]?.entry.source.role ?? "";
    let group = open.get(role);
    if (group === undefined || group.length >= size) {
      group = [];
      open.set(role, group);
      groups.push(group);
    }
    group.push(panel);
  }
  return groups.map((group) => ({ tag: group[0]?.tag ?? "", panels: group }));
}

/** What stands below what in the main area: sections of slots, a slot for each panel. Must not know what they show. */
import { groupHistograms } from "./histogram_groups.js";
import type { LayerGroup } from "./layer_groups.js";
import type { PanelEntry } from "./runs.js";

/** The place of one panel on the screen; several tags where histograms share a plot. */
export interface Slot {
  /** Of the first tag: stands for the slot in what is in sight, folded or scrolled to. */
  readonly tag: string;
  readonly kind: string;
  readonly panels: readonly PanelEntry[];
}

export interface Section {
  /** The layer that the heading names; null for slots without one. */
  readonly layer: LayerGroup | null;
  readonly slots: readonly Slot[];
}

/** The last sections of these groups: the same objects, so that what shows them need not look at them again. */
const remembered = new WeakMap<
  readonly LayerGroup[],
  { readonly layersPerPlot: number; readonly sections: readonly Section[] }
>();

/** A section for each layer; histograms that share plots over layers come first, without headings. */
export function sectionsOf(
  groups: readonly LayerGroup[],
  layersPerPlot: number,
): readonly Section[] {
  const before = remembered.get(groups);
  if (before?.layersPerPlot === layersPerPlot) return before.sections;
  const sections = makeSections(groups, layersPerPlot);
  remembered.set(groups, { layersPerPlot, sections });
  return sections;
}

function makeSections(groups: readonly LayerGroup[], layersPerPlot: number): readonly Section[] {
  const shares = ({ kind }: PanelEntry): boolean => layersPerPlot > 1 && kind === "histogram";
  const shared = groups.flatMap(({ panels }) => panels.filter(shares));
  const plots = groupHistograms(shared, layersPerPlot).map(
    ({ tag, panels }): Slot => ({ tag, kind: "histogram", panels }),
  );
  const layers = groups.map((group): Section => {
    const alone = group.panels.filter((panel) => !shares(panel));
    return {
      layer: group.path === null ? null : group,
      slots: alone.map((panel) => ({ tag: panel.tag, kind: panel.kind, panels: [panel] })),
    };
  });
  return [{ layer: null, slots: plots }, ...layers].filter(({ slots }) => slots.length > 0);
}

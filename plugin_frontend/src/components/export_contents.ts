/** What the picture of a panel shows, for every kind of panel. The one place that knows them all; must not know canvases. */
import type { PictureContent } from "../model/picture_content.js";
import type { Slot } from "../model/sections.js";
import { attributionContent } from "../state/export_attributions.js";
import type { Snapshot } from "../state/export_reader.js";
import { tilesContent } from "../state/export_tiles.js";
import { panelView } from "../state/panel_view.js";
import type { Session } from "../state/session.js";
import { confusionContent } from "./export_confusion.js";
import { histogramContent } from "./export_histogram.js";

let graphs: typeof import("./export_graph.js") | null = null;

/** Loads what the pictures of some panels need; true where something has come. */
export async function prepareContents(slots: readonly Slot[]): Promise<boolean> {
  if (graphs !== null || !slots.some(({ kind }) => kind === "graph")) return false;
  graphs = await import("./export_graph.js");
  return true;
}

/** The picture of a panel whose records are here; null where its kind is not prepared. */
export function contentOf(slot: Slot, snapshot: Snapshot, session: Session): PictureContent | null {
  const [panel] = slot.panels;
  if (panel === undefined) throw new Error("the panel is empty");
  switch (slot.kind) {
    case "histogram":
      return histogramContent(slot, snapshot, session);
    case "confusion":
      return confusionContent(panel, snapshot, session);
    case "attributions":
      return attributionContent(panel, snapshot, session);
    case "graph":
      return graphs?.graphContent(panel, snapshot, session) ?? null;
    default: {
      const { state, derived } = snapshot;
      const { records, extremes } = session;
      const view = panelView(panel, state, derived, (ref) => records.state(ref), extremes);
      return tilesContent(panel, view, snapshot);
    }
  }
}

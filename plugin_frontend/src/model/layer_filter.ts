/** The rail's layer filter: which panels a text lets through. Knows tags and sources; must not know the view. */
import type { GraphNode } from "./record.js";
import type { PanelEntry } from "./runs.js";

export interface LayerFilter {
  readonly text: string;
  /** Lower case, what is looked for as it stands. */
  readonly plain: string;
  /** Null where the text is empty or no regular expression; it is then looked for as it stands alone. */
  readonly pattern: RegExp | null;
  /** The path of the one layer that is meant, with what is inside it; null for a text that is looked for. */
  readonly path: string | null;
}

/** Before the path of one layer: no other layer whose path holds it is let through. */
const EXACTLY = "=";

/** What filters for one layer alone, and what is inside it: `=encoder/dense`. */
export function filterOfLayer(path: string): string {
  return EXACTLY + path;
}

/** A text is looked for as it stands and as a case-insensitive regular expression: `conv2d_1`, `(query|key)/kernel$`. */
export function parseLayerFilter(text: string): LayerFilter {
  const trimmed = text.trim();
  const plain = trimmed.toLowerCase();
  if (trimmed.startsWith(EXACTLY)) {
    return { text, plain, pattern: null, path: trimmed.slice(EXACTLY.length).trim() };
  }
  if (plain === "") return { text, plain, pattern: null, path: null };
  try {
    return { text, plain, pattern: new RegExp(trimmed, "i"), path: null };
  } catch {
    return { text, plain, pattern: null, path: null };
  }
}

/** Panels of the whole model, which are not of one layer. */
const OF_MODEL: ReadonlySet<string> = new Set(["confusion", "graph"]);

/** True where the tag without its view, the layer's path or the layer's type holds the text. */
export function matchesLayer(filter: LayerFilter, { tag, kind, members }: PanelEntry): boolean {
  if (filter.plain === "" || OF_MODEL.has(kind)) return true;
  const source = members[0]?.entry.source;
  const layerPath = source?.layerPath ?? "";
  if (filter.path !== null) return isWithin(layerPath, filter.path);
  return holds(filter, [tag.replace(/^[^/]*\//, ""), layerPath, source?.layerType ?? ""]);
}

/** The panels that are let through. Where none is of a layer, as of attributions, the choice of one hides nothing. */
export function filterPanels(
  filter: LayerFilter,
  panels: readonly PanelEntry[],
): readonly PanelEntry[] {
  const areOfLayers = panels.some(({ members }) => members[0]?.entry.source.layerPath != null);
  if (filter.path !== null && !areOfLayers) return panels;
  return panels.filter((panel) => matchesLayer(filter, panel));
}

/** True for a node of a graph that the filter is for; false where it is for all. */
export function matchesNode(
  filter: LayerFilter,
  { path, layerType }: Pick<GraphNode, "path" | "layerType">,
): boolean {
  if (filter.plain === "") return false;
  return filter.path === null ? holds(filter, [path, layerType]) : path === filter.path;
}

function isWithin(path: string, model: string): boolean {
  return path === model || path.startsWith(`${model}/`);
}

function holds({ plain, pattern }: LayerFilter, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase().includes(plain) || (pattern?.test(name) ?? false));
}

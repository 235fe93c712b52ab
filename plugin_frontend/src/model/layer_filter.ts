/** The rail's layer filter: which panels a text lets through. Knows tags and sources; must not know the view. */
import type { PanelEntry } from "./runs.js";

export interface LayerFilter {
  readonly text: string;
  /** Lower case, what is looked for as it stands. */
  readonly plain: string;
  /** Null where the text is empty or no regular expression; it is then looked for as it stands alone. */
  readonly pattern: RegExp | null;
}

/** A text is looked for as it stands and as a case-insensitive regular expression: `conv2d_1`, `(query|key)/kernel$`. */
export function parseLayerFilter(text: string): LayerFilter {
  const trimmed = text.trim();
  const plain = trimmed.toLowerCase();
  if (plain === "") return { text, plain, pattern: null };
  try {
    return { text, plain, pattern: new RegExp(trimmed, "i") };
  } catch {
    return { text, plain, pattern: null };
  }
}

/** True where the tag without its view, the layer's path or the layer's type holds the text. */
export function matchesLayer(
  { plain, pattern }: LayerFilter,
  { tag, members }: PanelEntry,
): boolean {
  if (plain === "") return true;
  const source = members[0]?.entry.source;
  const names = [tag.replace(/^[^/]*\//, ""), source?.layerPath ?? "", source?.layerType ?? ""];
  return names.some((name) => name.toLowerCase().includes(plain) || (pattern?.test(name) ?? false));
}

/**
 * The weights of classes onto hidden units, which are shown below the templates of these units. Knows tags and the index;
 * must not know records.
 */
import type { TagEntry } from "./parse_index.js";
import type { PanelEntry } from "./runs.js";

const END = "/class_weights";

export function isClassWeights({
  view,
  tag,
  kind,
}: Pick<TagEntry, "view" | "tag" | "kind">): boolean {
  return view === "templates" && kind === "tiles" && tag.endsWith(END);
}

/** The tag of the templates that a tag of class weights belongs to; any other tag as it is. */
export function templatesTag(tag: string): string {
  return tag.endsWith(END) ? tag.slice(0, -END.length) : tag;
}

/**
 * The panels with those of class weights joined to the templates of their layers; what belongs to no templates stays a
 * panel of its own.
 */
export function withClassWeights(panels: readonly PanelEntry[]): readonly PanelEntry[] {
  const weights = panels.filter(({ members }) =>
    members.some(({ entry }) => isClassWeights(entry)),
  );
  if (weights.length === 0) return panels;
  const joined = new Set<PanelEntry>();
  const all = panels.map((panel): PanelEntry => {
    const layer = layerOf(panel, "template");
    const own = layer === null ? undefined : weights.find((each) => layerOf(each, null) === layer);
    if (own === undefined) return panel;
    joined.add(own);
    return { ...panel, weights: own };
  });
  return all.filter((panel) => !joined.has(panel));
}

/** The layer that a panel is of; null where its role is another. */
function layerOf({ members }: PanelEntry, role: string | null): string | null {
  const source = members[0]?.entry.source;
  if (source === undefined || (role !== null && source.role !== role)) return null;
  return source.layerPath;
}

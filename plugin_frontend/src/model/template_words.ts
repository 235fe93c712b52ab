/**
 * What is said of composed templates, in words: what their panels are called and what their tiles are. Knows sources and
 * headers of records; must not know components.
 */
import { formatWhole, plural } from "./format.js";
import type { Source, TilesHeader } from "./record.js";
import { tileShape } from "./tiles.js";

/**
 * What a template or its offset is called below its layer's name: `template`, `offset`; with several inputs of the model,
 * `template / left`. `path` is the tag without its view; null for what is neither.
 */
export function templateTitle(path: string, { layerPath, role }: Source): string | null {
  if (layerPath === null || (role !== "template" && role !== "offset")) return null;
  const rest = path.startsWith(`${layerPath}/`) ? path.slice(layerPath.length + 1) : "";
  if (role === "offset") return rest === "" ? role : rest.replaceAll("/", " / ");
  return rest === "" ? role : `${role} / ${rest}`;
}

/** `28×28 templates`, `10 units`; `7×7×3 templates` of colour or of several channels; null for other records. */
export function templateFacts(header: TilesHeader): readonly string[] | null {
  if (header.source.role !== "template") return null;
  const { height, width, channels, tiles } = tileShape(header);
  const ofInput = header.axes.find(({ name }) => name === "channel")?.size ?? channels;
  const count = header.axes.find(({ name }) => name === "unit")?.size ?? tiles;
  const depth = ofInput === 1 ? "" : `×${ofInput}`;
  const size = height === 1 && depth === "" ? String(width) : `${height}×${width}${depth}`;
  return [`${size} ${plural("template", count)}`, plural("unit", count, formatWhole(count))];
}

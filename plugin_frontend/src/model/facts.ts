/** What a panel's header says of a tag, in words. Knows axes and sources; must not know components. */
import { responseTitle, sampleFacts } from "./activation_words.js";
import { axisWord, formatCount, plural } from "./format.js";
import type { Axis, Source, TilesHeader } from "./record.js";
import { templateFacts, templateTitle } from "./template_words.js";
import { gridAxes, tileShape } from "./tiles.js";
import { topSampleFacts, topSamplesTitle } from "./top_samples.js";

/** The tag without its view: `weights/dense/kernel` is `dense/kernel`. */
export function tagPath(tag: string): string {
  return tag.replace(/^[^/]*\//, "");
}

/**
 * What a panel is called where its layer's name stands above it: `kernel`, `kernel / l2_norm`, `output`. The whole path
 * where the tag belongs to no layer, or names nothing but the layer.
 */
export function panelTitle(tag: string, source: Source | null): string {
  const path = tagPath(tag);
  const ranked = topSamplesTitle(tag);
  if (ranked !== null) return ranked;
  const response = source === null ? null : responseTitle(path, source);
  if (response !== null) return response;
  const template = source === null ? null : templateTitle(path, source);
  if (template !== null) return template;
  const layer = source?.layerPath ?? "";
  if (layer === "" || !path.startsWith(`${layer}/`)) return path;
  return path.slice(layer.length + 1).replaceAll("/", " / ");
}

/**
 * `Dense · 784 → 512`, `Conv2D · 3×3 · 16 → 32`, `DepthwiseConv2D · 3×3 · 32 channels`, `BatchNormalization · 64`: from
 * the source alone, which the index has as well.
 */
export function sourceFacts(source: Source): readonly string[] {
  return [...(source.layerType === null ? [] : [source.layerType]), ...variableFacts(source)];
}

/** `sourceFacts` without the type of the layer, which its heading says. */
function variableFacts(source: Source): readonly string[] {
  return source.variableShape === null ? [] : shapeFacts(source, source.variableShape);
}

/**
 * The facts of a panel: of its variable, and of its tiles once a record is here. The type of the layer is among them
 * only where no heading says it. The length of a vector says what there are so many of: `8 channels →`, `8 values`.
 */
export function panelFacts(source: Source | null, header: TilesHeader | null): readonly string[] {
  const variable =
    source === null ? [] : source.layerPath === null ? sourceFacts(source) : variableFacts(source);
  const sizes = header === null ? [] : sizeFacts(header);
  const length = source?.variableShape?.length === 1 ? variable.at(-1) : undefined;
  if (length === undefined) return [...variable, ...sizes];
  const [what = "values", ...rest] = sizes;
  const named = what === "values" || what.endsWith("→") ? [`${length} ${what}`] : [length, what];
  return [...variable.slice(0, -1), ...named, ...rest];
}

/**
 * What the record's tiles are: `28×28 tiles`, `256×10 matrix`, `512 values`. The size of a kernel's tiles is in
 * `sourceFacts` already.
 */
export function sizeFacts(header: TilesHeader): readonly string[] {
  const { height, width, tiles } = tileShape(header);
  const ofOthers = topSampleFacts(header) ?? sampleFacts(header) ?? templateFacts(header);
  if (ofOthers !== null) return ofOthers;
  if (gridAxes(header).length > 0) {
    if (isKernel(header, height, width)) return [];
    return [
      height === 1
        ? `${plural("strip", tiles)} of ${width}`
        : `${height}×${width} ${plural("tile", tiles)}`,
    ];
  }
  if (height === 1) {
    const isNamed = header.source.variableShape?.join() === String(width);
    return [...(isNamed ? [] : [formatCount(width, "value")]), ...stripFacts(header)];
  }
  return [`${height}×${width} matrix`, ...matrixFacts(header)];
}

/** `28×28 · 12 tiles`, `512 values`: what tells records of one tag apart whose tiles are not alike. */
function shapeText(header: TilesHeader): string {
  const { height, width, tiles } = tileShape(header);
  const tile = height === 1 ? formatCount(width, "value") : `${height}×${width}`;
  return gridAxes(header).length === 0 ? tile : `${tile} · ${formatCount(tiles, "tile")}`;
}

/** What of the shape is not that of another record; empty where nothing is. Of samples, only the words that differ. */
export function otherShapeText(header: TilesHeader, other: TilesHeader): string {
  const [own, others] = [sampleFacts(header), sampleFacts(other)];
  if (own !== null && others !== null)
    return own.filter((text) => !others.includes(text)).join(" · ");
  const shape = shapeText(header);
  return shape === shapeText(other) ? "" : shape;
}

/** A note with the names of axes as words: `in_channels` are `input channels`. */
export function noteText(note: string): string {
  return note.replaceAll("in_channel", axisWord("in_channel"));
}

const NEEDS_CARE = /\b(ignores?|ignored|rounded|codes|infinite)\b/;

/** True where a reader who has not read the note takes the values for what they are not; others tell mere facts. */
export function needsCare(note: string): boolean {
  return NEEDS_CARE.test(note);
}

/** An axis by what lies along it, in the plural: `filters`, `input channels`; `gates`. */
export function axisWords({ name, size }: Axis): string {
  return plural(axisWord(name), size);
}

/** What a record says of itself: what it leaves out, and what is to be known of its values. */
export type Remarks = Pick<TilesHeader, "omitted" | "notes">;

/** The remarks that all records make; one that only some make would be wrong of the others. */
export function sharedRemarks(records: readonly Remarks[]): Remarks {
  const [first, ...others] = records;
  const shared = (name: keyof Remarks): readonly string[] =>
    (first?.[name] ?? []).filter((text) => others.every((other) => other[name].includes(text)));
  return { omitted: shared("omitted"), notes: shared("notes") };
}

/** The remarks of one record that are not among the shared ones. */
export function ownRemarks(record: Remarks, shared: Remarks): Remarks {
  const own = (name: keyof Remarks): readonly string[] =>
    record[name].filter((text) => !shared[name].includes(text));
  return { omitted: own("omitted"), notes: own("notes") };
}

function stripFacts({ axes }: TilesHeader): readonly string[] {
  const along = axes.find(({ name }) => name === "width");
  return along?.represents ? [`${plural(axisWord(along.represents), along.fullSize)} →`] : [];
}

function matrixFacts({ axes }: TilesHeader): readonly string[] {
  const [rows, columns] = ["height", "width"].map((name) =>
    axes.find((axis) => axis.name === name),
  );
  if (!rows?.represents || !columns?.represents) return [];
  const [down, along] = [rows, columns].map(({ represents, fullSize }) =>
    plural(axisWord(represents ?? ""), fullSize),
  );
  return [`${down} ↓ ${along} →`];
}

function isKernel({ source }: TilesHeader, height: number, width: number): boolean {
  return source.variableShape?.slice(0, -2).join() === `${height},${width}`;
}

function shapeFacts(source: Source, shape: readonly number[]): readonly string[] {
  if (shape.length < 2) return shape.map(String);
  const [from = 1, to = 1] = shape.slice(-2);
  const kernel = shape.slice(0, -2);
  if (!isMap(source, shape.length)) return [shape.join("×")];
  if (kernel.length === 0) return [`${from} → ${to}`];
  return [kernel.join("×"), isDepthwise(source) ? depthwiseMap(from, to) : `${from} → ${to}`];
}

// A matrix leads from its rows to its columns, and so do a convolution's last two axes; elsewhere a shape is a shape.
function isMap({ layerType, role }: Source, rank: number): boolean {
  if (role !== null && !/kernel|embeddings/.test(role)) return false;
  return rank === 2 || (layerType?.includes("Conv") ?? false);
}

// A depthwise kernel ends in (in_channels, multiplier): every channel has filters of its own, none is mapped to others.
function isDepthwise({ layerType, role }: Source): boolean {
  return role === "depthwise_kernel" || (layerType?.startsWith("Depthwise") ?? false);
}

function depthwiseMap(channels: number, multiplier: number): string {
  return multiplier === 1
    ? formatCount(channels, "channel")
    : `${formatCount(channels, "channel")} × ${multiplier}`;
}

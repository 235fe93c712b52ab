/** What a panel's header says of a tag, in words. Knows axes and sources; must not know components. */
import { axisWord } from "./format.js";
import { extendedAxes } from "./layout.js";
import type { Source, TilesHeader } from "./record.js";
import { gridAxes, tileShape } from "./tiles.js";

/** The tag without its view: `weights/dense/kernel` is `dense/kernel`. */
export function tagPath(tag: string): string {
  return tag.replace(/^[^/]*\//, "");
}

/** `Dense · 784 → 512`, `Conv2D · 3×3 · 16 → 32`, `BatchNormalization · 64`: from the index alone. */
export function sourceFacts(source: Source): readonly string[] {
  const facts: string[] = [];
  if (source.layerType !== null) facts.push(source.layerType);
  if (source.variableShape !== null) facts.push(...shapeFacts(source.variableShape));
  return facts;
}

/**
 * What the record's tiles are: `28×28 tiles`, `256×10 matrix`, `512 values`; and how the grid is read where two axes
 * span it: `filters ↓ input channels →`. The size of a kernel's tiles is in `sourceFacts` already.
 */
export function tileFacts(header: TilesHeader): readonly string[] {
  const { height, width, tiles } = tileShape(header);
  const axes = gridAxes(header);
  if (axes.length === 0) {
    const shape = height === 1 ? `${width} values` : `${height}×${width} matrix`;
    return [shape, ...matrixFacts(header)];
  }
  const [last, ...before] = extendedAxes(axes).toReversed();
  const facts = isKernel(header, height, width)
    ? []
    : [`${height}×${width} ${plural("tile", tiles)}`];
  if (last === undefined || before.length === 0) return facts;
  const rows = before.toReversed().map((axis) => plural(axisWord(axis.name), axis.size));
  return [...facts, `${rows.join(", ")} ↓ ${plural(axisWord(last.name), last.size)} →`];
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

function shapeFacts(shape: readonly number[]): readonly string[] {
  if (shape.length < 2) return shape.map(String);
  const [from, to] = shape.slice(-2);
  const kernel = shape.slice(0, -2);
  const map = `${from} → ${to}`;
  return kernel.length === 0 ? [map] : [kernel.join("×"), map];
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

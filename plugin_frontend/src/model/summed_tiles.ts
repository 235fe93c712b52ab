/**
 * Attributions summed over colours, channels and depth: one map a sample, or one for each α of it. A record of its own,
 * like a difference, so that all that paints and ranges tiles works on it unchanged. Pure but for what it remembers.
 */
import { ALPHA } from "./alphas.js";
import { decodeValues } from "./dequantise.js";
import { axisWord } from "./format.js";
import { SAMPLE } from "./placement.js";
import type { Axis, StatisticName, TilesHeader } from "./record.js";
import { gridAxes, type Tiles, tileShape } from "./tiles.js";

const remembered = new WeakMap<Tiles, Tiles>();
const rememberedOverGrid = new WeakMap<Tiles, Tiles>();

/** Of what is summed, the numbers that are the same for all tiles of a sample. */
const OF_SAMPLE: ReadonlySet<StatisticName> = new Set([
  "target",
  "prediction",
  "probability",
  "output_at_input",
  "output_at_baseline",
  "attribution_sum",
  "completeness_error",
  "refinement_error",
  "num_evaluations",
  "converged",
  "flags",
]);
/** Norms, which join as the root of the sum of their squares. */
const NORMS: ReadonlySet<StatisticName> = new Set(["change_since_start", "change_since_previous"]);

/** What is summed over, in words: `colour`, `channel`; empty where every map is one tile of one channel. */
export function summedOver(header: TilesHeader): readonly string[] {
  const grid = summedAxes(header).map(({ name }) => axisWord(name));
  return header.axes.at(-1)?.name === "color" ? [...grid, "colour"] : grid;
}

/** One tile of one channel for each sample and α; the record itself where it has no more. */
export function sumMaps(tiles: Tiles): Tiles {
  return summedOver(tiles.header).length === 0
    ? tiles
    : rememberIn(remembered, tiles, () => sum(tiles, true));
}

/** One tile for each sample and α, in colour where the record is. */
export function sumOverGrid(tiles: Tiles): Tiles {
  return summedAxes(tiles.header).length === 0
    ? tiles
    : rememberIn(rememberedOverGrid, tiles, () => sum(tiles, false));
}

/** The tiles of the record whose sum is a tile of `sumMaps` or `sumOverGrid`. */
export function tilesOfSum(tiles: Tiles, tile: number): readonly number[] {
  return groupsOf(tiles.header)[tile] ?? [];
}

/** The tile at these positions of grid axes; positions of axes that are not named are 0. */
export function tileAt(axes: readonly Axis[], positions: Readonly<Record<string, number>>): number {
  return axes.reduce((tile, { name, size }) => tile * size + (positions[name] ?? 0), 0);
}

function rememberIn(memory: WeakMap<Tiles, Tiles>, tiles: Tiles, make: () => Tiles): Tiles {
  const known = memory.get(tiles);
  if (known !== undefined) return known;
  const made = make();
  memory.set(tiles, made);
  return made;
}

function isKept({ name }: Axis): boolean {
  return name === SAMPLE || name === ALPHA;
}

function summedAxes(header: TilesHeader): readonly Axis[] {
  return gridAxes(header).filter((axis) => !isKept(axis));
}

// For each tile of the sum, the tiles that make it.
function groupsOf(header: TilesHeader): readonly (readonly number[])[] {
  const axes = gridAxes(header);
  const kept = axes.filter(isKept);
  const groups: number[][] = Array.from(
    { length: kept.reduce((product, { size }) => product * size, 1) },
    () => [],
  );
  const total = axes.reduce((product, { size }) => product * size, 1);
  for (let tile = 0; tile < total; tile++) {
    const positions: Record<string, number> = {};
    let rest = tile;
    for (const { name, size } of axes.toReversed()) {
      positions[name] = rest % size;
      rest = Math.floor(rest / size);
    }
    groups[tileAt(kept, positions)]?.push(tile);
  }
  return groups;
}

function sum(tiles: Tiles, overColour: boolean): Tiles {
  const { header, shape } = tiles;
  const isColour = header.axes.at(-1)?.name === "color";
  const inner = header.axes.slice(gridAxes(header).length);
  const axes = [
    ...gridAxes(header).filter(isKept),
    ...(isColour && overColour ? inner.slice(0, -1) : inner),
  ];
  const groups = groupsOf(header);
  const summed: TilesHeader = { ...header, axes, precision: "float32" };
  const out = tileShape(summed);
  const cells = out.height * out.width * out.channels;
  const channels = shape.channels / out.channels;
  const all = decodeValues(tiles);
  const values = new Float32Array(groups.length * cells);
  const mask = tiles.unresolved === null ? null : new Uint8Array(values.length / out.channels);
  let unresolved = 0;
  for (const [tile, members] of groups.entries()) {
    for (let cell = 0; cell < cells; cell++) {
      let total = 0;
      for (const member of members) {
        const first = (member * cells + cell) * channels;
        for (let channel = 0; channel < channels; channel++)
          total += all[first + channel] as number;
      }
      values[tile * cells + cell] = total;
    }
    if (mask !== null) unresolved += markUnresolved(mask, tiles, tile, members);
  }
  return {
    header: summed,
    shape: out,
    payload: { precision: "float32", values },
    statistics: statisticsOf(tiles, groups, values, cells),
    unresolved: mask === null ? null : { mask, count: unresolved },
  };
}

// A sum is told from zero as soon as one of its parts is.
function markUnresolved(
  mask: Uint8Array,
  { shape, unresolved }: Tiles,
  tile: number,
  members: readonly number[],
): number {
  const cells = shape.height * shape.width;
  let count = 0;
  for (let cell = 0; cell < cells; cell++) {
    const hidden = members.every((member) => unresolved?.mask[member * cells + cell] === 1);
    mask[tile * cells + cell] = hidden ? 1 : 0;
    if (hidden) count++;
  }
  return count;
}

function statisticsOf(
  { statistics }: Tiles,
  groups: readonly (readonly number[])[],
  values: Float32Array,
  cells: number,
): Tiles["statistics"] {
  const rows = new Map<StatisticName, Float64Array>();
  for (const [name, row] of statistics) {
    if (OF_SAMPLE.has(name))
      rows.set(
        name,
        Float64Array.from(groups, ([first = 0]) => row[first] ?? NaN),
      );
    if (NORMS.has(name))
      rows.set(
        name,
        Float64Array.from(groups, (members) => Math.hypot(...members.map((at) => row[at] ?? NaN))),
      );
  }
  const own = [
    "min",
    "max",
    "mean",
    "l2_norm",
    "nan_count",
    "posinf_count",
    "neginf_count",
  ] as const;
  for (const name of own) rows.set(name, new Float64Array(groups.length));
  for (let tile = 0; tile < groups.length; tile++) {
    const found = statisticsOfTile(values.subarray(tile * cells, (tile + 1) * cells));
    for (const name of own) (rows.get(name) ?? new Float64Array())[tile] = found[name];
  }
  return rows;
}

function statisticsOfTile(
  values: Float32Array,
): Readonly<
  Record<"min" | "max" | "mean" | "l2_norm" | "nan_count" | "posinf_count" | "neginf_count", number>
> {
  let [min, max, total, squares, count] = [Infinity, -Infinity, 0, 0, 0];
  let [nan, posinf, neginf] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    else if (value === Infinity) posinf++;
    else if (value === -Infinity) neginf++;
    else {
      count++;
      if (value < min) min = value;
      if (value > max) max = value;
      total += value;
      squares += value * value;
    }
  }
  return {
    min: count > 0 ? min : NaN,
    max: count > 0 ? max : NaN,
    mean: total / count,
    l2_norm: Math.sqrt(squares),
    nan_count: nan,
    posinf_count: posinf,
    neginf_count: neginf,
  };
}

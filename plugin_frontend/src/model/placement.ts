/**
 * Which grid axes run down the rows, along the columns, or stand on a slider, and which tiles are shown where because
 * of that. Knows axes; must not know sizes on screen (`layout.ts`) nor values (`sort.ts` says in which order positions
 * of an axis are shown).
 */
import type { Placement } from "./display.js";
import { extendedAxes } from "./layout.js";
import type { Axis } from "./record.js";

/** The axis of the samples that a network is shown. */
export const SAMPLE = "sample";

export const PLACES = ["rows", "columns", "slider"] as const;
export type AxisPlace = (typeof PLACES)[number];

/** Positions of one axis in the order in which they are shown. */
export interface AxisOrder {
  readonly axis: string;
  readonly positions: readonly number[];
  /** Positions that are not shown at all; absent for none. */
  readonly hidden?: readonly number[];
}

/** The tiles that are shown, row by row. */
export interface Arrangement {
  /** Original tile by place. */
  readonly order: Int32Array;
  /** Tiles in a row; null where no axis runs down the rows: then rows wrap to fill the width. */
  readonly rowLength: number | null;
  /** Texts of rows, from the labels of their axes; null where none has labels. */
  readonly rowLabels: readonly string[] | null;
  /** Likewise of columns; where rows wrap, of every tile. */
  readonly columnLabels: readonly string[] | null;
}

/** Of all that a layer makes of a sample, more tiles than this do not stand in a row beside it. */
const MOST_IN_ROW = 16;

/**
 * A lone axis wraps to fill the width. Of several, the last runs along the columns and all before it down the rows. An
 * axis of size 1 needs no place. Samples with many tiles each are shown one at a time: the axis stands on a slider.
 */
export function defaultPlacement(axes: readonly Axis[]): Placement {
  const extended = extendedAxes(axes);
  const ofSample = extended.filter(({ name }) => name !== SAMPLE);
  const tiles = ofSample.reduce((product, { size }) => product * size, 1);
  const isSlid = ofSample.length < extended.length && tiles > MOST_IN_ROW;
  const names = (isSlid ? ofSample : extended).map(({ name }) => name);
  const sliders = new Map(isSlid ? [[SAMPLE, 0]] : []);
  return { rows: names.slice(0, -1), columns: names.slice(-1), sliders };
}

/**
 * The placement of an array: what was chosen for its tag, made to fit. Axes that it lacks are left out, those that the
 * choice does not know run down the rows, and an index beyond the end of its axis becomes the last one.
 */
export function fitPlacement(chosen: Placement | null, axes: readonly Axis[]): Placement {
  if (chosen === null) return defaultPlacement(axes);
  const rows: string[] = [];
  const columns: string[] = [];
  const sliders = new Map<string, number>();
  for (const { name, size } of extendedAxes(axes)) {
    const index = chosen.sliders.get(name);
    if (chosen.columns.includes(name)) columns.push(name);
    else if (chosen.rows.includes(name) || index === undefined) rows.push(name);
    else sliders.set(name, Math.max(0, Math.min(size - 1, Math.trunc(index))));
  }
  return { rows, columns, sliders };
}

/** Where an axis is; null for one that needs no place. */
export function placeOf(placement: Placement, axis: string): AxisPlace | null {
  if (placement.rows.includes(axis)) return "rows";
  if (placement.columns.includes(axis)) return "columns";
  return placement.sliders.has(axis) ? "slider" : null;
}

/** The placement with one axis moved. Every axis may go anywhere; rows and columns keep the order of the array. */
export function moveAxis(
  placement: Placement,
  axes: readonly Axis[],
  axis: string,
  place: AxisPlace,
): Placement {
  const sliders = new Map(placement.sliders);
  sliders.delete(axis);
  if (place === "slider") sliders.set(axis, placement.sliders.get(axis) ?? 0);
  const inOrder = (names: readonly string[], joins: boolean): string[] =>
    axes.map(({ name }) => name).filter((name) => (name === axis ? joins : names.includes(name)));
  return {
    rows: inOrder(placement.rows, place === "rows"),
    columns: inOrder(placement.columns, place === "columns"),
    sliders,
  };
}

/** The placement with the slider of an axis at another index. */
export function moveSlider(placement: Placement, axis: string, index: number): Placement {
  return { ...placement, sliders: new Map(placement.sliders).set(axis, index) };
}

/**
 * The axis whose positions sorting reorders, so that rows stay rows: the outermost one down the rows, or else along.
 * Samples keep their order: it is the same in all panels, and what is sorted is what responds to them.
 */
export function sortedAxis({ rows, columns }: Placement): string | null {
  return [...rows, ...columns].find((name) => name !== SAMPLE) ?? null;
}

/**
 * The tiles of an array with these grid axes as placed. `axisOrder` may come from an array of another size: what it
 * lacks follows in order.
 */
export function arrange(
  axes: readonly Axis[],
  placement: Placement,
  axisOrder: AxisOrder | null = null,
): Arrangement {
  const strided = withStrides(axes);
  const empty = axes.some(({ size }) => size === 0);
  const along = (names: readonly string[]): Line =>
    lineOf(
      strided.filter(({ axis }) => names.includes(axis.name)),
      axisOrder,
    );
  const rows = along(placement.rows);
  const columns = along(placement.columns);
  let base = 0;
  for (const { axis, stride } of strided) base += stride * (placement.sliders.get(axis.name) ?? 0);
  const order = new Int32Array(empty ? 0 : rows.offsets.length * columns.offsets.length);
  let place = 0;
  if (!empty) {
    for (const row of rows.offsets) {
      for (const column of columns.offsets) order[place++] = base + row + column;
    }
  }
  return {
    order,
    rowLength: placement.rows.length === 0 ? null : columns.offsets.length,
    rowLabels: rows.labels,
    columnLabels: columns.labels,
  };
}

/** Equal for equal placements, and for those only. */
export function placementKey(placement: Placement | null | undefined): string {
  if (placement === null || placement === undefined) return "";
  return JSON.stringify([placement.rows, placement.columns, [...placement.sliders]]);
}

/** True where every tile is shown in its own place. */
export function isIdentity(order: Int32Array, tiles: number): boolean {
  return order.length === tiles && order.every((tile, place) => tile === place);
}

/** The position of a tile on an axis. */
export function positionOn(axes: readonly Axis[], name: string, tile: number): number {
  return positionsOn(axes, name)(tile);
}

/** Likewise, for many tiles. */
export function positionsOn(axes: readonly Axis[], name: string): (tile: number) => number {
  const found = withStrides(axes).find(({ axis }) => axis.name === name);
  if (found === undefined) return () => 0;
  const { stride, axis } = found;
  return (tile) => Math.floor(tile / stride) % axis.size;
}

interface StridedAxis {
  readonly axis: Axis;
  readonly stride: number;
}

interface Line {
  readonly offsets: readonly number[];
  readonly labels: readonly string[] | null;
}

function withStrides(axes: readonly Axis[]): readonly StridedAxis[] {
  let stride = 1;
  const strided = axes.toReversed().map((axis) => {
    const found = { axis, stride };
    stride *= axis.size;
    return found;
  });
  return strided.reverse();
}

// All positions of several axes, flattened, the last one fastest.
function lineOf(axes: readonly StridedAxis[], axisOrder: AxisOrder | null): Line {
  let offsets = [0];
  let texts: string[][] = [[]];
  for (const { axis, stride } of axes) {
    const positions = positionsOf(axis, axisOrder);
    offsets = offsets.flatMap((offset) => positions.map((position) => offset + stride * position));
    texts = texts.flatMap((words) =>
      positions.map((position) => {
        const label = axis.labels?.[position];
        return label === undefined ? words : [...words, label];
      }),
    );
  }
  const labelled = axes.some(({ axis }) => axis.labels !== null);
  return { offsets, labels: labelled ? texts.map((words) => words.join(" · ")) : null };
}

function positionsOf({ name, size }: Axis, axisOrder: AxisOrder | null): readonly number[] {
  const all = Array.from({ length: size }, (_, position) => position);
  if (axisOrder?.axis !== name) return all;
  const known = axisOrder.positions.filter((position) => position < size);
  const listed = new Set(known);
  const hidden = new Set(axisOrder.hidden);
  return [...known, ...all.filter((position) => !listed.has(position))].filter(
    (position) => !hidden.has(position),
  );
}

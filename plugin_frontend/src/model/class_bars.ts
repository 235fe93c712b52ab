/**
 * The weights of classes onto hidden units as bars: which classes are shown, how long the bars are and where they lie
 * below a tile. One scale for all, so that lengths can be compared. Sizes in CSS pixels; must not know the DOM.
 */
import { cutMiddle } from "./cut_text.js";
import { cellValue } from "./dequantise.js";
import type { GridLayout } from "./layout.js";
import type { AxisOrder } from "./placement.js";
import { gridAxes, type Tiles } from "./tiles.js";

/** More classes than this are not shown at once: then those with the largest weights. */
export const MOST_CLASSES = 40;
/** Classes closer than this have no names. */
const FEW = 20;
const PITCH = 15;
const CLOSE_PITCH = 12;
/** Between the tile and its bars, and below them. */
export const ABOVE_BARS = 5;
const BELOW_BARS = 12;
/** Free between two bars. */
export const BETWEEN_BARS = 4;

const CHARACTER = 6.6;
const WIDEST_NAMES = 132;
const NARROWEST_NAMES = 34;
/** Between the names and the bars. */
export const NAME_SPACE = 8;

export interface BarClass {
  readonly index: number;
  readonly name: string;
}

/** Of which classes the bars are. */
export interface BarClasses {
  readonly shown: readonly BarClass[];
  /** Of all. */
  readonly count: number;
}

/**
 * The classes of these records, in their order; of many, those that have the largest weights in any of them. The class
 * `sorted` by is always among them, where there is one: what sorts the units is to be seen, and can be undone.
 */
export function barClasses(records: readonly Tiles[], sorted: number | null = null): BarClasses {
  const [first] = records;
  const axis = first?.header.axes.find(({ represents }) => represents === "class");
  const count = Math.min(...records.map(({ shape }) => shape.height), axis?.size ?? 0);
  const all = Array.from({ length: count }, (_, index) => ({
    index,
    name: axis?.labels?.[index] ?? `class ${index}`,
  }));
  if (count <= MOST_CLASSES) return { shown: all, count };
  const largest = all.map(({ index }) =>
    index === sorted
      ? Infinity
      : records.reduce((most, record) => Math.max(most, largestWeights(record)[index] ?? 0), 0),
  );
  const kept = all
    .toSorted((a, b) => order(largest[b.index], largest[a.index]) || a.index - b.index)
    .slice(0, MOST_CLASSES);
  return { shown: kept.toSorted((a, b) => a.index - b.index), count };
}

const largestOfRecords = new WeakMap<Tiles, Float64Array>();

// By class. Of thousands of units and classes this is too much work for every picture.
function largestWeights(record: Tiles): Float64Array {
  const known = largestOfRecords.get(record);
  if (known !== undefined) return known;
  const { tiles, height } = record.shape;
  const largest = new Float64Array(height);
  for (let unit = 0; unit < tiles; unit++) {
    for (let index = 0; index < height; index++) {
      const weight = finite(weightAt(record, unit, index));
      if (weight > (largest[index] ?? 0)) largest[index] = weight;
    }
  }
  largestOfRecords.set(record, largest);
  return largest;
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : 0;
}

/** What a class weighs onto a unit, or has changed by. */
export function weightAt(record: Tiles, unit: number, classIndex: number): number {
  const { height, width } = record.shape;
  return cellValue(record, (unit * height + classIndex) * width).value;
}

/** The room below a tile, and beside the tiles for the names. */
export interface BarRoom {
  readonly height: number;
  readonly gutter: number;
  readonly pitch: number;
}

export function barRoom({ shown }: Pick<BarClasses, "shown">): BarRoom {
  const pitch = shown.length <= FEW ? PITCH : CLOSE_PITCH;
  const longest = Math.max(0, ...shown.map(({ name }) => name.length)) * CHARACTER;
  const names = Math.min(WIDEST_NAMES, Math.max(NARROWEST_NAMES, Math.ceil(longest) + 12));
  return {
    height: ABOVE_BARS + shown.length * pitch + BELOW_BARS,
    gutter: names + NAME_SPACE,
    pitch,
  };
}

/** As much of a name as has room beside the bars. */
export function nameBeside(name: string, { gutter }: Pick<BarRoom, "gutter">): string {
  return cutMiddle(name, Math.floor((gutter - NAME_SPACE) / CHARACTER));
}

/** From the left edge of the tile. */
export interface BarSpan {
  readonly left: number;
  readonly width: number;
  /** Beyond the ends of the scale there is no room; what has no number has no bar. */
  readonly kind: "negative" | "positive" | "zero" | "none";
}

/** A bar from the zero line in the middle of a tile `width` wide; `scale` is the value at either end. */
export function barSpan(value: number, scale: number, width: number): BarSpan {
  const middle = width / 2;
  if (Number.isNaN(value)) return { left: middle, width: 0, kind: "none" };
  const share = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
  const length = share * middle;
  if (value === 0) return { left: middle, width: 0, kind: "zero" };
  return value < 0
    ? { left: middle - length, width: length, kind: "negative" }
    : { left: middle, width: length, kind: "positive" };
}

/** A bar by the place of its tile and of its class among those that are shown. */
export interface BarPlace {
  readonly place: number;
  readonly shown: number;
}

/** The bar at a point in CSS pixels from the upper left corner of the tiles; null between bars of different tiles. */
export function barAt(
  layout: GridLayout,
  { pitch }: Pick<BarRoom, "pitch">,
  classes: number,
  x: number,
  y: number,
): BarPlace | null {
  const { zoom, tileHeight, tileWidth, gap, rowGap, columns, blockPitch, blockRows } = layout;
  const rowPitch = layout.tiles > 1 ? (tileHeight + rowGap) * zoom : Infinity;
  const row = Math.floor(y / rowPitch);
  const shown = Math.floor(
    (y - row * (row === 0 ? 0 : rowPitch) - tileHeight * zoom - ABOVE_BARS) / pitch,
  );
  const block = Math.floor(x / (blockPitch * zoom));
  const column = Math.floor((x - block * blockPitch * zoom) / ((tileWidth + gap) * zoom));
  const place = (block * blockRows + row) * columns + column;
  const isOutside =
    x < 0 || y < 0 || column >= columns || row >= blockRows || place >= layout.tiles;
  return isOutside || shown < 0 || shown >= classes ? null : { place, shown };
}

/** The tag of the templates whose units are sorted, by which class, and which way. */
export interface ClassSort {
  readonly tag: string;
  readonly classIndex: number;
  readonly isDescending: boolean;
}

/** What one more click on a class does: descending, ascending, off. */
export function nextClassSort(
  before: ClassSort | null,
  tag: string,
  classIndex: number,
): ClassSort | null {
  if (before?.tag !== tag || before.classIndex !== classIndex)
    return { tag, classIndex, isDescending: true };
  return before.isDescending ? { tag, classIndex, isDescending: false } : null;
}

/** Units by a class's weight; what has no number comes last, equals stay in the order of the index. */
export function orderByClass(
  templates: Tiles,
  weights: Tiles,
  { classIndex, isDescending }: ClassSort,
): AxisOrder | null {
  const axis = gridAxes(templates.header)[0]?.name;
  if (axis === undefined || classIndex >= weights.shape.height) return null;
  const sign = isDescending ? -1 : 1;
  const keys = Array.from({ length: weights.shape.tiles }, (_, unit) => {
    const key = sign * weightAt(weights, unit, classIndex);
    return Number.isNaN(key) ? Infinity : key;
  });
  const positions = [...keys.keys()];
  return { axis, positions: positions.sort((a, b) => order(keys[a], keys[b]) || a - b) };
}

// Infinity − Infinity is NaN.
function order(a = Infinity, b = Infinity): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `tag:3` by the third class, the largest first; `tag:-3` the least first. */
export function writeClassSort({ tag, classIndex, isDescending }: ClassSort): [string, number] {
  return [tag, isDescending ? classIndex + 1 : -classIndex - 1];
}

/** `number` is not 0. */
export function readClassSort(tag: string, number: number): ClassSort {
  return { tag, classIndex: Math.abs(number) - 1, isDescending: number > 0 };
}

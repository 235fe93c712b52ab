/**
 * In which order classes or labels stand, which of them are left out, and which part of a large matrix is shown. Knows
 * numbers; must not know the screen.
 */
import { changeOf, errorsOf, type Matrix, precisionOf, recallOf } from "./confusion_counts.js";
import type { LabelSort, MatrixSort, Zoom } from "./confusion_display.js";

/** Orders that begin with the least: the worst scores. The others begin with the most. */
const LEAST_FIRST: ReadonlySet<LabelSort | MatrixSort> = new Set([
  "index",
  "name",
  "recall",
  "precision",
  "f1",
]);

/** Indices in order; equals stay as they were, and what is not known comes last, also where it is reversed. */
export function orderBy(
  keys: readonly (number | string)[],
  sort: LabelSort | MatrixSort,
  reversed: boolean,
): readonly number[] {
  const sign = LEAST_FIRST.has(sort) === reversed ? -1 : 1;
  const isUnknown = (key: number | string | undefined): boolean => Number.isNaN(key);
  return keys
    .map((_, index) => index)
    .sort((a, b) => {
      const [left, right] = [keys[a], keys[b]];
      if (isUnknown(left) || isUnknown(right))
        return Number(isUnknown(left)) - Number(isUnknown(right));
      return sign * compare(left, right);
    });
}

// Names that end in numbers stand in the order of these.
const NAMES = new Intl.Collator("en", { numeric: true });

function compare(left: number | string | undefined, right: number | string | undefined): number {
  if (typeof left === "string" || typeof right === "string") {
    return NAMES.compare(String(left), String(right));
  }
  return (left ?? 0) - (right ?? 0);
}

/** What the classes of a matrix are sorted by: what is shown of them, so of differences their change. */
export function classKeys(
  matrix: Matrix,
  sort: MatrixSort,
  reference: Matrix | null = null,
): readonly (number | string)[] {
  return matrix.names.map((name, index) => {
    if (sort === "name") return name;
    const key = keyOf(matrix, sort, index);
    const isCompared = reference !== null && sort !== "index";
    return isCompared ? changeOf(key, keyOf(reference, sort, index)) : key;
  });
}

function keyOf(matrix: Matrix, sort: Exclude<MatrixSort, "name">, index: number): number {
  switch (sort) {
    case "index":
      return index;
    case "recall":
      return recallOf(matrix, index);
    case "precision":
      return precisionOf(matrix, index);
    case "errors":
      return errorsOf(matrix, index);
    case "support":
      return matrix.rowSums[index] ?? 0;
  }
}

/** Up to so many classes or labels there is nothing to leave out, and of classes nothing to sort. */
export const FEW_CLASSES = 2;

/**
 * The classes of a matrix in the order in which they are shown. `errorsOnly` leaves out those that no matrix of `all`
 * has a mistake of: runs side by side keep the same classes. Of two classes both stand as they were logged.
 */
export function shownClasses(
  matrix: Matrix,
  all: readonly Matrix[],
  { sort, errorsOnly }: { readonly sort: MatrixSort; readonly errorsOnly: boolean },
  reference: Matrix | null = null,
): readonly number[] {
  if (matrix.size <= FEW_CLASSES) return matrix.names.map((_, index) => index);
  const order = orderBy(classKeys(matrix, sort, reference), sort, false);
  return errorsOnly
    ? order.filter((index) => all.some((each) => errorsOf(each, index) > 0))
    : order;
}

/** The part of `count` classes that a zoom shows; all of them where there is none or it has nothing of them. */
export function clampZoom(zoom: Zoom | null, count: number): Zoom {
  const whole = { top: 0, bottom: count, left: 0, right: count };
  if (zoom === null) return whole;
  const { top, left } = zoom;
  const bottom = Math.min(zoom.bottom, count);
  const right = Math.min(zoom.right, count);
  return top < bottom && left < right ? { top, bottom, left, right } : whole;
}

/** True where all classes are shown. */
export function isWhole({ top, bottom, left, right }: Zoom, count: number): boolean {
  return top === 0 && left === 0 && bottom === count && right === count;
}

/** Zoomed parts are at least so many classes wide and high. */
const LEAST_ZOOM = 4;

/** Half or twice as many rows and columns about a place, within `count`; null where that is all of them. */
export function zoomAbout(
  zoom: Zoom,
  row: number,
  column: number,
  factor: number,
  count: number,
): Zoom | null {
  const [top, bottom] = spanAbout(zoom.top, zoom.bottom, row, factor, count);
  const [left, right] = spanAbout(zoom.left, zoom.right, column, factor, count);
  const zoomed = { top, bottom, left, right };
  return isWhole(zoomed, count) ? null : zoomed;
}

function spanAbout(
  first: number,
  end: number,
  at: number,
  factor: number,
  count: number,
): readonly [number, number] {
  const length = Math.min(
    count,
    Math.max(Math.min(LEAST_ZOOM, count), Math.round((end - first) * factor)),
  );
  const start = Math.round(at + 0.5 - ((at + 0.5 - first) / Math.max(1, end - first)) * length);
  const fitted = Math.min(count - length, Math.max(0, start));
  return [fitted, fitted + length];
}

/** The zoom between two places, in any order, each of them in it; at least a few classes wide and high. */
export function zoomBetween(
  a: { readonly row: number; readonly column: number },
  b: { readonly row: number; readonly column: number },
  count: number,
): Zoom {
  const span = (one: number, other: number): readonly [number, number] => {
    const length = Math.max(Math.abs(one - other) + 1, Math.min(LEAST_ZOOM, count));
    const start = Math.min(Math.min(one, other), count - length);
    return [start, start + length];
  };
  const [top, bottom] = span(a.row, b.row);
  const [left, right] = span(a.column, b.column);
  return { top, bottom, left, right };
}

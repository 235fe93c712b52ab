/**
 * Records of a tag of a run as named arrays, in the names of the Python export (`tb_nnviz/export/arrays.py`). Knows
 * records; must not know files.
 */
import { commonFrame, countsIn, edgeValue } from "./binning.js";
import type { Confusion } from "./confusion.js";
import { decodeValues } from "./dequantise.js";
import type { Histogram } from "./histogram.js";
import {
  integersArray,
  type NamedArray,
  type NpyArray,
  numbersArray,
  textArray,
  textsArray,
} from "./npy.js";
import type { Axis, Moment, StatisticName, TilesHeader } from "./record.js";
import { gridAxes, type Tiles } from "./tiles.js";

/** The record that a change or a difference is taken from. */
export interface Since {
  /** The run's name as on the screen. */
  readonly run: string;
  readonly step: number;
}

export type ExportedRecord =
  | {
      readonly kind: "tiles";
      readonly step: number;
      readonly moment: Moment;
      readonly tiles: Tiles;
      /** What it was taken from; null where it is no change. */
      readonly since: Since | null;
    }
  | {
      readonly kind: "histogram";
      readonly step: number;
      readonly moment: Moment;
      readonly histogram: Histogram;
    }
  | {
      readonly kind: "confusion";
      readonly step: number;
      readonly moment: Moment;
      readonly confusion: Confusion;
    };

type Of<K extends ExportedRecord["kind"]> = Extract<ExportedRecord, { readonly kind: K }>;

/** All exported records of a tag of a run, in the order of their steps; at least one. */
export interface ExportedTag {
  /** The run's name as on the screen. */
  readonly run: string;
  readonly tag: string;
  /** `value`, or which change. */
  readonly show: string;
  readonly records: readonly ExportedRecord[];
}

/** Bins that all steps share are no more than these, as in Python. */
const MAX_BINS = 512;

const NON_FINITE_COUNTS: ReadonlySet<StatisticName> = new Set([
  "nan_count",
  "posinf_count",
  "neginf_count",
]);

/** The arrays of a tag, their names below `RUN/TAG/`. */
export function arraysOf(tag: ExportedTag): readonly NamedArray[] {
  const { records } = tag;
  const kinds = (["tiles", "histogram", "confusion"] as const).filter((kind) =>
    records.some((each) => each.kind === kind),
  );
  const arrays: Record<string, NpyArray> = { ...described(tag) };
  for (const kind of kinds) Object.assign(arrays, arraysOfKind(kind, records));
  const prefix = [tag.run, tag.tag].map(safePath).join("/");
  return Object.entries(arrays).map(([name, array]) => ({ name: `${prefix}/${name}`, array }));
}

function arraysOfKind(
  kind: ExportedRecord["kind"],
  records: readonly ExportedRecord[],
): Record<string, NpyArray> {
  const of = <K extends ExportedRecord["kind"]>(wanted: K): Of<K>[] =>
    records.filter((record): record is Of<K> => record.kind === wanted);
  switch (kind) {
    case "tiles":
      return tileArrays(of("tiles"));
    case "histogram":
      return histogramArrays(of("histogram"));
    case "confusion":
      return confusionArrays(of("confusion"));
  }
}

/** What a record was taken from; null for what was logged so. */
export function sinceOf(record: ExportedRecord): Since | null {
  return record.kind === "tiles" ? record.since : null;
}

/** A name that leads out of no directory when the file is unpacked. */
export function safePath(name: string): string {
  return name
    .replaceAll("\\", "_")
    .split("/")
    .map((part) => (/^\.*$/.test(part) ? "_" : part))
    .join("/");
}

function described({ run, tag, show, records }: ExportedTag): Record<string, NpyArray> {
  const since = records.map(sinceOf);
  return {
    run: textArray(run),
    tag: textArray(tag),
    kind: textArray(records[0]?.kind ?? ""),
    show: textArray(show),
    ...(since.every((each) => each === null)
      ? {}
      : {
          reference_run: textsArray(since.map((each) => each?.run ?? "")),
          reference_step: integersArray(since.map((each) => each?.step ?? -1)),
        }),
    steps: integersArray(records.map(({ step }) => step)),
    epochs: numbersArray(records.map(({ moment }) => moment.epoch ?? NaN)),
    wall_times: numbersArray(records.map(({ moment }) => moment.wallTime)),
    phases: textsArray(records.map(({ moment }) => moment.phase)),
  };
}

function tileArrays(records: readonly Of<"tiles">[]): Record<string, NpyArray> {
  const last = records.at(-1)?.tiles;
  if (last === undefined) return {};
  const { header } = last;
  const arrays: Record<string, NpyArray> = {
    meaning: textArray(header.meaning),
    omitted: textsArray(header.omitted),
    notes: textsArray(header.notes),
  };
  const axes = header.axes.map(({ name }) => name);
  if (!records.every(({ tiles }) => areAlike(tiles.header, header))) {
    for (const { step, tiles } of records) {
      const suffix = `_step_${step}`;
      arrays[`values${suffix}`] = { shape: sizesOf(tiles.header), data: decodeValues(tiles) };
      for (const [name, array] of Object.entries(positionsOf(tiles.header)))
        arrays[`${name}${suffix}`] = array;
      for (const [name, numbers] of tiles.statistics)
        arrays[`statistics_${name}${suffix}`] = { shape: gridSizes(tiles.header), data: numbers };
    }
    return { ...arrays, axes: textsArray(axes) };
  }
  Object.assign(arrays, positionsOf(header));
  const stacked = records.length > 1;
  const over = (shape: readonly number[]): readonly number[] =>
    stacked ? [records.length, ...shape] : shape;
  const cells = sizesOf(header).reduce((product, size) => product * size, 1);
  const values = new Float32Array(records.length * cells);
  for (const [row, { tiles }] of records.entries()) values.set(decodeValues(tiles), row * cells);
  arrays.values = { shape: over(sizesOf(header)), data: values };
  arrays.axes = textsArray(stacked ? ["step", ...axes] : axes);
  const names = new Set(records.flatMap(({ tiles }) => [...tiles.statistics.keys()]));
  for (const name of names)
    arrays[`statistics_${name}`] = {
      shape: over(gridSizes(header)),
      data: statistic(records, name),
    };
  return arrays;
}

// A count that is not stored is zero.
function statistic(records: readonly Of<"tiles">[], name: StatisticName): Float64Array {
  const tiles = records.at(-1)?.tiles.shape.tiles ?? 0;
  const absent = new Float64Array(tiles).fill(NON_FINITE_COUNTS.has(name) ? 0 : NaN);
  const all = new Float64Array(records.length * tiles);
  for (const [row, record] of records.entries())
    all.set(record.tiles.statistics.get(name) ?? absent, row * tiles);
  return all;
}

function sizesOf({ axes }: TilesHeader): readonly number[] {
  return axes.map(({ size }) => size);
}

function gridSizes(header: TilesHeader): readonly number[] {
  return gridAxes(header).map(({ size }) => size);
}

function positionsOf({ axes }: TilesHeader): Record<string, NpyArray> {
  const named = (prefix: string, of: (axis: Axis) => readonly string[] | null | undefined) =>
    axes.flatMap((axis) => {
      const texts = of(axis);
      return texts ? [[`${prefix}_${axis.name}`, textsArray(texts)] as const] : [];
    });
  return Object.fromEntries([
    ...named("labels", ({ labels }) => labels),
    ...named("addresses", ({ addresses }) => addresses),
  ]);
}

function areAlike(one: TilesHeader, other: TilesHeader): boolean {
  const key = ({ axes }: TilesHeader): string =>
    JSON.stringify(
      axes.map(({ name, size, labels, addresses }) => [name, size, labels, addresses ?? null]),
    );
  return key(one) === key(other);
}

function histogramArrays(records: readonly Of<"histogram">[]): Record<string, NpyArray> {
  const histograms = records.map(({ histogram }) => histogram);
  const frame = commonFrame(histograms, MAX_BINS);
  const size = frame?.size ?? 0;
  const counts = histograms.flatMap((each) => (frame === null ? [] : [...countsIn(each, frame)]));
  const names = new Set(histograms.flatMap(({ statistics }) => [...statistics.keys()]));
  const statistics = [...names].map(
    (name) =>
      [
        `statistics_${name}`,
        numbersArray(histograms.map((each) => each.statistics.get(name) ?? NaN)),
      ] as const,
  );
  const edges =
    frame === null
      ? []
      : Array.from({ length: size + 1 }, (_, bin) => edgeValue(frame.first + bin, frame.exponent));
  return {
    edges: numbersArray(edges),
    counts: integersArray(counts, records.length === 1 ? [size] : [records.length, size]),
    ...Object.fromEntries(statistics),
  };
}

/** `(true, predicted)`; of several labels `(label, true, predicted)`. */
function confusionArrays(records: readonly Of<"confusion">[]): Record<string, NpyArray> {
  const arrays: Record<string, NpyArray> = {};
  const last = records.at(-1)?.confusion;
  if (last === undefined) return arrays;
  const key = ({ header }: Confusion): string => JSON.stringify([header.task, header.classNames]);
  const stacked = records.length > 1;
  if (!records.every(({ confusion }) => key(confusion) === key(last))) {
    for (const { step, confusion } of records) {
      arrays[`counts_step_${step}`] = integersArray(
        [...cellsOf(confusion, "count")],
        shapeOf(confusion),
      );
      arrays[`class_names_step_${step}`] = textsArray(confusion.header.classNames);
    }
    return arrays;
  }
  const shape = stacked ? [records.length, ...shapeOf(last)] : shapeOf(last);
  const all = (of: "count" | "weight"): number[] =>
    records.flatMap(({ confusion }) => [...cellsOf(confusion, of)]);
  arrays.counts = integersArray(all("count"), shape);
  arrays.class_names = textsArray(last.header.classNames);
  arrays.axes = textsArray([
    ...(stacked ? ["step"] : []),
    ...(last.header.task === "multi_label" ? ["label"] : []),
    "true",
    "predicted",
  ]);
  if (
    records.some(({ confusion }) =>
      [...confusion.cells.values()].some(({ weight }) => weight !== null),
    )
  )
    arrays.weights = { shape, data: Float64Array.from(all("weight")) };
  return arrays;
}

function shapeOf({ header: { task, classNames } }: Confusion): number[] {
  return task === "multi_label"
    ? [classNames.length, 2, 2]
    : [classNames.length, classNames.length];
}

function cellsOf(confusion: Confusion, of: "count" | "weight"): Float64Array {
  const cells = new Float64Array(shapeOf(confusion).reduce((product, size) => product * size, 1));
  for (const cell of confusion.cells.values()) cells[cell.cell] = cell[of] ?? 0;
  return cells;
}

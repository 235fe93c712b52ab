/**
 * In which order the tiles of a panel stand, and which are hidden: one order for all shown runs, taken from one of them,
 * so that tile i of one run faces tile i of the other. Pure functions of the display and the records; must not know the
 * DOM.
 */
import { isMapTag } from "../model/attribution_cards.js";
import { orderSamples } from "../model/attribution_order.js";
import { deadPositions } from "../model/dead_tiles.js";
import { lacksLowPlane } from "../model/dequantise.js";
import type { Display, Placement } from "../model/display.js";
import { describeTile, formatSigned } from "../model/format.js";
import type { RunEntry } from "../model/parse_index.js";
import {
  type AxisOrder,
  fitPlacement,
  positionOn,
  SAMPLE,
  sortedAxis,
} from "../model/placement.js";
import type { Axis } from "../model/record.js";
import { type Similarities, similarities } from "../model/similarity.js";
import { orderBy, sortPositions } from "../model/sort.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import type { Compared } from "./comparison.js";
import { asMaps } from "./map_records.js";
import { awaitsLowPlane, type RecordState } from "./record_store.js";

/** The run whose tiles gave the order, and what they were compared with, where it is by similarity. */
export interface GivenOrder {
  readonly run: RunEntry;
  readonly chosen: ChosenTile | null;
}

/** `text` is `unit 30`: the position of the sorted axis; `next` the one most like it, `26 (+0.94)`, empty for none. */
export interface ChosenTile {
  readonly run: RunEntry;
  readonly text: string;
  readonly next: string;
}

export interface OrderView {
  readonly axisOrder: AxisOrder | null;
  /** True while a record that decides the order is on its way. */
  readonly isPending: boolean;
  /** Null where the tiles stand by index. */
  readonly given: GivenOrder | null;
  /** Why they are not sorted as was chosen; null where they are. */
  readonly problem: string | null;
  /** How many positions of the sorted axis are hidden, all dead. */
  readonly hidden: number;
}

/** What of a column decides the order. */
export interface OrderedColumn {
  readonly run: RunEntry;
  readonly record: RecordState | null;
  readonly reference: RecordState | null;
  readonly painted: Compared | null;
}

const BY_INDEX: OrderView = {
  axisOrder: null,
  isPending: false,
  given: null,
  problem: null,
  hidden: 0,
};

/** `classOrder`: that of a class by whose weights the units are sorted, which goes before any other. */
export function orderView(
  tag: string,
  columns: readonly OrderedColumn[],
  placement: Placement | null,
  display: Display,
  classOrder: AxisOrder | null,
): OrderView {
  if (isMapTag(tag)) return orderOfMaps(tag, columns, display);
  const { sort, reversed, hideDead } = display;
  const isByIndex = sort === "index" || (sort === "similar" && display.similarTo?.tag !== tag);
  if (isByIndex && !reversed && !hideDead && classOrder === null) return BY_INDEX;
  const usable = columns.filter(({ record }) => record !== null && record.status !== "failed");
  const own = givingColumn(usable, display);
  if (own === null) return BY_INDEX;
  const states = [own, ...(hideDead ? usable : [])].map(({ record }) => record?.status);
  if (states.includes("pending") || own.record?.status !== "ready")
    return { ...BY_INDEX, isPending: true };
  const axes = gridAxes(own.record.tiles.header);
  const fitted = fitPlacement(placement, axes);
  const axis = classOrder?.axis ?? sortedAxis(fitted);
  if (axis === null) return BY_INDEX;
  const records = usable.flatMap(({ record }) =>
    record?.status === "ready" ? [record.tiles] : [],
  );
  const hidden = hideDead ? deadPositions(records, axis) : [];
  const sorted =
    classOrder === null
      ? sortOf(tag, own, usable, fitted, axis, isByIndex ? { ...display, sort: "index" } : display)
      : { ...BY_INDEX, axisOrder: classOrder };
  const positions = sorted.axisOrder?.positions ?? [];
  const isOther = sorted.axisOrder !== null || hidden.length > 0;
  return {
    ...sorted,
    axisOrder: isOther ? { axis, positions, ...(hidden.length > 0 ? { hidden } : {}) } : null,
    hidden: hidden.length,
  };
}

// Maps of attributions stand as their cards order the samples; those at several α of the path have no numbers of their own.
function orderOfMaps(tag: string, columns: readonly OrderedColumn[], { sort }: Display): OrderView {
  const record = columns.find((column) => column.record?.status === "ready")?.record;
  const maps = record?.status === "ready" ? asMaps(tag, record) : null;
  if (maps?.status !== "ready") return BY_INDEX;
  const [axis, ...more] = gridAxes(maps.tiles.header);
  if (axis?.name !== SAMPLE || more.length > 0) return BY_INDEX;
  const positions = orderSamples(maps.tiles, axis.size, sort);
  return { ...BY_INDEX, axisOrder: { axis: SAMPLE, positions } };
}

/** The runs, of those shown, whose tiles are compared by value; none where the order needs no values. */
export function comparedRuns(display: Display, runs: readonly string[]): readonly string[] {
  const { sort, similarTo } = display;
  if (sort !== "similar" || similarTo === null) return [];
  const [first] = runs;
  const known = [wantedRun(display), similarTo.run].filter((run) => run !== null);
  return [...known, ...(first === undefined ? [] : [first])];
}

/** The tile that is chosen to compare with, as it is in the records of these columns; null where it cannot be had. */
export function chosenAmong<C extends OrderedRun>(
  tag: string,
  columns: readonly C[],
  { similarTo }: Display,
  otherwise: C,
): { readonly column: C; readonly tile: number } | null {
  if (similarTo?.tag !== tag) return null;
  const column = columns.find(({ run }) => run.run === similarTo.run) ?? otherwise;
  return { column, tile: similarTo.tile };
}

export type OrderedRun = Pick<OrderedColumn, "run" | "record">;

/** `unit 30`: a tile by its position on the axis that is sorted. */
export function positionName(axes: readonly Axis[], axis: string, tile: number): string {
  const along = axes.filter(({ name }) => name === axis);
  return describeTile(along, positionOn(axes, axis, tile));
}

// By similarity, the order is by default that of the run in which the tile was chosen.
function wantedRun({ sort, orderRun, similarTo }: Display): string | null {
  return orderRun ?? (sort === "similar" ? (similarTo?.run ?? null) : null);
}

function givingColumn(usable: readonly OrderedColumn[], display: Display): OrderedColumn | null {
  const wanted = usable.find(({ run }) => run.run === wantedRun(display));
  if (wanted !== undefined) return wanted;
  // What a run differs by from itself gives no order.
  const compared =
    display.sort === "difference" ? usable.find((column) => !isOwnReference(column)) : undefined;
  return compared ?? usable[0] ?? null;
}

function isOwnReference({ record, reference }: OrderedColumn): boolean {
  return record?.status === "ready" && reference?.status === "ready"
    ? record.tiles === reference.tiles
    : false;
}

function sortOf(
  tag: string,
  own: OrderedColumn,
  usable: readonly OrderedColumn[],
  placement: Placement,
  axis: string,
  display: Display,
): OrderView {
  const { sort, reversed } = display;
  if (sort === "similar") return bySimilarity(tag, own, usable, placement, axis, display);
  const compared = sort === "difference" ? own.painted : own.record;
  if (compared?.status === "pending") return { ...BY_INDEX, isPending: true };
  if (compared?.status !== "ready")
    return { ...BY_INDEX, problem: compared?.message ?? "there is no record" };
  const axisOrder = sortPositions(compared.tiles, placement, sort, reversed);
  if (sort === "index") return { ...BY_INDEX, axisOrder };
  return axisOrder === null
    ? { ...BY_INDEX, problem: "not logged at this step" }
    : { ...BY_INDEX, axisOrder, given: { run: own.run, chosen: null } };
}

function bySimilarity(
  tag: string,
  own: OrderedColumn,
  usable: readonly OrderedColumn[],
  placement: Placement,
  axis: string,
  display: Display,
): OrderView {
  const chosen = chosenAmong(tag, usable, display, own);
  if (chosen === null) return BY_INDEX;
  const [tiles, reference] = [own, chosen.column].map(({ record }) => exact(record));
  if (tiles === "pending" || reference === "pending") return { ...BY_INDEX, isPending: true };
  if (!tiles || !reference) return { ...BY_INDEX, problem: "the exact values cannot be had" };
  const found = similarities(tiles, placement, axis, reference, chosen.tile);
  if (found.status === "refused") return { ...BY_INDEX, problem: found.message };
  const axisOrder = bestFirst(found, axis, display.reversed);
  const axes = gridAxes(reference.header);
  const text = positionName(axes, axis, chosen.tile);
  const self = tiles === reference ? positionOn(axes, axis, chosen.tile) : -1;
  const best = bestFirst(found, axis, false)?.positions.find((at) => at !== self) ?? -1;
  const cosine = found.cosines[best] ?? NaN;
  const next = Number.isNaN(cosine) ? "" : `${best} (${formatSigned(cosine)})`;
  const given = { run: own.run, chosen: { run: chosen.column.run, text, next } };
  return axisOrder === null
    ? { ...BY_INDEX, problem: `${text} is all zeros, or holds no finite number` }
    : { ...BY_INDEX, axisOrder, given };
}

function bestFirst(
  { cosines }: Extract<Similarities, { status: "ready" }>,
  axis: string,
  isReversed: boolean,
): AxisOrder | null {
  return orderBy(axis, cosines.keys(), (at) => -(cosines[at] ?? NaN), isReversed);
}

/** A record with every plane; null where it cannot be had. */
export function exact(record: RecordState | null): Tiles | "pending" | null {
  if (record === null || record.status === "failed") return null;
  if (record.status === "pending" || awaitsLowPlane(record)) return "pending";
  return lacksLowPlane(record.tiles) ? null : record.tiles;
}

/**
 * Which cell of a run is looked into, and which pictures that and the rest of a card need. Pure functions; must not know
 * the DOM.
 */
import type { ConfusedSample, Confusion, ConfusionCell } from "../model/confusion.js";
import { matrixOf } from "../model/confusion_counts.js";
import { labelScores } from "../model/confusion_labels.js";
import type { CellPlace } from "../model/confusion_moves.js";
import { changedPairs, confusedPairs } from "../model/confusion_pairs.js";
import { addressesOf } from "../model/confusion_pictures.js";
import { type ConfusionRun, inClasses, type ReferenceRun } from "./confusion_view.js";
import type { PictureWish } from "./picture_shelf.js";
import type { RecordRef, RecordState } from "./record_store.js";

/**
 * Where nothing is looked at or pinned it is the mistake of which the most were `gained`, or of values, and where none
 * was gained, the most frequent one: the `worst`.
 */
export interface FocusedCell extends CellPlace {
  readonly how: "looked" | "pinned" | "worst" | "gained";
}

/** The classes of a matrix that are shown, where these are not all. */
export interface ShownPart {
  readonly rows: ReadonlySet<number>;
  readonly columns: ReadonlySet<number>;
}

/** The cell under the pointer or the focus, in whichever run has these classes. */
export interface LookedCell extends CellPlace {
  readonly classes: string;
}

/** The cell of a run that is looked into; null where there is none to show. */
export function focusedCell(
  { shown, pinned, classes }: ConfusionRun,
  lookedAt: LookedCell | null,
  part: ShownPart | null = null,
): FocusedCell | null {
  if (shown.status !== "ready") return null;
  const { confusion } = shown;
  const looked = inClasses(lookedAt, classes);
  // What is kept stays so while the pointer rests on it.
  const isKept = looked?.row === pinned?.row && looked?.column === pinned?.column;
  if (looked !== null && !isKept && isInside(confusion, looked)) {
    return { row: looked.row, column: looked.column, how: "looked" };
  }
  if (pinned !== null && isInside(confusion, pinned)) {
    return { row: pinned.row, column: pinned.column, how: "pinned" };
  }
  const { reference } = shown;
  const gained = reference === null ? null : gainedCell(confusion, reference, part);
  if (gained !== null) return { ...gained, how: "gained" };
  const worst = worstCell(confusion, part);
  return worst && { row: worst.row, column: worst.column, how: "worst" };
}

function gainedCell(
  confusion: Confusion,
  reference: Confusion,
  part: ShownPart | null,
): CellPlace | null {
  if (confusion.header.task === "multi_label") return null;
  const { gained } = changedPairs(matrixOf(confusion, false), matrixOf(reference, false));
  const found = gained.find((pair) => isInPart(pair, part));
  return found === undefined ? null : { row: found.row, column: found.column };
}

function isInPart({ row, column }: CellPlace, part: ShownPart | null): boolean {
  return part === null || (part.rows.has(row) && part.columns.has(column));
}

function isInside({ header }: Confusion, { row, column }: CellPlace): boolean {
  const size = header.classNames.length;
  return row < size && column < (header.task === "multi_label" ? 4 : size);
}

function worstCell(confusion: Confusion, part: ShownPart | null): CellPlace | null {
  if (confusion.header.task !== "multi_label") {
    const pairs = confusedPairs(matrixOf(confusion, false));
    return pairs.find((pair) => isInPart(pair, part)) ?? null;
  }
  const cells = labelScores(confusion, false).flatMap(({ index, fp, fn }) => [
    { row: index, column: 1, count: fp },
    { row: index, column: 2, count: fn },
  ]);
  const [worst] = cells.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return worst ?? null;
}

/** The samples of a cell; null where it has none. */
export function cellAt(
  { header, cells }: Confusion,
  { row, column }: CellPlace,
): ConfusionCell | null {
  const along = header.task === "multi_label" ? 4 : header.classNames.length;
  return cells.get(row * along + column) ?? null;
}

/** Row and column of the cell that a sample is in. */
export function placeOfSample({ header }: Confusion, { cell }: ConfusedSample): CellPlace {
  const along = header.task === "multi_label" ? 4 : header.classNames.length;
  return { row: Math.floor(cell / along), column: cell % along };
}

/** The pictures of samples of a run; none where it has logged none. */
export function pictureWish(
  { run, entry, match, pictures, shown }: ConfusionRun,
  samples: readonly ConfusedSample[],
): PictureWish | null {
  if (shown.status !== "ready" || match.match === "none") return null;
  return wishOf({ run, entry, pictures, index: match.index }, shown.confusion, samples);
}

/** The same of samples of what it is compared with. */
export function referenceWish(
  { shown }: ConfusionRun,
  samples: readonly ConfusedSample[],
): PictureWish | null {
  if (shown.status !== "ready" || shown.other === null || shown.reference === null) return null;
  return wishOf(shown.other, shown.reference, samples);
}

function wishOf(
  { run, entry, pictures, index: at }: ReferenceRun,
  confusion: Confusion,
  samples: readonly ConfusedSample[],
): PictureWish | null {
  if (pictures === null) return null;
  const { steps } = pictures.series;
  const step = entry.series.steps[at] ?? 0;
  const addresses = samples.flatMap(({ index }) => confusion.addresses.get(index) ?? []);
  return {
    run: run.run,
    entry: pictures,
    from: steps.findLastIndex((each) => each <= step),
    addresses: [...new Set(addresses)],
  };
}

/** Where a sample is among those that the other views show of a run. */
export type PanelPlace =
  | { readonly status: "pending" }
  | { readonly status: "none" }
  | {
      readonly status: "ready";
      readonly sample: number;
      /** Of the run's samples, as one input of the model sees them. */
      readonly tag: string;
      readonly run: string;
      readonly samplesDigest: string | null;
    };

export function panelPlace(
  refs: readonly RecordRef[],
  address: string,
  recordState: (ref: RecordRef) => RecordState,
): PanelPlace {
  for (const ref of refs) {
    const record = recordState(ref);
    if (record.status === "pending") return record;
    if (record.status !== "ready") continue;
    const { tiles } = record;
    const sample = addressesOf(tiles).indexOf(address);
    const { samplesDigest } = tiles.header.source;
    if (sample >= 0) return { status: "ready", sample, tag: ref.tag, run: ref.run, samplesDigest };
  }
  return { status: "none" };
}

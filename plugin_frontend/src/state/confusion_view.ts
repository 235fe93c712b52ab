/**
 * What a card of a confusion shows: for each run its numbers, what they are compared with, or in words why there are
 * none; and the classes in the order that the runs have in common. Pure functions of the state and the records; must
 * not know the DOM.
 */
import type { Confusion } from "../model/confusion.js";
import { picturesEntry } from "../model/confusion_cards.js";
import { classesOf } from "../model/confusion_classes.js";
import {
  changeOf,
  comparable,
  hasWeights,
  largestChange,
  matrixOf,
} from "../model/confusion_counts.js";
import type { ConfusionDisplay, PinnedCell } from "../model/confusion_display.js";
import { type LabelScores, labelScores } from "../model/confusion_labels.js";
import { FEW_CLASSES, orderBy, shownClasses } from "../model/confusion_order.js";
import { type Remarks, sharedRemarks } from "../model/facts.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { StepMatch } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import type { ConfusionState } from "./confusion_store.js";
import { type Derived, matchAt } from "./derived.js";
import type { RecordRef } from "./record_cache.js";
import { referenced, refOfReference } from "./references.js";

/** The record of a run, or in words why there is nothing to see. */
export type ShownConfusion =
  | { readonly status: "pending" }
  | { readonly status: "told"; readonly message: string; readonly isError: boolean }
  | {
      readonly status: "ready";
      readonly confusion: Confusion;
      /** What it is compared with; null where values are shown, or there is nothing to compare with. */
      readonly reference: Confusion | null;
      /** Whose the reference is; null without one. */
      readonly other: ReferenceRun | null;
      /** Why there is no difference. */
      readonly refused: string | null;
    };

/** The run and step that a shown confusion is compared with. */
export interface ReferenceRun {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly index: number;
  /** Of the samples' pictures; null where none are logged. */
  readonly pictures: TagEntry | null;
}

export interface ConfusionRun {
  readonly run: RunEntry;
  readonly entry: TagEntry;
  readonly match: StepMatch;
  /** Of the samples' pictures; null where none are logged. */
  readonly pictures: TagEntry | null;
  readonly shown: ShownConfusion;
  /** Classes or labels in the order in which they stand. */
  readonly order: readonly number[];
  /** The digest of its classes; null where there are none to see. */
  readonly classes: string | null;
  /** True where they are those of the first run. */
  readonly isLinked: boolean;
  /** The cell that is kept, where it is one of these classes. */
  readonly pinned: PinnedCell | null;
  /** True where the record is of other samples than the first run's. */
  readonly hasOtherSamples: boolean;
}

export interface ConfusionView {
  readonly tag: string;
  readonly runs: readonly ConfusionRun[];
  /** The first record that is here; null before. */
  readonly first: Confusion | null;
  readonly hasWeights: boolean;
  readonly weighted: boolean;
  readonly isChange: boolean;
  /** The largest change of a share that is shown in any run. */
  readonly mostChange: number;
  readonly remarks: Remarks;
  readonly settled: boolean;
}

type ConfusionStates = (ref: RecordRef) => ConfusionState;

export function confusionView(
  card: PanelEntry,
  state: AppState,
  derived: Derived,
  recordState: ConfusionStates,
): ConfusionView {
  const { show } = state.display;
  const display = state.confusionDisplay;
  const read = card.members.map(({ run, entry }) => {
    const match = matchAt(derived, run.run, entry.series);
    const shown = readRun(run, entry, match, state, derived, recordState);
    return { run, entry, match, shown, pictures: picturesEntry(run, card.tag) };
  });
  const here = read.flatMap(({ shown }) => (shown.status === "ready" ? [shown] : []));
  const [first = null] = here.map(({ confusion }) => confusion);
  const canWeight = here.some(({ confusion }) => hasWeights(confusion));
  const weighted = canWeight && display.weighted;
  const orders = ordersOf(here, display, weighted);
  const pinned = display.pinned?.tag === card.tag ? display.pinned : null;
  const runs = read.map((each): ConfusionRun => {
    const own = each.shown.status === "ready" ? each.shown.confusion : null;
    const classes = own === null ? null : classesOf(own);
    const isLinked = classes === null || first === null || classes === classesOf(first);
    return {
      ...each,
      order: classes === null ? [] : (orders.get(classes) ?? []),
      classes,
      isLinked,
      pinned: isLinked && pinned?.classes === null ? pinned : inClasses(pinned, classes),
      hasOtherSamples: areOfOtherSamples(own, first),
    };
  });
  return {
    tag: card.tag,
    runs,
    first,
    hasWeights: canWeight,
    weighted,
    isChange: show !== "value",
    mostChange: here.reduce(
      (most, { confusion, reference }) =>
        reference === null || confusion.header.task === "multi_label"
          ? most
          : Math.max(
              most,
              largestChange(matrixOf(confusion, weighted), matrixOf(reference, weighted)),
            ),
      0,
    ),
    remarks: sharedRemarks(
      here.map(({ confusion }) => ({ omitted: [], notes: confusion.header.notes })),
    ),
    settled: read.every(({ shown }) => shown.status !== "pending"),
  };
}

/** A confusion, and what it is compared with. */
export interface Compared {
  readonly confusion: Confusion;
  readonly reference: Confusion | null;
}

/**
 * The order of the classes or labels of each confusion, by `classesOf`. Of runs with other classes an order means
 * something else: theirs is their own. Only what has a control on the card applies.
 */
export function ordersOf(
  shown: readonly Compared[],
  display: ConfusionDisplay,
  weighted: boolean,
): ReadonlyMap<string, readonly number[]> {
  const orders = new Map<string, readonly number[]>();
  for (const { confusion } of shown) {
    const key = classesOf(confusion);
    if (orders.has(key)) continue;
    const alike = shown.filter((each) => classesOf(each.confusion) === key);
    // What is compared with itself has no change to sort by.
    const leader =
      alike.find((each) => each.reference !== null && each.reference !== each.confusion) ??
      alike.find((each) => each.confusion === confusion);
    const reference = leader?.reference ?? null;
    const first = leader?.confusion ?? confusion;
    const order =
      confusion.header.task === "multi_label"
        ? shownLabels(
            labelScores(first, weighted),
            alike.map((each) => labelScores(each.confusion, weighted)),
            display,
            reference && labelScores(reference, weighted),
          )
        : shownClasses(
            matrixOf(first, weighted),
            alike.map((each) => matrixOf(each.confusion, weighted)),
            display,
            reference && matrixOf(reference, weighted),
          );
    orders.set(key, order);
  }
  return orders;
}

function shownLabels(
  first: readonly LabelScores[],
  all: readonly (readonly LabelScores[])[],
  { labelSort, labelsReversed, errorsOnly }: ConfusionDisplay,
  reference: readonly LabelScores[] | null,
): readonly number[] {
  const keys = first.map((scores, label) => {
    const key = scores[labelSort];
    const before = labelSort === "index" ? undefined : reference?.[label]?.[labelSort];
    return typeof key === "number" && typeof before === "number" ? changeOf(key, before) : key;
  });
  const order = orderBy(keys, labelSort, labelsReversed);
  if (!errorsOnly || keys.length <= FEW_CLASSES) return order;
  return order.filter((index) => all.some((scores) => (scores[index]?.errors ?? 0) > 0));
}

/** Whether two records are of different samples, as far as it is known of what they are. */
export function areOfOtherSamples(a: Confusion | null, b: Confusion | null): boolean {
  const [one, other] = [a, b].map((each) => each?.header.source.samplesDigest ?? null);
  return one !== null && other !== null && one !== other;
}

/** A cell of some classes, for those who have the same; null for others. */
export function inClasses<C extends { readonly classes: string | null }>(
  cell: C | null,
  classes: string | null,
): C | null {
  return cell !== null && classes !== null && cell.classes === classes ? cell : null;
}

/** The scores of the labels as shown and as compared with, by label. */
export function labelsOf(
  { shown }: ConfusionRun,
  weighted: boolean,
): { readonly now: readonly LabelScores[]; readonly before: readonly LabelScores[] | null } {
  if (shown.status !== "ready") return { now: [], before: null };
  const { confusion, reference } = shown;
  return {
    now: labelScores(confusion, weighted),
    before: reference === null ? null : labelScores(reference, weighted),
  };
}

function readRun(
  run: RunEntry,
  entry: TagEntry,
  match: StepMatch,
  state: AppState,
  derived: Derived,
  recordState: ConfusionStates,
): ShownConfusion {
  if (match.match === "none") {
    const { logged, steps } = entry.series;
    const isSampled = logged !== null && logged > steps.length;
    return {
      status: "told",
      message: isSampled ? "not among the steps that TensorBoard kept" : "not logged so early",
      isError: false,
    };
  }
  const { reference: pinned, display } = state;
  const { show } = display;
  const found = referenced({ show, reference: pinned }, derived, run, entry, match.index);
  if (found.status === "pending") return found;
  const refs = [refOf(run.run, entry, match.index), refOfReference(found)];
  const records = refs.map((ref) => ref && recordState(ref));
  for (const record of found.status === "absent" ? records.slice(0, 1) : records) {
    if (record === null || record.status === "pending") return { status: "pending" };
    if (record.status === "failed") {
      return { status: "told", message: record.message, isError: true };
    }
  }
  const [confusion, reference] = records.flatMap((record) =>
    record?.status === "ready" ? [record.confusion] : [],
  );
  if (confusion === undefined) return { status: "pending" };
  const alone = { status: "ready", confusion, reference: null, other: null } as const;
  if (found.status === "absent") return { ...alone, refused: found.message };
  if (show === "value" || reference === undefined) return { ...alone, refused: null };
  const { run: whose, entry: its, index } = found;
  const other = { run: whose, entry: its, index, pictures: picturesEntry(whose, its.tag) };
  const compared = comparable(confusion, reference, whose === run ? null : whose.name);
  return compared.status === "ready"
    ? { status: "ready", confusion, reference, other, refused: null }
    : { ...alone, refused: compared.message };
}
